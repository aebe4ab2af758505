// SPDX-License-Identifier: GPL-2.0-or-later
#include "glob.h"

bool
sp_glob_take(uint64_t *steps, uint64_t taken)
{
    bool enough = *steps > taken;
    *steps = enough ? *steps - taken : 0;
    return enough;
}

/* Length of the `[...]` at `at`, or 0 if it is not closed. */
static size_t
set_length(sp_bytes pattern, size_t at)
{
    size_t i = at + 1;
    if (i < pattern.len && (pattern.data[i] == '!' || pattern.data[i] == '^'))
        i++;
    for (size_t first = i; i < pattern.len; i++) {
        if (pattern.data[i] == ']' && i > first)
            return i + 1 - at;
        if (pattern.data[i] == '\\')
            i++;
    }
    return 0;
}

/* Reads one character of a set, and moves *at past it. */
static uint32_t
set_character(sp_bytes set, size_t *at)
{
    uint32_t c;
    if (set.data[*at] == '\\' && *at + 1 < set.len)
        ++*at;
    *at += sp_utf8_decode(set, *at, &c);
    return c;
}

/* set: the text between the brackets. */
static bool
set_has(sp_bytes set, uint32_t c)
{
    bool negated = set.len > 0 && (set.data[0] == '!' || set.data[0] == '^');
    bool found = false;
    for (size_t at = negated; at < set.len;) {
        uint32_t low = set_character(set, &at), high = low;
        if (at + 1 < set.len && set.data[at] == '-') {
            at++;
            high = set_character(set, &at);
        }
        found |= low <= c && c <= high;
    }
    return found != negated;
}

/* Whether the pattern's element at *p matches the character at *t; moves both offsets past it.
   Takes the steps of reading a set, closed or not. */
static bool
match_one(sp_bytes pattern, size_t *p, sp_bytes text, size_t *t, uint64_t *steps)
{
    uint32_t wanted, c;
    size_t len = sp_utf8_decode(text, *t, &c);
    if (pattern.data[*p] == '[') {
        size_t set = set_length(pattern, *p);
        sp_glob_take(steps, set > 0 ? set : pattern.len - *p);
        if (set > 0) {
            bool has = set_has(sp_bytes_slice(pattern, *p + 1, *p + set - 1), c);
            *p += set;
            *t += len;
            return has;
        }
    }
    bool any = pattern.data[*p] == '?';
    if (pattern.data[*p] == '\\' && *p + 1 < pattern.len)
        ++*p;
    size_t wanted_len = sp_utf8_decode(pattern, *p, &wanted);
    bool same = any || (wanted_len == len && memcmp(pattern.data + *p, text.data + *t, len) == 0);
    *p += wanted_len;
    *t += len;
    return same;
}

static bool
is_special(char c)
{
    return c == '*' || c == '?' || c == '[' || c == '\\';
}

sp_bytes
sp_glob_literal(sp_bytes pattern)
{
    size_t len = 0;
    while (len < pattern.len && !is_special(pattern.data[len]))
        len++;
    return sp_bytes_slice(pattern, 0, len);
}

sp_bytes
sp_glob_needle(sp_bytes pattern)
{
    sp_bytes longest = {"", 0};
    if (memchr(pattern.data, '[', pattern.len) || memchr(pattern.data, '\\', pattern.len))
        return longest;
    for (size_t start = 0, end; start < pattern.len; start = end + 1) {
        end = start;
        while (end < pattern.len && pattern.data[end] != '/' && !is_special(pattern.data[end]))
            end++;
        if (end - start > longest.len)
            longest = sp_bytes_slice(pattern, start, end);
    }
    return longest;
}

/* Where the rest of a pattern after a star can match next: at its first character, if that is in
   ASCII and not special, which no other character contains. */
static size_t
next_start(sp_bytes pattern, size_t p, sp_bytes text, size_t t)
{
    if (p == pattern.len || is_special(pattern.data[p]) || (unsigned char)pattern.data[p] >= 0x80 ||
        t >= text.len)
        return t;
    const char *found = memchr(text.data + t, pattern.data[p], text.len - t);
    return found ? (size_t)(found - text.data) : text.len;
}

/* After a mismatch, the last star takes one more character. Earlier stars never need to take
   more. */
bool
sp_glob_match(sp_bytes pattern, sp_bytes text, uint64_t *steps)
{
    size_t p = 0, t = 0, star = SIZE_MAX, star_text = 0;
    while (t < text.len) {
        if (p < pattern.len && pattern.data[p] == '*') {
            star = ++p;
            star_text = t = next_start(pattern, p, text, t);
            continue;
        }
        bool same = p < pattern.len && match_one(pattern, &p, text, &t, steps);
        if (!sp_glob_take(steps, 2))
            return false;
        if (same)
            continue;
        if (star == SIZE_MAX)
            return false;
        uint32_t c;
        star_text += sp_utf8_decode(text, star_text, &c);
        p = star;
        t = star_text = next_start(pattern, p, text, star_text);
    }
    while (p < pattern.len && pattern.data[p] == '*')
        p++;
    return p == pattern.len;
}

/* Returns the first name of a path, and sets *rest to the path after the slash that follows it. */
static sp_bytes
first_name(sp_bytes path, sp_bytes *rest)
{
    const char *slash = path.len > 0 ? memchr(path.data, '/', path.len) : NULL;
    size_t len = slash ? (size_t)(slash - path.data) : path.len;
    *rest = slash ? sp_bytes_slice(path, len + 1, path.len) : sp_bytes_slice(path, len, len);
    return sp_bytes_slice(path, 0, len);
}

static bool
match_name(sp_bytes pattern, sp_bytes name, uint64_t *steps)
{
    bool hidden = name.len > 0 && name.data[0] == '.';
    bool names_hidden = pattern.len > 0 && pattern.data[0] == '.';
    return (!hidden || names_hidden) && sp_glob_match(pattern, name, steps);
}

/* The algorithm of sp_glob_match, over names instead of characters and `**` instead of the star. */
bool
sp_glob_match_path(sp_bytes pattern, sp_bytes path, uint64_t *steps)
{
    sp_bytes star = {0}, star_path = {0}, after, rest;
    bool has_star = false;
    while (path.len > 0) {
        sp_bytes wanted = first_name(pattern, &after);
        sp_bytes name = first_name(path, &rest);
        if (!sp_glob_take(steps, 1 + wanted.len / 16))
            return false;
        if (sp_bytes_equal(wanted, SP_LITERAL("**")) && after.len > 0) {
            has_star = true;
            pattern = star = after;
            star_path = path;
            continue;
        }
        if (wanted.len > 0 && match_name(wanted, name, steps)) {
            pattern = after;
            path = rest;
            continue;
        }
        if (!has_star || star_path.len == 0 || star_path.data[0] == '.')
            return false;
        first_name(star_path, &rest);
        path = star_path = rest;
        pattern = star;
    }
    return pattern.len == 0;
}
