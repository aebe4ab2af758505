// SPDX-License-Identifier: GPL-2.0-or-later
#include "ordinary.h"

#include <xxhash.h>

/* Two hashes give all others (Kirsch and Mitzenmacher, Less hashing, same performance: building a
   better Bloom filter, 2006). */
size_t
sp_ordinary_bit(sp_bytes word, unsigned hash, size_t bits)
{
    uint64_t both = XXH64(word.data, word.len, 0);
    uint64_t first = both & UINT32_MAX, second = (both >> 32) | 1;
    return (size_t)((first + hash * second) % bits);
}
