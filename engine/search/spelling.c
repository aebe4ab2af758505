// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/clock.h>
#include <signpost/search.h>
#include <signpost/spelling.h>

#include "spelling_private.h"
#include "engine/index/xapian.h"

/* Halves of a word that is two words written as one. */
#define HALF_MIN 3 /* bytes */

#define LETTERS_MIN 3 /* of a word to be mended, and of one to mend it with */
#define SHORT_MAX 5   /* characters of a word that only one may be wrong of */
#define DISTANCE_MAX 2
#define LOOK_AFTER 4096 /* words, at the clock */

struct near_word {
    sp_bytes word;
    uint32_t distance, freq;
};

/* A word of the query that no document has. */
struct wanted {
    const sp_query_word *word;
    sp_spelling spelling;
    uint32_t distance_max;
    struct near_word best[SP_CORRECTIONS_PER_WORD_MAX];
    uint32_t count;
};

struct looking {
    sp_reader *reader;
    const sp_request *request; /* of sp_corrections_find */
    sp_analyzer *analyzer;
    sp_arena *arena;
    sp_corrections *out;
    uint64_t deadline;     /* of sp_now_us(); 0: none */
    struct wanted *wanted; /* SP_CORRECTED_WORDS_MAX of them; NULL before the first */
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

/* Whether a look at lengths and characters leaves it open that they are near: an edit changes the
   length by one at most, and which characters there are by two. */
static bool
may_be_near(const sp_spelling *a, const sp_vocabulary_word *b, uint32_t most)
{
    uint32_t apart = a->len > b->len ? a->len - b->len : b->len - a->len;
    return apart <= most && !has_more_bits(a->set ^ b->set, 2 * most);
}

static uint32_t
least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment (Boytsov, Indexing methods for approximate dictionary searching, 2011),
   or anything over `most` if it is more: only the cells within `most` of the diagonal are filled,
   and cells beside those hold more. A row that is all over `most` ends it: no swap of two
   characters reaches past the row that it skips with less than that row has. */
static uint32_t
distance(const sp_spelling *a, const sp_spelling *b, uint32_t most)
{
    uint32_t rows[3][SP_WORD_MAX + 2];
    for (uint32_t j = 0; j <= b->len; j++)
        rows[0][j] = j;
    for (uint32_t i = 1; i <= a->len; i++) {
        uint32_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        uint32_t low = i > most ? i - most : 1, high = least(b->len, i + most);
        uint32_t lowest = row[low - 1] = low > 1 ? most + 1 : i;
        for (uint32_t j = low; j <= high; j++) {
            bool same = a->codes[i - 1] == b->codes[j - 1];
            row[j] = least(above[j - 1] + !same, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a->codes[i - 1] == b->codes[j - 2] &&
                a->codes[i - 2] == b->codes[j - 1])
                row[j] = least(row[j], two_above[j - 2] + 1);
            lowest = least(lowest, row[j]);
        }
        row[high + 1] = most + 1;
        if (lowest > most)
            return lowest;
    }
    return rows[a->len % 3][b->len];
}

static bool
is_better(const struct near_word *a, const struct near_word *b)
{
    return a->distance != b->distance ? a->distance < b->distance : a->freq > b->freq;
}

/* Words come in byte order, which decides between equals. */
static void
keep(struct looking *at, struct wanted *wanted, struct near_word found)
{
    uint32_t place = wanted->count;
    if (place == SP_CORRECTIONS_PER_WORD_MAX && !is_better(&found, &wanted->best[place - 1]))
        return;
    if (place == SP_CORRECTIONS_PER_WORD_MAX)
        place--;
    else
        wanted->count++;
    found.word = sp_arena_copy(at->arena, found.word);
    for (; place > 0 && is_better(&found, &wanted->best[place - 1]); place--)
        wanted->best[place] = wanted->best[place - 1];
    wanted->best[place] = found;
}

static void
compare(struct looking *at, const sp_vocabulary_word *word)
{
    sp_spelling spelling = {.len = 0};
    if (word->len == 0 || word->letters < LETTERS_MIN)
        return;
    for (uint32_t i = 0; i < at->count; i++) {
        struct wanted *wanted = &at->wanted[i];
        if (!may_be_near(&wanted->spelling, word, wanted->distance_max))
            continue;
        if (spelling.len == 0)
            (void)sp_spell(word->word, &spelling);
        uint32_t apart = distance(&wanted->spelling, &spelling, wanted->distance_max);
        if (apart <= wanted->distance_max)
            keep(at, wanted, (struct near_word){word->word, apart, word->freq});
    }
}

static enum sp_status
check_time(const struct looking *at)
{
    return at->deadline > 0 && sp_now_us() >= at->deadline
               ? sp_fail(at->err, SP_TIMEOUT, "the time for the query is up")
               : SP_OK;
}

static enum sp_status
read_vocabulary(struct looking *at)
{
    sp_vocabulary *vocabulary = &at->reader->vocabulary;
    while (!vocabulary->complete) {
        xc_error cause;
        enum sp_status in_time = check_time(at);
        if (in_time != SP_OK)
            return in_time;
        xc_status status = sp_vocabulary_read(vocabulary, at->reader->xapian, &cause);
        if (vocabulary->arena.failed)
            return sp_arena_check(&vocabulary->arena, at->err);
        if (status != XC_OK)
            return sp_fail_xapian(at->err, status, &cause, NULL);
    }
    return SP_OK;
}

static enum sp_status
walk(struct looking *at)
{
    const sp_vocabulary *vocabulary = &at->reader->vocabulary;
    enum sp_status status = at->count > 0 ? read_vocabulary(at) : SP_OK;
    for (size_t i = 0; status == SP_OK && at->count > 0 && i < vocabulary->count; i++) {
        if (i % LOOK_AFTER == 0)
            status = check_time(at);
        compare(at, &vocabulary->words[i]);
    }
    return status;
}

static enum sp_status
term_freq(struct looking *at, const char *prefix, sp_bytes text, uint32_t *freq)
{
    SP_AUTO(sp_str_done) sp_str term = {0};
    xc_term_stats stats;
    xc_error cause;
    *freq = 0;
    sp_term_make(&term, prefix, text);
    if (term.len == 0)
        return sp_str_check(&term, at->err);
    xc_status status = xc_reader_term(at->reader->xapian, str_to_xc(&term), &stats, &cause);
    if (status != XC_OK)
        return sp_fail_xapian(at->err, status, &cause, NULL);
    *freq = stats.term_freq;
    return SP_OK;
}

static enum sp_status
is_known(struct looking *at, const sp_query_word *word, bool *known)
{
    uint32_t freq;
    enum sp_status status = term_freq(at, SP_PREFIX_STEM, word->stem, &freq);
    if (status == SP_OK && freq == 0)
        status = term_freq(at, "", word->word, &freq);
    *known = freq > 0;
    return status;
}

/* `machinelearning` is no misspelling: it is looked for as two words (engine/plan_words.c). */
static enum sp_status
is_two_words(struct looking *at, sp_bytes word, bool *known)
{
    enum sp_status status = SP_OK;
    *known = false;
    for (size_t i = HALF_MIN; status == SP_OK && !*known && i + HALF_MIN <= word.len; i++) {
        uint32_t left, right = 0;
        if (sp_utf8_is_continuation(word.data[i]))
            continue;
        status = term_freq(at, "", sp_bytes_slice(word, 0, i), &left);
        if (status == SP_OK && left > 0)
            status = term_freq(at, "", sp_bytes_slice(word, i, word.len), &right);
        *known = right > 0;
    }
    return status;
}

static enum sp_status
want(struct looking *at, const sp_query_word *word)
{
    bool known;
    sp_spelling spelling;
    if (!sp_spell(word->word, &spelling) || spelling.letters < LETTERS_MIN ||
        sp_analyzer_is_stop_word(at->analyzer, word->word))
        return SP_OK;
    enum sp_status status = is_known(at, word, &known);
    if (status == SP_OK && !known)
        status = is_two_words(at, word->word, &known);
    if (status != SP_OK || known)
        return status;
    if (!at->wanted)
        at->wanted = sp_arena_array(at->arena, SP_CORRECTED_WORDS_MAX, sizeof *at->wanted);
    if (!at->wanted)
        return sp_arena_check(at->arena, at->err);
    struct wanted *wanted = &at->wanted[at->count];
    *wanted = (struct wanted){.word = word, .spelling = spelling};
    wanted->distance_max = spelling.len > SHORT_MAX ? DISTANCE_MAX : 1;
    at->count++;
    return SP_OK;
}

static enum sp_status
is_known_phrase(struct looking *at, const sp_synonym *phrase, bool *known)
{
    uint32_t freq = 1;
    enum sp_status status = SP_OK;
    for (uint32_t i = 0; status == SP_OK && freq > 0 && i < phrase->count; i++)
        status = term_freq(at, "", phrase->words[i].word, &freq);
    *known = freq > 0;
    return status;
}

/* `phd` is no misspelling where documents say `doctorate`. *clauses has a bit for each clause that
   is found by a synonym. */
static enum sp_status
list_known_otherwise(struct looking *at, const sp_query *query, uint64_t *clauses)
{
    const sp_synonyms *synonyms;
    sp_synonym_matches matches = {0};
    *clauses = 0;
    enum sp_status status = sp_reader_synonyms(at->reader, at->analyzer, &synonyms, at->err);
    if (status == SP_OK)
        status = sp_synonyms_match(synonyms, query, at->arena, &matches, at->err);
    for (size_t i = 0; i < matches.count; i++) {
        const sp_synonym_match *match = &matches.items[i];
        bool known = false;
        for (uint32_t k = 0; status == SP_OK && !known && k < match->other_count; k++) {
            const sp_synonym *other = match->others[k];
            status = other->count == 1 ? is_known(at, &other->words[0], &known)
                                       : is_known_phrase(at, other, &known);
        }
        *clauses |= known ? match->clauses : 0;
    }
    return status;
}

/* The words of the query that no document has. */
static enum sp_status
list_wanted(struct looking *at, const sp_query *query)
{
    uint64_t otherwise;
    enum sp_status status = list_known_otherwise(at, query, &otherwise);
    at->count = 0;
    for (size_t i = 0; status == SP_OK && i < query->clause_count; i++) {
        const sp_clause *clause = &query->clauses[i];
        bool known = clause->excluded || clause->prefix || clause->scope != SP_ANYWHERE ||
                     (otherwise >> i & 1);
        if (!known && clause->form.word.len > 0)
            status = is_known(at, &clause->form, &known);
        for (uint32_t k = 0; !known && k < clause->word_count; k++) {
            if (status == SP_OK && at->count < SP_CORRECTED_WORDS_MAX)
                status = want(at, &clause->words[k]);
        }
    }
    return status;
}

/* The words' ranges ascend and are apart. */
sp_bytes
sp_corrections_text(const sp_corrections *nearest, uint32_t chosen, uint32_t choice,
                    sp_arena *arena)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    size_t from = 0;
    for (uint32_t i = 0; i < nearest->count; i++) {
        const sp_misspelt_word *word = &nearest->words[i];
        if (word->near_count == 0)
            continue;
        sp_str_append(&text, sp_bytes_slice(nearest->text, from, word->start));
        sp_str_append(&text, word->near[i == chosen ? choice : 0]);
        from = word->end;
    }
    if (from == 0)
        return (sp_bytes){0};
    sp_str_append(&text, sp_bytes_slice(nearest->text, from, nearest->text.len));
    return sp_arena_copy_str(arena, &text);
}

static enum sp_status
tell(struct looking *at, sp_bytes text)
{
    sp_corrections *out = at->out;
    *out = (sp_corrections){.text = text, .count = at->count};
    out->words = sp_arena_array(at->arena, at->count, sizeof *out->words);
    for (uint32_t i = 0; out->words && i < at->count; i++) {
        const struct wanted *wanted = &at->wanted[i];
        sp_misspelt_word *word = &out->words[i];
        word->start = wanted->word->start;
        word->end = wanted->word->end;
        word->typed = sp_bytes_slice(text, word->start, word->end);
        for (; word->near_count < wanted->count; word->near_count++)
            word->near[word->near_count] = wanted->best[word->near_count].word;
    }
    if (out->words)
        out->instead = sp_corrections_text(out, 0, 0, at->arena);
    return sp_arena_check(at->arena, at->err);
}

static enum sp_status
look(struct looking *at, const sp_query *query)
{
    enum sp_status status = list_wanted(at, query);
    if (status == SP_OK)
        status = walk(at);
    return status == SP_OK ? tell(at, query->text) : status;
}

static enum sp_status
attempt(void *context)
{
    struct looking *at = context;
    sp_query query;
    enum sp_status status =
        sp_reader_analyzer(at->reader, sp_request_language(at->request), &at->analyzer, at->err);
    if (status == SP_OK)
        status = sp_query_read(at->analyzer, at->request->text, at->arena, &query, at->err);
    return status == SP_OK ? look(at, &query) : status;
}

enum sp_status
sp_corrections_find(sp_reader *reader, const sp_request *request, sp_arena *arena,
                    sp_corrections *out, sp_error *err)
{
    struct looking at = {
        .reader = reader, .request = request, .arena = arena, .out = out, .err = err};
    if (request->timeout_us > 0)
        at.deadline = sp_now_us() + request->timeout_us;
    return sp_reader_attempt(reader, attempt, &at, err);
}

enum sp_status
sp_spelling_correct(const sp_correction *correction, sp_query *query, sp_bytes *corrected,
                    sp_error *err)
{
    sp_corrections nearest;
    struct looking at = {.reader = correction->reader,
                         .analyzer = correction->analyzer,
                         .arena = correction->arena,
                         .out = &nearest,
                         .deadline = correction->deadline_us,
                         .err = err};
    enum sp_status status = look(&at, query);
    if (status != SP_OK || !nearest.instead.data)
        return status;
    sp_query instead;
    status = sp_query_read(correction->analyzer, nearest.instead, correction->arena, &instead, err);
    if (status != SP_OK)
        return status;
    instead.text = query->text;
    instead.truncated |= query->truncated;
    *query = instead;
    *corrected = nearest.instead;
    return SP_OK;
}
