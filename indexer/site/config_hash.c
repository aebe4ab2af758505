// SPDX-License-Identifier: GPL-2.0-or-later
#include "site_private.h"

#include <xxhash.h>

/* The settings that decide what a file becomes. What decides only which files there are (include,
   exclude, destination) a run sees for itself, and the title is the index's, not a post's. */
static const char *const deciding[] = {
    "url",    "baseurl",  "source",      "permalink",       "timezone",    "lang",
    "locale", "defaults", "collections", "collections_dir", "markdown_ext"};

/* With its length, so that neighbours cannot be taken for one another. */
static uint64_t
hash_text(uint64_t hash, sp_bytes text)
{
    hash = XXH64(&text.len, sizeof text.len, hash);
    return XXH64(text.data, text.len, hash);
}

/* Depth is bounded by what the settings may have. */
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

uint64_t
sp_config_hash(const sp_site *site)
{
    unsigned char flags[] = {site->jekyll, site->drafts, site->future, site->unpublished};
    uint64_t hash = XXH64(flags, sizeof flags, 0);
    for (size_t i = 0; i < sizeof deciding / sizeof *deciding; i++)
        hash = hash_node(hash, sp_yaml_get(site->config, deciding[i]));
    /* The machine's own zone counts too: without `timezone` it decides dates. */
    for (int64_t day = 0; day < 70 * 366; day += 28) {
        int32_t offset = sp_zone_offset(&site->zone, day * 86400);
        hash = XXH64(&offset, sizeof offset, hash);
    }
    return hash;
}
