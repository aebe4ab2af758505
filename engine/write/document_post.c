// SPDX-License-Identifier: GPL-2.0-or-later
#include "document_post.h"

void
sp_compose_post(const sp_post *post, const sp_weights *weights, sp_arena *arena, sp_record *record,
                sp_weighted_spans *fields)
{
    *record = (sp_record){
        .kind = SP_KIND_POST,
        .url = post->url,
        .date = post->date,
        .lang = post->lang,
        .path = post->path,
        .categories = post->categories,
        .category_count = (uint32_t)post->category_count,
        .tags = post->tags,
        .tag_count = (uint32_t)post->tag_count,
        .text = post->text,
        .title = post->title,
        .section_count = (uint32_t)post->section_count,
        .lines = post->lines,
        .line_count = (uint32_t)post->line_count,
    };
    record->sections = sp_arena_array(arena, post->section_count, sizeof *record->sections);
    sp_weighted_spans_add(arena, fields, 0, weights->wdf[SP_WEIGHT_TITLE], true);
    sp_weighted_spans_add(arena, fields, post->title.end, weights->wdf[SP_WEIGHT_BODY], true);
    for (size_t i = 0; record->sections && i < post->section_count; i++) {
        const sp_section *section = &post->sections[i];
        record->sections[i] = (sp_record_section){section->heading, section->body, section->parent,
                                                  section->line, section->anchor};
        if (section->heading.end > section->heading.start) {
            sp_weighted_spans_add(arena, fields, section->heading.start,
                                  weights->wdf[SP_WEIGHT_HEADING], true);
            sp_weighted_spans_add(arena, fields, section->heading.end, weights->wdf[SP_WEIGHT_BODY],
                                  true);
        }
    }
}
