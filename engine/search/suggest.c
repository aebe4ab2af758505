// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/suggest.h>

#include "engine/index/completion.h"
#include "find_by_url.h"
#include "passages.h"
#include "engine/index/xapian.h"

#include <math.h>
#include <stdlib.h>

/* The most terms that are compared for a prefix. A single letter can begin more terms, but
   comparing all of them would take longer than the reader takes to type the next letter. */
#define SCAN_MAX 3000
/* The number of candidates that are kept for each suggestion: several, because some candidates give
   the same text. */
#define SPARE 3
#define CANDIDATES_MAX (SP_SUGGESTIONS_MAX * SPARE)
/* The most documents that are looked up for a completion. */
#define DOCUMENTS_MAX 3
/* A heading that at least this many posts share is suggested as words to search for, without a
   URL. */
#define SHARED_HEADING 3
/* The most single words that are suggested if nothing else matches. */
#define WORDS_MAX 3
/* A pair is suggested if at least this many posts contain it more than once. */
#define PAIR_POSTS 2

struct candidate {
    sp_bytes term; /* borrowed from `terms` */
    sp_completion completion;
    uint32_t freq;
    double score;
};

struct suggest_state {
    sp_reader *reader;
    sp_bytes text, base_url;
    uint32_t limit;
    uint32_t pair_count; /* of word pairs among the suggestions */
    bool pairs_only;     /* only the last words of the text are completed, and only to pairs */
    sp_bytes before;     /* the text before the words that are completed */
    sp_bytes typed;      /* the text being completed, folded; a completion may be cut shorter */
    sp_suggestions *out;
    sp_analyzer *analyzer;
    sp_bytes *folded, *stems; /* of the texts of the suggestions so far */
    struct candidate best[CANDIDATES_MAX];
    uint32_t best_count;
    sp_error *err;
};

/* Completions that begin with the typed text score higher than those that contain it later. More
   frequent and shorter ones score higher too. */
static double
score_of(const sp_completion *completion, uint32_t freq)
{
    double score = completion->inner ? 0 : 2;
    switch (completion->kind) {
    case SP_COMPLETION_TITLE:
        score += 1.5;
        break;
    case SP_COMPLETION_NAME:
        score += 1 + 0.5 * completion->weight;
        break;
    case SP_COMPLETION_HEADING:
        score += 0.5 + 0.25 * log2(freq);
        break;
    case SP_COMPLETION_PAIR:
        score += 1 + 0.5 * log2(freq);
        break;
    }
    return score - 0.02 * (double)completion->text.len;
}

static bool
is_wanted(const struct suggest_state *state, const sp_completion *completion, uint32_t freq)
{
    if (completion->kind == SP_COMPLETION_PAIR)
        return freq >= PAIR_POSTS;
    return !state->pairs_only;
}

static void
keep_candidate(struct suggest_state *state, const struct candidate *candidate)
{
    uint32_t most = state->limit * SPARE, place = state->best_count;
    if (place == most && state->best[most - 1].score >= candidate->score)
        return;
    if (place == most)
        place--;
    else
        state->best_count++;
    while (place > 0 && state->best[place - 1].score < candidate->score) {
        state->best[place] = state->best[place - 1];
        place--;
    }
    state->best[place] = *candidate;
}

static enum sp_status
scan(struct suggest_state *state, sp_bytes prefix, xc_terms **terms)
{
    SP_AUTO(sp_str_done) sp_str start = {0};
    xc_error cause;
    size_t skip = strlen(SP_PREFIX_COMPLETION);
    sp_str_append_text(&start, SP_PREFIX_COMPLETION);
    sp_str_append(&start, prefix);
    if (start.failed)
        return sp_fail(state->err, SP_NO_MEMORY, "out of memory");
    xc_status status = xc_reader_vocabulary(state->reader->xapian, str_to_xc(&start), (xc_bytes){0},
                                            SCAN_MAX, terms, &cause);
    if (status != XC_OK)
        return sp_fail_xapian(state->err, status, &cause, NULL);
    state->best_count = 0;
    for (size_t i = 0; i < (*terms)->count; i++) {
        struct candidate candidate = {.term = from_xc((*terms)->items[i].term),
                                      .freq = (*terms)->items[i].freq};
        sp_bytes term = sp_bytes_slice(candidate.term, skip, candidate.term.len);
        if (!sp_completion_read(term, &candidate.completion) ||
            !is_wanted(state, &candidate.completion, candidate.freq))
            continue;
        candidate.score = score_of(&candidate.completion, candidate.freq);
        keep_candidate(state, &candidate);
    }
    return SP_OK;
}

/* The stems of a text, joined by blanks. Words that have no stem of their own remain as they are.
   */
static sp_bytes
stems_of(struct suggest_state *state, sp_bytes text)
{
    SP_AUTO(sp_str_done) sp_str stems = {0};
    sp_tokens tokens;
    if (sp_analyze(state->analyzer, text, &tokens, NULL) != SP_OK) {
        state->out->arena.failed = true;
        return (sp_bytes){0};
    }
    for (size_t i = 0; i < tokens.count; i++) {
        if (tokens.items[i].form)
            continue;
        sp_str_append(&stems, tokens.items[i].stem);
        sp_str_append_char(&stems, ' ');
    }
    return sp_arena_copy_str(&state->out->arena, &stems);
}

/* Adds a suggestion unless there is one with the same folded text or, of queries, with the same
   stems: "system design" stands for "system designs" too. Titles and names that differ lead to
   different places. */
static void
add_suggestion(struct suggest_state *state, sp_suggestion suggestion)
{
    SP_AUTO(sp_str_done) sp_str folded = {0};
    sp_arena *arena = &state->out->arena;
    bool query = suggestion.kind == SP_SUGGESTION_QUERY;
    if (state->out->count == state->limit)
        return;
    sp_fold_append(&folded, suggestion.text);
    arena->failed |= folded.failed;
    sp_bytes stems = query ? stems_of(state, suggestion.text) : (sp_bytes){0};
    for (uint32_t i = 0; i < state->out->count; i++) {
        if (sp_bytes_equal(state->folded[i], sp_str_bytes(&folded)) ||
            (stems.len > 0 && sp_bytes_equal(state->stems[i], stems)))
            return;
    }
    state->folded[state->out->count] = sp_arena_copy_str(arena, &folded);
    state->stems[state->out->count] = stems;
    state->out->items[state->out->count++] = suggestion;
}

static sp_bytes
joined(sp_arena *arena, sp_bytes first, sp_bytes second)
{
    SP_AUTO(sp_str_done) sp_str both = {0};
    sp_str_append(&both, first);
    sp_str_append(&both, second);
    return sp_arena_copy_str(arena, &both);
}

static void
add_query(struct suggest_state *state, sp_bytes text)
{
    add_suggestion(state, (sp_suggestion){.text = joined(&state->out->arena, state->before, text),
                                          .url = SP_LITERAL(""),
                                          .kind = SP_SUGGESTION_QUERY});
}

static sp_bytes
range_text(const sp_record *record, sp_range range)
{
    return sp_bytes_slice(record->text, range.start, range.end);
}

/* Adds the headings of a post that match the completion; several may begin with it. */
static void
add_headings(struct suggest_state *state, const sp_record *record, sp_bytes completion)
{
    SP_AUTO(sp_str_done) sp_str folded = {0};
    sp_arena *arena = &state->out->arena;
    for (uint32_t i = 0; i < record->section_count; i++) {
        sp_bytes heading = range_text(record, record->sections[i].heading);
        sp_str_clear(&folded);
        sp_fold_append(&folded, heading);
        if (sp_completion_is_of(completion, state->typed, sp_str_bytes(&folded)))
            add_suggestion(state,
                           (sp_suggestion){.text = sp_arena_copy(arena, heading),
                                           .url = sp_section_url(record, i, state->base_url, arena),
                                           .kind = SP_SUGGESTION_HEADING});
    }
    arena->failed |= folded.failed;
}

static void
add_record(struct suggest_state *state, const sp_record *record, const sp_completion *completion)
{
    SP_AUTO(sp_str_done) sp_str folded = {0};
    sp_arena *arena = &state->out->arena;
    bool post = record->kind == SP_KIND_POST;
    if (completion->kind == SP_COMPLETION_HEADING) {
        add_headings(state, record, completion->text);
        return;
    }
    sp_fold_append(&folded, range_text(record, record->title));
    arena->failed |= folded.failed;
    if (!sp_completion_is_of(completion->text, state->typed, sp_str_bytes(&folded)))
        return;
    add_suggestion(
        state,
        (sp_suggestion){.text = sp_arena_copy(arena, range_text(record, record->title)),
                        .url = joined(arena, post ? state->base_url : SP_LITERAL(""), record->url),
                        .kind = post ? SP_SUGGESTION_POST : SP_SUGGESTION_RESOURCE});
}

/* Lists the first DOCUMENTS_MAX documents with the completion, in the order of SP_SLOT_ORDER. */
static enum sp_status
list_documents(struct suggest_state *state, const struct candidate *candidate, uint32_t *docids,
               size_t *count)
{
    xc_error cause;
    if (candidate->freq > 1)
        return sp_first_documents(state->reader, candidate->term, DOCUMENTS_MAX, docids, count,
                                  state->err);
    xc_status listed = xc_reader_postings(state->reader->xapian, to_xc(candidate->term), 0, 1,
                                          docids, count, &cause);
    return listed == XC_OK ? SP_OK : sp_fail_xapian(state->err, listed, &cause, NULL);
}

static enum sp_status
resolve(struct suggest_state *state, const struct candidate *candidate)
{
    uint32_t docids[DOCUMENTS_MAX];
    size_t count;
    const sp_completion *completion = &candidate->completion;
    if (completion->kind == SP_COMPLETION_PAIR) {
        /* leave room for suggestions with a URL */
        if (state->pairs_only || state->pair_count++ < (state->limit + 1) / 2)
            add_query(state, completion->text);
        return SP_OK;
    }
    enum sp_status listed = list_documents(state, candidate, docids, &count);
    if (listed != SP_OK)
        return listed;
    for (size_t i = 0; i < count; i++) {
        const sp_record *record;
        enum sp_status status = sp_reader_record(state->reader, docids[i], &record, state->err);
        if (status != SP_OK)
            return status;
        uint32_t before = state->out->count;
        add_record(state, record, completion);
        bool shared =
            completion->kind == SP_COMPLETION_HEADING && candidate->freq >= SHARED_HEADING;
        for (uint32_t k = before; shared && k < state->out->count; k++) {
            state->out->items[k].kind = SP_SUGGESTION_QUERY;
            state->out->items[k].url = SP_LITERAL("");
        }
    }
    return SP_OK;
}

/* Adds suggestions for completions that begin with a folded prefix. */
static enum sp_status
complete(struct suggest_state *state, sp_bytes prefix)
{
    xc_terms *terms = NULL;
    enum sp_status status = SP_OK;
    state->typed = prefix;
    if (prefix.len > 0 && state->limit > 0)
        status = scan(state, sp_completion_cut(prefix), &terms);
    for (uint32_t i = 0; status == SP_OK && terms && i < state->best_count; i++) {
        if (state->out->count < state->limit)
            status = resolve(state, &state->best[i]);
    }
    xc_terms_free(terms);
    return status;
}

/* Folds the text; adds a space if its last word is complete. */
static void
fold_beginning(sp_bytes text, sp_str *out)
{
    SP_AUTO(sp_str_done) sp_str probe = {0};
    SP_AUTO(sp_str_done) sp_str longer = {0};
    sp_fold_append(out, text);
    if (out->len == 0)
        return;
    sp_str_append(&longer, text);
    sp_str_append_char(&longer, 'x');
    sp_fold_append(&probe, sp_str_bytes(&longer));
    out->failed |= probe.failed || longer.failed;
    if (sp_bytes_ends_with(sp_str_bytes(&probe), SP_LITERAL(" x")))
        sp_str_append_char(out, ' ');
}

/* The offset at which the last `words` words of the text begin. */
static size_t
last_words(sp_bytes text, unsigned words)
{
    size_t at = text.len;
    while (at > 0 && words > 0) {
        while (at > 0 && text.data[at - 1] == ' ')
            at--;
        while (at > 0 && text.data[at - 1] != ' ')
            at--;
        words--;
    }
    return at;
}

static bool
has_digit(sp_bytes word)
{
    for (size_t i = 0; i < word.len; i++) {
        if (word.data[i] >= '0' && word.data[i] <= '9')
            return true;
    }
    return false;
}

/* Whether the word before the last one is in the index, by itself or by its stem, or there is none:
   what follows a word that does not exist is not worth completing. */
static enum sp_status
follows_known_word(struct suggest_state *state, bool *known)
{
    SP_AUTO(sp_str_done) sp_str term = {0};
    sp_tokens tokens;
    xc_error cause;
    sp_bytes before =
        sp_bytes_slice(state->text, last_words(state->text, 2), last_words(state->text, 1));
    *known = true;
    enum sp_status status = sp_analyze(state->analyzer, before, &tokens, state->err);
    for (size_t i = 0; status == SP_OK && *known && i < tokens.count; i++) {
        xc_term_stats by_word = {0}, by_stem = {0};
        xc_status looked = XC_OK;
        sp_term_make(&term, "", tokens.items[i].word);
        if (term.len > 0)
            looked = xc_reader_term(state->reader->xapian, str_to_xc(&term), &by_word, &cause);
        sp_term_make(&term, SP_PREFIX_STEM, tokens.items[i].stem);
        if (looked == XC_OK && by_word.term_freq == 0 && term.len > 0)
            looked = xc_reader_term(state->reader->xapian, str_to_xc(&term), &by_stem, &cause);
        if (looked != XC_OK)
            return sp_fail_xapian(state->err, looked, &cause, NULL);
        *known = by_word.term_freq > 0 || by_stem.term_freq > 0 || tokens.items[i].form;
    }
    return status == SP_OK ? sp_str_check(&term, state->err) : status;
}

/* Completes the last word to words of the index. */
static enum sp_status
complete_word(struct suggest_state *state)
{
    SP_AUTO(sp_str_done) sp_str start = {0};
    xc_terms *terms = NULL;
    xc_error cause;
    size_t from = last_words(state->text, 1);
    state->before =
        sp_bytes_slice(state->out->query, 0, state->out->query.len - state->text.len + from);
    fold_beginning(sp_bytes_slice(state->text, from, state->text.len), &start);
    if (start.failed)
        return sp_fail(state->err, SP_NO_MEMORY, "out of memory");
    if (start.len == 0 || state->limit == 0 || memchr(start.data, ' ', start.len))
        return SP_OK;
    xc_status status = xc_reader_vocabulary(state->reader->xapian, str_to_xc(&start), (xc_bytes){0},
                                            SCAN_MAX, &terms, &cause);
    if (status != XC_OK)
        return sp_fail_xapian(state->err, status, &cause, NULL);
    state->best_count = 0;
    for (size_t i = 0; i < terms->count; i++) {
        const xc_term *word = &terms->items[i];
        if (word->term.len > start.len &&
            (has_digit(sp_str_bytes(&start)) || !has_digit(from_xc(word->term))))
            keep_candidate(state,
                           &(struct candidate){.term = from_xc(word->term), .score = word->freq});
    }
    for (uint32_t i = 0; i < state->best_count && state->out->count < WORDS_MAX; i++)
        add_query(state, state->best[i].term);
    xc_terms_free(terms);
    return SP_OK;
}

static enum sp_status
attempt(void *context)
{
    struct suggest_state *state = context;
    SP_AUTO(sp_str_done) sp_str prefix = {0};
    enum sp_status status = SP_OK;
    size_t unread = state->out->query.len - state->text.len;
    state->out->count = 0;
    state->pair_count = 0;
    state->pairs_only = false;
    state->before = SP_LITERAL("");
    fold_beginning(state->text, &prefix);
    bool known = true;
    status = sp_reader_analyzer(state->reader, (sp_bytes){0}, &state->analyzer, state->err);
    if (status == SP_OK)
        status = complete(state, sp_str_bytes(&prefix));
    for (unsigned words = 2; status == SP_OK && state->out->count == 0 && words > 0; words--) {
        size_t start = last_words(state->text, words);
        if (start == 0)
            continue;
        if (words == 1)
            status = follows_known_word(state, &known);
        if (status != SP_OK || !known)
            break;
        state->pairs_only = true;
        state->before = sp_bytes_slice(state->out->query, 0, unread + start);
        sp_str_clear(&prefix);
        fold_beginning(sp_bytes_slice(state->text, start, state->text.len), &prefix);
        status = complete(state, sp_str_bytes(&prefix));
    }
    if (status == SP_OK && state->out->count == 0 && known)
        status = complete_word(state);
    return prefix.failed ? sp_fail(state->err, SP_NO_MEMORY, "out of memory") : status;
}

/* The part of the query that is completed: its end, at most SP_SUGGEST_BYTES_MAX bytes, starting at
   a whole character. */
static sp_bytes
completed_end(sp_bytes query)
{
    size_t start = query.len > SP_SUGGEST_BYTES_MAX ? query.len - SP_SUGGEST_BYTES_MAX : 0;
    while (start > 0 && start < query.len && sp_utf8_is_continuation(query.data[start]))
        start++;
    return sp_bytes_slice(query, start, query.len);
}

/* Copies the query to the arena as valid UTF-8. */
static sp_bytes
read_query(sp_bytes text, sp_arena *arena)
{
    SP_AUTO(sp_str_done) sp_str repaired = {0};
    sp_utf8_append_repaired(&repaired, text);
    return sp_arena_copy_str(arena, &repaired);
}

enum sp_status
sp_suggest(sp_reader *reader, sp_bytes text, uint32_t limit, sp_bytes base_url,
           sp_suggestions **out, sp_error *err)
{
    sp_suggestions *made = calloc(1, sizeof *made);
    struct suggest_state *state = calloc(1, sizeof *state);
    enum sp_status status = made && state ? SP_OK : sp_fail(err, SP_NO_MEMORY, "out of memory");
    if (status == SP_OK) {
        *state =
            (struct suggest_state){.reader = reader,
                                   .base_url = base_url,
                                   .limit = limit < SP_SUGGESTIONS_MAX ? limit : SP_SUGGESTIONS_MAX,
                                   .out = made,
                                   .err = err};
        made->query = read_query(text, &made->arena);
        state->text = completed_end(made->query);
        made->items = sp_arena_array(&made->arena, state->limit, sizeof *made->items);
        state->folded = sp_arena_array(&made->arena, state->limit, sizeof *state->folded);
        state->stems = sp_arena_array(&made->arena, state->limit, sizeof *state->stems);
        status = sp_arena_check(&made->arena, err);
    }
    if (status == SP_OK)
        status = sp_reader_attempt(reader, attempt, state, err);
    if (status == SP_OK) {
        made->revision = sp_arena_copy(&made->arena, sp_reader_revision(reader));
        status = sp_arena_check(&made->arena, err);
    }
    free(state);
    if (status == SP_OK)
        *out = made;
    else
        sp_suggestions_free(made);
    return status;
}

void
sp_suggestions_free(sp_suggestions *suggestions)
{
    if (!suggestions)
        return;
    sp_arena_done(&suggestions->arena);
    free(suggestions);
}
