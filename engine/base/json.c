// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/json.h>
#include <signpost/printable.h>

/* Whether the next value needs a comma before it. The last byte shows whether another value
   precedes it; the content of a string cannot mislead, because the last byte of a string is its
   closing quote. */
static bool
needs_comma(const sp_str *out)
{
    char last = out->len > 0 ? out->data[out->len - 1] : '\n';
    return last != '{' && last != '[' && last != ':' && last != '\n';
}

void
sp_json_key(sp_str *out, const char *key)
{
    sp_str_append(out, needs_comma(out) ? SP_LITERAL(",\"") : SP_LITERAL("\""));
    sp_str_append_text(out, key);
    sp_str_append(out, SP_LITERAL("\":"));
}

/* Appends the comma and the key. */
static void
begin_value(sp_str *out, const char *key)
{
    if (key)
        sp_json_key(out, key);
    else if (needs_comma(out))
        sp_str_append_char(out, ',');
}

void
sp_json_open_object(sp_str *out, const char *key)
{
    begin_value(out, key);
    sp_str_append_char(out, '{');
}

void
sp_json_close_object(sp_str *out)
{
    sp_str_append_char(out, '}');
}

void
sp_json_open_array(sp_str *out, const char *key)
{
    begin_value(out, key);
    sp_str_append_char(out, '[');
}

void
sp_json_close_array(sp_str *out)
{
    sp_str_append_char(out, ']');
}

static bool
needs_escape(unsigned char c)
{
    return c < 0x20 || c == '"' || c == '\\' || c >= 0x7F;
}

/* needs_escape for any of eight bytes, without a branch. A subtraction sets the highest bit of the
   bytes that are below the byte subtracted; bytes of 0x80 and more are found by that bit alone. */
static bool
any_needs_escape(const char *eight)
{
    const uint64_t each = UINT64_C(0x0101010101010101), high = each << 7;
    uint64_t bytes;
    memcpy(&bytes, eight, sizeof bytes);
    uint64_t quote = bytes ^ (each * '"'), backslash = bytes ^ (each * '\\');
    uint64_t found = (bytes - each * 0x20) | (quote - each) | (backslash - each) | (bytes + each);
    return ((found | bytes) & high) != 0;
}

/* The number of bytes from `from` on that need no escape in a JSON string. */
static size_t
plain_length(sp_bytes text, size_t from)
{
    size_t end = from;
    while (text.len - end >= sizeof(uint64_t) && !any_needs_escape(text.data + end))
        end += sizeof(uint64_t);
    while (end < text.len && !needs_escape((unsigned char)text.data[end]))
        end++;
    return end - from;
}

/* Appends the character at `at`, escaped if needed, and returns its length in the text. What is not
   printable is escaped because a terminal that shows the JSON would obey it; U+2028 and U+2029 are
   escaped because they end a line in old JavaScript. */
static size_t
append_special(sp_str *out, sp_bytes text, size_t at)
{
    uint32_t c;
    size_t len = sp_utf8_decode(text, at, &c);
    if (c == '"' || c == '\\')
        sp_str_append_format(out, "\\%c", (int)c);
    else if (c == '\n')
        sp_str_append_text(out, "\\n");
    else if (sp_printable(c) != c || c == 0x2028 || c == 0x2029)
        sp_str_append_format(out, "\\u%04x", (unsigned)c);
    else
        sp_utf8_append(out, c);
    return len;
}

void
sp_json_text(sp_str *out, const char *key, sp_bytes text)
{
    begin_value(out, key);
    sp_str_append_char(out, '"');
    for (size_t at = 0; at < text.len;) {
        size_t plain = plain_length(text, at);
        sp_str_append(out, sp_bytes_slice(text, at, at + plain));
        at += plain;
        if (at < text.len)
            at += append_special(out, text, at);
    }
    sp_str_append_char(out, '"');
}

void
sp_json_text_or_null(sp_str *out, const char *key, sp_bytes text)
{
    if (text.len > 0)
        sp_json_text(out, key, text);
    else
        sp_json_null(out, key);
}

void
sp_json_texts(sp_str *out, const char *key, const sp_bytes *items, size_t count)
{
    sp_json_open_array(out, key);
    for (size_t i = 0; i < count; i++)
        sp_json_text(out, NULL, items[i]);
    sp_json_close_array(out);
}

void
sp_json_uint(sp_str *out, const char *key, uint64_t number)
{
    char digits[20]; /* of 2^64 - 1 */
    size_t at = sizeof digits;
    begin_value(out, key);
    do
        digits[--at] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    sp_str_append(out, (sp_bytes){digits + at, sizeof digits - at});
}

void
sp_json_fixed(sp_str *out, const char *key, double number, int places)
{
    begin_value(out, key);
    sp_str_append_format(out, "%.*f", places, number);
}

void
sp_json_number(sp_str *out, const char *key, double number)
{
    begin_value(out, key);
    sp_str_append_format(out, "%.6g", number);
}

void
sp_json_bool(sp_str *out, const char *key, bool value)
{
    begin_value(out, key);
    sp_str_append(out, value ? SP_LITERAL("true") : SP_LITERAL("false"));
}

void
sp_json_null(sp_str *out, const char *key)
{
    begin_value(out, key);
    sp_str_append(out, SP_LITERAL("null"));
}
