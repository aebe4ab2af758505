// SPDX-License-Identifier: GPL-2.0-or-later
#include "term_counts.h"

#include <stdlib.h>

void
sp_term_counts_done(sp_term_counts *counts)
{
    free(counts->entries);
    sp_table_done(&counts->table);
    *counts = (sp_term_counts){0};
}

static enum sp_status
reserve_entries(sp_term_counts *counts, size_t words, sp_error *err)
{
    size_t capacity = counts->table.slot_count / 2;
    if (words <= counts->capacity)
        return SP_OK;
    free(counts->entries);
    counts->entries = calloc(capacity, sizeof *counts->entries);
    counts->capacity = counts->entries ? capacity : 0;
    return counts->entries ? SP_OK : sp_fail(err, SP_NO_MEMORY, "out of memory");
}

enum sp_status
sp_term_counts_begin(sp_term_counts *counts, size_t words, sp_error *err)
{
    counts->count = 0;
    if (!sp_table_reset(&counts->table, words))
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    return reserve_entries(counts, words, err);
}

static bool
has_address(const void *items, uint32_t item, const void *key)
{
    return ((const sp_term_count *)items)[item].text.data == key;
}

void
sp_term_counts_add(sp_term_counts *counts, sp_bytes text, uint32_t wdf)
{
    uint64_t mixed = (uint64_t)(uintptr_t)text.data * UINT64_C(0x9E3779B97F4A7C15);
    uint32_t hash = (uint32_t)(mixed >> 32);
    sp_table_slot *slot =
        sp_table_find(&counts->table, hash, has_address, counts->entries, text.data);
    if (sp_table_has_item(slot)) {
        counts->entries[sp_table_item(slot)].wdf += wdf;
        return;
    }
    sp_table_fill(&counts->table, slot, hash, (uint32_t)counts->count);
    counts->entries[counts->count++] = (sp_term_count){text, wdf};
}
