// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Text: borrowed bytes, owned strings, and UTF-8.
 *
 * sp_bytes borrows: it points into memory that another object owns, and is never freed. sp_str owns
 * its memory and grows; it remembers when memory was out (`failed`), so append freely and check
 * once at the end. Both carry their length: NUL bytes are data. Nothing here is shared between
 * threads.
 */
#ifndef SIGNPOST_TEXT_H
#define SIGNPOST_TEXT_H

#include <signpost/error.h>

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef struct sp_bytes {
    const char *data;
    size_t len;
} sp_bytes;

typedef struct sp_str {
    char *data; /* NUL-terminated after the first append; NULL before it */
    size_t len; /* bytes, without the NUL */
    size_t capacity;
    bool failed; /* an append ran out of memory; the content is incomplete */
} sp_str;

#define SP_LITERAL(text) ((sp_bytes){"" text, sizeof(text) - 1})

static inline sp_bytes
sp_bytes_of(const char *text)
{
    return (sp_bytes){text, text ? strlen(text) : 0};
}

static inline sp_bytes
sp_bytes_slice(sp_bytes bytes, size_t start, size_t end)
{
    /* C17 does not define NULL + 0; compilers make one addition of this. */
    return (sp_bytes){start > 0 ? bytes.data + start : bytes.data, end - start};
}

static inline sp_bytes
sp_str_bytes(const sp_str *str)
{
    return (sp_bytes){str->data ? str->data : "", str->len};
}

bool sp_bytes_equal(sp_bytes a, sp_bytes b);

/* <0, 0 or >0: a total order for sorting, by unsigned bytes; a prefix comes before longer text. */
int sp_bytes_compare(sp_bytes a, sp_bytes b);

bool sp_bytes_starts_with(sp_bytes bytes, sp_bytes prefix);
bool sp_bytes_ends_with(sp_bytes bytes, sp_bytes suffix);

/* Offset of the first `needle` at or after `from`, or SIZE_MAX. */
size_t sp_bytes_find(sp_bytes bytes, sp_bytes needle, size_t from);

/* The offset of the first byte that is one of `stops`, or the length of the bytes. */
size_t sp_bytes_until(sp_bytes bytes, const char *stops);

/* The part after the last c, such as the name at the end of a path; all bytes if c is missing. */
sp_bytes sp_bytes_after_last(sp_bytes bytes, char c);

/* The bytes without the ASCII white space at both ends. */
sp_bytes sp_bytes_trim(sp_bytes bytes);

/* Ignores the case of ASCII letters: for keywords and hosts. The analyzer folds other text. */
bool sp_bytes_equal_ascii_case(sp_bytes a, sp_bytes b);

void sp_str_done(sp_str *str);

/* Empties the string; keeps its memory, and remembers a failure. So a loop may clear its string for
   each item, and check it once at the end. */
void sp_str_clear(sp_str *str);

/* Like sp_str_clear, but forgets a failure: for the next task of a string that outlives its tasks.
   The last task must have been checked. */
void sp_str_restart(sp_str *str);

/* Makes room for `extra` bytes and a NUL after the content, so that the caller can write there and
   then set len and the NUL. When memory is out, returns false and marks the string failed. */
bool sp_str_reserve(sp_str *str, size_t extra);

void sp_str_append(sp_str *str, sp_bytes bytes);
void sp_str_append_char(sp_str *str, char c);
void sp_str_append_text(sp_str *str, const char *text); /* NUL-terminated */
void sp_str_append_format(sp_str *str, const char *format, ...) SP_PRINTF(2, 3);

/* Marks the string failed, because a library had no memory for what would be appended. */
void sp_str_fail(sp_str *str);

/* SP_NO_MEMORY if an append failed, otherwise SP_OK. */
enum sp_status sp_str_check(const sp_str *str, sp_error *err) SP_MUST_CHECK;

/* Whether a byte continues a UTF-8 sequence, so that text must not be cut before it. */
static inline bool
sp_utf8_is_continuation(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* The longest beginning of text that has at most `max` bytes and does not cut a character. */
sp_bytes sp_utf8_cut(sp_bytes text, size_t max);

/* Decodes the code point at offset `at` (< len) and returns its length in bytes, 1 to 4. A byte
   that does not begin a well-formed sequence (RFC 3629) gives U+FFFD and 1. */
size_t sp_utf8_decode(sp_bytes text, size_t at, uint32_t *code_point);

void sp_utf8_append(sp_str *str, uint32_t code_point);

/* Offset of the first byte that is not well-formed UTF-8, or SIZE_MAX. */
size_t sp_utf8_invalid(sp_bytes text);

/* Appends text, with U+FFFD for every ill-formed byte. */
void sp_utf8_append_repaired(sp_str *str, sp_bytes text);

#endif
