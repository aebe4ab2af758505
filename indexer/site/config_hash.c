// SPDX-License-Identifier: GPL-2.0-or-later
#include "site_private.h"

/* The settings that decide what a file becomes. What decides only which files there are (include,
   exclude, destination) a run sees for itself, and the title is the index's, not a post's. */
static const char *const deciding[] = {
    "url",    "baseurl",  "source",      "permalink",       "timezone",    "lang",
    "locale", "defaults", "collections", "collections_dir", "markdown_ext"};

static uint64_t
hash_bytes(uint64_t hash, const void *data, size_t len)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001B3); /* FNV-1a */
    return hash;
}

/* With its length, so that neighbours cannot be taken for one another. */
static uint64_t
hash_text(uint64_t hash, sp_bytes text)
{
    hash = hash_bytes(hash, &text.len, sizeof text.len);
    return hash_bytes(hash, text.data, text.len);
}

/* Depth is bounded by what the settings may have. */
static uint64_t
hash_node(uint64_t hash, const sp_yaml *node)
{
    unsigned char shape[2] = {0xFF, 0};
    if (!node)
        return hash_bytes(hash, shape, sizeof shape);
    shape[0] = (unsigned char)node->kind;
    shape[1] = node->quoted;
    hash = hash_bytes(hash, shape, sizeof shape);
    if (node->kind == SP_YAML_SCALAR)
        return hash_text(hash, node->text);
    hash = hash_bytes(hash, &node->count, sizeof node->count);
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
    uint64_t hash = hash_bytes(UINT64_C(0xCBF29CE484222325), flags, sizeof flags);
    for (size_t i = 0; i < sizeof deciding / sizeof *deciding; i++)
        hash = hash_node(hash, sp_yaml_get(site->config, deciding[i]));
    /* The machine's own zone counts too: without `timezone` it decides dates. */
    for (int64_t day = 0; day < 70 * 366; day += 28) {
        int32_t offset = sp_zone_offset(&site->zone, day * 86400);
        hash = hash_bytes(hash, &offset, sizeof offset);
    }
    return hash;
}
