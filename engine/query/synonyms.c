// SPDX-License-Identifier: GPL-2.0-or-later
#include "synonyms.h"
#include "capitals.h"

#include "engine/base/bound.h"

#include <signpost/schema.h>

#include <stdlib.h>
#include <xxhash.h>

_Static_assert(SP_QUERY_WORDS_MAX <= 64, "a match has a bit for each clause");

/* A line of the synonyms: each side on the left has all sides on the right as synonyms. In a group
   left and right are the same sides. */
struct rule {
    size_t left, left_count, right, right_count; /* indices into sides and their number */
};

/* An entry of the index by the hash of a side's stems. */
struct key {
    uint64_t hash;
    uint32_t side, rule;
};

struct sp_synonyms {
    sp_arena arena; /* owns everything except the struct itself */
    sp_synonym *sides;
    struct rule *rules;
    struct key *keys; /* ascending by hash, rule, side */
    size_t side_count, side_capacity, rule_count, rule_capacity, key_count;
};

/* Parsing */

static uint64_t
hash_stem(uint64_t hash, sp_bytes stem)
{
    return XXH64(stem.data, stem.len, hash + 1);
}

/* The stem by which a word is compared with others in any case. */
static sp_bytes
small_stem(const sp_query_word *word)
{
    return word->small.len > 0 ? word->small : word->stem;
}

static uint64_t
hash_side(const sp_synonym *side)
{
    uint64_t hash = 0;
    for (uint32_t i = 0; i < side->count; i++)
        hash = hash_stem(hash, small_stem(&side->words[i]));
    return hash;
}

/* Adds the words of a side; a side with no words or with too many is skipped. */
static enum sp_status
add_side(sp_synonyms *synonyms, sp_analyzer *analyzer, sp_bytes text, sp_error *err)
{
    sp_tokens tokens;
    sp_synonym side = {0};
    uint32_t plain = 0;
    enum sp_status status = sp_analyze(analyzer, text, &tokens, err);
    if (status != SP_OK)
        return status;
    for (size_t i = 0; i < tokens.count; i++)
        plain += !tokens.items[i].form;
    if (plain == 0 || plain > SP_SYNONYM_WORDS_MAX)
        return SP_OK;
    side.words = sp_arena_array(&synonyms->arena, plain, sizeof *side.words);
    for (size_t i = 0; side.words && i < tokens.count; i++) {
        const sp_token *token = &tokens.items[i];
        if (!token->form)
            side.words[side.count++] =
                (sp_query_word){.word = sp_arena_copy(&synonyms->arena, token->word),
                                .stem = sp_arena_copy(&synonyms->arena, token->stem)};
    }
    if (side.count == 1 && sp_analyzer_is_stop_word(analyzer, side.words[0].word))
        sp_query_word_put_in_capitals(&side.words[0], &synonyms->arena);
    synonyms->sides = sp_arena_grow(&synonyms->arena, synonyms->sides, &synonyms->side_capacity,
                                    synonyms->side_count + 1, sizeof *synonyms->sides);
    if (synonyms->sides)
        synonyms->sides[synonyms->side_count++] = side;
    return sp_arena_check(&synonyms->arena, err);
}

static enum sp_status
add_rule(sp_synonyms *synonyms, const struct rule *rule, sp_error *err)
{
    if (rule->left_count == 0 || rule->right_count == 0)
        return SP_OK;
    synonyms->rules = sp_arena_grow(&synonyms->arena, synonyms->rules, &synonyms->rule_capacity,
                                    synonyms->rule_count + 1, sizeof *synonyms->rules);
    if (synonyms->rules)
        synonyms->rules[synonyms->rule_count++] = *rule;
    synonyms->key_count += rule->left_count;
    return sp_arena_check(&synonyms->arena, err);
}

/* line: without its newline. */
static enum sp_status
add_line(sp_synonyms *synonyms, sp_analyzer *analyzer, sp_bytes line, sp_error *err)
{
    size_t first = synonyms->side_count, arrow = SIZE_MAX;
    enum sp_status status = SP_OK;
    for (size_t at = 0; status == SP_OK && at <= line.len;) {
        size_t tab = sp_bytes_find(line, SP_LITERAL("\t"), at);
        size_t end = tab == SIZE_MAX ? line.len : tab;
        sp_bytes side = sp_bytes_slice(line, at, end);
        if (sp_bytes_equal(side, SP_LITERAL(SP_SYNONYMS_ARROW)))
            arrow = synonyms->side_count;
        else
            status = add_side(synonyms, analyzer, side, err);
        at = end + 1;
    }
    size_t last = synonyms->side_count;
    struct rule rule = {first, last - first, first, last - first};
    if (arrow != SIZE_MAX)
        rule = (struct rule){first, arrow - first, arrow, last - arrow};
    return status == SP_OK ? add_rule(synonyms, &rule, err) : status;
}

static int
compare_keys(const void *left, const void *right)
{
    const struct key *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    if (a->rule != b->rule)
        return a->rule < b->rule ? -1 : 1;
    return (a->side > b->side) - (a->side < b->side);
}

static enum sp_status
make_keys(sp_synonyms *synonyms, sp_error *err)
{
    size_t count = 0;
    synonyms->keys = sp_arena_array(&synonyms->arena, synonyms->key_count, sizeof(struct key));
    for (size_t i = 0; synonyms->keys && i < synonyms->rule_count; i++) {
        const struct rule *rule = &synonyms->rules[i];
        for (size_t side = rule->left; side < rule->left + rule->left_count; side++)
            synonyms->keys[count++] =
                (struct key){hash_side(&synonyms->sides[side]), (uint32_t)side, (uint32_t)i};
    }
    if (count > 1)
        qsort(synonyms->keys, count, sizeof *synonyms->keys, compare_keys);
    return sp_arena_check(&synonyms->arena, err);
}

enum sp_status
sp_synonyms_new(sp_analyzer *analyzer, sp_bytes text, sp_synonyms **out, sp_error *err)
{
    enum sp_status status = SP_OK;
    sp_synonyms *synonyms = calloc(1, sizeof *synonyms);
    if (!synonyms)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    for (size_t at = 0; status == SP_OK && at < text.len;) {
        size_t newline = sp_bytes_find(text, SP_LITERAL("\n"), at);
        size_t end = newline == SIZE_MAX ? text.len : newline;
        status = add_line(synonyms, analyzer, sp_bytes_slice(text, at, end), err);
        at = end + 1;
    }
    if (status == SP_OK)
        status = make_keys(synonyms, err);
    if (status == SP_OK)
        *out = synonyms;
    else
        sp_synonyms_free(synonyms);
    return status;
}

void
sp_synonyms_free(sp_synonyms *synonyms)
{
    if (!synonyms)
        return;
    sp_arena_done(&synonyms->arena);
    free(synonyms);
}

bool
sp_synonyms_key(const sp_synonyms *synonyms, size_t index, sp_synonym_key *out)
{
    if (!synonyms || index >= synonyms->key_count)
        return false;
    const struct key *key = &synonyms->keys[index];
    const struct rule *rule = &synonyms->rules[key->rule];
    *out = (sp_synonym_key){.words = &synonyms->sides[key->side],
                            .others = &synonyms->sides[rule->right],
                            .other_count = rule->right_count};
    return true;
}

/* Matching */

/* Consecutive words of a query. */
struct run {
    const sp_query_word *words[SP_SYNONYM_WORDS_MAX];
    uint32_t count;
    uint64_t hash;
};

struct match_state {
    const sp_synonyms *synonyms;
    const sp_query *query;
    sp_arena *arena;
    sp_synonym_matches *out;
};

const sp_clause *
sp_clause_of_words(const sp_query *query, const sp_node *part)
{
    const sp_clause *clause = part->kind == SP_NODE_CLAUSE ? &query->clauses[part->clause] : NULL;
    bool plain = clause && !clause->excluded && !clause->phrase && !clause->prefix &&
                 clause->scope == SP_ANYWHERE;
    return plain ? clause : NULL;
}

static bool
run_grow(struct run *run, const sp_query_word *words, uint32_t count)
{
    if (run->count + count > SP_SYNONYM_WORDS_MAX)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        run->words[run->count++] = &words[i];
        run->hash = hash_stem(run->hash, small_stem(&words[i]));
    }
    return true;
}

static bool
is_run(const struct run *run, const sp_synonym *side)
{
    if (run->count != side->count)
        return false;
    for (uint32_t i = 0; i < run->count; i++) {
        if (!sp_bytes_equal(small_stem(run->words[i]), small_stem(&side->words[i])))
            return false;
    }
    return true;
}

static bool
is_key_before(const void *items, size_t index, const void *key)
{
    return ((const struct key *)items)[index].hash < *(const uint64_t *)key;
}

/* The first key with the run's hash, or NULL if its side does not have the run's stems. Keys of
   other sides may follow with the same hash. */
static const struct key *
find_key(const sp_synonyms *synonyms, const struct run *run)
{
    size_t found = sp_lower_bound(synonyms->keys, synonyms->key_count, is_key_before, &run->hash);
    if (found == synonyms->key_count)
        return NULL;
    const struct key *key = &synonyms->keys[found];
    return key->hash == run->hash && is_run(run, &synonyms->sides[key->side]) ? key : NULL;
}

/* Single words are searched for by their stems, phrases as written. */
static bool
same_synonym(const sp_synonym *a, const sp_synonym *b)
{
    if (a->count != b->count)
        return false;
    if (a->count == 1)
        return sp_bytes_equal(a->words[0].stem, b->words[0].stem);
    for (uint32_t i = 0; i < a->count; i++) {
        if (!sp_bytes_equal(a->words[i].word, b->words[i].word))
            return false;
    }
    return true;
}

static bool
repeats_run(const struct run *run, const sp_synonym *side)
{
    if (run->count == 1)
        return is_run(run, side);
    if (run->count != side->count)
        return false;
    for (uint32_t i = 0; i < run->count; i++) {
        if (!sp_bytes_equal(sp_without_capitals(run->words[i]->word), side->words[i].word))
            return false;
    }
    return true;
}

static void
add_other(sp_synonym_match *match, const struct run *run, const sp_synonym *side)
{
    if (match->other_count == SP_SYNONYMS_OTHERS_MAX || repeats_run(run, side))
        return;
    for (uint32_t i = 0; i < match->other_count; i++) {
        if (same_synonym(match->others[i], side))
            return;
    }
    match->others[match->other_count++] = side;
}

/* Lists the synonyms from every line that has the run on its left. */
static void
list_others(const sp_synonyms *synonyms, const struct run *run, const struct key *key,
            sp_synonym_match *match)
{
    uint32_t looked = 0;
    const struct key *end = synonyms->keys + synonyms->key_count;
    for (; key < end && key->hash == run->hash && looked < SP_SYNONYMS_COMPARED_MAX; key++) {
        const struct rule *rule = &synonyms->rules[key->rule];
        looked++;
        if (!is_run(run, &synonyms->sides[key->side]))
            continue;
        for (size_t i = 0; i < rule->right_count && looked < SP_SYNONYMS_COMPARED_MAX;
             i++, looked++)
            add_other(match, run, &synonyms->sides[rule->right + i]);
    }
}

/* Returns a bit for each clause of the parts [first, last), and of earlier parts with the same
   word, because the plan keeps only the first part with a word. */
static uint64_t
clauses_of(const struct match_state *state, const sp_node *parts, size_t first, size_t last)
{
    uint64_t clauses = 0;
    for (size_t i = first; i < last; i++) {
        const sp_clause *clause = sp_clause_of_words(state->query, &parts[i]);
        clauses |= UINT64_C(1) << parts[i].clause;
        for (size_t k = 0; parts == state->query->parts && clause->word_count == 1 && k < first;
             k++) {
            const sp_clause *before = sp_clause_of_words(state->query, &parts[k]);
            if (before && before->word_count == 1 &&
                sp_bytes_equal(before->words[0].stem, clause->words[0].stem))
                clauses |= UINT64_C(1) << parts[k].clause;
        }
    }
    return clauses;
}

/* Finds the longest run with synonyms that begins at the part `first`, and returns its number of
   parts, or 0. */
static size_t
longest_run(const struct match_state *state, const sp_node *parts, size_t count, size_t first,
            struct run *found, const struct key **key)
{
    struct run run = {0};
    size_t best = 0;
    for (size_t i = first; i < count; i++) {
        const sp_clause *clause = sp_clause_of_words(state->query, &parts[i]);
        if (!clause || !run_grow(&run, clause->words, clause->word_count))
            break;
        const struct key *here = find_key(state->synonyms, &run);
        if (!here && i == first && clause->form.word.len > 0) {
            /* `C++` has the synonyms of `cpp` */
            struct run form = {0};
            here = run_grow(&form, &clause->form, 1) ? find_key(state->synonyms, &form) : NULL;
            *found = form;
        } else if (here) {
            *found = run;
        }
        if (here) {
            *key = here;
            best = i + 1 - first;
        }
    }
    return best;
}

static void
match_runs(struct match_state *state, const sp_node *parts, size_t count)
{
    sp_synonym_matches *out = state->out;
    for (size_t i = 0, taken; i<count; i += taken> 0 ? taken : 1) {
        struct run run = {0};
        const struct key *key = NULL;
        sp_synonym_match match = {0};
        taken = longest_run(state, parts, count, i, &run, &key);
        if (taken == 0)
            continue;
        match.clauses = clauses_of(state, parts, i, i + taken);
        list_others(state->synonyms, &run, key, &match);
        if (match.other_count == 0)
            continue;
        out->items =
            sp_arena_grow(state->arena, out->items, &out->capacity, out->count + 1, sizeof match);
        if (!out->items)
            return;
        out->items[out->count++] = match;
    }
}

/* Recursion is bounded by SP_QUERY_DEPTH_MAX. in_a_row: the parts follow each other in the text;
   alternatives do not. */
static void
match_parts(struct match_state *state, const sp_node *parts, size_t count, bool in_a_row)
{
    if (in_a_row)
        match_runs(state, parts, count);
    for (size_t i = 0; i < count; i++) {
        if (!in_a_row)
            match_runs(state, &parts[i], 1);
        if (!parts[i].excluded)
            match_parts(state, parts[i].parts, parts[i].part_count, parts[i].kind == SP_NODE_ALL);
    }
}

enum sp_status
sp_synonyms_match(const sp_synonyms *synonyms, const sp_query *query, sp_arena *arena,
                  sp_synonym_matches *out, sp_error *err)
{
    struct match_state state = {synonyms, query, arena, out};
    *out = (sp_synonym_matches){0};
    if (synonyms && synonyms->key_count > 0)
        match_parts(&state, query->parts, query->part_count, true);
    return sp_arena_check(arena, err);
}
