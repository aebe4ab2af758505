// SPDX-License-Identifier: GPL-2.0-or-later
#include "document_resource.h"
#include "resource_language.h"
#include "resource_name.h"
#include "resource_topics.h"

/* These limits keep a resource that every post links to from becoming the largest document. Of
   sections beyond CONTEXTS_MAX only the headings are kept; mentions beyond MENTIONS_MAX are
   ignored. */
#define CONTEXTS_MAX 8
#define MENTIONS_MAX 1000
#define PROSE_MAX 3200

struct composition {
    sp_arena *arena;
    sp_record *record;
    sp_weighted_spans *fields;
    const sp_weights *weights;
    sp_str text;
    size_t section_capacity, line_capacity, mention_capacity, view_capacity;
    size_t prose;    /* bytes of prose added so far */
    size_t contexts; /* number of contexts added so far */
};

/* The mention with the longest description in a list, or else the first with a description. */
static const sp_resource_mention *
best_description(const sp_resource *resource)
{
    const sp_resource_mention *best = &resource->mentions[0];
    for (uint32_t i = 1; i < resource->mention_count; i++) {
        const sp_resource_mention *mention = &resource->mentions[i];
        bool listed = mention->form == SP_MENTION_LISTED && mention->description.len > 0;
        bool best_listed = best->form == SP_MENTION_LISTED && best->description.len > 0;
        bool first = best->description.len == 0 && mention->description.len > 0;
        bool longer = mention->description.len > best->description.len;
        if (first || (listed && (!best_listed || longer)))
            best = mention;
    }
    return best;
}

/* The mention whose description is shown: in the language of the first `own` mentions, or else in
   any. */
static const sp_resource_mention *
description_of(const sp_resource *resource, uint32_t own)
{
    sp_resource part = *resource;
    part.mention_count = own;
    const sp_resource_mention *best = best_description(&part);
    return best->description.len > 0 ? best : best_description(resource);
}

static void
add_line(struct composition *to, uint32_t offset, uint32_t line)
{
    sp_record *record = to->record;
    record->lines = sp_arena_grow(to->arena, record->lines, &to->line_capacity,
                                  record->line_count + 1, sizeof *record->lines);
    if (record->lines)
        record->lines[record->line_count++] = (sp_line){offset, line};
}

static sp_range
add_block(struct composition *to, sp_bytes block, uint32_t wdf, uint32_t line)
{
    uint32_t start = (uint32_t)to->text.len;
    if (block.len == 0)
        return (sp_range){start, start};
    sp_weighted_spans_add(to->arena, to->fields, start, wdf, true);
    add_line(to, start, line);
    sp_str_append(&to->text, block);
    sp_range range = {start, (uint32_t)to->text.len};
    sp_str_append_char(&to->text, '\n');
    return range;
}

static uint32_t
add_section(struct composition *to, sp_record_section section)
{
    sp_record *record = to->record;
    record->sections = sp_arena_grow(to->arena, record->sections, &to->section_capacity,
                                     record->section_count + 1, sizeof *record->sections);
    if (!record->sections)
        return 0;
    record->sections[record->section_count] = section;
    return record->section_count++;
}

/* Whether the text already contains this block. */
static bool
is_repeated(const struct composition *to, sp_bytes block)
{
    sp_bytes text = sp_str_bytes(&to->text);
    for (size_t start = 0, end; start < text.len; start = end + 1) {
        end = sp_bytes_find(text, SP_LITERAL("\n"), start); /* every block ends with one */
        if (sp_bytes_equal(sp_bytes_slice(text, start, end), block))
            return true;
    }
    return false;
}

/* Adds the blocks of the mention's prose that the text does not contain yet, as long as there is
   room. */
static void
add_prose(struct composition *to, const sp_resource_mention *mention)
{
    sp_bytes prose = mention->prose;
    size_t start = 0;
    for (uint32_t i = 0; i < mention->line_count && start < prose.len; i++) {
        size_t end = i + 1 < mention->line_count ? mention->lines[i + 1].offset : prose.len;
        sp_bytes block = sp_bytes_slice(prose, start, end - 1); /* every block ends in '\n' */
        start = end;
        if (to->prose + block.len > PROSE_MAX || is_repeated(to, block))
            continue;
        sp_weighted_spans_add(to->arena, to->fields, (uint32_t)to->text.len,
                              to->weights->wdf[SP_WEIGHT_INHERITED], false);
        add_line(to, (uint32_t)to->text.len, mention->lines[i].line);
        sp_str_append(&to->text, block);
        sp_str_append_char(&to->text, '\n');
        to->prose += block.len;
    }
}

/* Whether the description is the sentence around the link. */
static bool
is_quoted(const sp_resource_mention *mention)
{
    return mention->form == SP_MENTION_INLINE && mention->description.len > 0;
}

/* The weight of a word in a mention's description. In a list the text after a link describes the
   resource; the sentence around a link in running text is often about something else. */
static uint32_t
description_wdf(const struct composition *to, const sp_resource_mention *mention)
{
    return mention->form == SP_MENTION_LISTED ? to->weights->wdf[SP_WEIGHT_DESCRIPTION]
                                              : to->weights->wdf[SP_WEIGHT_SENTENCE];
}

/* The mentions of the resource in one section: [first, last). */
struct mention_group {
    const sp_resource_mention *first, *last;
};

/* Adds the names and descriptions that the text does not contain yet. */
static void
add_other_words(struct composition *to, struct mention_group group)
{
    for (const sp_resource_mention *mention = group.first; mention < group.last; mention++) {
        if (sp_mention_has_name(mention) && !is_repeated(to, mention->name))
            add_block(to, mention->name, to->weights->wdf[SP_WEIGHT_DESCRIPTION], mention->line);
        bool in_prose = sp_bytes_find(mention->prose, mention->description, 0) != SIZE_MAX;
        if (mention->description.len > 0 && !in_prose && !is_repeated(to, mention->description))
            add_block(to, mention->description, description_wdf(to, mention), mention->line);
    }
}

/* Adds the headings of the context as sections, outermost first, and the section's text to the
   innermost one, whose index is returned. */
static uint32_t
add_context(struct composition *to, struct mention_group group, bool in_full)
{
    const sp_context *context = group.first->context;
    sp_record_section section = {
        .parent = SP_NO_SECTION, .line = context->line, .link = context->link};
    for (uint32_t i = 0; i < context->breadcrumb_count; i++) {
        if (i > 0)
            section.parent = add_section(to, section);
        section.heading = add_block(to, context->breadcrumb[i], to->weights->wdf[SP_WEIGHT_CONTEXT],
                                    context->line);
        section.body = (sp_range){section.heading.end, section.heading.end};
    }
    section.body.start = (uint32_t)to->text.len;
    if (in_full) {
        add_other_words(to, group);
        for (const sp_resource_mention *mention = group.first; mention < group.last; mention++)
            add_prose(to, mention);
    }
    section.body.end = (uint32_t)to->text.len;
    return add_section(to, section);
}

static void
add_mention(struct composition *to, const sp_resource_mention *mention, uint32_t section)
{
    sp_record *record = to->record;
    record->mentions = sp_arena_grow(to->arena, record->mentions, &to->mention_capacity,
                                     record->mention_count + 1, sizeof *record->mentions);
    if (record->mentions)
        record->mentions[record->mention_count++] =
            (sp_record_mention){mention->context->title, section, mention->line};
}

/* Adds the contexts of the mentions [first, end). */
static void
add_contexts(struct composition *to, const sp_resource *resource, uint32_t first, uint32_t last)
{
    const sp_resource_mention *end = resource->mentions + last;
    struct mention_group group = {.last = resource->mentions + first};
    while (group.last < end) {
        group.first = group.last;
        while (group.last < end && group.last->context == group.first->context)
            group.last++;
        uint32_t section = add_context(to, group, to->contexts++ < CONTEXTS_MAX);
        for (const sp_resource_mention *mention = group.first; mention < group.last; mention++)
            add_mention(to, mention, section);
    }
}

/* The place of a part of a mention in the text, preferably from `from` on. Adds it if it is not
   there, because the mention is beyond the limits or the text is a part of another one. */
static sp_range
find_or_add(struct composition *to, sp_bytes part, uint32_t from, uint32_t wdf, uint32_t line)
{
    sp_bytes text = sp_str_bytes(&to->text);
    size_t at = sp_bytes_find(text, part, from);
    if (at == SIZE_MAX)
        at = sp_bytes_find(text, part, 0);
    if (at == SIZE_MAX)
        return add_block(to, part, wdf, line);
    return (sp_range){(uint32_t)at, (uint32_t)(at + part.len)};
}

/* Begins the view of the language of a mention: its sections follow. */
static void
begin_view(struct composition *to, const sp_resource_mention *mention)
{
    sp_record *record = to->record;
    record->views = sp_arena_grow(to->arena, record->views, &to->view_capacity,
                                  record->view_count + 1, sizeof *record->views);
    if (record->views)
        record->views[record->view_count++] = (sp_record_view){.lang = mention->context->lang,
                                                               .title = record->title,
                                                               .description = record->description,
                                                               .quoted = record->quoted,
                                                               .first = record->section_count};
    add_section(to, (sp_record_section){.parent = SP_NO_SECTION,
                                        .line = mention->line,
                                        .link = mention->context->link});
}

/* Sets name and description of the last view. Those of the record stay if the mentions in the
   language have none. */
static void
end_view(struct composition *to, const sp_resource *part, uint32_t from)
{
    sp_record *record = to->record;
    if (to->arena->failed)
        return;
    sp_record_view *view = &record->views[record->view_count - 1];
    sp_record_section *section = &record->sections[view->first];
    const sp_resource_mention *described = best_description(part);
    sp_bytes name = sp_resource_name(part, part->mention_count, to->arena);
    if (described->description.len > 0) {
        view->description = find_or_add(to, described->description, from,
                                        description_wdf(to, described), described->line);
        sp_range title = sp_name_in_description(described);
        view->quoted = is_quoted(described);
        if (sp_record_is_unnamed(record) && title.end > 0)
            view->title = (sp_range){view->description.start + title.start,
                                     view->description.start + title.end};
        section->line = described->line;
        section->link = described->context->link;
    }
    if (name.len > 0)
        view->title = find_or_add(to, name, from, to->weights->wdf[SP_WEIGHT_DESCRIPTION],
                                  part->mentions[0].line);
    section->body = view->description;
    section->heading = (sp_range){view->description.end, view->description.end};
}

/* Adds the contexts language by language, and a view for each language but the first. */
static void
add_languages(struct composition *to, const sp_resource *resource)
{
    uint32_t count =
        resource->mention_count < MENTIONS_MAX ? resource->mention_count : MENTIONS_MAX;
    for (uint32_t first = 0, end; first < count; first = end) {
        uint32_t from = (uint32_t)to->text.len;
        end = sp_resource_language_end(resource, first);
        end = end < count ? end : count;
        bool viewed = first > 0 && to->record->view_count + 1 < SP_LANGUAGES_MAX;
        if (viewed)
            begin_view(to, &resource->mentions[first]);
        add_contexts(to, resource, first, end);
        sp_resource part = *resource;
        part.mentions += first;
        part.mention_count = end - first;
        if (viewed)
            end_view(to, &part, from);
    }
}

static void
date_and_language(const sp_resource *resource, sp_record *record)
{
    record->lang = resource->mentions[0].context->lang;
    record->date = SP_LITERAL("");
    for (uint32_t i = 0; i < resource->mention_count; i++) {
        sp_bytes date = resource->mentions[i].context->date;
        if (sp_bytes_compare(date, record->date) > 0)
            record->date = date;
    }
}

/* Adds the name and the description, which is also the first section. A resource without a name
   takes a part of its description or else its address. */
static void
add_name_and_description(struct composition *to, const sp_resource *resource, uint32_t own)
{
    sp_record *record = to->record;
    const sp_resource_mention *described = description_of(resource, own);
    sp_bytes name = sp_resource_name(resource, own, to->arena);
    sp_range part = {0};
    if (name.len == 0)
        part = sp_name_in_description(described);
    if (name.len == 0 && part.end == 0)
        name = sp_resource_address(resource);
    record->title = add_block(to, name, to->weights->wdf[SP_WEIGHT_NAME], described->line);
    record->description =
        add_block(to, described->description, description_wdf(to, described), described->line);
    record->quoted = is_quoted(described);
    add_section(to, (sp_record_section){.heading = {record->title.end, record->title.end},
                                        .body = record->description,
                                        .parent = SP_NO_SECTION,
                                        .line = described->line,
                                        .link = described->context->link});
    if (part.end > 0)
        record->title = (sp_range){record->description.start + part.start,
                                   record->description.start + part.end};
}

enum sp_status
sp_compose_resource(const sp_resource *gathered, sp_bytes site_language, const sp_weights *weights,
                    sp_arena *arena, sp_record *record, sp_weighted_spans *fields, sp_error *err)
{
    const sp_resource sorted = sp_resource_by_language(gathered, site_language, arena);
    const sp_resource *resource = &sorted;
    *record = (sp_record){.kind = SP_KIND_RESOURCE, .url = resource->url, .path = SP_LITERAL("")};
    struct composition to = {
        .arena = arena, .record = record, .fields = fields, .weights = weights};
    date_and_language(resource, record);
    sp_resource_topics(resource, arena, record);
    add_name_and_description(&to, resource, sp_resource_language_end(resource, 0));
    add_languages(&to, resource);
    record->text = sp_arena_copy_str(arena, &to.text);
    sp_str_done(&to.text);
    return sp_arena_check(arena, err);
}
