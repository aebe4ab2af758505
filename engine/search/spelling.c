// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/clock.h>
#include <signpost/search.h>
#include <signpost/spelling.h>

#include "spelling_private.h"
#include "engine/index/xapian.h"

#include <xapian-c-remote.h>

/* The shortest half of a word that is two words written as one. */
#define HALF_MIN 3 /* bytes */

#define LETTERS_MIN 3 /* the fewest letters in a word to be corrected or in a candidate */
#define SHORT_MAX 5   /* characters; a longer word may have two errors, others one */
#define DISTANCE_MAX 2
#define CLOCK_INTERVAL 4096 /* words compared between two readings of the clock */

struct near_word {
    sp_bytes word;
    uint32_t distance, freq;
};

/* A word of the query that no document contains. */
struct unknown_word {
    const sp_query_word *word;
    sp_spelling spelling;
    uint32_t distance_max;
    struct near_word best[SP_CORRECTIONS_PER_WORD_MAX];
    uint32_t count;
};

struct spelling_state {
    sp_reader *reader;
    const sp_request *request; /* only for sp_corrections_find */
    sp_analyzer *analyzer;
    sp_arena *arena;
    sp_corrections *out;
    uint64_t deadline; /* in the time of sp_now_us(); 0: none */
    /* SP_CORRECTED_WORDS_MAX of them; NULL until the first is added */
    struct unknown_word *unknown_words;
    uint32_t count;
    sp_error *err;
};

static bool
has_more_bits(uint64_t set, uint32_t most)
{
    for (; set && most > 0; most--)
        set &= set - 1;
    return set != 0;
}

/* Whether lengths and character sets permit the two to be near: an edit changes the length by at
   most one and the set of characters by at most two. */
static bool
may_be_near(const sp_spelling *a, const sp_vocabulary_word *b, uint32_t most)
{
    uint32_t apart = a->len > b->len ? a->len - b->len : b->len - a->len;
    return apart <= most && !has_more_bits(a->set ^ b->set, 2 * most);
}

static uint32_t
smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* The edit distance by optimal string alignment (Boytsov, Indexing methods for approximate
   dictionary searching, 2011), or some number above `most` if it is greater. Only cells within
   `most` of the diagonal are filled, because others are greater than `most`. The computation stops
   at a row in which every cell is greater than `most`: a swap of two characters uses the row before
   the last one, but gives no smaller values than that row has. */
static uint32_t
distance(const sp_spelling *a, const sp_spelling *b, uint32_t most)
{
    uint32_t rows[3][SP_WORD_MAX + 2];
    for (uint32_t j = 0; j <= b->len; j++)
        rows[0][j] = j;
    for (uint32_t i = 1; i <= a->len; i++) {
        uint32_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        uint32_t low = i > most ? i - most : 1, high = smaller(b->len, i + most);
        uint32_t lowest = row[low - 1] = low > 1 ? most + 1 : i;
        for (uint32_t j = low; j <= high; j++) {
            bool same = a->codes[i - 1] == b->codes[j - 1];
            // NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): the band is filled
            row[j] = smaller(above[j - 1] + !same, smaller(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a->codes[i - 1] == b->codes[j - 2] &&
                a->codes[i - 2] == b->codes[j - 1])
                row[j] = smaller(row[j], two_above[j - 2] + 1);
            lowest = smaller(lowest, row[j]);
        }
        row[high + 1] = most + 1;
        if (lowest > most)
            return lowest;
    }
    // NOLINTNEXTLINE(clang-analyzer-core.uninitialized.UndefReturn): likewise
    return rows[a->len % 3][b->len];
}

static bool
is_better(const struct near_word *a, const struct near_word *b)
{
    return a->distance != b->distance ? a->distance < b->distance : a->freq > b->freq;
}

/* Keeps the word if it is among the best. Words come in byte order, so of equally good words the
   first in byte order is better. */
static void
keep_near_word(struct spelling_state *state, struct unknown_word *unknown, struct near_word found)
{
    uint32_t place = unknown->count;
    if (place == SP_CORRECTIONS_PER_WORD_MAX && !is_better(&found, &unknown->best[place - 1]))
        return;
    if (place == SP_CORRECTIONS_PER_WORD_MAX)
        place--;
    else
        unknown->count++;
    found.word = sp_arena_copy(state->arena, found.word);
    for (; place > 0 && is_better(&found, &unknown->best[place - 1]); place--)
        unknown->best[place] = unknown->best[place - 1];
    unknown->best[place] = found;
}

static void
compare_word(struct spelling_state *state, const sp_vocabulary_word *word)
{
    sp_spelling spelling = {.len = 0};
    if (word->len == 0 || word->letters < LETTERS_MIN)
        return;
    for (uint32_t i = 0; i < state->count; i++) {
        struct unknown_word *unknown = &state->unknown_words[i];
        if (!may_be_near(&unknown->spelling, word, unknown->distance_max))
            continue;
        if (spelling.len == 0)
            (void)sp_spell(word->word, &spelling);
        uint32_t apart = distance(&unknown->spelling, &spelling, unknown->distance_max);
        if (apart <= unknown->distance_max)
            keep_near_word(state, unknown, (struct near_word){word->word, apart, word->freq});
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

static enum sp_status
is_known(struct spelling_state *state, const sp_query_word *word, bool *known)
{
    uint32_t freq;
    enum sp_status status = term_freq(state, SP_PREFIX_STEM, word->stem, &freq);
    if (status == SP_OK && freq == 0)
        status = term_freq(state, "", word->word, &freq);
    *known = freq > 0;
    return status;
}

/* `machinelearning` is not misspelt: it is searched for as two words (plan_words.c). */
static enum sp_status
is_two_words(struct spelling_state *state, sp_bytes word, bool *known)
{
    enum sp_status status = SP_OK;
    *known = false;
    for (size_t i = HALF_MIN; status == SP_OK && !*known && i + HALF_MIN <= word.len; i++) {
        uint32_t left, right = 0;
        if (sp_utf8_is_continuation(word.data[i]))
            continue;
        status = term_freq(state, "", sp_bytes_slice(word, 0, i), &left);
        if (status == SP_OK && left > 0)
            status = term_freq(state, "", sp_bytes_slice(word, i, word.len), &right);
        *known = right > 0;
    }
    return status;
}

static enum sp_status
add_if_unknown(struct spelling_state *state, const sp_query_word *word)
{
    bool known;
    sp_spelling spelling;
    if (!sp_spell(word->word, &spelling) || spelling.letters < LETTERS_MIN ||
        sp_analyzer_is_stop_word(state->analyzer, word->word))
        return SP_OK;
    enum sp_status status = is_known(state, word, &known);
    if (status == SP_OK && !known)
        status = is_two_words(state, word->word, &known);
    if (status != SP_OK || known)
        return status;
    if (!state->unknown_words)
        state->unknown_words =
            sp_arena_array(state->arena, SP_CORRECTED_WORDS_MAX, sizeof *state->unknown_words);
    if (!state->unknown_words)
        return sp_arena_check(state->arena, state->err);
    struct unknown_word *unknown = &state->unknown_words[state->count];
    *unknown = (struct unknown_word){.word = word, .spelling = spelling};
    unknown->distance_max = spelling.len > SHORT_MAX ? DISTANCE_MAX : 1;
    state->count++;
    return SP_OK;
}

static enum sp_status
is_known_phrase(struct spelling_state *state, const sp_synonym *phrase, bool *known)
{
    uint32_t freq = 1;
    enum sp_status status = SP_OK;
    for (uint32_t i = 0; status == SP_OK && freq > 0 && i < phrase->count; i++)
        status = term_freq(state, "", phrase->words[i].word, &freq);
    *known = freq > 0;
    return status;
}

/* `phd` is not misspelt if documents contain `doctorate`. Sets a bit in *clauses for each clause
   that is found by a synonym. */
static enum sp_status
find_known_synonyms(struct spelling_state *state, const sp_query *query, uint64_t *clauses)
{
    const sp_synonyms *synonyms;
    sp_synonym_matches matches = {0};
    *clauses = 0;
    enum sp_status status =
        sp_reader_synonyms(state->reader, state->analyzer, &synonyms, state->err);
    if (status == SP_OK)
        status = sp_synonyms_match(synonyms, query, state->arena, &matches, state->err);
    for (size_t i = 0; i < matches.count; i++) {
        const sp_synonym_match *match = &matches.items[i];
        bool known = false;
        for (uint32_t k = 0; status == SP_OK && !known && k < match->other_count; k++) {
            const sp_synonym *other = match->others[k];
            status = other->count == 1 ? is_known(state, &other->words[0], &known)
                                       : is_known_phrase(state, other, &known);
        }
        *clauses |= known ? match->clauses : 0;
    }
    return status;
}

/* Lists the words of the query that no document contains. */
static enum sp_status
list_unknown_words(struct spelling_state *state, const sp_query *query)
{
    uint64_t known_by_synonym;
    enum sp_status status = find_known_synonyms(state, query, &known_by_synonym);
    state->count = 0;
    for (size_t i = 0; status == SP_OK && i < query->clause_count; i++) {
        const sp_clause *clause = &query->clauses[i];
        bool known = clause->excluded || clause->prefix || clause->scope != SP_ANYWHERE ||
                     (known_by_synonym >> i & 1);
        if (!known && clause->form.word.len > 0)
            status = is_known(state, &clause->form, &known);
        for (uint32_t k = 0; !known && k < clause->word_count; k++) {
            if (status == SP_OK && state->count < SP_CORRECTED_WORDS_MAX)
                status = add_if_unknown(state, &clause->words[k]);
        }
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
    enum sp_status status = list_unknown_words(state, query);
    if (status == SP_OK)
        status = compare_vocabulary(state);
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

enum sp_status
sp_spelling_correct(const sp_correction_context *context, sp_query *query, sp_bytes *corrected,
                    sp_error *err)
{
    sp_corrections corrections;
    struct spelling_state state = {.reader = context->reader,
                                   .analyzer = context->analyzer,
                                   .arena = context->arena,
                                   .out = &corrections,
                                   .deadline = context->deadline_us,
                                   .err = err};
    enum sp_status status = find_corrections(&state, query);
    if (status != SP_OK || !corrections.instead.data)
        return status;
    sp_query instead;
    status = sp_query_read(context->analyzer, corrections.instead, context->arena, &instead, err);
    if (status != SP_OK)
        return status;
    instead.text = query->text;
    instead.truncated |= query->truncated;
    *query = instead;
    *corrected = corrections.instead;
    return SP_OK;
}
