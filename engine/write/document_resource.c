// SPDX-License-Identifier: GPL-2.0-or-later
#include "document_resource.h"
#include "resource_language.h"
#include "resource_topics.h"

#include <signpost/ascii.h>
#include <signpost/url.h>

/* These limits keep a resource that every post links to from becoming the largest document. Of
   sections beyond CONTEXTS_MAX only the headings are kept; mentions beyond MENTIONS_MAX are
   ignored. */
#define CONTEXTS_MAX 8
#define MENTIONS_MAX 1000
#define PROSE_MAX 3200
/* The most posts whose names are candidates; counting the votes for one reads all votes. */
#define VOTERS_MAX 50

struct composition {
    sp_arena *arena;
    sp_record *record;
    sp_weighted_spans *fields;
    const sp_weights *weights;
    sp_str text;
    size_t section_capacity, line_capacity, mention_capacity;
    size_t prose; /* bytes of prose added so far */
};

static bool
has_name(const sp_resource_mention *mention)
{
    return !mention->vague && mention->name.len > 0;
}

/* What a post calls the resource. */
struct vote {
    sp_bytes name; /* empty: nothing */
    uint32_t weight;
};

/* The vote of the post whose first mention is at *next, which is moved to the next post. A post has
   one vote, however often it repeats a link: that of its first mention in a list, or else of its
   first mention, that has a name. */
static struct vote
take_vote(const sp_resource *resource, uint32_t *next)
{
    struct vote vote = {0};
    sp_bytes page = sp_context_page(resource->mentions[*next].context);
    for (; *next < resource->mention_count; ++*next) {
        const sp_resource_mention *mention = &resource->mentions[*next];
        uint32_t weight = mention->form == SP_MENTION_LISTED ? 3 : 1;
        if (!sp_bytes_equal(sp_context_page(mention->context), page))
            break;
        if (has_name(mention) && weight > vote.weight)
            vote = (struct vote){mention->name, weight};
    }
    return vote;
}

uint32_t
sp_resource_posts(const sp_resource *resource)
{
    uint32_t posts = 0;
    for (uint32_t next = 0; next < resource->mention_count; posts++)
        take_vote(resource, &next);
    return posts;
}

/* "levels.fyi" for "https://www.levels.fyi/". */
static sp_bytes
bare_address(sp_bytes url)
{
    sp_bytes address = sp_url_without_www(sp_url_without_scheme(url));
    address.len -= sp_bytes_ends_with(address, SP_LITERAL("/"));
    return address;
}

static bool
begins_alike(sp_bytes text, sp_bytes start)
{
    size_t same = 0;
    while (same < text.len && same < start.len &&
           sp_ascii_lower(text.data[same]) == sp_ascii_lower(start.data[same]))
        same++;
    return same == start.len;
}

/* The first link text that is the address or its beginning, as its author wrote it ("Levels.fyi"),
   or else the address. */
static sp_bytes
written_address(const sp_resource *resource)
{
    sp_bytes address = bare_address(resource->url);
    uint32_t count =
        resource->mention_count < MENTIONS_MAX ? resource->mention_count : MENTIONS_MAX;
    for (uint32_t i = 0; i < count; i++) {
        sp_bytes name = resource->mentions[i].name;
        if (sp_bytes_find(name, SP_LITERAL("."), 0) != SIZE_MAX &&
            begins_alike(address, sp_url_without_www(name)))
            return name;
    }
    return address;
}

/* The name that most posts use; a mention in a list counts more than one in running text, and of
   names with equally many votes the first wins. Empty if all link texts are vague. */
static sp_bytes
best_name(const sp_resource *resource, sp_arena *arena)
{
    sp_bytes best = {0};
    uint32_t best_weight = 0, count = 0, next = 0;
    struct vote *votes = sp_arena_array(arena, resource->mention_count, sizeof *votes);
    while (votes && next < resource->mention_count) {
        votes[count] = take_vote(resource, &next);
        count += votes[count].weight > 0;
    }
    for (uint32_t i = 0; i < count && i < VOTERS_MAX; i++) {
        uint32_t weight = 0;
        for (uint32_t k = 0; k < count; k++)
            weight += sp_bytes_equal(votes[i].name, votes[k].name) ? votes[k].weight : 0;
        if (weight > best_weight) {
            best_weight = weight;
            best = votes[i].name;
        }
    }
    return best;
}

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

/* The name in the language of the first `own` mentions, or else in any, or else the address. */
static sp_bytes
name_of(const sp_resource *resource, uint32_t own, sp_arena *arena)
{
    sp_resource part = *resource;
    part.mention_count = own;
    sp_bytes name = best_name(&part, arena);
    if (name.len == 0 && own < resource->mention_count)
        name = best_name(resource, arena);
    return name.len > 0 ? name : written_address(resource);
}

/* The same for the description. */
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
        if (has_name(mention) && !is_repeated(to, mention->name))
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

static void
add_contexts(struct composition *to, const sp_resource *resource)
{
    uint32_t count =
        resource->mention_count < MENTIONS_MAX ? resource->mention_count : MENTIONS_MAX;
    const sp_resource_mention *end = resource->mentions + count;
    struct mention_group group = {.last = resource->mentions};
    for (size_t contexts = 0; group.last < end; contexts++) {
        group.first = group.last;
        while (group.last < end && group.last->context == group.first->context)
            group.last++;
        uint32_t section = add_context(to, group, contexts < CONTEXTS_MAX);
        for (const sp_resource_mention *mention = group.first; mention < group.last; mention++)
            add_mention(to, mention, section);
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

enum sp_status
sp_compose_resource(const sp_resource *gathered, sp_bytes site_language, const sp_weights *weights,
                    sp_arena *arena, sp_record *record, sp_weighted_spans *fields, sp_error *err)
{
    uint32_t own;
    const sp_resource sorted = sp_resource_by_language(gathered, site_language, arena, &own);
    const sp_resource *resource = &sorted;
    *record = (sp_record){.kind = SP_KIND_RESOURCE, .url = resource->url, .path = SP_LITERAL("")};
    struct composition to = {
        .arena = arena, .record = record, .fields = fields, .weights = weights};
    const sp_resource_mention *described = description_of(resource, own);
    date_and_language(resource, record);
    sp_resource_topics(resource, arena, record);
    record->title = add_block(&to, name_of(resource, own, arena), weights->wdf[SP_WEIGHT_NAME],
                              described->line);
    record->description =
        add_block(&to, described->description, description_wdf(&to, described), described->line);
    add_section(&to, (sp_record_section){.heading = {record->title.end, record->title.end},
                                         .body = record->description,
                                         .parent = SP_NO_SECTION,
                                         .line = described->line,
                                         .link = described->context->link});
    add_contexts(&to, resource);
    record->text = sp_arena_copy_str(arena, &to.text);
    sp_str_done(&to.text);
    return sp_arena_check(arena, err);
}
