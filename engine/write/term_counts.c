// SPDX-License-Identifier: GPL-2.0-or-later
#include "term_counts.h"

#include <stdlib.h>

#define SLOTS_FIRST ((size_t)1024)

void
sp_term_counts_done(sp_term_counts *tally)
{
    free(tally->entries);
    free(tally->slots);
    *tally = (sp_term_counts){0};
}

static enum sp_status
grow(sp_term_counts *tally, size_t words, sp_error *err)
{
    size_t slots = SLOTS_FIRST;
    while (slots / 2 <= words)
        slots *= 2;
    sp_term_counts_done(tally);
    tally->entries = calloc(slots / 2, sizeof *tally->entries);
    tally->slots = calloc(slots, sizeof *tally->slots);
    if (!tally->entries || !tally->slots)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    tally->capacity = slots / 2;
    tally->slot_count = slots;
    return SP_OK;
}

enum sp_status
sp_term_counts_begin(sp_term_counts *tally, size_t words, sp_error *err)
{
    if (words > tally->capacity || tally->capacity == 0)
        return grow(tally, words, err);
    tally->count = 0;
    memset(tally->slots, 0, tally->slot_count * sizeof *tally->slots);
    return SP_OK;
}

static size_t
first_slot(const sp_term_counts *tally, const char *address)
{
    uint64_t mixed = (uint64_t)(uintptr_t)address * UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(mixed >> 32) & (tally->slot_count - 1);
}

void
sp_term_counts_add(sp_term_counts *tally, sp_bytes text, uint32_t wdf)
{
    size_t slot = first_slot(tally, text.data);
    while (tally->slots[slot] != 0) {
        sp_term_count *entry = &tally->entries[tally->slots[slot] - 1];
        if (entry->text.data == text.data) {
            entry->wdf += wdf;
            return;
        }
        slot = (slot + 1) & (tally->slot_count - 1);
    }
    tally->entries[tally->count] = (sp_term_count){text, wdf};
    tally->slots[slot] = (uint32_t)++tally->count;
}
