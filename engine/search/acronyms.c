// SPDX-License-Identifier: GPL-2.0-or-later
#include "acronyms.h"

#include "engine/index/xapian.h"
#include "engine/query/capitals.h"
#include "ordinary.h"

#include <signpost/schema.h>

#include <stdio.h>

/* The most terms looked at for a word that an acronym or long form begins with. */
#define TERMS_MAX 64

/* The most parts of the query, from its beginning, that are looked up. */
#define PARTS_MAX 16

#define LONGEST_WORD 64

struct acronyms_state {
    sp_reader *reader;
    sp_analyzer *analyzer;
    const sp_query *query;
    sp_arena *arena;
    sp_synonym_matches *out;
    sp_error *err;
};

/* Ordinary words of fewer letters than those of ordinary.h. */
static const char short_words[] =
    " act add age ago aid aim air all and ant any arm art ash ask awe axe bad bag ban bar"
    " bat bed bee bet bid big bin bio bit bow box boy bun bus but buy bye cab can cap car"
    " cat cop cow cry cue cup cut dad dam day den die dig dip do dog dot dry dub due duo"
    " ear eat egg ego elf end era eve eye fan far fat fed fee few fin fit fix flu fly fog"
    " for fox fun fur gap gas gem get go god got gun guy gym ham hat hay hen her hid him"
    " hip his hit hog hop hot how hub hug hum hut ice icy ill ink inn its ivy jam jar jaw"
    " jet job jog joy key kid kit lab lap law lay led leg let lid lie lip lit log lot low"
    " mad man map max may men met mid mix mob mom mop mud mug nap net new nil nod nor not"
    " now nun nut oak odd off oil old one ore our out owe own pad pal pan pat paw pay pea"
    " peg pen per pet pie pig pin pit pop pot pro pub put ram ran rap rat raw ray red rib"
    " rid rim rip rob rod rot row rub rug run sad sat saw say sea see set sex she shy sin"
    " sip sir sit six ski sky sob son sow spa spy sub sue sum sun tab tag tan tap tar tax"
    " tea ten the tie tin tip toe ton too top toy try tub tug two up us use van vet via"
    " vow war was wax way web wet who why wig win won yam yen yes yet you zip zoo ";

static bool
is_listed_word(sp_bytes word)
{
    char text[8];
    int len = snprintf(text, sizeof text, " %.*s ", (int)(word.len < 4 ? word.len : 4), word.data);
    return word.len < 4 && len > 2 && strstr(short_words, text) != NULL;
}

/* Whether the word or its singular is one of them: `aims` finds the acronym "AIM", too. */
static bool
is_short_word(sp_bytes word)
{
    bool plural = word.len > 2 && sp_bytes_ends_with(word, SP_LITERAL("s"));
    if (plural && is_listed_word(sp_bytes_slice(word, 0, word.len - 1)))
        return true;
    return is_listed_word(word);
}

/* `it` and `aim` in lower case are words and no acronyms. */
static bool
is_ordinary(const sp_clause *clause)
{
    bool capitals = true;
    for (size_t i = 0; i < clause->typed.len; i++)
        capitals &= clause->typed.data[i] < 'a' || clause->typed.data[i] > 'z';
    return !capitals && (clause->stop ||
                         (clause->word_count == 1 && (is_short_word(clause->words[0].word) ||
                                                      sp_is_ordinary_word(clause->words[0].word))));
}

/* Whether the text continues with the word at *at, with or without a plural's s. */
static bool
take_word(sp_bytes text, size_t *at, sp_bytes word)
{
    size_t space = sp_bytes_find(text, SP_LITERAL(" "), *at);
    size_t end = space == SIZE_MAX ? text.len : space;
    sp_bytes here = sp_bytes_slice(text, *at, end);
    bool last = end == text.len;
    *at = last ? end : end + 1;
    if (last && word.len == here.len + 1 && word.data[here.len] == 's')
        word.len--;
    else if (last && here.len == word.len + 1 && here.data[word.len] == 's')
        here.len--;
    return sp_bytes_equal(here, word);
}

/* Returns the number of parts, from `first` on, whose words are the key; 0: they are not. */
static size_t
match_key(const struct acronyms_state *state, const sp_node *parts, size_t count, size_t first,
          sp_bytes key)
{
    size_t at = 0;
    for (size_t i = first; i < count; i++) {
        const sp_clause *clause = sp_clause_of_words(state->query, &parts[i]);
        if (!clause)
            return 0;
        for (uint32_t k = 0; k < clause->word_count; k++) {
            if (at == key.len || !take_word(key, &at, sp_without_capitals(clause->words[k].word)))
                return 0;
        }
        if (at == key.len)
            return i + 1 - first;
    }
    return 0;
}

static enum sp_status
make_other(struct acronyms_state *state, sp_bytes text, sp_synonym **out)
{
    sp_tokens tokens;
    enum sp_status status = sp_analyze(state->analyzer, text, &tokens, state->err);
    *out = NULL;
    if (status != SP_OK)
        return status;
    sp_synonym *other = sp_arena_array(state->arena, 1, sizeof *other);
    if (!other)
        return sp_arena_check(state->arena, state->err);
    *other = (sp_synonym){
        .words = sp_arena_array(state->arena, SP_SYNONYM_WORDS_MAX, sizeof *other->words)};
    for (size_t i = 0; other->words && i < tokens.count; i++) {
        const sp_token *token = &tokens.items[i];
        if (token->form)
            continue;
        if (other->count == SP_SYNONYM_WORDS_MAX)
            return SP_OK;
        other->words[other->count++] =
            (sp_query_word){.word = sp_arena_copy(state->arena, token->word),
                            .stem = sp_arena_copy(state->arena, token->stem)};
    }
    if (other->count == 1 && sp_analyzer_is_stop_word(state->analyzer, other->words[0].word))
        sp_query_word_put_in_capitals(&other->words[0], state->arena);
    if (other->count > 0)
        *out = other;
    return sp_arena_check(state->arena, state->err);
}

/* Adds what an acronym or long form stands for, and the acronym itself if its plural was typed: the
   stems of "KPIs" and "KPI" differ. */
static enum sp_status
add_others(struct acronyms_state *state, sp_bytes typed, sp_bytes key, sp_bytes words,
           sp_synonym_match *match)
{
    bool plural = match->other_count == 0 && typed.len > key.len;
    sp_bytes others[] = {words, key};
    enum sp_status status = SP_OK;
    for (size_t i = 0; status == SP_OK && i < 1U + plural; i++) {
        sp_synonym *other = NULL;
        if (match->other_count < SP_SYNONYMS_OTHERS_MAX)
            status = make_other(state, others[i], &other);
        if (other)
            match->others[match->other_count++] = other;
    }
    return status;
}

/* Adds what the terms give for the longest run of words at `first`, and sets *taken to its number
   of parts. */
static enum sp_status
add_match(struct acronyms_state *state, const sp_node *parts, size_t count, size_t first,
          const xc_terms *terms, size_t *taken)
{
    sp_synonym_match match = {.acronym = true};
    enum sp_status status = SP_OK;
    *taken = 0;
    for (size_t i = 0; status == SP_OK && i < terms->count; i++) {
        sp_bytes term = from_xc(terms->items[i].term), key;
        size_t tab = sp_bytes_find(term, SP_LITERAL("\t"), 0);
        if (tab == SIZE_MAX)
            continue;
        key = sp_bytes_slice(term, strlen(SP_PREFIX_ACRONYM), tab);
        size_t here = match_key(state, parts, count, first, key);
        const sp_clause *clause = sp_clause_of_words(state->query, &parts[first]);
        if (here == 0 || here < *taken || (here == 1 && is_ordinary(clause)))
            continue;
        if (here > *taken)
            match.other_count = 0;
        *taken = here;
        bool word = here == 1 && clause->word_count == 1;
        sp_bytes typed = word ? sp_without_capitals(clause->words[0].word) : SP_LITERAL("");
        status = add_others(state, typed, key, sp_bytes_slice(term, tab + 1, term.len), &match);
    }
    for (size_t i = first; i < first + *taken; i++)
        match.clauses |= UINT64_C(1) << parts[i].clause;
    if (status != SP_OK || match.other_count == 0)
        return status;
    sp_synonym_matches *out = state->out;
    out->items =
        sp_arena_grow(state->arena, out->items, &out->capacity, out->count + 1, sizeof match);
    if (out->items)
        out->items[out->count++] = match;
    return sp_arena_check(state->arena, state->err);
}

static enum sp_status
match_at(struct acronyms_state *state, const sp_node *parts, size_t count, size_t first,
         size_t *taken)
{
    SP_AUTO(sp_str_done) sp_str prefix = {0};
    const sp_clause *clause = sp_clause_of_words(state->query, &parts[first]);
    xc_terms *terms;
    xc_error cause;
    *taken = 0;
    if (!clause)
        return SP_OK;
    sp_bytes word = sp_without_capitals(clause->words[0].word);
    if (word.len > LONGEST_WORD)
        return SP_OK;
    if (word.len > 2 && word.data[word.len - 1] == 's')
        word.len--; /* of a plural */
    sp_str_append_text(&prefix, SP_PREFIX_ACRONYM);
    sp_str_append(&prefix, word);
    enum sp_status status = sp_str_check(&prefix, state->err);
    if (status != SP_OK)
        return status;
    xc_status listed = xc_reader_vocabulary(state->reader->xapian, str_to_xc(&prefix),
                                            (xc_bytes){0}, TERMS_MAX, &terms, &cause);
    if (listed != XC_OK)
        return sp_fail_xapian(state->err, listed, &cause, NULL);
    status = add_match(state, parts, count, first, terms, taken);
    xc_terms_free(terms);
    return status;
}

enum sp_status
sp_acronyms_match(sp_reader *reader, sp_analyzer *analyzer, const sp_query *query, sp_arena *arena,
                  sp_synonym_matches *out, sp_error *err)
{
    struct acronyms_state state = {reader, analyzer, query, arena, out, err};
    enum sp_status status = SP_OK;
    size_t count = query->part_count < PARTS_MAX ? query->part_count : PARTS_MAX;
    *out = (sp_synonym_matches){0};
    if (reader->acronyms.len == 0)
        return SP_OK;
    for (size_t i = 0; status == SP_OK && i < count;) {
        size_t taken;
        status = match_at(&state, query->parts, count, i, &taken);
        i += taken > 0 ? taken : 1;
    }
    return status;
}
