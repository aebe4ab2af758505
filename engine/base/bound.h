// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Binary search in ascending items. The functions are inline so that the comparison is compiled
 * into the search. Pure functions, for any thread.
 */
#ifndef SIGNPOST_ENGINE_BASE_BOUND_H
#define SIGNPOST_ENGINE_BASE_BOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the item at `index` comes before the key. */
typedef bool sp_is_before(const void *items, size_t index, const void *key);

/* The index of the first item that does not come before the key, or count. Items that come before
   the key must precede all others. */
static inline size_t
sp_lower_bound(const void *items, size_t count, sp_is_before *is_before, const void *key)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (is_before(items, middle, key))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The order of two uint64_t for qsort. */
static inline int
sp_compare_hashes(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static inline bool
sp_hash_is_before(const void *hashes, size_t index, const void *key)
{
    return ((const uint64_t *)hashes)[index] < *(const uint64_t *)key;
}

/* Whether the ascending hashes include this one. */
static inline bool
sp_has_hash(const uint64_t *hashes, size_t count, uint64_t hash)
{
    size_t found = sp_lower_bound(hashes, count, sp_hash_is_before, &hash);
    return found < count && hashes[found] == hash;
}

#endif
