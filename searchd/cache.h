// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The answer cache: answers by revision and canonical request, bounded in bytes, the least recently
 * used out first.
 *
 * Each thread that answers has one of its own, so there is no lock; the bound is a thread's share.
 * The revision is part of the key, so that an answer of another one cannot be found, and the cache
 * is emptied when its thread moves on to a new revision.
 */
#ifndef SIGNPOST_SEARCHD_CACHE_H
#define SIGNPOST_SEARCHD_CACHE_H

#include "log.h"
#include "metrics.h"
#include "reply.h"

#define SP_CACHE_CHAINS 1024

/* An answer, as it is sent: plain, and gzipped once somebody has asked for that. */
typedef struct sp_cached {
    sp_str key;
    sp_bytes body;                     /* of `plain`, which owns it */
    struct MHD_Response *plain, *gzip; /* gzip: NULL while not asked for */
    uint64_t gzip_bytes;
    bool incompressible;  /* gzip does not make it smaller */
    sp_query_entry entry; /* what the query log says of it, but for the query's text */
    uint64_t hash;
    size_t size; /* bytes that it is counted with */
    struct sp_cached *chain, *newer, *older;
} sp_cached;

void sp_cached_free(sp_cached *cached);

typedef struct sp_answer_cache {
    sp_cached *chains[SP_CACHE_CHAINS];
    sp_cached *newest, *oldest;
    size_t size, max; /* bytes; max 0: nothing is kept */
    sp_metrics *metrics;
} sp_answer_cache;

/* The answer with that key, now the newest, or NULL. Borrowed until the cache changes. */
sp_cached *sp_cache_find(sp_answer_cache *cache, sp_bytes key);

/* Keeps an answer that is not in the cache. False if it is too large: it stays the caller's. */
bool sp_cache_keep(sp_answer_cache *cache, sp_cached *cached);

/* Counts anew what a kept answer takes, after a response was added to it. */
void sp_cache_recount(sp_answer_cache *cache, sp_cached *cached);

void sp_cache_clear(sp_answer_cache *cache);

#endif
