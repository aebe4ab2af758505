// SPDX-License-Identifier: GPL-2.0-or-later
/* The characters of the query language, in the forms that keyboards and word processors give
   them. */
#include "query_private.h"

/* Typographic and full-width forms, and the operators that they stand for. */
static const struct {
    uint16_t code;
    char mark;
} forms[] = {
    {0x2010, '-'}, {0x2011, '-'}, {0x2012, '-'}, {0x2013, '-'}, {0x2212, '-'}, {0x2217, '*'},
    {0x3000, ' '}, {0xFE61, '*'}, {0xFE62, '+'}, {0xFE63, '-'}, {0xFF08, '('}, {0xFF09, ')'},
    {0xFF0A, '*'}, {0xFF0B, '+'}, {0xFF0D, '-'}, {0xFF1A, ':'},
};

/* From this kind on, a mark either opens or closes a quotation; marks of the other kinds do both:
   U+00AB opens a quotation in French and closes one in German. */
#define CORNERS 7

static const struct {
    uint16_t code;
    unsigned char kind;
    bool opens;
} quotes[] = {
    {0x22, 1, true},    {0xFF02, 1, true},   {0x201C, 2, true},  {0x201D, 2, true},
    {0x201E, 2, true},  {0x201F, 2, true},   {0xAB, 3, true},    {0xBB, 3, true},
    {0x2039, 4, true},  {0x203A, 4, true},   {0x275D, 5, true},  {0x275E, 5, true},
    {0x2033, 6, true},  {0x300C, 7, true},   {0x300D, 7, false}, {0xFF62, 7, true},
    {0xFF63, 7, false}, {0x300E, 8, true},   {0x300F, 8, false}, {0x301D, 9, true},
    {0x301E, 9, false}, {0x301F, 9, false},  {0x300A, 10, true}, {0x300B, 10, false},
    {0x3010, 11, true}, {0x3011, 11, false},
};

char
sp_query_char(sp_bytes text, size_t at, size_t *len)
{
    uint32_t code;
    char c = text.data[at];
    *len = 1;
    if ((unsigned char)c < 0x80)
        return c;
    *len = sp_utf8_decode(text, at, &code);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (forms[i].code == code)
            return forms[i].mark;
    }
    return c;
}

#define FULL_WIDTH 0xFEE0 /* the distance of a full-width letter from the ASCII letter */

bool
sp_query_is_operator(sp_bytes text, const char *word)
{
    size_t at = 0;
    for (; *word && at < text.len; word++) {
        uint32_t code;
        at += sp_utf8_decode(text, at, &code);
        if (code != (uint32_t)*word && code != (uint32_t)*word + FULL_WIDTH)
            return false;
    }
    return !*word && at == text.len;
}

bool
sp_query_is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

unsigned
sp_query_quote(sp_bytes text, size_t at, bool opens, size_t *len)
{
    uint32_t code;
    if (at >= text.len)
        return 0;
    char c = text.data[at];
    if ((unsigned char)c < 0x80 && c != '"')
        return 0;
    *len = sp_utf8_decode(text, at, &code);
    for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++) {
        if (quotes[i].code == code) {
            bool both = quotes[i].kind < CORNERS;
            return both || quotes[i].opens == opens ? quotes[i].kind : 0;
        }
    }
    return 0;
}

bool
sp_query_opens_corner(sp_bytes text, size_t at)
{
    size_t len;
    return sp_query_quote(text, at, true, &len) >= CORNERS;
}
