// SPDX-License-Identifier: GPL-2.0-or-later
#include "resource_topics.h"

#include <signpost/analyzer.h>

/* These limits keep a resource that every post links to from having all topics of the site. */
#define MENTIONS_MAX 50
#define TOPICS_MAX 50

struct topics {
    sp_arena *arena;
    sp_bytes *items, *folded;
    uint32_t count;
};

/* Adds a topic unless it has no word or equals an earlier one when folded. */
static void
add_topic(struct topics *topics, sp_bytes topic)
{
    SP_AUTO(sp_str_done) sp_str folded = {0};
    sp_fold_append(&folded, topic);
    sp_bytes key = sp_arena_copy_str(topics->arena, &folded);
    bool known = key.len == 0 || topics->count == TOPICS_MAX;
    for (uint32_t i = 0; !known && i < topics->count; i++)
        known = sp_bytes_equal(topics->folded[i], key);
    if (known)
        return;
    topics->folded[topics->count] = key;
    topics->items[topics->count++] = topic;
}

static void
add_topics(struct topics *topics, sp_bytes lines)
{
    for (size_t start = 0, end; topics->folded && start < lines.len; start = end + 1) {
        end = sp_bytes_find(lines, SP_LITERAL("\n"), start); /* every topic ends with one */
        if (end == SIZE_MAX)
            end = lines.len;
        add_topic(topics, sp_bytes_slice(lines, start, end));
    }
}

static struct topics
topics_new(sp_arena *arena)
{
    struct topics topics = {.arena = arena,
                            .items = sp_arena_array(arena, TOPICS_MAX, sizeof(sp_bytes)),
                            .folded = sp_arena_array(arena, TOPICS_MAX, sizeof(sp_bytes))};
    return topics;
}

void
sp_resource_topics(const sp_resource *resource, sp_arena *arena, sp_record *record)
{
    struct topics tags = topics_new(arena), categories = topics_new(arena);
    const sp_context *last = NULL;
    if (arena->failed)
        return;
    for (uint32_t i = 0; i < resource->mention_count && i < MENTIONS_MAX; i++) {
        const sp_context *context = resource->mentions[i].context;
        if (!last || !sp_bytes_equal(last->tags, context->tags))
            add_topics(&tags, context->tags);
        if (!last || !sp_bytes_equal(last->categories, context->categories))
            add_topics(&categories, context->categories);
        last = context;
    }
    record->tags = tags.items;
    record->tag_count = tags.count;
    record->categories = categories.items;
    record->category_count = categories.count;
}
