#include "plan.h"

#include "expansion.h"
#include "xapian.h"

#include <math.h>

/* `fulltime` is also looked for as `full time`: both parts must be words of the index. */
#define SPLIT_PART_MIN 2
#define SPLIT_WORD_MIN 6
#define SPLIT_FREQ_MAX 100 /* a site that writes it joined so often does so throughout */

/* What words that only begin as typed are worth where one is just what was typed. */
#define BEGINNING_SCALE 0.5

struct planning {
    const sp_plan_input *input;
    sp_plan *plan;
    uint32_t prefix_count; /* different prefixes of the query, which share what it may expand to */
    size_t clause_capacity, pattern_capacity;
    bool other_languages; /* some documents are in another than the query's */
    sp_str term;
    enum sp_status status;
    sp_error *err;
};

/* Alternatives for one clause; each is any document's way to have it. */
#define PARTS_MAX 8

struct parts {
    xc_query *items[PARTS_MAX];
    size_t count;
};

static void
add_part(struct parts *parts, xc_query *query)
{
    if (parts->count < PARTS_MAX)
        parts->items[parts->count++] = query;
    else
        xc_query_free(query);
}

static uint32_t
term_freq(struct planning *at, const char *prefix, sp_bytes text)
{
    xc_term_stats stats = {0};
    xc_error cause;
    sp_term_make(&at->term, prefix, text);
    if (at->status != SP_OK || at->term.len == 0)
        return 0;
    xc_status status = xc_reader_term(at->input->reader, str_to_xc(&at->term), &stats, &cause);
    if (status != XC_OK)
        at->status = sp_fail_xapian(at->err, status, &cause, NULL);
    return stats.term_freq;
}

static xc_query *
term_query(struct planning *at, const char *prefix, sp_bytes text, uint32_t wqf)
{
    sp_term_make(&at->term, prefix, text);
    return at->term.len > 0 ? xc_query_term(str_to_xc(&at->term), wqf) : xc_query_none();
}

static xc_query *
phrase_query(const sp_query_word *words, uint32_t count)
{
    xc_bytes terms[SP_QUERY_WORDS_MAX];
    for (uint32_t i = 0; i < count; i++)
        terms[i] = to_xc(words[i].word);
    return xc_query_phrase(terms, count, count);
}

static void
add_pattern(struct planning *at, const sp_query_word *words, uint32_t count, bool exact)
{
    sp_plan *plan = at->plan;
    sp_arena *arena = at->input->arena;
    plan->patterns = sp_arena_grow(arena, plan->patterns, &at->pattern_capacity,
                                   plan->pattern_count + 1, sizeof *plan->patterns);
    uint32_t *hashes = sp_arena_array(arena, count, sizeof *hashes);
    if (!plan->patterns || !hashes)
        return;
    for (uint32_t i = 0; i < count; i++)
        hashes[i] = sp_stem_hash(words[i].stem);
    plan->patterns[plan->pattern_count++] =
        (sp_pattern){words, hashes, count, plan->clause_count, exact, false};
}

/* How much a word of that many documents tells. */
static double
idf(const struct planning *at, uint32_t freq)
{
    uint32_t count = at->input->doc_count > freq ? at->input->doc_count : freq;
    return log(1 + ((double)count - freq + 0.5) / (freq + 0.5));
}

/* Another way to write a word is worth no more than the word: it is rarer, and by its own rarity a
   page with `high-speed` would stand above all that say `high speed`. */
static xc_query *
no_more_than(double word, double other, xc_query *query)
{
    return other > word ? xc_query_scale(query, word / other) : query;
}

/* A word that the query does not say itself, with its stem. */
static sp_query_word
other_word(struct planning *at, sp_bytes word)
{
    sp_tokens tokens;
    sp_query_word made = {.word = word, .stem = word};
    if (at->status == SP_OK)
        at->status = sp_analyze(at->input->analyzer, word, &tokens, at->err);
    if (at->status == SP_OK && tokens.count > 0)
        made.stem = sp_arena_copy(at->input->arena, tokens.items[0].stem);
    return made;
}

/* `fulltime` as `full time`: where the index knows both halves. A half is matched as it stands, so
   its stem is not needed for the tree; passages compare the words themselves. */
static void
add_splits(struct planning *at, const sp_query_word *word, uint32_t freq, struct parts *parts)
{
    sp_bytes text = word->word;
    if (text.len < SPLIT_WORD_MIN || freq > SPLIT_FREQ_MAX)
        return;
    for (size_t i = SPLIT_PART_MIN; i + SPLIT_PART_MIN <= text.len && parts->count < PARTS_MAX;
         i++) {
        sp_bytes left = sp_bytes_slice(text, 0, i), right = sp_bytes_slice(text, i, text.len);
        if (((unsigned char)right.data[0] & 0xC0) == 0x80)
            continue;
        uint32_t left_freq = term_freq(at, "", left);
        uint32_t right_freq = left_freq > 0 ? term_freq(at, "", right) : 0;
        if (right_freq == 0)
            continue;
        sp_query_word *halves = sp_arena_array(at->input->arena, 2, sizeof *halves);
        if (!halves)
            return;
        halves[0] = other_word(at, left);
        halves[1] = other_word(at, right);
        add_part(parts, no_more_than(idf(at, freq), idf(at, left_freq) + idf(at, right_freq),
                                     phrase_query(halves, 2)));
        add_pattern(at, halves, 2, true);
    }
}

static bool
is_plain_word(const sp_clause *clause)
{
    return clause->word_count == 1 && !clause->phrase && !clause->prefix;
}

/* `full time` as `fulltime`: the joined word serves for both of its parts. */
static void
add_joined(struct planning *at, const sp_clause *left, const sp_clause *right, uint32_t freq,
           struct parts *parts)
{
    if (!left || !right || !is_plain_word(left) || !is_plain_word(right) || left->excluded ||
        right->excluded)
        return;
    SP_AUTO(sp_str_done) sp_str joined = {0};
    sp_str_append(&joined, left->words[0].word);
    sp_str_append(&joined, right->words[0].word);
    uint32_t joined_freq = term_freq(at, "", sp_str_bytes(&joined));
    if (joined_freq == 0)
        return;
    sp_bytes word = sp_arena_copy_str(at->input->arena, &joined);
    sp_query_word *made = sp_arena_alloc(at->input->arena, sizeof *made);
    if (!made)
        return;
    *made = other_word(at, word);
    add_part(parts, no_more_than(idf(at, freq), idf(at, joined_freq), term_query(at, "", word, 1)));
    add_pattern(at, made, 1, true);
}

/* A single word: by its stem, or as it is where only that is known. */
static uint32_t
add_word(struct planning *at, const sp_query_word *word, uint32_t wqf, struct parts *parts)
{
    uint32_t freq = term_freq(at, SP_PREFIX_STEM, word->stem);
    uint32_t as_is = freq == 0 ? term_freq(at, "", word->word) : 0;
    add_part(parts, as_is > 0 ? term_query(at, "", word->word, wqf)
                              : term_query(at, SP_PREFIX_STEM, word->stem, wqf));
    add_pattern(at, word, 1, as_is > 0);
    if (as_is == 0 && at->other_languages) { /* whose stems are not the query's */
        add_pattern(at, word, 1, true);
        if (at->plan->pattern_count > 0)
            at->plan->patterns[at->plan->pattern_count - 1].foreign = true;
    }
    return freq > 0 ? freq : as_is;
}

/* The first way to have the clause, and the others where a document lacks that. OP_MAX would say so
   better, but libxapian 1.4.22 crashes in it where it leaves out documents that cannot reach the
   page. */
static xc_query *
first_of(const struct parts *parts)
{
    xc_query *first = parts->items[0];
    if (parts->count == 1)
        return first;
    xc_query *others = xc_query_or(parts->items + 1, parts->count - 1);
    xc_query *both[2] = {first, xc_query_and_not(others, xc_query_copy(first))};
    return xc_query_or(both, 2);
}

/* Any word that begins as typed. What has just that word ranks above what has others, and what has
   its stem is found too, as without the asterisk. libxapian counts synonyms once, however often the
   query says them. */
static xc_query *
prefix_query(struct planning *at, const sp_clause *clause, uint32_t wqf, double *weight)
{
    sp_expansion expansion = {0};
    xc_query *words[SP_EXPANSION_WORDS_MAX + 1];
    if (at->status == SP_OK)
        at->status = sp_expansion_make(at->input, clause->words[0].word, at->prefix_count,
                                       &expansion, at->err);
    uint32_t count = 0;
    for (; count < expansion.count; count++) {
        words[count] = term_query(at, "", expansion.words[count].word, 1);
        add_pattern(at, &expansion.words[count], 1, true);
    }
    *weight = idf(at, expansion.freq);
    if (!expansion.known || clause->excluded)
        return xc_query_scale(xc_query_synonym(words, count), wqf);
    words[count++] = term_query(at, SP_PREFIX_STEM, clause->words[0].stem, 1);
    add_pattern(at, &clause->words[0], 1, false);
    xc_query *parts[] = {term_query(at, "", clause->words[0].word, wqf),
                         xc_query_scale(xc_query_synonym(words, count), BEGINNING_SCALE * wqf)};
    return xc_query_or(parts, 2);
}

/* The clause's tree; its patterns are added on the way. wqf: how often the query says it. */
static xc_query *
clause_query(struct planning *at, const sp_clause *const *around, uint32_t wqf, double *weight)
{
    const sp_clause *clause = around[1];
    struct parts parts = {0};
    uint32_t freq = 0;
    if (clause->prefix)
        return prefix_query(at, clause, wqf, weight);
    if (is_plain_word(clause)) {
        freq = add_word(at, &clause->words[0], wqf, &parts);
        if (clause->form.word.len > 0)
            add_word(at, &clause->form, wqf, &parts);
        if (!clause->excluded) { /* what to leave out is taken as it is typed */
            add_splits(at, &clause->words[0], freq, &parts);
            add_joined(at, around[0], clause, freq, &parts);
            add_joined(at, clause, around[2], freq, &parts);
        }
    } else {
        add_part(&parts, phrase_query(clause->words, clause->word_count));
        add_pattern(at, clause->words, clause->word_count, clause->phrase);
        if (!clause->phrase && clause->form.word.len > 0)
            freq = add_word(at, &clause->form, wqf, &parts);
    }
    *weight = idf(at, freq);
    return first_of(&parts);
}

static bool
same_words(const sp_clause *a, const sp_clause *b)
{
    bool as_typed = a->phrase || a->prefix;
    if (a->phrase != b->phrase || a->prefix != b->prefix || a->excluded != b->excluded ||
        a->word_count != b->word_count)
        return false;
    for (uint32_t i = 0; i < a->word_count; i++) {
        const sp_query_word *x = &a->words[i], *y = &b->words[i];
        if (!sp_bytes_equal(as_typed ? x->word : x->stem, as_typed ? y->word : y->stem))
            return false;
    }
    return true;
}

/* How often the query says this clause, or 0 where an earlier one stands for it. */
static uint32_t
times_said(const sp_query *query, size_t clause)
{
    uint32_t times = 0;
    for (size_t i = 0; i < query->clause_count; i++) {
        if (!same_words(&query->clauses[clause], &query->clauses[i]))
            continue;
        if (i < clause)
            return 0;
        times++;
    }
    return times;
}

static uint32_t
count_prefixes(const sp_query *query)
{
    uint32_t count = 0;
    for (size_t i = 0; i < query->clause_count; i++)
        count += query->clauses[i].prefix && times_said(query, i) > 0;
    return count;
}

/* Stop words are dropped unless nothing is left, or the search is exact. */
static bool
keeps_stop_words(const sp_plan_input *input)
{
    for (size_t i = 0; i < input->query->clause_count; i++) {
        const sp_clause *clause = &input->query->clauses[i];
        if (!clause->excluded && !clause->stop)
            return input->exact;
    }
    return true;
}

static void
add_plan_clause(struct planning *at, const sp_clause *clause, double weight)
{
    sp_plan *plan = at->plan;
    plan->clauses = sp_arena_grow(at->input->arena, plan->clauses, &at->clause_capacity,
                                  plan->clause_count + 1, sizeof *plan->clauses);
    if (plan->clauses)
        plan->clauses[plan->clause_count++] = (sp_plan_clause){clause, weight};
}

/* One for each of the query's clauses at most, and each has a word. */
struct trees {
    xc_query *items[SP_QUERY_WORDS_MAX];
    size_t count;
};

/* The trees of all clauses that must be found, and those that must not. */
static void
plan_clauses(struct planning *at, struct trees *wanted, struct trees *excluded)
{
    const sp_query *query = at->input->query;
    bool keep_stop_words = keeps_stop_words(at->input);
    for (size_t i = 0; i < query->clause_count && at->status == SP_OK; i++) {
        const sp_clause *around[3] = {i > 0 ? &query->clauses[i - 1] : NULL, &query->clauses[i],
                                      i + 1 < query->clause_count ? &query->clauses[i + 1] : NULL};
        uint32_t times = times_said(query, i), patterns = at->plan->pattern_count;
        double weight;
        if (times == 0 || (around[1]->stop && !keep_stop_words && !around[1]->excluded))
            continue;
        xc_query *tree = clause_query(at, around, times, &weight);
        if (around[1]->excluded) {
            at->plan->pattern_count = patterns; /* nothing to show */
            excluded->items[excluded->count++] = tree;
        } else {
            wanted->items[wanted->count++] = tree;
            add_plan_clause(at, around[1], weight);
        }
    }
}

static const char *const field_prefixes[SP_FIELD_COUNT] = {
    [SP_FIELD_TAG] = SP_PREFIX_TAG,
    [SP_FIELD_CATEGORY] = SP_PREFIX_CATEGORY,
    [SP_FIELD_KIND] = SP_PREFIX_KIND,
    [SP_FIELD_LANG] = SP_PREFIX_LANG,
};

/* Documents with any of the field's values, or NULL when the query does not name the field. */
static xc_query *
field_query(struct planning *at, enum sp_field field, bool excluded)
{
    const sp_query *query = at->input->query;
    xc_query **values = sp_arena_array(at->input->arena, query->filter_count, sizeof(xc_query *));
    size_t count = 0;
    for (size_t i = 0; values && i < query->filter_count; i++) {
        const sp_filter *filter = &query->filters[i];
        if (filter->field == field && filter->excluded == excluded)
            values[count++] = term_query(at, field_prefixes[field], filter->value, 1);
    }
    return count > 0 ? xc_query_or(values, count) : NULL;
}

/* The tree kept to what the filters and dates allow. */
static xc_query *
filtered(struct planning *at, xc_query *tree)
{
    const sp_plan_input *input = at->input;
    for (int field = 0; field < SP_FIELD_COUNT; field++) {
        xc_query *wanted = field_query(at, (enum sp_field)field, false);
        xc_query *unwanted = field_query(at, (enum sp_field)field, true);
        if (wanted)
            tree = xc_query_filter(tree, wanted);
        if (unwanted)
            tree = xc_query_and_not(tree, unwanted);
    }
    if (input->date_low.len == 0 && input->date_high.len == 0)
        return tree;
    /* "0" leaves out what has no date, ":" sorts behind every digit. */
    xc_bytes low = input->date_low.len > 0 ? to_xc(input->date_low) : XC_BYTES("0");
    xc_bytes high = input->date_high.len > 0 ? to_xc(input->date_high) : XC_BYTES(":");
    return xc_query_filter(tree, xc_query_value_range(SP_SLOT_DATE, low, high));
}

/* Adds a bonus for each two words that stand side by side in the query and in the document. One
   AND_MAYBE a pair: libxapian 1.4 gives half of a pair its weight where the right side is an OR. */
static xc_query *
with_pairs(const struct planning *at, xc_query *tree)
{
    const sp_plan *plan = at->plan;
    double scale = at->input->ranking->pair;
    for (uint32_t i = 0; scale > 0 && i + 1 < plan->clause_count; i++) {
        const sp_clause *left = plan->clauses[i].clause, *right = plan->clauses[i + 1].clause;
        if (!is_plain_word(left) || !is_plain_word(right))
            continue;
        sp_query_word words[2] = {left->words[0], right->words[0]};
        tree = xc_query_and_maybe(tree, xc_query_scale(phrase_query(words, 2), scale));
    }
    return tree;
}

static struct trees
copies_of(const struct trees *trees)
{
    struct trees copies = {.count = trees->count};
    for (size_t i = 0; i < trees->count; i++)
        copies.items[i] = xc_query_copy(trees->items[i]);
    return copies;
}

static xc_query *
without(xc_query *tree, const struct trees *excluded)
{
    return excluded->count > 0
               ? xc_query_and_not(tree, xc_query_or(excluded->items, excluded->count))
               : tree;
}

/* A query without words: everything that its exclusions and filters leave, if it has any. */
static xc_query *
unworded(const struct planning *at, const struct trees *excluded)
{
    const sp_plan_input *input = at->input;
    bool chooses = excluded->count > 0 || input->query->filter_count > 0 ||
                   input->date_low.len > 0 || input->date_high.len > 0;
    return chooses ? xc_query_all() : xc_query_none();
}

static void
make_trees(struct planning *at, const struct trees *wanted, const struct trees *excluded)
{
    sp_plan *plan = at->plan;
    plan->scored = wanted->count > 0;
    if (!plan->scored) {
        plan->all = filtered(at, without(unworded(at, excluded), excluded));
        return;
    }
    bool relaxes = wanted->count > 1 && !at->input->exact;
    struct trees copies = copies_of(wanted), not_in_any = {0};
    plan->words = xc_query_or(copies.items, copies.count);
    if (relaxes) {
        copies = copies_of(wanted);
        not_in_any = copies_of(excluded);
    }
    xc_query *every = xc_query_and(wanted->items, wanted->count);
    if (relaxes) {
        xc_query *some = without(xc_query_or(copies.items, copies.count), &not_in_any);
        plan->rest = filtered(at, xc_query_and_not(xc_query_copy(some), xc_query_copy(every)));
        if (wanted->count > 2) /* where none has both of two words, none has the pair */
            some = with_pairs(at, some);
        plan->any = filtered(at, some);
    }
    plan->all = filtered(at, without(with_pairs(at, every), excluded));
}

bool
sp_query_is_plain(const sp_query *query)
{
    for (size_t i = 0; i < query->clause_count; i++) {
        const sp_clause *clause = &query->clauses[i];
        if (clause->phrase || clause->prefix || clause->excluded)
            return false;
    }
    return query->clause_count > 0 && query->filter_count == 0;
}

xc_query *
sp_plan_apart(const sp_plan_input *input, const sp_plan *plan, xc_query *take)
{
    struct planning at = {.input = input};
    xc_query *tree = filtered(&at, xc_query_and_not(take, xc_query_copy(plan->words)));
    sp_str_done(&at.term);
    return tree;
}

static void
free_trees(struct trees *trees)
{
    for (size_t i = 0; i < trees->count; i++)
        xc_query_free(trees->items[i]);
}

enum sp_status
sp_plan_make(const sp_plan_input *input, sp_plan *out, sp_error *err)
{
    struct planning at = {.input = input, .plan = out, .err = err};
    struct trees wanted = {0}, excluded = {0};
    *out = (sp_plan){.lang = input->lang};
    at.prefix_count = count_prefixes(input->query);
    at.other_languages = term_freq(&at, SP_PREFIX_LANG, input->lang) < input->doc_count;
    plan_clauses(&at, &wanted, &excluded);
    if (at.status == SP_OK)
        at.status = sp_arena_check(input->arena, err);
    if (at.status == SP_OK)
        at.status = sp_str_check(&at.term, err);
    if (at.status == SP_OK) {
        make_trees(&at, &wanted, &excluded);
    } else {
        free_trees(&wanted);
        free_trees(&excluded);
    }
    sp_str_done(&at.term);
    return at.status != SP_OK ? at.status : sp_arena_check(input->arena, err);
}

void
sp_plan_done(sp_plan *plan)
{
    xc_query_free(plan->all);
    xc_query_free(plan->any);
    xc_query_free(plan->rest);
    xc_query_free(plan->words);
    *plan = (sp_plan){0};
}
