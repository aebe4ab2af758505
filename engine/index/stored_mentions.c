// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/stored_mentions.h>

#include <signpost/packing.h>

/* Format: a byte for each section, 1 for a label; the number of mentions; for each mention its url,
   canonical URL (empty if it equals the url), name and description (start, length), section, line
   and flags. */
enum { LISTED = 1, VAGUE = 2, SAME_URL = 4 };

static void
put_range(sp_str *out, sp_range range)
{
    sp_pack_number(out, range.start);
    sp_pack_number(out, range.end - range.start);
}

void
sp_mentions_pack(const sp_post *post, sp_str *out)
{
    for (size_t i = 0; i < post->section_count; i++)
        sp_str_append_char(out, post->sections[i].kind == SP_SECTION_LABEL);
    sp_pack_number(out, (uint32_t)post->mention_count);
    for (size_t i = 0; i < post->mention_count; i++) {
        const sp_mention *mention = &post->mentions[i];
        bool same = sp_bytes_equal(mention->url, mention->canonical);
        sp_pack_bytes(out, mention->url);
        sp_pack_bytes(out, same ? SP_LITERAL("") : mention->canonical);
        put_range(out, mention->name);
        put_range(out, mention->description);
        sp_pack_number(out, mention->section);
        sp_pack_number(out, mention->line);
        sp_pack_number(out, (mention->form == SP_MENTION_LISTED ? LISTED : 0u) |
                                (mention->vague ? VAGUE : 0u) | (same ? SAME_URL : 0u));
    }
}

static sp_range
get_range(sp_cursor *from, sp_bytes text)
{
    uint32_t start = sp_unpack_number(from), len = sp_unpack_number(from);
    if (start > text.len || len > text.len - start)
        from->failed = true;
    return (sp_range){start, start + len};
}

static sp_mention
get_mention(sp_cursor *from, const sp_post *post)
{
    sp_mention mention = {.url = sp_unpack_bytes(from)};
    mention.canonical = sp_unpack_bytes(from);
    mention.name = get_range(from, post->text);
    mention.description = get_range(from, post->text);
    mention.section = sp_unpack_number(from);
    mention.line = sp_unpack_number(from);
    uint32_t flags = sp_unpack_number(from);
    mention.form = flags & LISTED ? SP_MENTION_LISTED : SP_MENTION_INLINE;
    mention.vague = (flags & VAGUE) != 0;
    if (flags & SAME_URL)
        mention.canonical = mention.url;
    if (mention.section >= post->section_count)
        from->failed = true;
    return mention;
}

static void
get_sections(sp_cursor *from, const sp_record *record, sp_arena *arena, sp_post *post)
{
    post->section_count = record->section_count;
    post->sections = sp_arena_array(arena, post->section_count, sizeof *post->sections);
    if (from->bytes.len < post->section_count)
        from->failed = true;
    for (size_t i = 0; post->sections && !from->failed && i < post->section_count; i++) {
        const sp_record_section *stored = &record->sections[i];
        bool label = from->bytes.data[from->at++] == 1;
        post->sections[i] = (sp_section){.kind = label ? SP_SECTION_LABEL : SP_SECTION_HEADING,
                                         .parent = stored->parent,
                                         .heading = stored->heading,
                                         .body = stored->body,
                                         .anchor = stored->link,
                                         .line = stored->line};
    }
}

enum sp_status
sp_stored_mentions_restore(const sp_record *record, sp_bytes mentions, sp_arena *arena,
                           sp_post *out, sp_error *err)
{
    sp_cursor from = {.bytes = mentions};
    *out = (sp_post){.path = record->path,
                     .url = record->url,
                     .lang = record->lang,
                     .date = record->date,
                     .categories = record->categories,
                     .category_count = record->category_count,
                     .tags = record->tags,
                     .tag_count = record->tag_count,
                     .text = record->text,
                     .title = record->title,
                     .lines = record->lines,
                     .line_count = record->line_count};
    get_sections(&from, record, arena, out);
    uint32_t count = sp_unpack_count(&from, 9);
    out->mentions = sp_arena_array(arena, count, sizeof *out->mentions);
    for (uint32_t i = 0; out->mentions && !from.failed && i < count; i++)
        out->mentions[out->mention_count++] = get_mention(&from, out);
    if (arena->failed)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    if (from.failed || from.at != mentions.len)
        return sp_fail(err, SP_DAMAGED, "damaged mentions in the index: %.200s", record->path.data);
    return SP_OK;
}
