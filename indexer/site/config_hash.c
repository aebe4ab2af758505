// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads settings, and hashes those that can change a post. */
#include "site_private.h"

#include <xxhash.h>

/* The length is hashed, too, so that "ab", "c" and "a", "bc" have different hashes. */
static uint64_t
hash_text(uint64_t hash, sp_bytes text)
{
    hash = XXH64(&text.len, sizeof text.len, hash);
    return XXH64(text.data, text.len, hash);
}

/* SP_YAML_NODES_MAX bounds the recursion, to about 2500 levels: aliases can nest deeper than the
   depth limit. */
static uint64_t
hash_node(uint64_t hash, const sp_yaml *node)
{
    unsigned char shape[2] = {0xFF, 0};
    if (!node)
        return XXH64(shape, sizeof shape, hash);
    shape[0] = (unsigned char)node->kind;
    shape[1] = node->quoted;
    hash = XXH64(shape, sizeof shape, hash);
    if (node->kind == SP_YAML_SCALAR)
        return hash_text(hash, node->text);
    hash = XXH64(&node->count, sizeof node->count, hash);
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == SP_YAML_MAP)
            hash = hash_text(hash, node->keys[i]);
        hash = hash_node(hash, node->items[i]);
    }
    return hash;
}

const sp_yaml *
sp_config_get(sp_site *site, const char *key)
{
    const sp_yaml *value = sp_yaml_get(site->config, key);
    site->hash = hash_node(hash_text(site->hash, sp_bytes_of(key)), value);
    return value;
}

const sp_yaml *
sp_config_get_unhashed(const sp_site *site, const char *key)
{
    return sp_yaml_get(site->config, key);
}

void
sp_config_hash_options(sp_site *site)
{
    unsigned char flags[] = {site->jekyll, site->drafts, site->future, site->unpublished};
    site->hash = XXH64(flags, sizeof flags, site->hash);
    /* The system's time zone is hashed, too: without the setting `timezone`, dates depend on it. */
    for (int64_t day = 0; day < 70 * 366; day += 28) {
        int32_t offset = sp_zone_offset(&site->zone, day * 86400);
        site->hash = XXH64(&offset, sizeof offset, site->hash);
    }
}
