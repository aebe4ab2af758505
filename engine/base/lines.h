// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files of lines that people or other programs wrote: judged queries, topics, runs.
 *
 * A file is read whole into an arena, and its lines are handed out one by one with their place, so
 * that what is wrong with one is told by path, line and column.
 */
#ifndef SIGNPOST_ENGINE_BASE_LINES_H
#define SIGNPOST_ENGINE_BASE_LINES_H

#include <signpost/arena.h>

#define SP_LINES_BYTES_MAX ((size_t)64 * 1024 * 1024) /* of one file */

typedef struct sp_file_line {
    const char *path;
    unsigned number; /* from 1 */
    sp_bytes text;   /* without its end; borrowed from the arena */
} sp_file_line;

typedef enum sp_status sp_line_function(void *context, const sp_file_line *line, sp_error *err);

/* Hands every line of the file to take, until one fails. `what` is what messages call the content:
   "the judged queries". SP_NOT_FOUND or SP_IO for a file that cannot be read, SP_BAD_INPUT for one
   of more than SP_LINES_BYTES_MAX; does not wait for a writer, should the name be a pipe's. */
enum sp_status sp_lines_read(sp_arena *arena, const char *path, const char *what,
                             sp_line_function *take, void *context, sp_error *err) SP_MUST_CHECK;

/* SP_BAD_INPUT at the place of `where`, which must point into the line. */
enum sp_status sp_line_fail(const sp_file_line *line, sp_bytes where, sp_error *err,
                            const char *format, ...) SP_PRINTF(4, 5);

/* SP_BAD_INPUT for a line that is not UTF-8. */
enum sp_status sp_line_check(const sp_file_line *line, sp_error *err) SP_MUST_CHECK;

/* The piece before the first tab, trimmed, which *rest goes on after; false without a tab. */
bool sp_line_field(sp_bytes *rest, sp_bytes *field);

/* The words of text apart by spaces and tabs, at most `max` of them; how many there are, also
   beyond that. */
size_t sp_line_words(sp_bytes text, sp_bytes *words, size_t max);

/* A whole number, with its sign, from -max to max; false for anything else. */
bool sp_line_number(sp_bytes text, int max, int *out);

#endif
