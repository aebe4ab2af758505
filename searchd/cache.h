// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The answer cache: maps a revision and a canonical request to an answer. Its size is bounded in
 * bytes; the least recently used answer is evicted first.
 *
 * Each worker thread has its own cache, so there is no lock; the bound is the share of one thread.
 * The revision is part of the key, so an answer of another revision cannot be found. The worker
 * clears its cache when its reader gets a new revision.
 */
#ifndef SIGNPOST_SEARCHD_CACHE_H
#define SIGNPOST_SEARCHD_CACHE_H

#include "log.h"
#include "metrics.h"
#include "response.h"

#define SP_CACHE_CHAINS 1024

/* An answer in the forms in which it is sent: plain, and gzipped once a client has accepted
   gzip. */
typedef struct sp_cached {
    sp_str key;
    sp_bytes body;                     /* owned by `plain`, or by `unsent` */
    sp_str unsent;                     /* the body of a copy that has no `plain` yet */
    struct MHD_Response *plain, *gzip; /* gzip: NULL until a client accepts it */
    uint64_t gzip_bytes;
    bool incompressible;  /* gzip does not make the body smaller */
    sp_query_entry entry; /* for the query log, without the query text; borrows `corrected` */
    sp_str corrected;
    uint64_t hash;
    size_t size; /* bytes, as counted against the bound */
    struct sp_cached *chain, *newer, *older;
} sp_cached;

void sp_cached_free(sp_cached *cached);

/* Returns a copy for another client, without `plain` and `gzip`, or NULL when out of memory. */
sp_cached *sp_cached_copy(const sp_cached *cached);

typedef struct sp_answer_cache {
    sp_cached *chains[SP_CACHE_CHAINS];
    sp_cached *newest, *oldest;
    size_t size, max; /* bytes; max 0: the cache keeps nothing */
    sp_metrics *metrics;
} sp_answer_cache;

/* Returns the answer with this key and marks it as most recently used; NULL if the key is not in
   the cache. The answer is borrowed until the cache changes. */
sp_cached *sp_cache_find(sp_answer_cache *cache, sp_bytes key);

/* Adds an answer. Returns false if the answer is larger than a quarter of the bound, or its key is
   in the cache; then the caller still owns the answer. */
bool sp_cache_keep(sp_answer_cache *cache, sp_cached *cached);

/* Updates the size of a cached answer after a response was added to it. */
void sp_cache_recount(sp_answer_cache *cache, sp_cached *cached);

void sp_cache_clear(sp_answer_cache *cache);

#endif
