// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files of lines written by people or other programs: judged queries, topics, runs.
 *
 * A file is read into an arena as a whole. Its lines are passed on one by one with their place, so
 * that errors name path, line and column.
 */
#ifndef SIGNPOST_ENGINE_BASE_LINES_H
#define SIGNPOST_ENGINE_BASE_LINES_H

#include <signpost/arena.h>

#define SP_LINES_BYTES_MAX ((size_t)64 * 1024 * 1024) /* the largest file */

typedef struct sp_file_line {
    const char *path;
    unsigned number; /* from 1 */
    sp_bytes text;   /* without the line end; borrowed from the arena */
} sp_file_line;

typedef enum sp_status sp_line_function(void *context, const sp_file_line *line, sp_error *err);

/* Calls `take` for each line of the file until a call fails. `what` names the content in messages:
   "the judged queries". SP_NOT_FOUND or SP_IO if the file cannot be read, SP_BAD_INPUT if it is
   larger than SP_LINES_BYTES_MAX. Never waits for the writer of a pipe. */
enum sp_status sp_lines_read(sp_arena *arena, const char *path, const char *what,
                             sp_line_function *take, void *context, sp_error *err) SP_MUST_CHECK;

/* Does the same for content that the caller has read. path: for messages. */
enum sp_status sp_lines_split(sp_bytes content, const char *path, sp_line_function *take,
                              void *context, sp_error *err) SP_MUST_CHECK;

/* Takes the next line from *rest, without its line end ("\n" or "\r\n"); false if there is none.
   Before the first call, pass the content through sp_without_bom. */
bool sp_line_next(sp_bytes *rest, sp_bytes *line);

/* The content of a text file without a byte order mark. */
sp_bytes sp_without_bom(sp_bytes content);

/* Fails with SP_BAD_INPUT at the column of `where`, which must point into the line. */
enum sp_status sp_line_fail(const sp_file_line *line, sp_bytes where, sp_error *err,
                            const char *format, ...) SP_PRINTF(4, 5);

/* SP_BAD_INPUT for a line that is not UTF-8. */
enum sp_status sp_line_check(const sp_file_line *line, sp_error *err) SP_MUST_CHECK;

/* Takes the field before the first tab from *rest, trimmed; false without a tab. */
bool sp_line_field(sp_bytes *rest, sp_bytes *field);

/* Splits text at spaces and tabs. Stores at most `max` words; returns the number of all words. */
size_t sp_line_words(sp_bytes text, sp_bytes *words, size_t max);

/* Reads a whole number from -max to max; false for any other text. */
bool sp_line_number(sp_bytes text, int max, int *out);

#endif
