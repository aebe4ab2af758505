// SPDX-License-Identifier: GPL-2.0-or-later
#include "passages.h"

#include "cut.h"

#include "engine/base/bound.h"
#include "engine/base/language.h"

/* Lengths in bytes. A passage takes two to three lines of a results page, so that ten results fit
   on a screen. */
#define SPAN_MAX 220   /* from the first to the last match in a passage */
#define LENGTH_MAX 300 /* of a passage, without ellipses */

/* Worths, relative to the weight of a matched part of the query. */
#define REPEAT_WORTH 0.05 /* the same part again in the window */
#define NEAR_WORTH 0.3    /* another part within NEAR_BYTES */
#define NEAR_BYTES 24u
#define HEADING_WORTH 0.5 /* a part in the heading above */
#define LATER_WORTH 0.6   /* further passages must be worth this share of the first one */

struct window {
    double worth;
    uint32_t section;
    uint32_t start, end; /* of its matches; start == end: only the heading matched */
};

struct passage_state {
    const sp_plan *plan;
    const sp_record *record; /* as shown to readers of the query's language */
    const sp_matches *matches;
    uint32_t first, end; /* of a resource: its sections in that language */
    struct window best[SP_PASSAGES_MAX];
    uint32_t count;
    sp_range description; /* the part of the description that is shown */
    struct window headed; /* the best section of which only the headings match; worth 0: none */
};

static double
match_weight(const struct passage_state *state, const sp_match *match)
{
    return state->plan->clauses[match->clause].weight;
}

/* Keeps the best window of each section, sorted by worth. */
static void
keep_window(struct passage_state *state, struct window window)
{
    uint32_t place = state->count;
    for (uint32_t i = 0; i < state->count; i++) {
        if (state->best[i].section == window.section) {
            if (state->best[i].worth >= window.worth)
                return;
            place = i;
            break;
        }
    }
    if (place == state->count) {
        if (state->count < SP_PASSAGES_MAX)
            state->count++;
        else if (state->best[--place].worth >= window.worth)
            return;
    }
    while (place > 0 && state->best[place - 1].worth < window.worth) {
        state->best[place] = state->best[place - 1];
        place--;
    }
    state->best[place] = window;
}

/* The window that begins at the first match. The matches [first, last) are in one section's body;
   matches more than SPAN_MAX bytes after the first are left out. */
static struct window
window_from(const struct passage_state *state, uint32_t first, uint32_t last)
{
    const sp_match *items = state->matches->items;
    uint64_t seen = 0;
    struct window window = {.start = items[first].start, .end = items[first].end};
    for (uint32_t i = first;
         i < last && (i == first || items[i].end - items[first].start <= SPAN_MAX); i++) {
        uint64_t bit = UINT64_C(1) << (items[i].clause % 64);
        bool beside = i > first && items[i].clause != items[i - 1].clause &&
                      items[i].start - items[i - 1].end <= NEAR_BYTES &&
                      items[i].start >= items[i - 1].end;
        double share = seen & bit ? REPEAT_WORTH : 1.0;
        window.worth += match_weight(state, &items[i]) * (share + (beside ? NEAR_WORTH : 0));
        seen |= bit;
        if (items[i].end > window.end)
            window.end = items[i].end;
    }
    return window;
}

static bool
starts_before(const void *items, size_t index, const void *key)
{
    return ((const sp_match *)items)[index].start < *(const uint32_t *)key;
}

static uint32_t
first_match_from(const sp_matches *matches, uint32_t offset)
{
    return (uint32_t)sp_lower_bound(matches->items, matches->count, starts_before, &offset);
}

static double
heading_worth(const struct passage_state *state, sp_range heading)
{
    double worth = 0;
    uint64_t seen = 0;
    const sp_matches *matches = state->matches;
    for (uint32_t i = first_match_from(matches, heading.start);
         i < matches->count && matches->items[i].start < heading.end; i++) {
        uint64_t bit = UINT64_C(1) << (matches->items[i].clause % 64);
        if (!(seen & bit))
            worth += match_weight(state, &matches->items[i]) * HEADING_WORTH;
        seen |= bit;
    }
    return worth;
}

static void
choose_in_section(struct passage_state *state, uint32_t index, uint32_t first, uint32_t last)
{
    const sp_record_section *section = &state->record->sections[index];
    double heading = heading_worth(state, section->heading);
    const struct window opening = {heading, index, section->body.start, section->body.start};
    if (first == last && heading > state->headed.worth)
        state->headed = opening;
    /* The beginning of a section around a link is usually about another link. */
    bool opens = section->body.start < section->body.end && state->record->kind == SP_KIND_POST;
    if (first == last && heading > 0 && opens)
        keep_window(state, opening);
    for (uint32_t i = first; i < last; i++) {
        struct window window = window_from(state, i, last);
        window.worth += heading;
        window.section = index;
        keep_window(state, window);
    }
}

/* Whether the section holds the description of a resource in one of its languages. */
static bool
is_description(const sp_record *record, uint32_t section)
{
    bool found = record->kind == SP_KIND_RESOURCE && section == 0;
    for (uint32_t i = 0; i < record->view_count; i++)
        found = found || record->views[i].first == section;
    return found;
}

static void
choose_passages(struct passage_state *state, uint32_t from, uint32_t until)
{
    for (uint32_t i = from; i < until; i++) {
        if (i > from && is_description(state->record, i))
            continue;
        sp_range body = state->record->sections[i].body;
        uint32_t first = first_match_from(state->matches, body.start);
        uint32_t last = first_match_from(state->matches, body.end);
        while (last > first && state->matches->items[last - 1].end > body.end)
            last--;
        choose_in_section(state, i, first, last);
    }
}

/* Chooses passages among the mentions in the language of the resource's name. If none of them
   matches, chooses among all mentions. */
static void
choose_elsewhere(struct passage_state *state)
{
    choose_passages(state, 1, state->record->views[0].first);
    if (state->count == 0)
        choose_passages(state, 1, state->record->section_count);
}

/* Chooses the beginning of the text if nothing in the body of a section matched. */
static void
choose_beginning(struct passage_state *state)
{
    for (uint32_t i = 0; i < state->record->section_count; i++) {
        sp_range body = state->record->sections[i].body;
        if (body.start < body.end) {
            keep_window(state, (struct window){0, i, body.start, body.start});
            return;
        }
    }
}

static sp_range
passage_range(const sp_record *record, const struct window *window)
{
    sp_range body = record->sections[window->section].body;
    uint32_t shown = window->end - window->start;
    uint32_t room = shown < LENGTH_MAX ? LENGTH_MAX - shown : 0;
    uint32_t before = room * 2 / 3;
    uint32_t least = window->start - body.start > before ? window->start - before : body.start;
    sp_range range;
    range.start = sp_cut_begin(record->text, body, window->start, least);
    uint32_t most = range.start + LENGTH_MAX > window->end ? range.start + LENGTH_MAX : window->end;
    range.end = sp_cut_end(record->text, body, range.start, window->end, most);
    return range;
}

/* Copies text from a record to a passage. Block ends become " · ", or a space if the block ends
   with punctuation, and an ellipsis shows where text was cut. */
struct copy_state {
    sp_str text;
    uint32_t from; /* offset in the record of the text to copy next */
};

#define ELLIPSIS "\xE2\x80\xA6"
#define DOT "\xC2\xB7"

static void
copy_until(struct copy_state *copy, sp_bytes text, uint32_t until)
{
    while (copy->from < until) {
        const char *line = text.data + copy->from;
        const char *line_end = memchr(line, '\n', until - copy->from);
        size_t len = line_end ? (size_t)(line_end - line) : until - copy->from;
        sp_str_append(&copy->text, (sp_bytes){line, len});
        copy->from += (uint32_t)len;
        if (!line_end)
            return;
        bool closed = len > 0 && strchr(".!?:;,", line_end[-1]);
        sp_str_append_text(&copy->text, closed ? " " : " " DOT " ");
        copy->from++;
    }
}

static void
add_mark(sp_marked *out, uint32_t start, uint32_t end)
{
    sp_range *last = out->mark_count > 0 ? &out->marks[out->mark_count - 1] : NULL;
    if (last && start <= last->end)
        last->end = end > last->end ? end : last->end;
    else
        out->marks[out->mark_count++] = (sp_range){start, end};
}

/* Copies a range of the record and marks its matches. */
static void
copy_marked(const struct passage_state *state, sp_range range, bool cut_before, bool cut_after,
            sp_arena *arena, sp_marked *out)
{
    const sp_matches *matches = state->matches;
    struct copy_state copy = {.from = range.start};
    uint32_t first = first_match_from(matches, range.start), last = first;
    *out = (sp_marked){0};
    while (last < matches->count && matches->items[last].start < range.end)
        last++;
    *out = (sp_marked){.marks = sp_arena_array(arena, last - first, sizeof *out->marks)};
    if (!out->marks)
        return;
    if (cut_before)
        sp_str_append_text(&copy.text, ELLIPSIS);
    for (uint32_t i = first; i < last; i++) {
        const sp_match *match = &matches->items[i];
        if (match->end > range.end)
            continue;
        copy_until(&copy, state->record->text, match->start);
        /* A match may lie within an earlier one, whose text has been copied already. */
        uint32_t overlap = copy.from - match->start;
        uint32_t start = (uint32_t)copy.text.len - overlap;
        copy_until(&copy, state->record->text, match->end);
        uint32_t length = (uint32_t)copy.text.len - start;
        add_mark(out, start, start + (overlap > 0 ? match->end - match->start : length));
    }
    copy_until(&copy, state->record->text, range.end);
    if (cut_after)
        sp_str_append_text(&copy.text, ELLIPSIS);
    out->text = sp_arena_copy_str(arena, &copy.text);
    sp_str_done(&copy.text);
}

sp_bytes *
sp_section_breadcrumb(const sp_record *record, uint32_t section, sp_arena *arena, uint32_t *count)
{
    uint32_t depth = 0;
    for (uint32_t i = section; i != SP_NO_SECTION; i = record->sections[i].parent)
        depth += record->sections[i].heading.end > record->sections[i].heading.start;
    sp_bytes *breadcrumb = sp_arena_array(arena, depth, sizeof *breadcrumb);
    *count = breadcrumb ? depth : 0;
    for (uint32_t i = section; breadcrumb && i != SP_NO_SECTION; i = record->sections[i].parent) {
        sp_range heading = record->sections[i].heading;
        if (heading.end > heading.start)
            breadcrumb[--depth] =
                sp_arena_copy(arena, sp_bytes_slice(record->text, heading.start, heading.end));
    }
    return breadcrumb;
}

sp_bytes
sp_section_url(const sp_record *record, uint32_t section, sp_bytes base_url, sp_arena *arena)
{
    SP_AUTO(sp_str_done) sp_str url = {0};
    sp_bytes link = record->sections[section].link;
    sp_str_append(&url, base_url);
    if (record->kind == SP_KIND_POST) {
        sp_str_append(&url, record->url);
        if (link.len > 0)
            sp_str_append_char(&url, '#');
    }
    sp_str_append(&url, link);
    return sp_arena_copy_str(arena, &url);
}

static void
show_passage(const struct passage_state *state, const struct window *window, sp_bytes base_url,
             sp_arena *arena, sp_passage *out)
{
    const sp_record *record = state->record;
    sp_range body = record->sections[window->section].body;
    sp_range range = passage_range(record, window);
    bool starts = sp_cut_begins_sentence(record->text, body, range.start);
    bool ends = sp_cut_ends_sentence(record->text, body, range.end);
    copy_marked(state, range, !starts, !ends, arena, &out->text);
    out->heading = sp_section_breadcrumb(record, window->section, arena, &out->heading_count);
    out->url = sp_section_url(record, window->section, base_url, arena);
    out->line = sp_line_at(record->lines, record->line_count, range.start);
    out->described = is_description(record, window->section);
}

/* Whether `later` adds nothing to `earlier`: one text contains the other, and `later` does not have
   more matches. */
static bool
repeats_text(const sp_marked *later, const sp_marked *earlier)
{
    if (earlier->text.len == 0 || later->mark_count > earlier->mark_count)
        return false;
    return sp_bytes_find(earlier->text, later->text, 0) != SIZE_MAX ||
           sp_bytes_find(later->text, earlier->text, 0) != SIZE_MAX;
}

/* Whether the hit already shows the passage's text. The sections of a resource can repeat each
   other: the prose of one often contains the description. */
static bool
is_shown(const sp_hit *hit, const sp_passage *passage)
{
    bool shown = repeats_text(&passage->text, &hit->description);
    for (uint32_t i = 0; i < hit->passage_count; i++)
        shown = shown || repeats_text(&passage->text, &hit->passages[i].text);
    return shown;
}

/* Whether the whole description is shown as the name, without the mark at its end. */
static bool
is_named_in_full(const sp_record *record)
{
    sp_range title = record->title, whole = record->description;
    return sp_record_is_unnamed(record) && title.start == whole.start && whole.end - title.end <= 1;
}

/* A part of the description that is shown as the name shows where it was cut. */
static void
show_title(const struct passage_state *state, sp_arena *arena, sp_marked *out)
{
    const sp_record *record = state->record;
    sp_range title = record->title, whole = record->description;
    bool part = sp_record_is_unnamed(record);
    /* The name leaves out the mark at the end of the sentence. */
    bool ends = whole.end - title.end <= 1 ||
                sp_cut_ends_sentence(record->text, whole, title.end) ||
                sp_cut_ends_sentence(record->text, whole, title.end + 1);
    copy_marked(state, title, part && title.start > whole.start, part && !ends, arena, out);
}

/* Some descriptions are whole paragraphs, so they are cut to the length of a passage. */
static void
show_description(struct passage_state *state, sp_arena *arena, sp_marked *out)
{
    const sp_record *record = state->record;
    sp_range range = record->description;
    uint32_t most = range.start + LENGTH_MAX;
    if (most < range.end)
        range.end = sp_cut_end(record->text, range, range.start, range.start, most);
    bool ends = sp_cut_ends_sentence(record->text, record->description, range.end);
    copy_marked(state, range, false, !ends, arena, out);
    state->description = range;
}

static void
show_passages(const struct passage_state *state, sp_bytes base_url, sp_arena *arena, sp_hit *hit)
{
    hit->passages = sp_arena_array(arena, state->count, sizeof *hit->passages);
    for (uint32_t i = 0; hit->passages && i < state->count; i++) {
        if (state->best[i].worth < state->best[0].worth * LATER_WORTH)
            break;
        sp_passage *passage = &hit->passages[hit->passage_count];
        show_passage(state, &state->best[i], base_url, arena, passage);
        hit->passage_count += !is_shown(hit, passage);
    }
}

/* If only the description shows why the resource matched, it is also the passage. */
static void
show_described(struct passage_state *state, sp_bytes base_url, sp_arena *arena, sp_hit *hit)
{
    state->count = 0;
    choose_passages(state, state->first, state->first + 1);
    hit->passages = sp_arena_array(arena, state->count, sizeof *hit->passages);
    if (!hit->passages || state->count == 0)
        return;
    show_passage(state, &state->best[0], base_url, arena, &hit->passages[0]);
    hit->passage_count = 1;
}

/* Whether a word that was typed is in the range. */
static bool
is_said(const struct passage_state *state, sp_range range)
{
    const sp_matches *matches = state->matches;
    bool said = false;
    for (uint32_t i = first_match_from(matches, range.start);
         i < matches->count && matches->items[i].start < range.end && !said; i++)
        said = !matches->items[i].synonym;
    return said;
}

/* Whether a word that was typed is in the resource's own words: its name and its description in a
   list. */
static bool
says_itself(const struct passage_state *state, const sp_record *record, sp_range description)
{
    return is_said(state, sp_record_name(record)) ||
           (!record->quoted && is_said(state, description));
}

/* Whether no word of the query is the resource's own, so that it matches only by its surroundings:
   headings, labels and text around its links. Words of its address are not in the record. Synonyms
   do not count: a page that has them is a better answer than a link on it. */
static bool
is_inherited(const struct passage_state *state, const sp_record *record)
{
    bool said = says_itself(state, state->record, state->description);
    if (state->first > 0)
        said = said || says_itself(state, record, record->description);
    return !said;
}

/* The section by which a resource without passages matches: one whose headings match, or else the
   one whose description is shown. */
static uint32_t
section_of(const struct passage_state *state)
{
    const sp_record *record = state->record;
    sp_bytes described = record->sections[state->first].link;
    if (state->headed.worth > 0)
        return state->headed.section;
    for (uint32_t i = 0; i < record->mention_count; i++) {
        if (sp_bytes_equal(record->sections[record->mentions[i].section].link, described))
            return record->mentions[i].section;
    }
    return state->first;
}

static void
set_section(const struct passage_state *state, sp_bytes base_url, sp_arena *arena, sp_hit *hit)
{
    const sp_record *record = state->record;
    if (hit->passage_count > 0 && !hit->passages[0].described) {
        hit->at = hit->passages[0].url;
        hit->at_heading = hit->passages[0].heading;
        hit->at_heading_count = hit->passages[0].heading_count;
    } else if (record->kind == SP_KIND_RESOURCE && record->section_count > 0) {
        uint32_t section = section_of(state);
        hit->at = sp_section_url(record, section, base_url, arena);
        hit->at_heading = sp_section_breadcrumb(record, section, arena, &hit->at_heading_count);
    }
}

/* The resource as readers of a language see it: with the view of that language, if it has one. */
static sp_record
view_in(const sp_record *record, sp_bytes language, struct passage_state *state)
{
    sp_record shown = *record;
    state->first = 0;
    state->end = record->view_count > 0 ? record->views[0].first : record->section_count;
    for (uint32_t i = 0; i < record->view_count; i++) {
        const sp_record_view *view = &record->views[i];
        if (!sp_language_equal(view->lang, language))
            continue;
        shown.lang = view->lang;
        shown.title = view->title;
        shown.description = view->description;
        shown.quoted = view->quoted;
        state->first = view->first;
        state->end = i + 1 < record->view_count ? view[1].first : record->section_count;
    }
    return shown;
}

enum sp_status
sp_hit_show(const sp_plan *plan, const sp_record *record, const sp_matches *matches,
            sp_bytes base_url, sp_arena *arena, sp_hit *hit, sp_error *err)
{
    struct passage_state state = {.plan = plan, .matches = matches};
    const sp_record shown = view_in(record, plan->lang, &state);
    bool post = record->kind == SP_KIND_POST;
    state.record = &shown;
    hit->lang = sp_arena_copy(arena, shown.lang);
    show_title(&state, arena, &hit->title);
    show_description(&state, arena, &hit->description);
    choose_passages(&state, post ? 0 : state.first + 1, state.end);
    if (state.count == 0 && record->view_count > 0 && hit->description.mark_count == 0)
        choose_elsewhere(&state);
    if (state.count == 0 && post)
        choose_beginning(&state);
    show_passages(&state, base_url, arena, hit);
    if (is_named_in_full(&shown))
        hit->description = (sp_marked){0}; /* the name shows it already */
    if (hit->passage_count == 0 && hit->description.mark_count > 0)
        show_described(&state, base_url, arena, hit);
    hit->inherited = !post && is_inherited(&state, record);
    set_section(&state, base_url, arena, hit);
    return sp_arena_check(arena, err);
}
