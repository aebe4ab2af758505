// SPDX-License-Identifier: GPL-2.0-or-later
#include "word_counts.h"

#include <stdlib.h>
#include <xxhash.h>

#define FIRST_CAPACITY 4096

void
sp_word_counts_done(sp_word_counts *counts)
{
    free(counts->slots);
    *counts = (sp_word_counts){0};
}

uint64_t
sp_word_hash(sp_bytes word)
{
    uint64_t hash = XXH64(word.data, word.len, 0);
    return hash != 0 ? hash : 1;
}

static sp_word_count *
slot_of(sp_word_count *slots, size_t capacity, uint64_t hash)
{
    size_t at = (size_t)hash & (capacity - 1);
    while (slots[at].hash != 0 && slots[at].hash != hash)
        at = (at + 1) & (capacity - 1);
    return &slots[at];
}

static bool
grow(sp_word_counts *counts)
{
    size_t capacity = counts->capacity > 0 ? counts->capacity * 2 : FIRST_CAPACITY;
    sp_word_count *slots = calloc(capacity, sizeof *slots);
    if (!slots) {
        counts->failed = true;
        return false;
    }
    for (size_t i = 0; i < counts->capacity; i++) {
        if (counts->slots[i].hash != 0)
            *slot_of(slots, capacity, counts->slots[i].hash) = counts->slots[i];
    }
    free(counts->slots);
    counts->slots = slots;
    counts->capacity = capacity;
    return true;
}

sp_word_count *
sp_word_counts_at(sp_word_counts *counts, uint64_t hash)
{
    if (counts->count * 2 >= counts->capacity && !grow(counts))
        return NULL;
    sp_word_count *slot = slot_of(counts->slots, counts->capacity, hash);
    if (slot->hash == hash)
        return slot;
    if (counts->count == SP_WORD_COUNTS_MAX)
        return NULL;
    counts->count++;
    slot->hash = hash;
    return slot;
}

uint32_t
sp_word_counts_posts(const sp_word_counts *counts, uint64_t hash)
{
    return counts->capacity > 0 ? slot_of(counts->slots, counts->capacity, hash)->posts : 0;
}
