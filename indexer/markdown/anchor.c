// SPDX-License-Identifier: GPL-2.0-or-later
#include "anchor.h"

#include <signpost/ascii.h>

#include <utf8proc.h>
#include <xxhash.h>

struct sp_anchor_count {
    sp_bytes id;
    size_t times;
};

void
sp_anchors_done(sp_anchors *anchors)
{
    sp_table_done(&anchors->table);
    *anchors = (sp_anchors){0};
}

static bool
has_id(const void *items, uint32_t item, const void *key)
{
    return sp_bytes_equal(((const struct sp_anchor_count *)items)[item].id, *(const sp_bytes *)key);
}

/* Counts a heading with this id. Returns the number of earlier headings with the same id. */
static size_t
count(sp_anchors *anchors, sp_arena *arena, sp_bytes id)
{
    uint32_t hash = (uint32_t)XXH64(id.data, id.len, 0);
    anchors->items = sp_arena_grow(arena, anchors->items, &anchors->capacity, anchors->count + 1,
                                   sizeof *anchors->items);
    if (!anchors->items || !sp_table_reserve(&anchors->table, anchors->count + 1)) {
        sp_arena_fail(arena);
        return 0;
    }
    sp_table_slot *slot = sp_table_find(&anchors->table, hash, has_id, anchors->items, &id);
    if (!sp_table_has_item(slot)) {
        anchors->items[anchors->count] = (struct sp_anchor_count){sp_arena_copy(arena, id), 0};
        sp_table_fill(&anchors->table, slot, hash, (uint32_t)anchors->count++);
    }
    return anchors->items[sp_table_item(slot)].times++;
}

static sp_bytes
numbered(sp_anchors *anchors, sp_arena *arena, sp_str *id)
{
    size_t before = count(anchors, arena, sp_str_bytes(id));
    if (before > 0)
        sp_str_append_format(id, "-%zu", before);
    return sp_arena_copy_str(arena, id);
}

/* Whether Ruby's \p{Word} matches the character. Letter numbers and circled letters match, too. */
static bool
is_word(uint32_t c)
{
    if ((c >= 0x24B6 && c <= 0x24E9) || (c >= 0x1F130 && c <= 0x1F149) ||
        (c >= 0x1F150 && c <= 0x1F169) || (c >= 0x1F170 && c <= 0x1F189))
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
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_PC:
        return true;
    default:
        return false;
    }
}

static void
append_lower(sp_str *out, uint32_t c)
{
    if (c == 0x130) { /* the only letter whose lower case is two code points */
        sp_str_append_text(out, "i\xCC\x87");
        return;
    }
    sp_utf8_append(out, (uint32_t)utf8proc_tolower((utf8proc_int32_t)c));
}

sp_bytes
sp_anchors_next(sp_anchors *anchors, sp_arena *arena, sp_bytes raw)
{
    SP_AUTO(sp_str_done) sp_str id = {0};
    for (size_t at = 0; at < raw.len;) {
        uint32_t c;
        at += sp_utf8_decode(raw, at, &c);
        if (c == ' ' || c == '\t')
            sp_str_append_char(&id, '-');
        else if (c == '-' || is_word(c))
            append_lower(&id, c);
    }
    return numbered(anchors, arena, &id);
}

sp_bytes
sp_anchors_next_old(sp_anchors *anchors, sp_arena *arena, sp_bytes raw)
{
    SP_AUTO(sp_str_done) sp_str id = {0};
    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.data[i];
        if (sp_ascii_is_letter(c))
            append_lower(&id, (unsigned char)c);
        else if (id.len > 0 && (sp_ascii_is_digit(c) || c == ' ' || c == '-'))
            sp_str_append_char(&id, c == ' ' ? '-' : c);
    }
    if (id.len == 0)
        sp_str_append_text(&id, "section");
    return numbered(anchors, arena, &id);
}
