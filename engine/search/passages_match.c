// SPDX-License-Identifier: GPL-2.0-or-later
#include "passages.h"

#include "engine/base/language.h"
#include "engine/base/sentence.h"
#include "engine/index/token_table.h"

#include <stdlib.h>

/* The most words in a pattern. Sequences of words are matched backwards over this many tokens. */
#define WINDOW SP_QUERY_WORDS_MAX

/* The hashes of a token's stems: in the language of its text, and in the site's if the query is in
   that. The index has both, because queries in the site's language also find words as they are. */
struct stems {
    uint32_t own, site;
};

struct match_state {
    sp_match_finder *finder;
    const sp_plan *plan;
    const sp_record *record;
    sp_bytes site_hashes; /* of the record if they are in the query's language, else empty */
    /* The last WINDOW relevant plain tokens (plain: not a form), by their number modulo WINDOW. */
    struct {
        struct stems stems, form; /* form: of another spelling of the token, else `stems` */
        uint32_t start, end;
    } recent[WINDOW];
    uint32_t plain; /* number of relevant plain tokens so far */
    uint32_t count;
    uint32_t folded_start, folded_end; /* the range that is in finder->folded; end 0: none */
    bool filter[256];                  /* by the low byte of a hash: such a word ends a pattern */
    bool foreign;   /* the record's stems are another language's, so exact words compare as text */
    bool sequences; /* a pattern has several words, so every plain token is relevant */
};

void
sp_match_finder_done(sp_match_finder *finder)
{
    free(finder->items);
    sp_str_done(&finder->folded);
    *finder = (sp_match_finder){0};
}

static uint32_t
hash_at(sp_bytes hashes, uint32_t token)
{
    const unsigned char *bytes = (const unsigned char *)hashes.data + (size_t)token * 3;
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16;
}

static struct stems
stems_at(const struct match_state *state, uint32_t token)
{
    uint32_t own = hash_at(state->record->hashes, token);
    return (struct stems){own,
                          state->site_hashes.len > 0 ? hash_at(state->site_hashes, token) : own};
}

static bool
has_stem(struct stems stems, uint32_t hash)
{
    return stems.own == hash || stems.site == hash;
}

static bool
is_word(struct match_state *state, uint32_t start, uint32_t end, sp_bytes word)
{
    sp_str *folded = &state->finder->folded;
    if (state->folded_start != start || state->folded_end != end) { /* kept for the next pattern */
        sp_str_clear(folded);
        sp_fold_append(folded, sp_bytes_slice(state->record->text, start, end));
        state->folded_start = start;
        state->folded_end = end;
    }
    return sp_bytes_equal(sp_str_bytes(folded), sp_without_capitals(word));
}

/* Tokens in different sentences or blocks are not neighbours. */
static bool
are_neighbours(const struct match_state *state, uint32_t left_end, uint32_t right_start)
{
    return !sp_sentence_ends_between(state->record->text, left_end, right_start);
}

/* Whether the last plain tokens are the pattern's words; sets *start to where they begin. */
static bool
sequence_ends_here(struct match_state *state, const sp_pattern *pattern, uint32_t *start)
{
    if (pattern->count > state->plain)
        return false;
    for (uint32_t i = pattern->count; i-- > 0;) {
        uint32_t token = state->plain - (pattern->count - i);
        uint32_t here = token % WINDOW, next = (token + 1) % WINDOW;
        bool by_stem = !pattern->exact || !state->foreign ||
                       sp_is_in_capitals(pattern->words[i].word); /* is its own stem */
        if (by_stem && !has_stem(state->recent[here].stems, pattern->hashes[i]) &&
            !has_stem(state->recent[here].form, pattern->hashes[i]))
            return false;
        if (i + 1 < pattern->count && !pattern->across &&
            !are_neighbours(state, state->recent[here].end, state->recent[next].start))
            return false;
        if (pattern->exact && !is_word(state, state->recent[here].start, state->recent[here].end,
                                       pattern->words[i].word))
            return false;
        *start = state->recent[here].start;
    }
    return true;
}

static void
add_match(struct match_state *state, uint32_t start, uint32_t end, const sp_pattern *pattern)
{
    uint32_t code;
    if (pattern->character)
        end = start + (uint32_t)sp_utf8_decode(state->record->text, start, &code);
    if (state->count < SP_MATCHES_MAX)
        state->finder->items[state->count++] =
            (sp_match){start, end, pattern->clause, pattern->synonym};
}

static void
check_patterns(struct match_state *state, const sp_span_walk *walk, struct stems stems)
{
    for (uint32_t i = 0; i < state->plan->pattern_count; i++) {
        const sp_pattern *pattern = &state->plan->patterns[i];
        uint32_t start = walk->start;
        if (pattern->unshown || (pattern->foreign && !state->foreign))
            continue;
        bool last = !walk->form || has_stem(stems, pattern->hashes[pattern->count - 1]);
        if (last &&
            ((walk->form && pattern->count == 1) || sequence_ends_here(state, pattern, &start)))
            add_match(state, start, walk->end, pattern);
    }
}

static void
prepare_filter(struct match_state *state)
{
    for (uint32_t i = 0; i < state->plan->pattern_count; i++) {
        const sp_pattern *pattern = &state->plan->patterns[i];
        state->filter[pattern->hashes[pattern->count - 1] & 0xFF] = true;
        state->sequences |= pattern->count > 1;
        if (pattern->exact && state->foreign)
            memset(state->filter, true, sizeof state->filter);
    }
}

/* Notes a form that is another spelling of the last plain token alone, for sequences. */
static void
add_form(struct match_state *state, const sp_span_walk *walk, struct stems stems)
{
    uint32_t slot = (state->plain - 1) % WINDOW;
    if (state->recent[slot].start == walk->start && state->recent[slot].end == walk->end)
        state->recent[slot].form = stems;
}

static void
walk_tokens(struct match_state *state)
{
    const sp_record *record = state->record;
    sp_span_walk walk = {0};
    for (uint32_t token = 0; sp_span_next(record->spans, &walk); token++) {
        struct stems stems = stems_at(state, token);
        bool wanted = state->filter[stems.own & 0xFF] || state->filter[stems.site & 0xFF];
        if (!walk.form && (wanted || state->sequences)) {
            uint32_t slot = state->plain++ % WINDOW;
            state->recent[slot].stems = state->recent[slot].form = stems;
            state->recent[slot].start = walk.start;
            state->recent[slot].end = walk.end;
        }
        if (walk.form && state->sequences && state->plain > 0)
            add_form(state, &walk, stems);
        if (wanted)
            check_patterns(state, &walk, stems);
    }
}

static int
by_start(const void *a, const void *b)
{
    const sp_match *left = a, *right = b;
    if (left->start != right->start)
        return left->start < right->start ? -1 : 1;
    return (left->end > right->end) - (left->end < right->end);
}

/* Joined forms and sequences are found at their last word, so starts can be out of order. */
static void
sort_matches(sp_match *items, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        if (by_start(&items[i - 1], &items[i]) > 0) {
            qsort(items, count, sizeof *items, by_start);
            return;
        }
    }
}

/* Whether the clause continues a run of Chinese, Japanese or Korean characters, which the analyzer
   splits into overlapping pairs, each a clause of its own. */
static bool
continues_run(const sp_plan *plan, uint32_t clause)
{
    if (clause == 0 || clause >= plan->clause_count)
        return false;
    const sp_clause *left = plan->clauses[clause - 1].words, *right = plan->clauses[clause].words;
    return left && right && left->words[0].end > right->words[0].start &&
           left->words[0].start < right->words[0].start;
}

/* The end of the text of the whole run that begins with this match, or 0. */
static uint32_t
run_end(const sp_plan *plan, const sp_match *items, uint32_t count, uint32_t first)
{
    const sp_match *last = &items[first];
    if (continues_run(plan, last->clause))
        return 0;
    for (uint32_t i = first + 1;
         continues_run(plan, last->clause + 1) && i < count && items[i].start < last->end; i++) {
        if (items[i].clause == last->clause + 1 && items[i].start > last->start)
            last = &items[i];
    }
    return continues_run(plan, last->clause + 1) ? 0 : last->end;
}

static bool
is_in_run(const sp_plan *plan, uint32_t clause)
{
    return continues_run(plan, clause) || continues_run(plan, clause + 1);
}

/* If the record has a whole run of the query, drops the matches of single pairs, which can be parts
   of other words. */
static uint32_t
drop_parts_of_runs(const sp_plan *plan, sp_match *items, uint32_t count)
{
    bool has_run = false, whole = false;
    for (uint32_t i = 0; i < plan->clause_count && !has_run; i++)
        has_run = continues_run(plan, i);
    for (uint32_t i = 0; has_run && i < count && !whole; i++)
        whole = is_in_run(plan, items[i].clause) && run_end(plan, items, count, i) > 0;
    uint32_t kept = 0, end = 0;
    for (uint32_t i = 0; whole && i < count; i++) {
        uint32_t until = is_in_run(plan, items[i].clause) ? run_end(plan, items, count, i) : 0;
        end = until > end ? until : end;
        if (!is_in_run(plan, items[i].clause) || items[i].end <= end)
            items[kept++] = items[i];
    }
    return whole ? kept : count;
}

enum sp_status
sp_matches_find(sp_match_finder *finder, const sp_plan *plan, const sp_record *record,
                sp_matches *out, sp_error *err)
{
    struct match_state state = {.finder = finder, .plan = plan, .record = record};
    if (!finder->items) {
        finder->items = malloc(SP_MATCHES_MAX * sizeof *finder->items);
        if (!finder->items)
            return sp_fail(err, SP_NO_MEMORY, "out of memory");
    }
    sp_str_restart(&finder->folded);
    bool site = record->site_hashes.len > 0 && sp_language_equal(record->site_lang, plan->lang);
    state.site_hashes = site ? record->site_hashes : (sp_bytes){0};
    state.foreign = !site && !sp_language_equal(record->lang, plan->lang);
    prepare_filter(&state);
    if (plan->pattern_count > 0)
        walk_tokens(&state);
    sort_matches(finder->items, state.count);
    state.count = drop_parts_of_runs(plan, finder->items, state.count);
    *out = (sp_matches){finder->items, state.count};
    return sp_str_check(&finder->folded, err);
}
