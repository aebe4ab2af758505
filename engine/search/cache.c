// SPDX-License-Identifier: GPL-2.0-or-later
#include "cache.h"

const sp_record *
sp_record_cache_get(const sp_record_cache *cache, uint32_t docid)
{
    uint32_t place = docid % SP_CACHE_PLACES;
    return cache->places[place].docid == docid ? cache->places[place].record : NULL;
}

static void
empty_place(sp_record_cache *cache, uint32_t place)
{
    sp_record *record = cache->places[place].record;
    if (!record)
        return;
    cache->bytes -= sp_record_size(record);
    sp_record_free(record);
    cache->places[place].record = NULL;
    cache->places[place].docid = 0;
}

/* Chooses at random what to evict (xorshift; Marsaglia 2003). If documents that do not all fit are
   requested in turn, evicting the oldest would evict exactly the one needed next. */
static uint32_t
random_place(sp_record_cache *cache)
{
    uint32_t random = cache->random ? cache->random : 2463534242u;
    random ^= random << 13;
    random ^= random >> 17;
    random ^= random << 5;
    cache->random = random;
    return random % SP_CACHE_PLACES;
}

void
sp_record_cache_put_take(sp_record_cache *cache, uint32_t docid, sp_record *record)
{
    uint32_t place = docid % SP_CACHE_PLACES;
    size_t size = sp_record_size(record);
    empty_place(cache, place);
    while (cache->bytes > 0 && cache->bytes + size > cache->bytes_max)
        empty_place(cache, random_place(cache));
    cache->places[place].docid = docid;
    cache->places[place].record = record;
    cache->bytes += size;
}

void
sp_record_cache_clear(sp_record_cache *cache)
{
    for (uint32_t place = 0; place < SP_CACHE_PLACES; place++)
        empty_place(cache, place);
}
