// SPDX-License-Identifier: GPL-2.0-or-later
#include "search_private.h"

#include <stdlib.h>

void
sp_answer_begin(sp_answer *answer, const sp_request *request)
{
    sp_arena arena = answer->arena;
    sp_arena_clear(&arena);
    *answer = (sp_answer){
        .arena = arena,
        .offset = request->offset < SP_OFFSET_MAX ? request->offset : SP_OFFSET_MAX,
        .limit = request->limit < SP_LIMIT_MAX ? request->limit : SP_LIMIT_MAX,
    };
}

static void
copy_mentions(const sp_record *record, sp_bytes base_url, sp_arena *arena, sp_hit *hit)
{
    hit->mentions = sp_arena_array(arena, record->mention_count, sizeof *hit->mentions);
    for (uint32_t i = 0; hit->mentions && i < record->mention_count; i++) {
        const sp_record_mention *mention = &record->mentions[i];
        sp_answer_mention *out = &hit->mentions[hit->mention_count++];
        out->title = sp_arena_copy(arena, mention->title);
        out->url = sp_section_url(record, mention->section, base_url, arena);
        out->heading = sp_section_breadcrumb(record, mention->section, arena, &out->heading_count);
        out->line = mention->line;
    }
}

static sp_bytes *
copy_list(const sp_bytes *items, uint32_t count, sp_arena *arena)
{
    sp_bytes *copies = sp_arena_array(arena, count, sizeof *copies);
    for (uint32_t i = 0; copies && i < count; i++)
        copies[i] = sp_arena_copy(arena, items[i]);
    return copies;
}

void
sp_hit_copy(const sp_record *record, sp_bytes base_url, sp_arena *arena, sp_hit *hit)
{
    SP_AUTO(sp_str_done) sp_str url = {0};
    if (record->kind == SP_KIND_POST)
        sp_str_append(&url, base_url);
    sp_str_append(&url, record->url);
    hit->kind = record->kind;
    hit->url = sp_arena_copy_str(arena, &url);
    hit->date = sp_arena_copy(arena, record->date);
    hit->lang = sp_arena_copy(arena, record->lang);
    hit->path = sp_arena_copy(arena, record->path);
    hit->categories = copy_list(record->categories, record->category_count, arena);
    hit->category_count = record->category_count;
    hit->tags = copy_list(record->tags, record->tag_count, arena);
    hit->tag_count = record->tag_count;
    copy_mentions(record, base_url, arena, hit);
}

const sp_answer_mention *
sp_hit_mention_at(const sp_hit *hit, sp_bytes url)
{
    for (uint32_t i = 0; i < hit->mention_count; i++) {
        if (sp_bytes_equal(hit->mentions[i].url, url))
            return &hit->mentions[i];
    }
    return NULL;
}

void
sp_answer_free(sp_answer *answer)
{
    if (!answer)
        return;
    sp_arena_done(&answer->arena);
    free(answer);
}
