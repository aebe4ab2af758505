// SPDX-License-Identifier: GPL-2.0-or-later
#include "post_checks.h"

#include "source_lines.h"
#include "indexer/markdown/liquid.h"

#include <signpost/url.h>

#include <stdlib.h>
#include <xxhash.h>

#define QUOTED_MAX 160
#define LINES_OF_A_LINK 3 /* the URL of a link is looked for on this many lines */

void
sp_post_checks_done(sp_post_checks *checks)
{
    sp_arena_done(&checks->arena);
    sp_arena_done(&checks->scratch);
    sp_word_counts_done(&checks->words);
    *checks = (sp_post_checks){0};
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
sp_post_checks_warn(sp_post_checks *checks, enum sp_warning_kind kind, sp_file_place place,
                    const sp_str *text)
{
    if (checks->kind_counts[kind]++ >= SP_WARNINGS_PER_POST)
        return;
    sp_placed_warning *warnings =
        sp_arena_grow(&checks->arena, checks->warnings, &checks->warning_capacity,
                      checks->warning_count + 1, sizeof *warnings);
    if (!warnings)
        return;
    checks->warnings = warnings;
    warnings[checks->warning_count++] =
        (sp_placed_warning){kind, place, sp_arena_copy_str(&checks->arena, text)};
}

/* The check of one post. */
struct check_state {
    sp_post_checks *checks;
    const sp_post_check_input *input;
    sp_source_lines lines;
    uint32_t line, column; /* the position after the last URL that was found */
};

static bool
is_enabled(const struct check_state *state, enum sp_warning_kind kind)
{
    return state->input->options->on[kind];
}

static sp_file_place
make_place(const struct check_state *state, uint32_t line, uint32_t column)
{
    return (sp_file_place){state->input->file, line > 0 ? line : 1, column > 0 ? column : 1};
}

static sp_bytes
text_of(const struct check_state *state, sp_range range)
{
    return sp_bytes_slice(state->input->post->text, range.start, range.end);
}

/* Title and date */

static void
check_title(struct check_state *state)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    if (!state->input->reader->named_by_file)
        return;
    sp_str_append_text(&text, "no title: readers see the file name ");
    sp_quote(&text, text_of(state, state->input->post->title));
    sp_post_checks_warn(state->checks, SP_MISSING_TITLE, make_place(state, 1, 1), &text);
}

/* Whether a folder of the path has a name that is common for folders of dated posts. */
static bool
is_in_posts_folder(sp_bytes path)
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

/* Whether the file lists the posts of its folder, so it needs no date. */
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
check_date(struct check_state *state)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    const sp_source *source = state->input->source;
    const sp_yaml *invalid = state->input->reader->page.invalid_date;
    if (invalid) {
        sp_str_append_text(&text, "not a date: ");
        sp_quote(&text, sp_yaml_text(invalid));
        sp_post_checks_warn(state->checks, SP_MISSING_DATE,
                            make_place(state, invalid->line, invalid->column), &text);
    } else if (state->input->post->date.len == 0 && source->kind == SP_SOURCE_PLAIN &&
               is_in_posts_folder(source->path) && !is_list(source->path)) {
        sp_str_append_text(&text, "no date in the front matter or the file name");
        sp_post_checks_warn(state->checks, SP_MISSING_DATE, make_place(state, 1, 1), &text);
    }
}

/* Reports links that the index leaves out because the post has too many. */
static void
check_excess(struct check_state *state)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    const sp_notes *notes = &state->input->reader->notes;
    if (notes->excess_mentions == 0)
        return;
    sp_str_append_format(&text, "the index has only the first %d of the %zu links to other sites",
                         SP_MENTIONS_MAX, SP_MENTIONS_MAX + notes->excess_mentions);
    sp_post_checks_warn(state->checks, SP_TOO_MANY_LINKS, make_place(state, notes->excess_line, 1),
                        &text);
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
first_column(const struct check_state *state, uint32_t line)
{
    sp_bytes text = sp_source_lines_get(&state->lines, line);
    uint32_t column = 1;
    while (column < text.len && (text.data[column - 1] == ' ' || text.data[column - 1] == '\t'))
        column++;
    return column;
}

/* first: the first heading with the same id, or NULL if this heading has no id. */
static void
warn_about_heading(struct check_state *state, const sp_section *section, const sp_section *first)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_str_append_text(&text, "heading ");
    sp_quote(&text, text_of(state, section->heading));
    if (first) {
        sp_str_append_text(&text, " cannot be linked to: its id ");
        sp_quote(&text, section->anchor);
        sp_str_append_format(&text, " is already used by the heading on line %u", first->line);
    } else {
        sp_str_append_text(&text, " cannot be linked to: it has no id");
    }
    sp_post_checks_warn(state->checks, SP_UNLINKABLE_HEADING,
                        make_place(state, section->line, first_column(state, section->line)),
                        &text);
}

static bool
is_heading(const sp_section *section)
{
    return section->kind == SP_SECTION_HEADING && section->heading.end > section->heading.start;
}

static void
check_headings(struct check_state *state)
{
    const sp_post *post = state->input->post;
    size_t count = 0;
    struct id *ids = sp_arena_array(&state->checks->scratch, post->section_count, sizeof *ids);
    for (uint32_t i = 0; ids && i < post->section_count; i++) {
        const sp_section *section = &post->sections[i];
        if (is_heading(section) && section->anchor.len == 0)
            warn_about_heading(state, section, NULL);
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
            warn_about_heading(state, &post->sections[ids[i].section],
                               &post->sections[ids[first].section]);
    }
}

static void
add_anchors(struct check_state *state)
{
    sp_post_checks *checks = state->checks;
    const sp_post *post = state->input->post;
    for (size_t i = 0; i < post->section_count; i++) {
        if (post->sections[i].kind != SP_SECTION_HEADING || post->sections[i].anchor.len == 0)
            continue;
        uint64_t *anchors = sp_arena_grow(&checks->arena, checks->anchors, &checks->anchor_capacity,
                                          checks->anchor_count + 1, sizeof *anchors);
        if (!anchors)
            return;
        checks->anchors = anchors;
        anchors[checks->anchor_count++] =
            sp_anchor_hash(state->input->file, post->sections[i].anchor);
    }
}

/* Links */

/* The place of the link's URL, or of its text if the URL is not found. Must be called in the order
   of the links in the file. */
static sp_file_place
place_of_link(struct check_state *state, const sp_link *link, sp_bytes name)
{
    for (uint32_t line = link->line; line < link->line + LINES_OF_A_LINK; line++) {
        uint32_t from = line == state->line ? state->column : 1;
        uint32_t column = sp_source_lines_find(&state->lines, line, from, link->url);
        if (column > 0) {
            state->line = line;
            state->column = column + (uint32_t)link->url.len;
            return make_place(state, line, column);
        }
    }
    return make_place(state, link->line, sp_source_lines_find(&state->lines, link->line, 1, name));
}

static void
add_link(struct check_state *state, uint64_t resource, sp_bytes url, sp_file_place place)
{
    sp_post_checks *checks = state->checks;
    sp_found_link *links = sp_arena_grow(&checks->arena, checks->links, &checks->link_capacity,
                                         checks->link_count + 1, sizeof *links);
    if (!links)
        return;
    checks->links = links;
    links[checks->link_count++] =
        (sp_found_link){resource, sp_arena_copy(&checks->arena, url), place};
}

static void
check_tracking(struct check_state *state, const sp_link *link, sp_file_place place)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_url url;
    if (!is_enabled(state, SP_TRACKING_PARAMETER) || !sp_url_parse(link->url, &url))
        return;
    sp_bytes name = sp_url_tracking(&url);
    if (name.len == 0)
        return;
    sp_str_append_text(&text, "the link has the tracking parameter ");
    sp_quote(&text, name);
    sp_post_checks_warn(state->checks, SP_TRACKING_PARAMETER, place, &text);
}

static void
check_name(struct check_state *state, const sp_mention *mention, sp_file_place place)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_bytes name = text_of(state, mention->name);
    if (!is_enabled(state, SP_VAGUE_LINK) || !mention->vague)
        return;
    if (name.len == 0) {
        sp_str_append_text(&text, "the link has no text");
    } else {
        sp_str_append_text(&text, "link text ");
        sp_quote(&text, name);
        sp_str_append_text(&text, " does not name its target");
    }
    sp_post_checks_warn(state->checks, SP_VAGUE_LINK, place, &text);
}

static void
check_description(struct check_state *state, const sp_mention *mention, sp_file_place place)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_bytes name = text_of(state, mention->name);
    if (!is_enabled(state, SP_MISSING_DESCRIPTION) || mention->form != SP_MENTION_LISTED ||
        mention->description.end > mention->description.start)
        return;
    sp_str_append_text(&text, "listed link ");
    sp_quote(&text, name.len > 0 ? name : mention->url);
    sp_str_append_text(&text, " has no description");
    sp_post_checks_warn(state->checks, SP_MISSING_DESCRIPTION, place, &text);
}

/* Whether the link leads to the site itself. False for a URL with Liquid, whose target is unknown,
   and for a URL with a scheme other than http and https. */
static bool
is_inside(const sp_link *link, sp_bytes site_host)
{
    sp_url url;
    if (link->url.len == 0 || sp_bytes_find(link->url, SP_LITERAL(SP_LIQUID_MARK), 0) != SIZE_MAX)
        return false;
    if (sp_url_parse(link->url, &url))
        return sp_url_is_host(&url, site_host);
    return sp_url_is_relative(link->url);
}

static void
check_link(struct check_state *state, const sp_link *link)
{
    const sp_post_check_input *input = state->input;
    bool is_mention = link->mention < input->post->mention_count;
    const sp_mention *mention = is_mention ? &input->post->mentions[link->mention] : NULL;
    sp_bytes name = mention ? text_of(state, mention->name) : SP_LITERAL("");
    sp_file_place place = place_of_link(state, link, name);
    check_tracking(state, link, place);
    if (mention) {
        check_name(state, mention, place);
        check_description(state, mention, place);
        if (is_enabled(state, SP_DUPLICATE_RESOURCE))
            add_link(state, sp_word_hash(mention->canonical), mention->url, place);
    } else if ((is_enabled(state, SP_BROKEN_LINK) || is_enabled(state, SP_BROKEN_ANCHOR)) &&
               is_inside(link, sp_post_site_host(input->site))) {
        add_link(state, 0, link->url, place);
    }
}

enum sp_status
sp_post_checks_run(sp_post_checks *checks, const sp_post_check_input *input, sp_error *err)
{
    const sp_notes *notes = &input->reader->notes;
    sp_arena_clear(&checks->scratch);
    memset(checks->kind_counts, 0, sizeof checks->kind_counts);
    struct check_state state = {.checks = checks, .input = input};
    state.lines = sp_source_lines_of(sp_str_bytes(&input->reader->content), &checks->scratch);
    if (is_enabled(&state, SP_MISSING_TITLE))
        check_title(&state);
    if (is_enabled(&state, SP_MISSING_DATE))
        check_date(&state);
    if (is_enabled(&state, SP_UNLINKABLE_HEADING))
        check_headings(&state);
    if (is_enabled(&state, SP_TOO_MANY_LINKS))
        check_excess(&state);
    if (is_enabled(&state, SP_BROKEN_ANCHOR))
        add_anchors(&state);
    for (size_t i = 0; i < notes->link_count; i++)
        check_link(&state, &notes->links[i]);
    if (is_enabled(&state, SP_MISSPELLING))
        sp_post_checks_words(checks, input, &state.lines);
    checks->post_count++;
    if (checks->scratch.failed || checks->words.failed)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    return sp_arena_check(&checks->arena, err);
}
