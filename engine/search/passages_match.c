// SPDX-License-Identifier: GPL-2.0-or-later
#include "passages.h"

#include "engine/index/token_table.h"

#include <stdlib.h>

/* Words of the longest pattern: how many tokens back a sequence can begin. */
#define WINDOW SP_QUERY_WORDS_MAX

struct finding {
    sp_match_finder *finder;
    const sp_plan *plan;
    const sp_record *record;
    /* The last WINDOW plain tokens that matter, by their number modulo WINDOW. */
    struct {
        uint32_t hash, start, end;
    } recent[WINDOW];
    uint32_t plain; /* as many of them so far */
    uint32_t count;
    uint32_t folded_start, folded_end; /* what finder->folded is of; the end is 0 at first */
    bool filter[256];                  /* low bytes of the hashes that end a pattern */
    bool foreign;   /* the record's stems are another language's: exact words go by their letters */
    bool sequences; /* some pattern has several words; else no token but the last matters */
};

void
sp_match_finder_done(sp_match_finder *finder)
{
    free(finder->items);
    sp_str_done(&finder->folded);
    *finder = (sp_match_finder){0};
}

static uint32_t
hash_at(const sp_record *record, uint32_t token)
{
    const unsigned char *at = (const unsigned char *)record->hashes.data + (size_t)token * 3;
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16;
}

static bool
is_word(struct finding *at, uint32_t start, uint32_t end, sp_bytes word)
{
    sp_str *folded = &at->finder->folded;
    if (at->folded_start != start || at->folded_end != end) { /* many patterns ask for one word */
        sp_str_clear(folded);
        sp_fold_append(folded, sp_bytes_slice(at->record->text, start, end));
        at->folded_start = start;
        at->folded_end = end;
    }
    return sp_bytes_equal(sp_str_bytes(folded), word);
}

/* Tokens that a block's end separates are no neighbours. */
static bool
are_neighbours(const struct finding *at, uint32_t left_end, uint32_t right_start)
{
    return right_start <= left_end ||
           !memchr(at->record->text.data + left_end, '\n', right_start - left_end);
}

/* Whether the pattern's words end with the last plain token; *start is where they begin. */
static bool
sequence_ends_here(struct finding *at, const sp_pattern *pattern, uint32_t *start)
{
    if (pattern->count > at->plain)
        return false;
    for (uint32_t i = pattern->count; i-- > 0;) {
        uint32_t token = at->plain - (pattern->count - i);
        uint32_t here = token % WINDOW, next = (token + 1) % WINDOW;
        bool by_stem = !pattern->exact || !at->foreign;
        if (by_stem && at->recent[here].hash != pattern->hashes[i])
            return false;
        if (i + 1 < pattern->count &&
            !are_neighbours(at, at->recent[here].end, at->recent[next].start))
            return false;
        if (pattern->exact &&
            !is_word(at, at->recent[here].start, at->recent[here].end, pattern->words[i].word))
            return false;
        *start = at->recent[here].start;
    }
    return true;
}

static void
add_match(struct finding *at, uint32_t start, uint32_t end, uint32_t clause)
{
    if (at->count < MATCHES_MAX)
        at->finder->items[at->count++] = (sp_match){start, end, clause};
}

static void
check_patterns(struct finding *at, const sp_span_walk *walk, uint32_t hash)
{
    for (uint32_t i = 0; i < at->plan->pattern_count; i++) {
        const sp_pattern *pattern = &at->plan->patterns[i];
        uint32_t start = walk->start;
        if (pattern->foreign && !at->foreign)
            continue;
        if (walk->form) {
            if (pattern->count == 1 && pattern->hashes[0] == hash)
                add_match(at, walk->start, walk->end, pattern->clause);
        } else if (sequence_ends_here(at, pattern, &start)) {
            add_match(at, start, walk->end, pattern->clause);
        }
    }
}

static void
prepare_filter(struct finding *at)
{
    for (uint32_t i = 0; i < at->plan->pattern_count; i++) {
        const sp_pattern *pattern = &at->plan->patterns[i];
        at->filter[pattern->hashes[pattern->count - 1] & 0xFF] = true;
        at->sequences |= pattern->count > 1;
        if (pattern->exact && at->foreign)
            memset(at->filter, true, sizeof at->filter);
    }
}

static void
walk_tokens(struct finding *at)
{
    const sp_record *record = at->record;
    sp_span_walk walk = {0};
    for (uint32_t token = 0; sp_span_next(record->spans, &walk); token++) {
        uint32_t hash = hash_at(record, token);
        bool wanted = at->filter[hash & 0xFF];
        if (!walk.form && (wanted || at->sequences)) {
            uint32_t slot = at->plain++ % WINDOW;
            at->recent[slot].hash = hash;
            at->recent[slot].start = walk.start;
            at->recent[slot].end = walk.end;
        }
        if (wanted)
            check_patterns(at, &walk, hash);
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

/* Forms and sequences are found at their last word, so starts can be out of order. */
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

enum sp_status
sp_matches_find(sp_match_finder *finder, const sp_plan *plan, const sp_record *record,
                sp_matches *out, sp_error *err)
{
    struct finding at = {.finder = finder, .plan = plan, .record = record};
    if (!finder->items) {
        finder->items = malloc(MATCHES_MAX * sizeof *finder->items);
        if (!finder->items)
            return sp_fail(err, SP_NO_MEMORY, "out of memory");
    }
    at.foreign = !sp_bytes_equal(record->lang, plan->lang);
    prepare_filter(&at);
    if (plan->pattern_count > 0)
        walk_tokens(&at);
    sort_matches(finder->items, at.count);
    *out = (sp_matches){finder->items, at.count};
    return sp_str_check(&finder->folded, err);
}
