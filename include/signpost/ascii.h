// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ASCII characters, independent of the locale: for keywords, hosts, numbers and escapes. Text for
 * people is folded by the analyzer instead. Pure functions, for any thread.
 */
#ifndef SIGNPOST_ASCII_H
#define SIGNPOST_ASCII_H

#include <stdbool.h>

static inline bool
sp_ascii_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool
sp_ascii_is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static inline bool
sp_ascii_is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static inline bool
sp_ascii_is_letter(char c)
{
    return sp_ascii_is_lower(c) || sp_ascii_is_upper(c);
}

static inline bool
sp_ascii_is_alphanumeric(char c)
{
    return sp_ascii_is_letter(c) || sp_ascii_is_digit(c);
}

static inline char
sp_ascii_lower(char c)
{
    return sp_ascii_is_upper(c) ? (char)(c + ('a' - 'A')) : c;
}

static inline char
sp_ascii_upper(char c)
{
    return sp_ascii_is_lower(c) ? (char)(c - ('a' - 'A')) : c;
}

/* The value of a hexadecimal digit, or -1. */
static inline int
sp_ascii_hex_value(char c)
{
    char lower = sp_ascii_lower(c);
    if (sp_ascii_is_digit(c))
        return c - '0';
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

#endif
