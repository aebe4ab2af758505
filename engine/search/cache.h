// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The reader's cache of unpacked records: bounded in bytes, for one revision, for one thread.
 */
#ifndef SIGNPOST_ENGINE_SEARCH_CACHE_H
#define SIGNPOST_ENGINE_SEARCH_CACHE_H

#include <signpost/record.h>

/* Each document has one place, by its number; who comes there later drives the earlier out. */
#define SP_CACHE_PLACES 4096

typedef struct sp_record_cache {
    struct {
        uint32_t docid;
        sp_record *record;
    } places[SP_CACHE_PLACES];
    size_t bytes, bytes_max;
    uint32_t lot; /* by which the next to go is drawn when the cache is full */
} sp_record_cache;

/* The record, or NULL; borrowed until the next _put_take or _clear. */
const sp_record *sp_record_cache_get(const sp_record_cache *cache, uint32_t docid);

/* Owns the record from here on. It stays at least until the next call. */
void sp_record_cache_put_take(sp_record_cache *cache, uint32_t docid, sp_record *record);

void sp_record_cache_clear(sp_record_cache *cache);

#endif
