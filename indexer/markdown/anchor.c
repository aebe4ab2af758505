// SPDX-License-Identifier: GPL-2.0-or-later
#include "anchor.h"

#include <signpost/ascii.h>

#include <utf8proc.h>

struct sp_anchor_count {
    sp_bytes id; /* data NULL: free */
    size_t times;
};

static size_t
hash_of(sp_bytes id)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < id.len; i++)
        hash = (hash ^ (unsigned char)id.data[i]) * 1099511628211u;
    return (size_t)(hash ^ hash >> 32);
}

static struct sp_anchor_count *
slot_of(struct sp_anchor_count *slots, size_t capacity, sp_bytes id)
{
    size_t at = hash_of(id) & (capacity - 1);
    while (slots[at].id.data && !sp_bytes_equal(slots[at].id, id))
        at = (at + 1) & (capacity - 1);
    return &slots[at];
}

static bool
grow(sp_anchors *anchors, sp_arena *arena)
{
    size_t capacity = anchors->capacity ? anchors->capacity * 2 : 32;
    struct sp_anchor_count *slots = sp_arena_array(arena, capacity, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < anchors->capacity; i++) {
        if (anchors->slots[i].id.data)
            *slot_of(slots, capacity, anchors->slots[i].id) = anchors->slots[i];
    }
    anchors->slots = slots;
    anchors->capacity = capacity;
    return true;
}

/* Counts a heading with this id. Returns the number of earlier ones. */
static size_t
count(sp_anchors *anchors, sp_arena *arena, sp_bytes id)
{
    if (anchors->count * 2 >= anchors->capacity && !grow(anchors, arena))
        return 0;
    struct sp_anchor_count *slot = slot_of(anchors->slots, anchors->capacity, id);
    if (!slot->id.data) {
        slot->id = sp_arena_copy(arena, id);
        anchors->count++;
    }
    return slot->times++;
}

static sp_bytes
numbered(sp_anchors *anchors, sp_arena *arena, sp_str *id)
{
    size_t before = count(anchors, arena, sp_str_bytes(id));
    if (before > 0)
        sp_str_append_format(id, "-%zu", before);
    return sp_arena_copy_str(arena, id);
}

/* Ruby's \p{Word}, which includes letter numbers and circled letters. */
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
