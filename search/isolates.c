// SPDX-License-Identifier: GPL-2.0-or-later
#include "isolates.h"

#include <signpost/printable.h>

#define ARABIC_MARK 0x061C
#define LEFT_MARK 0x200E
#define RIGHT_MARK 0x200F
#define FIRST_START 0x2066 /* left to right, right to left, first strong */
#define LAST_START 0x2068
#define END 0x2069
#define REPLACEMENT 0xFFFD

static bool
is_mark(uint32_t code_point)
{
    return code_point == ARABIC_MARK || code_point == LEFT_MARK || code_point == RIGHT_MARK;
}

uint32_t
sp_isolates_take(sp_isolates *isolates, uint32_t code_point)
{
    bool starts = code_point >= FIRST_START && code_point <= LAST_START;
    if (starts && isolates->count < SP_ISOLATES_MAX) {
        isolates->open[isolates->count++] = code_point;
        return code_point;
    }
    if (code_point == END && isolates->count > 0) {
        isolates->count--;
        return code_point;
    }
    return is_mark(code_point) ? code_point : sp_printable(code_point);
}

void
sp_isolates_append_ends(const sp_isolates *isolates, sp_str *out)
{
    for (unsigned i = 0; i < isolates->count; i++)
        sp_utf8_append(out, END);
}

void
sp_isolates_append_starts(const sp_isolates *isolates, sp_str *out)
{
    for (unsigned i = 0; i < isolates->count; i++)
        sp_utf8_append(out, isolates->open[i]);
}
