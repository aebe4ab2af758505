// SPDX-License-Identifier: GPL-2.0-or-later
#include "resource_language.h"

#include "engine/base/language.h"

static bool
is_in(const sp_resource_mention *mention, sp_bytes language)
{
    return sp_language_equal(mention->context->lang, language);
}

static bool
has_language(const sp_resource *resource, sp_bytes language)
{
    for (uint32_t i = 0; i < resource->mention_count; i++) {
        if (is_in(&resource->mentions[i], language))
            return true;
    }
    return false;
}

uint32_t
sp_resource_language_end(const sp_resource *resource, uint32_t first)
{
    uint32_t end = first + 1;
    while (end < resource->mention_count &&
           is_in(&resource->mentions[end], resource->mentions[first].context->lang))
        end++;
    return end;
}

/* Moves the mentions in the language to out, and the others to the front of `from`. Returns the
   number of those moved. */
static uint32_t
take_language(sp_resource_mention *from, uint32_t *count, sp_bytes language,
              sp_resource_mention *out)
{
    uint32_t moved = 0, kept = 0;
    for (uint32_t i = 0; i < *count; i++) {
        sp_resource_mention mention = from[i];
        if (is_in(&mention, language))
            out[moved++] = mention;
        else
            from[kept++] = mention;
    }
    *count = kept;
    return moved;
}

sp_resource
sp_resource_by_language(const sp_resource *resource, sp_bytes site_language, sp_arena *arena)
{
    sp_resource sorted = *resource;
    uint32_t rest = resource->mention_count, count = 0;
    if (sp_resource_language_end(resource, 0) == rest)
        return sorted;
    sp_resource_mention *from = sp_arena_array(arena, rest, sizeof *from);
    sp_resource_mention *mentions = sp_arena_array(arena, rest, sizeof *mentions);
    if (!from || !mentions)
        return sorted;
    memcpy(from, resource->mentions, rest * sizeof *from);
    if (has_language(resource, site_language))
        count = take_language(from, &rest, site_language, mentions);
    for (int languages = 0; rest > 0 && languages < SP_LANGUAGES_MAX; languages++)
        count += take_language(from, &rest, from[0].context->lang, mentions + count);
    memcpy(mentions + count, from, rest * sizeof *from);
    sorted.mentions = mentions;
    return sorted;
}
