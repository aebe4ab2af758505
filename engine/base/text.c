// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/ascii.h>
#include <signpost/memory.h>
#include <signpost/text.h>

#include <stdio.h>
#include <stdlib.h>

#define REPLACEMENT 0xFFFDu

bool
sp_bytes_equal(sp_bytes a, sp_bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

int
sp_bytes_compare(sp_bytes a, sp_bytes b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.data, b.data, shorter) : 0;
    if (order != 0)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

bool
sp_bytes_starts_with(sp_bytes bytes, sp_bytes prefix)
{
    return bytes.len >= prefix.len && sp_bytes_equal(sp_bytes_slice(bytes, 0, prefix.len), prefix);
}

bool
sp_bytes_ends_with(sp_bytes bytes, sp_bytes suffix)
{
    return bytes.len >= suffix.len &&
           sp_bytes_equal(sp_bytes_slice(bytes, bytes.len - suffix.len, bytes.len), suffix);
}

size_t
sp_bytes_find(sp_bytes bytes, sp_bytes needle, size_t from)
{
    if (needle.len == 0)
        return from <= bytes.len ? from : SIZE_MAX;
    while (from < bytes.len && bytes.len - from >= needle.len) {
        const char *hit =
            memchr(bytes.data + from, needle.data[0], bytes.len - from - needle.len + 1);
        if (!hit)
            return SIZE_MAX;
        if (memcmp(hit, needle.data, needle.len) == 0)
            return (size_t)(hit - bytes.data);
        from = (size_t)(hit - bytes.data) + 1;
    }
    return SIZE_MAX;
}

size_t
sp_bytes_until(sp_bytes bytes, const char *stops)
{
    size_t at = 0;
    while (at < bytes.len && (bytes.data[at] == '\0' || !strchr(stops, bytes.data[at])))
        at++;
    return at;
}

sp_bytes
sp_bytes_after_last(sp_bytes bytes, char c)
{
    size_t at = bytes.len;
    while (at > 0 && bytes.data[at - 1] != c)
        at--;
    return sp_bytes_slice(bytes, at, bytes.len);
}

static bool
is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

sp_bytes
sp_bytes_trim(sp_bytes bytes)
{
    while (bytes.len > 0 && is_space(bytes.data[0])) {
        bytes.data++;
        bytes.len--;
    }
    while (bytes.len > 0 && is_space(bytes.data[bytes.len - 1]))
        bytes.len--;
    return bytes;
}

bool
sp_bytes_equal_ascii_case(sp_bytes a, sp_bytes b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++) {
        if (sp_ascii_lower(a.data[i]) != sp_ascii_lower(b.data[i]))
            return false;
    }
    return true;
}

void
sp_str_done(sp_str *str)
{
    free(str->data);
    *str = (sp_str){0};
}

void
sp_str_clear(sp_str *str)
{
    str->len = 0;
    if (str->data)
        str->data[0] = '\0';
}

void
sp_str_restart(sp_str *str)
{
    sp_str_clear(str);
    str->failed = false;
}

void
sp_str_fail(sp_str *str)
{
    str->failed = true;
    sp_memory_failed();
}

bool
sp_str_reserve(sp_str *str, size_t extra)
{
    if (str->failed)
        return false;
    if (extra < str->capacity - str->len)
        return true;
    size_t needed = str->len + extra + 1;
    size_t capacity = str->capacity ? str->capacity : 32;
    while (capacity < needed && capacity <= SIZE_MAX / 2)
        capacity *= 2;
    char *data = needed > str->len && capacity >= needed ? realloc(str->data, capacity) : NULL;
    if (!data) {
        sp_str_fail(str);
        return false;
    }
    str->data = data;
    str->capacity = capacity;
    return true;
}

void
sp_str_append(sp_str *str, sp_bytes bytes)
{
    if (!sp_str_reserve(str, bytes.len))
        return;
    if (bytes.len > 0)
        memcpy(str->data + str->len, bytes.data, bytes.len);
    str->len += bytes.len;
    str->data[str->len] = '\0';
}

void
sp_str_append_char(sp_str *str, char c)
{
    sp_str_append(str, (sp_bytes){&c, 1});
}

void
sp_str_append_text(sp_str *str, const char *text)
{
    sp_str_append(str, sp_bytes_of(text));
}

void
sp_str_append_format(sp_str *str, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    size_t room = str->failed ? 0 : str->capacity - str->len;
    int len = vsnprintf(room > 0 ? str->data + str->len : NULL, room, format, arguments);
    if (len < 0)
        sp_str_fail(str);
    else if ((size_t)len < room)
        str->len += (size_t)len;
    else if (sp_str_reserve(str, (size_t)len)) {
        vsnprintf(str->data + str->len, (size_t)len + 1, format, again);
        str->len += (size_t)len;
    }
    va_end(again);
    va_end(arguments);
}

enum sp_status
sp_str_check(const sp_str *str, sp_error *err)
{
    return str->failed ? sp_fail(err, SP_NO_MEMORY, "out of memory") : SP_OK;
}

sp_bytes
sp_utf8_cut(sp_bytes text, size_t max)
{
    if (text.len <= max)
        return text;
    while (max > 0 && sp_utf8_is_continuation(text.data[max]))
        max--;
    return sp_bytes_slice(text, 0, max);
}

/* Returns the length of a sequence that begins with this byte, or 0 if no sequence can begin with
   it. *bits: the bits of the code point in the first byte. *least: the smallest code point for
   which this length is allowed. */
static size_t
sequence_of(unsigned char first, uint32_t *bits, uint32_t *least)
{
    if (first < 0xC2 || first > 0xF4)
        return 0;
    if (first < 0xE0) {
        *bits = first & 0x1Fu;
        *least = 0x80;
        return 2;
    }
    if (first < 0xF0) {
        *bits = first & 0x0Fu;
        *least = 0x800;
        return 3;
    }
    *bits = first & 0x07u;
    *least = 0x10000;
    return 4;
}

/* Returns 0 if no well-formed sequence begins at `at`. */
static size_t
decode_strict(sp_bytes text, size_t at, uint32_t *code_point)
{
    unsigned char first = (unsigned char)text.data[at];
    if (first < 0x80) {
        *code_point = first;
        return 1;
    }
    uint32_t value = 0, least = 0;
    size_t len = sequence_of(first, &value, &least);
    if (len == 0)
        return 0;
    for (size_t i = 1; i < len; i++) {
        if (at + i >= text.len || !sp_utf8_is_continuation(text.data[at + i]))
            return 0;
        value = value << 6 | ((unsigned char)text.data[at + i] & 0x3Fu);
    }
    if (value < least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *code_point = value;
    return len;
}

size_t
sp_utf8_decode(sp_bytes text, size_t at, uint32_t *code_point)
{
    size_t len = decode_strict(text, at, code_point);
    if (len > 0)
        return len;
    *code_point = REPLACEMENT;
    return 1;
}

void
sp_utf8_append(sp_str *str, uint32_t code_point)
{
    char out[4];
    size_t len = 0;
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF))
        code_point = REPLACEMENT;
    if (code_point < 0x80) {
        out[len++] = (char)code_point;
    } else if (code_point < 0x800) {
        out[len++] = (char)(0xC0 | code_point >> 6);
    } else if (code_point < 0x10000) {
        out[len++] = (char)(0xE0 | code_point >> 12);
        out[len++] = (char)(0x80 | (code_point >> 6 & 0x3F));
    } else {
        out[len++] = (char)(0xF0 | code_point >> 18);
        out[len++] = (char)(0x80 | (code_point >> 12 & 0x3F));
        out[len++] = (char)(0x80 | (code_point >> 6 & 0x3F));
    }
    if (code_point >= 0x80)
        out[len++] = (char)(0x80 | (code_point & 0x3F));
    sp_str_append(str, (sp_bytes){out, len});
}

size_t
sp_utf8_invalid(sp_bytes text)
{
    uint32_t code_point;
    for (size_t at = 0; at < text.len;) {
        size_t len = decode_strict(text, at, &code_point);
        if (len == 0)
            return at;
        at += len;
    }
    return SIZE_MAX;
}

void
sp_utf8_append_repaired(sp_str *str, sp_bytes text)
{
    while (text.len > 0) {
        size_t good = sp_utf8_invalid(text);
        if (good == SIZE_MAX) {
            sp_str_append(str, text);
            return;
        }
        sp_str_append(str, sp_bytes_slice(text, 0, good));
        sp_utf8_append(str, REPLACEMENT);
        text = sp_bytes_slice(text, good + 1, text.len);
    }
}
