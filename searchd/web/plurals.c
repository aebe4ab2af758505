// SPDX-License-Identifier: GPL-2.0-or-later
/* Plural forms of whole numbers by the rules of Unicode's CLDR 42 (cardinals). */

#include "words.h"

#include <stdio.h>

static bool
within(uint32_t number, uint32_t from, uint32_t to)
{
    return number >= from && number <= to;
}

static const char *
one_only(uint32_t n)
{
    return n == 1 ? "one" : "other";
}

static const char *
none(uint32_t n)
{
    (void)n;
    return "other";
}

static const char *
zero_is_one(uint32_t n)
{
    return n <= 1 ? "one" : "other";
}

static bool
is_millions(uint32_t n)
{
    return n > 0 && n % 1000000 == 0;
}

static const char *
french(uint32_t n)
{
    return is_millions(n) ? "many" : zero_is_one(n);
}

static const char *
spanish(uint32_t n)
{
    return is_millions(n) ? "many" : one_only(n);
}

static bool
ends_in_one(uint32_t n)
{
    return n % 10 == 1 && n % 100 != 11;
}

static bool
ends_in_few(uint32_t n)
{
    return within(n % 10, 2, 4) && !within(n % 100, 12, 14);
}

static const char *
icelandic(uint32_t n)
{
    return ends_in_one(n) ? "one" : "other";
}

static const char *
serbian(uint32_t n)
{
    return ends_in_one(n) ? "one" : ends_in_few(n) ? "few" : "other";
}

static const char *
russian(uint32_t n)
{
    return ends_in_one(n) ? "one" : ends_in_few(n) ? "few" : "many";
}

static const char *
polish(uint32_t n)
{
    return n == 1 ? "one" : ends_in_few(n) ? "few" : "many";
}

static const char *
czech(uint32_t n)
{
    return n == 1 ? "one" : within(n, 2, 4) ? "few" : "other";
}

static const char *
slovenian(uint32_t n)
{
    uint32_t end = n % 100;
    return end == 1 ? "one" : end == 2 ? "two" : within(end, 3, 4) ? "few" : "other";
}

static const char *
lithuanian(uint32_t n)
{
    if (within(n % 100, 11, 19) || n % 10 == 0)
        return "other";
    return n % 10 == 1 ? "one" : "few";
}

static const char *
latvian(uint32_t n)
{
    if (within(n % 100, 11, 19) || n % 10 == 0)
        return "zero";
    return n % 10 == 1 ? "one" : "other";
}

static const char *
romanian(uint32_t n)
{
    if (n == 1)
        return "one";
    return n == 0 || within(n % 100, 1, 19) ? "few" : "other";
}

static const char *
arabic(uint32_t n)
{
    static const char *const names[] = {"zero", "one", "two"};
    if (n <= 2)
        return names[n];
    return within(n % 100, 3, 10) ? "few" : n % 100 >= 11 ? "many" : "other";
}

static const char *
hebrew(uint32_t n)
{
    return n == 1 ? "one" : n == 2 ? "two" : "other";
}

static const char *
irish(uint32_t n)
{
    if (n == 1 || n == 2)
        return hebrew(n);
    return within(n, 3, 6) ? "few" : within(n, 7, 10) ? "many" : "other";
}

static const char *
welsh(uint32_t n)
{
    static const char *const names[] = {"zero", "one", "two", "few", "other", "other", "many"};
    return n < sizeof names / sizeof *names ? names[n] : "other";
}

/* Primary tags, each between blanks, by rule. */
static const struct {
    const char *tags;
    const char *(*rule)(uint32_t n);
} rules[] = {
    {" id ja jv km ko lo ms my th to vi wo yo yue zh ", none},
    {" ak am as bn fa gu hi hy kn ln mg pa si ti zu ", zero_is_one},
    {" fr pt ", french},
    {" ca es it ", spanish},
    {" is mk ", icelandic},
    {" bs hr sr ", serbian},
    {" be ru uk ", russian},
    {" pl ", polish},
    {" cs sk ", czech},
    {" sl ", slovenian},
    {" lt ", lithuanian},
    {" lv ", latvian},
    {" ro ", romanian},
    {" ar ", arabic},
    {" he ", hebrew},
    {" ga ", irish},
    {" cy ", welsh},
};

const char *
sp_plural_form(sp_bytes tag, uint32_t number)
{
    char name[16];
    sp_bytes primary = sp_bytes_slice(tag, 0, sp_bytes_until(tag, "-_"));
    snprintf(name, sizeof name, " %.*s ", primary.len < 9 ? (int)primary.len : 9, primary.data);
    if (sp_bytes_equal_ascii_case(tag, SP_LITERAL("pt-PT")))
        return spanish(number);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (strstr(rules[i].tags, name))
            return rules[i].rule(number);
    }
    return one_only(number);
}
