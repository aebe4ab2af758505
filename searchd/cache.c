// SPDX-License-Identifier: GPL-2.0-or-later
#include "cache.h"

#include <stdlib.h>
#include <xxhash.h>

/* Approximate size of a response without its body: libmicrohttpd's structure and the headers. */
#define RESPONSE_SIZE 1024

void
sp_cached_free(sp_cached *cached)
{
    if (!cached)
        return;
    if (cached->plain)
        MHD_destroy_response(cached->plain);
    if (cached->gzip)
        MHD_destroy_response(cached->gzip);
    sp_str_done(&cached->key);
    sp_str_done(&cached->unsent);
    sp_str_done(&cached->corrected);
    free(cached);
}

sp_cached *
sp_cached_copy(const sp_cached *cached)
{
    sp_cached *copy = calloc(1, sizeof *copy);
    if (!copy)
        return NULL;
    sp_str_append(&copy->corrected, cached->entry.corrected);
    copy->entry = cached->entry;
    copy->entry.corrected = sp_str_bytes(&copy->corrected);
    sp_str_append(&copy->key, sp_str_bytes(&cached->key));
    sp_str_append(&copy->unsent, cached->body);
    copy->body = sp_str_bytes(&copy->unsent);
    if (!copy->key.failed && !copy->unsent.failed && !copy->corrected.failed)
        return copy;
    sp_cached_free(copy);
    return NULL;
}

static size_t
size_of(const sp_cached *cached)
{
    size_t size = sizeof *cached + cached->key.capacity + cached->corrected.capacity +
                  cached->body.len + RESPONSE_SIZE;
    return cached->gzip ? size + cached->gzip_bytes + RESPONSE_SIZE : size;
}

static sp_cached **
chain_of(sp_answer_cache *cache, uint64_t hash)
{
    return &cache->chains[hash % SP_CACHE_CHAINS];
}

static void
link_newest(sp_answer_cache *cache, sp_cached *cached)
{
    cached->newer = NULL;
    cached->older = cache->newest;
    if (cache->newest)
        cache->newest->newer = cached;
    else
        cache->oldest = cached;
    cache->newest = cached;
}

static void
unlink_from_order(sp_answer_cache *cache, sp_cached *cached)
{
    *(cached->newer ? &cached->newer->older : &cache->newest) = cached->older;
    *(cached->older ? &cached->older->newer : &cache->oldest) = cached->newer;
}

static void
drop(sp_answer_cache *cache, sp_cached *cached)
{
    sp_cached **link = chain_of(cache, cached->hash);
    while (*link != cached)
        link = &(*link)->chain;
    *link = cached->chain;
    unlink_from_order(cache, cached);
    cache->size -= cached->size;
    sp_discount(&cache->metrics->cache_bytes, cached->size);
    sp_discount(&cache->metrics->cache_entries, 1);
    sp_cached_free(cached);
}

/* Evicts the oldest answers until the cache is within its bound. Never evicts the newest answer,
   because the caller is using it. */
static void
shrink(sp_answer_cache *cache)
{
    while (cache->size > cache->max && cache->oldest != cache->newest)
        drop(cache, cache->oldest);
}

static void
count(sp_answer_cache *cache, sp_cached *cached)
{
    cached->size = size_of(cached);
    cache->size += cached->size;
    sp_count(&cache->metrics->cache_bytes, cached->size);
}

static sp_cached *
look_up(sp_answer_cache *cache, sp_bytes key, uint64_t hash)
{
    sp_cached *found = *chain_of(cache, hash);
    while (found && (found->hash != hash || !sp_bytes_equal(sp_str_bytes(&found->key), key)))
        found = found->chain;
    return found;
}

sp_cached *
sp_cache_find(sp_answer_cache *cache, sp_bytes key)
{
    sp_cached *found = look_up(cache, key, XXH3_64bits(key.data, key.len));
    if (found && found != cache->newest) {
        unlink_from_order(cache, found);
        link_newest(cache, found);
    }
    return found;
}

bool
sp_cache_keep(sp_answer_cache *cache, sp_cached *cached)
{
    cached->hash = XXH3_64bits(cached->key.data, cached->key.len);
    if (size_of(cached) > cache->max / 4 ||
        look_up(cache, sp_str_bytes(&cached->key), cached->hash))
        return false;
    cached->chain = *chain_of(cache, cached->hash);
    *chain_of(cache, cached->hash) = cached;
    link_newest(cache, cached);
    sp_count(&cache->metrics->cache_entries, 1);
    count(cache, cached);
    shrink(cache);
    return true;
}

void
sp_cache_recount(sp_answer_cache *cache, sp_cached *cached)
{
    cache->size -= cached->size;
    sp_discount(&cache->metrics->cache_bytes, cached->size);
    count(cache, cached);
    shrink(cache);
}

void
sp_cache_clear(sp_answer_cache *cache)
{
    while (cache->oldest)
        drop(cache, cache->oldest); // NOLINT(clang-analyzer-unix.Malloc): drop changes oldest
}
