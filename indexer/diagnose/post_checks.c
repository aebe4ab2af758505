// SPDX-License-Identifier: GPL-2.0-or-later
#include "post_checks.h"

#include "indexer/markdown/liquid.h"
#include "source_lines.h"
#include "engine/base/url.h"

#include <stdlib.h>
#include <xxhash.h>

#define QUOTED_MAX 160
#define LINES_OF_A_LINK 3 /* that a link's text and URL may stand on */

void
sp_post_checks_done(sp_post_checks *findings)
{
    sp_arena_done(&findings->arena);
    sp_arena_done(&findings->scratch);
    sp_word_counts_done(&findings->words);
    *findings = (sp_post_checks){0};
}

uint64_t
sp_anchor_hash(uint32_t file, sp_bytes anchor)
{
    return XXH64(anchor.data, anchor.len, file);
}

void
sp_quote(sp_str *out, sp_bytes text)
{
    sp_bytes shown = sp_utf8_cut(text, QUOTED_MAX);
    size_t start = out->len + 1;
    sp_str_append_char(out, '"');
    sp_utf8_append_repaired(out, shown);
    for (size_t i = start; !out->failed && i < out->len; i++) {
        if (out->data[i] == '\0')
            out->data[i] = ' ';
    }
    sp_str_append_text(out, shown.len < text.len ? "\xE2\x80\xA6\"" : "\"");
}

void
sp_post_checks_warn(sp_post_checks *findings, enum sp_warning_kind kind, sp_file_place place,
                    const sp_str *text)
{
    if (findings->told[kind]++ >= SP_WARNINGS_PER_POST)
        return;
    sp_placed_warning *items = sp_arena_grow(&findings->arena, findings->items, &findings->capacity,
                                             findings->count + 1, sizeof *items);
    if (!items)
        return;
    findings->items = items;
    items[findings->count++] =
        (sp_placed_warning){kind, place, sp_arena_copy_str(&findings->arena, text)};
}

/* A post on its way through the checks. */
struct look {
    sp_post_checks *findings;
    const sp_post_check_input *input;
    sp_source_lines lines;
    uint32_t line, column; /* behind the last URL that was found */
};

static bool
asks(const struct look *look, enum sp_warning_kind kind)
{
    return look->input->options->on[kind];
}

static sp_file_place
place_at(const struct look *look, uint32_t line, uint32_t column)
{
    return (sp_file_place){look->input->file, line > 0 ? line : 1, column > 0 ? column : 1};
}

static sp_bytes
text_of(const struct look *look, sp_range range)
{
    return sp_bytes_slice(look->input->post->text, range.start, range.end);
}

/* Title and date */

static void
look_at_title(struct look *look)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    if (!look->input->reader->named_by_file)
        return;
    sp_str_append_text(&text, "no title: readers are shown the file's name, ");
    sp_quote(&text, text_of(look, look->input->post->title));
    sp_post_checks_warn(look->findings, SP_MISSING_TITLE, place_at(look, 1, 1), &text);
}

/* Whether one of the path's folders is one that people keep dated posts in. */
static bool
is_among_posts(sp_bytes path)
{
    static const char *const names[] = {"posts",    "_posts", "post",    "blog",
                                        "articles", "news",   "journal", "diary"};
    for (size_t start = 0, end; start < path.len; start = end + 1) {
        end = sp_bytes_find(path, SP_LITERAL("/"), start);
        if (end == SIZE_MAX)
            return false;
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            if (sp_bytes_equal_ascii_case(sp_bytes_slice(path, start, end), sp_bytes_of(names[i])))
                return true;
        }
    }
    return false;
}

/* The list of the posts in a folder has no date of its own. */
static bool
is_list(sp_bytes path)
{
    static const char *const names[] = {"index.", "_index.", "readme."};
    sp_bytes name = sp_bytes_after_last(path, '/');
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t len = strlen(names[i]);
        if (name.len > len &&
            sp_bytes_equal_ascii_case(sp_bytes_slice(name, 0, len), sp_bytes_of(names[i])))
            return true;
    }
    return false;
}

static void
look_at_date(struct look *look)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    const sp_source *source = look->input->source;
    const sp_yaml *odd = look->input->reader->page.odd_date;
    if (odd) {
        sp_str_append_text(&text, "not a date: ");
        sp_quote(&text, sp_yaml_text(odd));
        sp_post_checks_warn(look->findings, SP_MISSING_DATE, place_at(look, odd->line, odd->column),
                            &text);
    } else if (look->input->post->date.len == 0 && source->kind == SP_SOURCE_PLAIN &&
               is_among_posts(source->path) && !is_list(source->path)) {
        sp_str_append_text(&text, "no date: neither the front matter nor the file's name has one");
        sp_post_checks_warn(look->findings, SP_MISSING_DATE, place_at(look, 1, 1), &text);
    }
}

/* Headings */

struct id {
    uint64_t hash;
    uint32_t section;
};

static int
compare_ids(const void *left, const void *right)
{
    const struct id *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return (a->section > b->section) - (a->section < b->section);
}

static uint32_t
indent_of(const struct look *look, uint32_t line)
{
    sp_bytes text = sp_source_lines_at(&look->lines, line);
    uint32_t column = 1;
    while (column < text.len && (text.data[column - 1] == ' ' || text.data[column - 1] == '\t'))
        column++;
    return column;
}

/* first: that has the id, or NULL where there is none. */
static void
tell_heading(struct look *look, const sp_section *section, const sp_section *first)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_str_append_text(&text, "heading ");
    sp_quote(&text, text_of(look, section->heading));
    if (first) {
        sp_str_append_text(&text, " cannot be linked to: its id ");
        sp_quote(&text, section->anchor);
        sp_str_append_format(&text, " is that of the heading on line %u", first->line);
    } else {
        sp_str_append_text(&text, " cannot be linked to: it gets no id");
    }
    sp_post_checks_warn(look->findings, SP_UNLINKABLE_HEADING,
                        place_at(look, section->line, indent_of(look, section->line)), &text);
}

static bool
is_heading(const sp_section *section)
{
    return section->kind == SP_SECTION_HEADING && section->heading.end > section->heading.start;
}

static void
look_at_headings(struct look *look)
{
    const sp_post *post = look->input->post;
    size_t count = 0;
    struct id *ids = sp_arena_array(&look->findings->scratch, post->section_count, sizeof *ids);
    for (uint32_t i = 0; ids && i < post->section_count; i++) {
        const sp_section *section = &post->sections[i];
        if (is_heading(section) && section->anchor.len == 0)
            tell_heading(look, section, NULL);
        else if (is_heading(section))
            ids[count++] = (struct id){sp_anchor_hash(0, section->anchor), i};
    }
    if (!ids || count == 0)
        return;
    qsort(ids, count, sizeof *ids, compare_ids);
    for (size_t i = 1, first = 0; i < count; i++) {
        if (ids[i].hash != ids[first].hash)
            first = i;
        else
            tell_heading(look, &post->sections[ids[i].section],
                         &post->sections[ids[first].section]);
    }
}

static void
note_anchors(struct look *look)
{
    sp_post_checks *findings = look->findings;
    const sp_post *post = look->input->post;
    for (size_t i = 0; i < post->section_count; i++) {
        if (post->sections[i].kind != SP_SECTION_HEADING || post->sections[i].anchor.len == 0)
            continue;
        uint64_t *anchors =
            sp_arena_grow(&findings->arena, findings->anchors, &findings->anchor_capacity,
                          findings->anchor_count + 1, sizeof *anchors);
        if (!anchors)
            return;
        findings->anchors = anchors;
        anchors[findings->anchor_count++] =
            sp_anchor_hash(look->input->file, post->sections[i].anchor);
    }
}

/* Links */

/* Where the link's URL stands, or else its text; links come in the order of the file. */
static sp_file_place
place_of_link(struct look *look, const sp_link *link, sp_bytes name)
{
    for (uint32_t line = link->line; line < link->line + LINES_OF_A_LINK; line++) {
        uint32_t from = line == look->line ? look->column : 1;
        uint32_t column = sp_source_lines_find(&look->lines, line, from, link->url);
        if (column > 0) {
            look->line = line;
            look->column = column + (uint32_t)link->url.len;
            return place_at(look, line, column);
        }
    }
    return place_at(look, link->line, sp_source_lines_find(&look->lines, link->line, 1, name));
}

static void
note_link(struct look *look, uint64_t resource, sp_bytes url, sp_file_place place)
{
    sp_post_checks *findings = look->findings;
    sp_found_link *links =
        sp_arena_grow(&findings->arena, findings->links, &findings->link_capacity,
                      findings->link_count + 1, sizeof *links);
    if (!links)
        return;
    findings->links = links;
    links[findings->link_count++] =
        (sp_found_link){resource, sp_arena_copy(&findings->arena, url), place};
}

static void
look_at_tracking(struct look *look, const sp_link *link, sp_file_place place)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_url url;
    if (!asks(look, SP_TRACKING_PARAMETER) || !sp_url_parse(link->url, &url))
        return;
    sp_bytes name = sp_url_tracking(&url);
    if (name.len == 0)
        return;
    sp_str_append_text(&text, "the link has the tracking parameter ");
    sp_quote(&text, name);
    sp_post_checks_warn(look->findings, SP_TRACKING_PARAMETER, place, &text);
}

static void
look_at_name(struct look *look, const sp_mention *mention, sp_file_place place)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_bytes name = text_of(look, mention->name);
    if (!asks(look, SP_VAGUE_LINK) || !mention->vague)
        return;
    if (name.len == 0) {
        sp_str_append_text(&text, "the link has no text");
    } else {
        sp_str_append_text(&text, "link text ");
        sp_quote(&text, name);
        sp_str_append_text(&text, " does not say what it leads to");
    }
    sp_post_checks_warn(look->findings, SP_VAGUE_LINK, place, &text);
}

static void
look_at_description(struct look *look, const sp_mention *mention, sp_file_place place)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_bytes name = text_of(look, mention->name);
    if (!asks(look, SP_MISSING_DESCRIPTION) || mention->form != SP_MENTION_LISTED ||
        mention->description.end > mention->description.start)
        return;
    sp_str_append_text(&text, "nothing describes the listed link ");
    sp_quote(&text, name.len > 0 ? name : mention->url);
    sp_post_checks_warn(look->findings, SP_MISSING_DESCRIPTION, place, &text);
}

/* Liquid may give any URL; another scheme than http is no page. */
static bool
is_inside(const sp_link *link, sp_bytes site_host)
{
    sp_url url;
    if (link->url.len == 0 || sp_bytes_find(link->url, SP_LITERAL(SP_LIQUID_MARK), 0) != SIZE_MAX)
        return false;
    if (sp_url_parse(link->url, &url))
        return sp_url_is_host(&url, site_host);
    for (size_t i = 0; i < link->url.len && !strchr("/?#", link->url.data[i]); i++) {
        if (link->url.data[i] == ':')
            return false;
    }
    return !sp_bytes_starts_with(link->url, SP_LITERAL("//"));
}

static void
look_at_link(struct look *look, const sp_link *link)
{
    const sp_post_check_input *input = look->input;
    bool is_mention = link->mention < input->post->mention_count;
    const sp_mention *mention = is_mention ? &input->post->mentions[link->mention] : NULL;
    sp_bytes name = mention ? text_of(look, mention->name) : SP_LITERAL("");
    sp_file_place place = place_of_link(look, link, name);
    look_at_tracking(look, link, place);
    if (mention) {
        look_at_name(look, mention, place);
        look_at_description(look, mention, place);
        if (asks(look, SP_DUPLICATE_RESOURCE))
            note_link(look, sp_word_hash(mention->canonical), mention->url, place);
    } else if ((asks(look, SP_BROKEN_LINK) || asks(look, SP_BROKEN_ANCHOR)) &&
               is_inside(link, sp_post_site_host(input->site))) {
        note_link(look, 0, link->url, place);
    }
}

enum sp_status
sp_post_checks_run(sp_post_checks *findings, const sp_post_check_input *input, sp_error *err)
{
    const sp_notes *notes = &input->reader->notes;
    sp_arena_clear(&findings->scratch);
    memset(findings->told, 0, sizeof findings->told);
    struct look look = {.findings = findings, .input = input};
    look.lines = sp_source_lines_of(sp_str_bytes(&input->reader->content), &findings->scratch);
    if (asks(&look, SP_MISSING_TITLE))
        look_at_title(&look);
    if (asks(&look, SP_MISSING_DATE))
        look_at_date(&look);
    if (asks(&look, SP_UNLINKABLE_HEADING))
        look_at_headings(&look);
    if (asks(&look, SP_BROKEN_ANCHOR))
        note_anchors(&look);
    for (size_t i = 0; i < notes->link_count; i++)
        look_at_link(&look, &notes->links[i]);
    if (asks(&look, SP_MISSPELLING))
        sp_post_checks_words(findings, input, &look.lines);
    findings->post_count++;
    if (findings->scratch.failed || findings->words.failed)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    return sp_arena_check(&findings->arena, err);
}
