// SPDX-License-Identifier: GPL-2.0-or-later
#include "resource_language.h"

#include "engine/base/language.h"

static bool
is_in(const sp_resource_mention *mention, sp_bytes language)
{
    return sp_language_equal(mention->context->lang, language);
}

static uint32_t
count_in(const sp_resource *resource, sp_bytes language)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < resource->mention_count; i++)
        count += is_in(&resource->mentions[i], language);
    return count;
}

sp_resource
sp_resource_by_language(const sp_resource *resource, sp_bytes site_language, sp_arena *arena,
                        uint32_t *own)
{
    sp_resource sorted = *resource;
    sp_bytes language = site_language;
    if (count_in(resource, language) == 0)
        language = resource->mentions[0].context->lang;
    *own = count_in(resource, language);
    if (*own == resource->mention_count)
        return sorted;
    sp_resource_mention *mentions =
        sp_arena_array(arena, resource->mention_count, sizeof *mentions);
    uint32_t first = 0, later = *own;
    for (uint32_t i = 0; mentions && i < resource->mention_count; i++) {
        const sp_resource_mention *mention = &resource->mentions[i];
        mentions[is_in(mention, language) ? first++ : later++] = *mention;
    }
    if (mentions)
        sorted.mentions = mentions;
    return sorted;
}
