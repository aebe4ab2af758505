// SPDX-License-Identifier: GPL-2.0-or-later
#include "slug.h"

#include <utf8proc.h>

#define CAPITAL_I_WITH_DOT 0x130u
#define DOT_ABOVE 0x307u

static void
append_lower(sp_str *out, uint32_t c)
{
    if (c == CAPITAL_I_WITH_DOT) { /* the only letter whose lower case is two code points */
        sp_str_append_char(out, 'i');
        sp_utf8_append(out, DOT_ABOVE);
        return;
    }
    sp_utf8_append(out, (uint32_t)utf8proc_tolower((utf8proc_int32_t)c));
}

static bool
is_kept(uint32_t c, enum sp_slug_mode mode)
{
    if (mode == SP_SLUG_PRETTY && c < 0x80 && c != 0 && strchr("._~!$&'()+,;=@", (int)c))
        return true;
    switch (utf8proc_category((utf8proc_int32_t)c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
        return true;
    default:
        return false;
    }
}

void
sp_slug_append(sp_str *out, sp_bytes text, enum sp_slug_mode mode)
{
    bool empty = true, gap = false;
    for (size_t at = 0; at < text.len;) {
        uint32_t c;
        at += sp_utf8_decode(text, at, &c);
        if (!is_kept(c, mode)) {
            gap = true;
            continue;
        }
        if (gap && !empty)
            sp_str_append_char(out, '-');
        empty = gap = false;
        if (mode == SP_SLUG_PRETTY)
            sp_utf8_append(out, c);
        else
            append_lower(out, c);
    }
}

void
sp_slug_append_lower(sp_str *out, sp_bytes text)
{
    for (size_t at = 0; at < text.len;) {
        uint32_t c;
        at += sp_utf8_decode(text, at, &c);
        append_lower(out, c);
    }
}

void
sp_slug_append_title(sp_str *out, sp_bytes slug)
{
    bool first = true;
    for (size_t at = 0; at < slug.len;) {
        uint32_t c;
        at += sp_utf8_decode(slug, at, &c);
        if (c == '-')
            sp_str_append_char(out, ' ');
        else if (first)
            sp_utf8_append(out, (uint32_t)utf8proc_totitle((utf8proc_int32_t)c));
        else
            append_lower(out, c);
        first = c == '-';
    }
}
