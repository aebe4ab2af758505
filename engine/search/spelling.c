// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/clock.h>
#include <signpost/search.h>
#include <signpost/spelling.h>

#include "acronyms.h"
#include "spelling_private.h"
#include "engine/query/capitals.h"
#include "engine/query/forms.h"
#include "engine/base/language.h"
#include "engine/query/plan.h"
#include "engine/index/xapian.h"

#include <xapian-c-remote.h>

#define CLOCK_INTERVAL 4096 /* words compared between two readings of the clock */

struct near_word {
    sp_bytes word;
    double score; /* the lower, the better */
};

/* A word of the query that no document contains. */
struct unknown_word {
    const sp_query_word *word;
    sp_suspect suspect;
    struct near_word best[SP_CORRECTIONS_PER_WORD_MAX];
    uint32_t count;
};

struct spelling_state {
    sp_reader *reader;
    const sp_request *request;
    sp_analyzer *analyzer;
    bool english;
    sp_bytes language; /* of the analyzer */
    sp_arena *arena;
    sp_corrections *out;
    uint64_t deadline; /* in the time of sp_now_us(); 0: none */
    /* SP_CORRECTED_WORDS_MAX of them; NULL until the first is added */
    struct unknown_word *unknown_words;
    uint32_t count;
    sp_plan_input input;   /* of is_found; its query is NULL until a clause needs it */
    sp_doubtful_word rare; /* the first that may be misspelt; its word is NULL if there is none */
    sp_error *err;
};

static enum sp_status
term_freq(struct spelling_state *state, const char *prefix, sp_bytes text, uint32_t *freq)
{
    SP_AUTO(sp_str_done) sp_str term = {0};
    xc_term_stats stats;
    xc_error cause;
    *freq = 0;
    sp_term_make(&term, prefix, text);
    if (term.len == 0)
        return sp_str_check(&term, state->err);
    xc_status status = xc_reader_term(state->reader->xapian, str_to_xc(&term), &stats, &cause);
    if (status != XC_OK)
        return sp_fail_xapian(state->err, status, &cause, NULL);
    *freq = stats.term_freq;
    return SP_OK;
}

/* Keeps the word if it is among the best. Words come in byte order, so of equally good words the
   first in byte order is better. */
static void
keep_near_word(struct spelling_state *state, struct unknown_word *unknown, struct near_word found)
{
    uint32_t place = unknown->count;
    if (place == SP_CORRECTIONS_PER_WORD_MAX && found.score >= unknown->best[place - 1].score)
        return;
    if (place == SP_CORRECTIONS_PER_WORD_MAX)
        place--;
    else
        unknown->count++;
    found.word = sp_arena_copy(state->arena, found.word);
    for (; place > 0 && found.score < unknown->best[place - 1].score; place--)
        unknown->best[place] = unknown->best[place - 1];
    unknown->best[place] = found;
}

static void
compare_word(struct spelling_state *state, const sp_vocabulary_word *word)
{
    sp_spelling spelling = {.len = 0};
    for (uint32_t i = 0; i < state->count; i++) {
        struct unknown_word *unknown = &state->unknown_words[i];
        if (!sp_suspect_may_mean(&unknown->suspect, word, state->reader->doc_count))
            continue;
        if (spelling.len == 0)
            (void)sp_spell(word->word, &spelling);
        uint32_t cost = sp_suspect_cost(&unknown->suspect, &spelling);
        if (cost <= unknown->suspect.cost_max &&
            !sp_analyzer_is_stop_word(state->analyzer, word->word))
            keep_near_word(state, unknown,
                           (struct near_word){word->word, sp_likeness_score(cost, word->freq)});
    }
}

static enum sp_status
check_time(const struct spelling_state *state)
{
    return state->deadline > 0 && sp_now_us() >= state->deadline
               ? sp_fail(state->err, SP_TIMEOUT, "the query timed out")
               : SP_OK;
}

static enum sp_status
read_vocabulary(struct spelling_state *state)
{
    sp_vocabulary *vocabulary = &state->reader->vocabulary;
    while (!vocabulary->complete) {
        xc_error cause;
        enum sp_status in_time = check_time(state);
        if (in_time != SP_OK)
            return in_time;
        xc_status status = sp_vocabulary_read(vocabulary, state->reader->xapian, &cause);
        if (vocabulary->arena.failed) {
            sp_vocabulary_done(vocabulary); /* the next query reads it again */
            return sp_fail(state->err, SP_NO_MEMORY, "out of memory");
        }
        if (status != XC_OK)
            return sp_fail_xapian(state->err, status, &cause, NULL);
    }
    return SP_OK;
}

static enum sp_status
compare_vocabulary(struct spelling_state *state)
{
    const sp_vocabulary *vocabulary = &state->reader->vocabulary;
    enum sp_status status = state->count > 0 ? read_vocabulary(state) : SP_OK;
    for (size_t i = 0; status == SP_OK && state->count > 0 && i < vocabulary->count; i++) {
        if (i % CLOCK_INTERVAL == 0)
            status = check_time(state);
        compare_word(state, &vocabulary->words[i]);
    }
    return status;
}

/* Sets *freq to the number of documents with the most frequent synonym of a key that is a single
   word, 0 without one. */
static enum sp_status
count_synonym(struct spelling_state *state, const sp_synonym_key *key, uint32_t *freq)
{
    enum sp_status status = SP_OK;
    *freq = 0;
    for (size_t i = 0; status == SP_OK && i < key->other_count; i++) {
        const sp_synonym *other = &key->others[i];
        uint32_t of_other = 0;
        if (other->count == 1)
            status = term_freq(state, SP_PREFIX_STEM, other->words[0].stem, &of_other);
        if (of_other > *freq)
            *freq = of_other;
    }
    return status;
}

static bool
is_near_already(const struct unknown_word *unknown, sp_bytes word)
{
    for (uint32_t i = 0; i < unknown->count; i++) {
        if (sp_bytes_equal(unknown->best[i].word, word))
            return true;
    }
    return false;
}

/* Compares a word that no document has, but for which the site has a synonym. */
static enum sp_status
compare_key_word(struct spelling_state *state, const sp_synonym_key *key, sp_bytes word)
{
    sp_spelling spelling;
    enum sp_status status = SP_OK;
    if (!sp_spell(word, &spelling))
        return SP_OK;
    sp_vocabulary_word candidate = {.set = spelling.set,
                                    .word = word,
                                    .freq = UINT32_MAX,
                                    .len = (uint16_t)spelling.len,
                                    .letters = (uint16_t)spelling.letters};
    for (uint32_t i = 0; status == SP_OK && i < state->count; i++) {
        struct unknown_word *unknown = &state->unknown_words[i];
        if (!sp_suspect_may_mean(&unknown->suspect, &candidate, state->reader->doc_count))
            continue;
        uint32_t freq, cost = sp_suspect_cost(&unknown->suspect, &spelling);
        if (cost == 0 || cost > unknown->suspect.cost_max || is_near_already(unknown, word) ||
            sp_analyzer_is_stop_word(state->analyzer, word))
            continue;
        status = count_synonym(state, key, &freq);
        if (status == SP_OK && freq > 0)
            keep_near_word(state, unknown, (struct near_word){word, sp_likeness_score(cost, freq)});
    }
    return status;
}

/* `doctorat` means "doctorate", which finds "PhD", even if no document has "doctorate". */
static enum sp_status
compare_synonyms(struct spelling_state *state)
{
    const sp_synonyms *synonyms;
    sp_synonym_key key;
    enum sp_status status =
        sp_reader_synonyms(state->reader, state->analyzer, &synonyms, state->err);
    for (size_t i = 0; status == SP_OK && sp_synonyms_key(synonyms, i, &key); i++) {
        if (i % CLOCK_INTERVAL == 0)
            status = check_time(state);
        for (uint32_t k = 0; status == SP_OK && k < key.words->count; k++)
            status = compare_key_word(state, &key, key.words->words[k].word);
    }
    return status;
}

/* Whether a word of the index, read in the query's language, has the stem. If documents are in
   several languages, the stem may be that of another language: "carrer" is the stem of Spanish
   "carrera". */
static enum sp_status
has_word_with_stem(struct spelling_state *state, sp_bytes stem, bool *found)
{
    sp_forms forms = {0};
    enum sp_status status = sp_forms_add(state->reader->xapian, state->analyzer, stem, state->arena,
                                         &forms, state->err);
    *found = forms.count > 0 || forms.more;
    return status;
}

/* How a word is found: not at all, only by a stem of another language, or as the reader means it.
   */
enum found_by { BY_NOTHING, BY_FOREIGN_STEM, BY_ITSELF };

static enum sp_status
look_up(struct spelling_state *state, const sp_query_word *word, enum found_by *found,
        uint32_t *as_is)
{
    uint32_t freq;
    bool here = true;
    *found = BY_ITSELF;
    enum sp_status status = term_freq(state, "", word->word, as_is);
    if (status != SP_OK || *as_is > 0)
        return status;
    status = term_freq(state, SP_PREFIX_STEM, word->stem, &freq);
    if (status == SP_OK && freq == 0)
        *found = BY_NOTHING;
    if (status != SP_OK || freq == 0)
        return status;
    status = term_freq(state, SP_PREFIX_LANG, state->language, &freq);
    if (status == SP_OK && freq < state->reader->doc_count)
        status = has_word_with_stem(state, word->stem, &here);
    if (status == SP_OK && !here)
        *found = BY_FOREIGN_STEM;
    return status;
}

/* Prepares is_found. Acronyms are matched in the whole query, so once for all clauses. */
static enum sp_status
prepare_plans(struct spelling_state *state, const sp_query *query)
{
    sp_plan_input *input = &state->input;
    *input = (sp_plan_input){.reader = state->reader->xapian,
                             .doc_count = state->reader->doc_count,
                             .analyzer = state->analyzer,
                             .query = query,
                             .deadline_us = state->deadline,
                             .arena = state->arena};
    enum sp_status status =
        sp_reader_synonyms(state->reader, state->analyzer, &input->synonyms, state->err);
    return status == SP_OK ? sp_acronyms_match(state->reader, state->analyzer, query, state->arena,
                                               &input->acronyms, state->err)
                           : status;
}

/* Whether a document matches the clause in any other way than by its words and stems: joined,
   split, by a synonym. */
static enum sp_status
is_found(struct spelling_state *state, const sp_query *query, size_t clause, bool *found)
{
    enum sp_status status = state->input.query ? SP_OK : prepare_plans(state, query);
    return status == SP_OK ? sp_plan_finds_clause(&state->input, clause, found, state->err)
                           : status;
}

static enum sp_status
add_unknown_word(struct spelling_state *state, const sp_query_word *word, const sp_suspect *suspect)
{
    if (!state->unknown_words)
        state->unknown_words =
            sp_arena_array(state->arena, SP_CORRECTED_WORDS_MAX, sizeof *state->unknown_words);
    if (!state->unknown_words)
        return sp_arena_check(state->arena, state->err);
    state->unknown_words[state->count++] = (struct unknown_word){.word = word, .suspect = *suspect};
    return SP_OK;
}

/* Keeps the first word that exists, although it may be misspelt. */
static enum sp_status
note_rare_word(struct spelling_state *state, const sp_query_word *word, const sp_suspect *suspect,
               uint32_t as_is)
{
    uint32_t by_stem;
    if (state->rare.word || as_is == 0 ||
        (uint64_t)as_is * SP_RARER_TIMES > state->reader->doc_count)
        return SP_OK;
    enum sp_status status = term_freq(state, SP_PREFIX_STEM, word->stem, &by_stem);
    if (status == SP_OK && (uint64_t)by_stem * SP_RARER_TIMES <= state->reader->doc_count)
        state->rare =
            (sp_doubtful_word){word, *suspect, by_stem > as_is ? by_stem : as_is, state->english};
    return status;
}

/* Adds the words of a clause that may be misspelt, if the clause is not found otherwise. */
static enum sp_status
add_unknown_words(struct spelling_state *state, const sp_query *query, size_t index)
{
    const sp_clause *clause = &query->clauses[index];
    enum sp_status status = SP_OK;
    bool known = false, looked = false;
    for (uint32_t i = 0; status == SP_OK && !known && i < clause->word_count; i++) {
        const sp_query_word *word = &clause->words[i];
        sp_bytes typed = sp_bytes_slice(query->text, word->start, word->end);
        sp_suspect suspect;
        enum found_by found = BY_ITSELF;
        uint32_t freq = 0;
        if (state->count == SP_CORRECTED_WORDS_MAX)
            break;
        if (!sp_analyzer_is_stop_word(state->analyzer, word->word) &&
            sp_suspect_init(typed, word->word, state->english, &suspect))
            status = look_up(state, word, &found, &freq);
        if (status == SP_OK && freq > 0 && clause->word_count == 1 && !clause->phrase)
            status = note_rare_word(state, word, &suspect, freq);
        if (status == SP_OK && found == BY_NOTHING && !looked)
            status = is_found(state, query, index, &known);
        looked |= found == BY_NOTHING;
        if (status == SP_OK && found != BY_ITSELF && !known)
            status = add_unknown_word(state, word, &suspect);
    }
    return status;
}

/* Lists the words of the query that are not found. */
static enum sp_status
list_unknown_words(struct spelling_state *state, const sp_query *query)
{
    enum sp_status status = SP_OK;
    state->count = 0;
    state->input.query = NULL;
    state->rare.word = NULL;
    for (size_t i = 0; status == SP_OK && i < query->clause_count; i++) {
        const sp_clause *clause = &query->clauses[i];
        if (!clause->excluded && !clause->prefix && clause->scope == SP_ANYWHERE)
            status = add_unknown_words(state, query, i);
    }
    return status;
}

/* The words' ranges are ascending and do not overlap. */
sp_bytes
sp_corrections_text(const sp_corrections *corrections, uint32_t chosen, uint32_t choice,
                    sp_arena *arena)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    size_t from = 0;
    for (uint32_t i = 0; i < corrections->count; i++) {
        const sp_misspelt_word *word = &corrections->words[i];
        if (word->near_count == 0)
            continue;
        sp_str_append(&text, sp_bytes_slice(corrections->text, from, word->start));
        sp_str_append(&text, word->near[i == chosen ? choice : 0]);
        from = word->end;
    }
    if (from == 0)
        return (sp_bytes){0};
    sp_str_append(&text, sp_bytes_slice(corrections->text, from, corrections->text.len));
    return sp_arena_copy_str(arena, &text);
}

static enum sp_status
fill_corrections(struct spelling_state *state, sp_bytes text)
{
    sp_corrections *out = state->out;
    *out = (sp_corrections){.text = text, .count = state->count};
    out->words = sp_arena_array(state->arena, state->count, sizeof *out->words);
    for (uint32_t i = 0; out->words && i < state->count; i++) {
        const struct unknown_word *unknown = &state->unknown_words[i];
        sp_misspelt_word *word = &out->words[i];
        word->start = unknown->word->start;
        word->end = unknown->word->end;
        word->typed = sp_bytes_slice(text, word->start, word->end);
        for (; word->near_count < unknown->count; word->near_count++)
            word->near[word->near_count] = unknown->best[word->near_count].word;
    }
    if (out->words)
        out->instead = sp_corrections_text(out, 0, 0, state->arena);
    return sp_arena_check(state->arena, state->err);
}

/* A remote database would have to send all of its words, and be asked for the frequency of each
   word of the query. */
static enum sp_status
find_corrections(struct spelling_state *state, const sp_query *query)
{
    if (xc_reader_is_remote(state->reader->xapian))
        return fill_corrections(state, query->text);
    state->language = sp_request_language(state->request);
    if (state->language.len == 0)
        state->language = sp_str_bytes(&state->reader->language);
    state->english = sp_bytes_equal(sp_language_primary(state->language), SP_LITERAL("en"));
    enum sp_status status = list_unknown_words(state, query);
    if (status == SP_OK)
        status = compare_vocabulary(state);
    if (status == SP_OK && state->count > 0)
        status = compare_synonyms(state);
    return status == SP_OK ? fill_corrections(state, query->text) : status;
}

static enum sp_status
attempt(void *context)
{
    struct spelling_state *state = context;
    sp_query query;
    enum sp_status status = sp_reader_analyzer(state->reader, sp_request_language(state->request),
                                               &state->analyzer, state->err);
    if (status == SP_OK)
        status =
            sp_query_read(state->analyzer, state->request->text, state->arena, &query, state->err);
    return status == SP_OK ? find_corrections(state, &query) : status;
}

enum sp_status
sp_corrections_find(sp_reader *reader, const sp_request *request, sp_arena *arena,
                    sp_corrections *out, sp_error *err)
{
    struct spelling_state state = {
        .reader = reader, .request = request, .arena = arena, .out = out, .err = err};
    if (request->timeout_us > 0)
        state.deadline = sp_now_us() + request->timeout_us;
    return sp_reader_attempt(reader, attempt, &state, err);
}

/* The query with a word replaced by another one. */
static sp_bytes
replaced(const sp_query *query, const sp_query_word *word, sp_bytes other, sp_arena *arena)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_str_append(&text, sp_bytes_slice(query->text, 0, word->start));
    sp_str_append(&text, other);
    sp_str_append(&text, sp_bytes_slice(query->text, word->end, query->text.len));
    return sp_arena_copy_str(arena, &text);
}

enum sp_status
sp_spelling_correct(const sp_correction_context *context, sp_query *query, sp_bytes *corrected,
                    sp_bytes *did_you_mean, sp_error *err)
{
    sp_corrections corrections;
    struct spelling_state state = {.reader = context->reader,
                                   .request = context->request,
                                   .analyzer = context->analyzer,
                                   .arena = context->arena,
                                   .out = &corrections,
                                   .deadline = context->deadline_us,
                                   .err = err};
    enum sp_status status = find_corrections(&state, query);
    if (status == SP_OK && state.count == 0 && state.rare.word) {
        sp_bytes meant;
        status = sp_find_meant(context, &state.rare, &meant, err);
        if (status == SP_OK && meant.data)
            *did_you_mean = replaced(query, state.rare.word, meant, context->arena);
    }
    if (status != SP_OK || !corrections.instead.data)
        return status;
    sp_query instead;
    status = sp_query_read(context->analyzer, corrections.instead, context->arena, &instead, err);
    if (status == SP_OK)
        status = sp_query_settle_capitals(&instead, context->reader->xapian, context->arena, err);
    if (status != SP_OK)
        return status;
    instead.text = query->text;
    instead.truncated |= query->truncated;
    *query = instead;
    *corrected = corrections.instead;
    return SP_OK;
}
