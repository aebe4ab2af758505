// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Text for terminals, messages and logs.
 *
 * File names, queries and posts can contain characters that a terminal obeys, or that change the
 * order in which a line is read. In every message and log line these characters become U+FFFD.
 * Pure functions for any thread.
 */
#ifndef SIGNPOST_PRINTABLE_H
#define SIGNPOST_PRINTABLE_H

#include <signpost/text.h>

/* Returns U+FFFD for a control character (C0, DEL, C1) and for a control of the bidirectional
   algorithm (Unicode Standard Annex #9); any other code point is returned as it is. */
uint32_t sp_printable(uint32_t code_point);

/* Appends text with U+FFFD for each character that is not printable and for each byte that is not
   UTF-8. */
void sp_printable_append(sp_str *out, sp_bytes text);

/* The same for a buffer of `size` bytes, which needs no memory. Text that does not fit is cut after
   a character; the result ends with a NUL. Returns its length. */
size_t sp_printable_copy(char *out, size_t size, const char *text);

/* The size that is enough for the line of any error. */
#define SP_ERROR_LINE_MAX 2112

/* Writes "path:line:column: text", "path: text" or "text", whichever the error has, printable and
   without a newline. Returns `out`. */
const char *sp_error_line(const sp_error *err, char out[SP_ERROR_LINE_MAX]);

#endif
