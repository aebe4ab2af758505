// SPDX-License-Identifier: GPL-2.0-or-later
#include "word_counts.h"

#include <stdlib.h>
#include <xxhash.h>

#define FIRST_CAPACITY ((size_t)2048)

void
sp_word_counts_done(sp_word_counts *counts)
{
    free(counts->items);
    sp_table_done(&counts->table);
    *counts = (sp_word_counts){0};
}

uint64_t
sp_word_hash(sp_bytes word)
{
    uint64_t hash = XXH64(word.data, word.len, 0);
    return hash != 0 ? hash : 1;
}

static bool
has_hash(const void *items, uint32_t item, const void *key)
{
    return ((const sp_word_count *)items)[item].hash == *(const uint64_t *)key;
}

static sp_table_slot *
find(const sp_word_counts *counts, uint64_t hash)
{
    return sp_table_find(&counts->table, (uint32_t)hash, has_hash, counts->items, &hash);
}

/* Makes room for one more word. */
static bool
grow(sp_word_counts *counts)
{
    if (counts->count < counts->capacity)
        return true;
    size_t capacity = counts->capacity > 0 ? counts->capacity * 2 : FIRST_CAPACITY;
    sp_word_count *items = realloc(counts->items, capacity * sizeof *items);
    if (items)
        counts->items = items;
    if (!items || !sp_table_reserve(&counts->table, capacity)) {
        counts->failed = true;
        return false;
    }
    counts->capacity = capacity;
    return true;
}

sp_word_count *
sp_word_counts_entry(sp_word_counts *counts, uint64_t hash)
{
    if (!grow(counts))
        return NULL;
    sp_table_slot *slot = find(counts, hash);
    if (sp_table_has_item(slot))
        return &counts->items[sp_table_item(slot)];
    if (counts->count == SP_WORD_COUNTS_MAX)
        return NULL;
    sp_table_fill(&counts->table, slot, (uint32_t)hash, (uint32_t)counts->count);
    counts->items[counts->count] = (sp_word_count){.hash = hash};
    return &counts->items[counts->count++];
}

uint32_t
sp_word_counts_posts(const sp_word_counts *counts, uint64_t hash)
{
    sp_table_slot *slot = find(counts, hash);
    return sp_table_has_item(slot) ? counts->items[sp_table_item(slot)].posts : 0;
}
