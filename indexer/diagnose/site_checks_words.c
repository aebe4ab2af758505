// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Warns about misspellings: words that occur in one post only and are similar to a word in many
 * posts.
 */
#include "site_checks_private.h"

#include "misspelling.h"

#include <signpost/analyzer.h>

/* A word counts as correct if it occurs in at least FREQUENT_POSTS posts and in one post of
   FREQUENT_PART. */
#define FREQUENT_POSTS 4
#define FREQUENT_PART 100

/* Maximum number of words that a run looks up in the old index. This many lookups take a second or
   two; an ordinary run looks up some thousand words. */
#define LOOKUPS_MAX 300000

/* A word that occurs more often than this in its post is intended. */
#define TIMES_MAX 2

struct spelling_state {
    sp_site_checks *checks;
    sp_analyzer *analyzer;
    uint32_t least;
    size_t lookups;        /* words looked up in the old index */
    bool has_index_ngrams; /* the n-grams of the old index have been added */
};

/* The number of posts with the word: those read now, and the others in the old index. */
static uint32_t
frequency(void *context, sp_bytes word)
{
    struct spelling_state *state = context;
    const sp_site_check_input *input = state->checks->input;
    uint32_t posts = sp_word_counts_posts(&state->checks->words, sp_word_hash(word));
    if (!input->full && state->lookups++ < LOOKUPS_MAX)
        posts += sp_old_index_word_count(input->old, word);
    return posts;
}

/* Whether a post other than that of `file` contains the word. */
static bool
is_elsewhere(struct spelling_state *state, sp_bytes word, uint32_t file)
{
    const sp_site_check_input *input = state->checks->input;
    if (sp_word_counts_posts(&state->checks->words, sp_word_hash(word)) > 1)
        return true;
    if (input->full)
        return false;
    state->lookups++;
    return sp_old_index_has_word_elsewhere(input->old, word, input->files->items[file].id);
}

/* Whether the words next to this word occur in other posts. The neighbours of a foreign word occur
   in no other post, so it is not taken for a misspelling. */
static bool
has_known_neighbours(struct spelling_state *state, const sp_rare_word *word)
{
    uint32_t file = word->place.file;
    return word->before.len + word->after.len > 0 &&
           (word->before.len == 0 || is_elsewhere(state, word->before, file)) &&
           (word->after.len == 0 || is_elsewhere(state, word->after, file));
}

/* Sets *other to whether the words have different stems, so they are not forms of one word. */
static enum sp_status
has_other_stem(const struct spelling_state *state, sp_bytes a, sp_bytes b, bool *other,
               sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str both = {0};
    sp_tokens tokens = {0};
    sp_str_append(&both, a);
    sp_str_append_char(&both, ' ');
    sp_str_append(&both, b);
    enum sp_status status = sp_str_check(&both, err);
    if (status == SP_OK)
        status = sp_analyze(state->analyzer, sp_str_bytes(&both), &tokens, err);
    *other = status == SP_OK && tokens.count == 2 &&
             !sp_bytes_equal(tokens.items[0].stem, tokens.items[1].stem);
    return status;
}

static void
add_ngrams(void *context, sp_bytes word)
{
    sp_ngrams_add(context, word);
}

/* Whether the word has an n-gram that is in none of the words of several posts. In an incremental
   run, the first call reads all words of the old index, so it comes after the other tests. */
static bool
has_unknown_ngram(struct spelling_state *state, sp_bytes word)
{
    sp_site_checks *checks = state->checks;
    if (!checks->input->full && !state->has_index_ngrams)
        sp_old_index_each_word(checks->input->old, add_ngrams, checks->ngrams);
    state->has_index_ngrams = true;
    return sp_ngrams_missing(checks->ngrams, word);
}

/* Whether the word is a known word with an ending. Removes each ending, and tries the stem as it
   is, with a final `e` added, with a double letter made single, and with a final `i` replaced by
   `y`. */
static bool
is_form_of_known(struct spelling_state *state, sp_bytes word)
{
    static const char *const endings[] = {
        "s", "es",   "d",  "ed",   "r",   "er",  "ers",  "rs",  "or",   "ly",   "ing",  "ings",
        "y", "able", "al", "ally", "ist", "ism", "ness", "ful", "less", "ment", "like", "est"};
    char letters[SP_COUNTED_WORD_MAX + 1];
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t len = word.len - strlen(endings[i]);
        if (!sp_bytes_ends_with(word, sp_bytes_of(endings[i])) || len < 3)
            continue;
        memcpy(letters, word.data, len);
        letters[len] = 'e';
        if (frequency(state, (sp_bytes){letters, len}) > 0 ||
            frequency(state, (sp_bytes){letters, len + 1}) > 0 ||
            (letters[len - 1] == letters[len - 2] &&
             frequency(state, (sp_bytes){letters, len - 1}) > 0))
            return true;
        letters[len - 1] = letters[len - 1] == 'i' ? 'y' : letters[len - 1];
        if (frequency(state, (sp_bytes){letters, len}) > 0)
            return true;
    }
    return false;
}

/* All tests that do not search for a similar word, the cheapest first. */
static bool
may_be_misspelt(struct spelling_state *state, const sp_rare_word *word)
{
    return word->times <= TIMES_MAX && state->lookups < LOOKUPS_MAX &&
           (!state->checks->input->full || has_unknown_ngram(state, word->word)) &&
           !is_elsewhere(state, word->word, word->place.file) &&
           has_known_neighbours(state, word) && !is_form_of_known(state, word->word);
}

static enum sp_status
check_word(struct spelling_state *state, const sp_rare_word *word, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str meant = {0};
    SP_AUTO(sp_str_done) sp_str text = {0};
    bool other;
    if (!may_be_misspelt(state, word) ||
        sp_misspelling_of(word->word, state->least, frequency, state, &meant) == 0)
        return sp_str_check(&meant, err);
    enum sp_status status = has_other_stem(state, word->word, sp_str_bytes(&meant), &other, err);
    if (status != SP_OK || !other || !has_unknown_ngram(state, word->word))
        return status;
    sp_quote(&text, word->word);
    sp_str_append_text(&text, " is probably a misspelling of ");
    sp_quote(&text, sp_str_bytes(&meant));
    sp_site_checks_warn(state->checks, SP_MISSPELLING, word->place, &text);
    return sp_str_check(&text, err);
}

enum sp_status
sp_check_words(sp_site_checks *checks, sp_error *err)
{
    struct spelling_state state = {.checks = checks, .least = FREQUENT_POSTS};
    uint32_t part = (uint32_t)(checks->input->files->count / FREQUENT_PART);
    if (part > state.least)
        state.least = part;
    enum sp_status status = sp_analyzer_new(checks->input->language, &state.analyzer, err);
    for (size_t i = 0; status == SP_OK && checks->ngrams && i < checks->rare_count; i++)
        status = check_word(&state, &checks->rare[i], err);
    sp_analyzer_free(state.analyzer);
    return status;
}
