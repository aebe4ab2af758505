// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writing JSON (RFC 8259) into a string, without white space.
 *
 * Each function appends one member of the open object, or one element of the open array, and the
 * comma before it. `key` is the member's name; it is NULL in an array and for the outermost value,
 * and is written unescaped: plain ASCII without quotes or backslashes. Only the string is kept
 * between calls, so functions that write nested values need no other argument:
 *
 *     sp_json_open_object(out, NULL);
 *     sp_json_uint(out, "total", 2);
 *     sp_json_open_array(out, "hits");
 *     sp_json_text(out, NULL, title);
 *     sp_json_close_array(out);
 *     sp_json_close_object(out);          {"total":2,"hits":["Title"]}
 *
 * A value at the beginning of the string or of a line starts a new document. The string remembers
 * when memory is out (text.h). Any thread may write into its own string.
 */
#ifndef SIGNPOST_JSON_H
#define SIGNPOST_JSON_H

#include <signpost/text.h>

void sp_json_open_object(sp_str *out, const char *key);
void sp_json_close_object(sp_str *out);
void sp_json_open_array(sp_str *out, const char *key);
void sp_json_close_array(sp_str *out);

/* Appends only the key, for a value that another function writes: the next value, whose key is
   NULL, belongs to it. */
void sp_json_key(sp_str *out, const char *key);

/* A string. A byte that is not UTF-8 becomes U+FFFD. Characters that are not printable
   (printable.h) are escaped, so that JSON is safe to show in a terminal. */
void sp_json_text(sp_str *out, const char *key, sp_bytes text);

/* A string, or null when the text is empty. */
void sp_json_text_or_null(sp_str *out, const char *key, sp_bytes text);

/* An array of strings. */
void sp_json_texts(sp_str *out, const char *key, const sp_bytes *items, size_t count);

void sp_json_uint(sp_str *out, const char *key, uint64_t number);

/* A finite number with exactly `places` digits after the decimal point. */
void sp_json_fixed(sp_str *out, const char *key, double number, int places);

/* A finite number with up to six significant digits, as printf's %g writes it. */
void sp_json_number(sp_str *out, const char *key, double number);

void sp_json_bool(sp_str *out, const char *key, bool value);
void sp_json_null(sp_str *out, const char *key);

#endif
