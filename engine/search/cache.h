// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The reader's cache of unpacked records, limited in bytes. It holds records of one revision and
 * belongs to one thread.
 */
#ifndef SIGNPOST_ENGINE_SEARCH_CACHE_H
#define SIGNPOST_ENGINE_SEARCH_CACHE_H

#include <signpost/record.h>

/* A document's id determines the only place where its record can be; a later record replaces an
   earlier one in the same place. */
#define SP_CACHE_PLACES 4096

typedef struct sp_record_cache {
    struct {
        uint32_t docid;
        sp_record *record;
    } places[SP_CACHE_PLACES];
    size_t bytes, bytes_max;
    uint32_t random; /* state of the generator that chooses what to evict when the cache is full */
} sp_record_cache;

/* The record, or NULL; borrowed until the next _put_take or _clear. */
const sp_record *sp_record_cache_get(const sp_record_cache *cache, uint32_t docid);

/* Takes ownership of the record, which stays cached at least until the next call. */
void sp_record_cache_put_take(sp_record_cache *cache, uint32_t docid, sp_record *record);

void sp_record_cache_clear(sp_record_cache *cache);

#endif
