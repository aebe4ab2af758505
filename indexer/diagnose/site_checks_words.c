// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Words that one post alone has, near to one that many have.
 */
#include "site_checks_private.h"

#include "misspelling.h"

#include <signpost/analyzer.h>

/* Posts that must have the word that another is taken for: so many, and one of so many. */
#define FREQUENT_POSTS 4
#define FREQUENT_PART 100

/* Times that a run which changes an index asks it for a word; then it has said enough. A second or
   two, where an ordinary run asks some thousand times. */
#define ASKED_MAX 300000

/* A word that its post has more often is meant. */
#define TIMES_MAX 2

struct spelling {
    sp_site_checks *diagnosis;
    sp_analyzer *analyzer;
    uint32_t least;
    size_t asked;    /* times that the index was asked for a word */
    bool knows_runs; /* the letter runs of the index are known too */
};

/* What was read now counts, and what the index has of the other posts. */
static uint32_t
frequency(void *context, sp_bytes word)
{
    struct spelling *spelling = context;
    const sp_site_check_input *input = spelling->diagnosis->input;
    uint32_t posts = sp_word_counts_posts(&spelling->diagnosis->words, sp_word_hash(word));
    if (!input->whole && spelling->asked++ < ASKED_MAX)
        posts += sp_old_index_word_count(input->previous, word);
    return posts;
}

/* Whether another post has the word than the one that is the file's. */
static bool
is_elsewhere(struct spelling *spelling, sp_bytes word, uint32_t file)
{
    const sp_site_check_input *input = spelling->diagnosis->input;
    if (sp_word_counts_posts(&spelling->diagnosis->words, sp_word_hash(word)) > 1)
        return true;
    if (input->whole)
        return false;
    spelling->asked++;
    return sp_old_index_has_word_elsewhere(input->previous, word, input->files->items[file].id);
}

/* Words of another language stand among their like. */
static bool
is_in_company(struct spelling *spelling, const sp_rare_word *word)
{
    uint32_t file = word->place.file;
    return word->before.len + word->after.len > 0 &&
           (word->before.len == 0 || is_elsewhere(spelling, word->before, file)) &&
           (word->after.len == 0 || is_elsewhere(spelling, word->after, file));
}

/* False too where the word's stem is that of the other: forms of one word. */
static enum sp_status
has_other_stem(const struct spelling *spelling, sp_bytes a, sp_bytes b, bool *other, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str both = {0};
    sp_tokens tokens = {0};
    sp_str_append(&both, a);
    sp_str_append_char(&both, ' ');
    sp_str_append(&both, b);
    enum sp_status status = sp_str_check(&both, err);
    if (status == SP_OK)
        status = sp_analyze(spelling->analyzer, sp_str_bytes(&both), &tokens, err);
    *other = status == SP_OK && tokens.count == 2 &&
             !sp_bytes_equal(tokens.items[0].stem, tokens.items[1].stem);
    return status;
}

static void
add_runs(void *context, sp_bytes word)
{
    sp_ngrams_add(context, word);
}

/* Whether the word looks like none of the site's. Only a run that changes an index has to ask that
   for its words, and seldom. */
static bool
looks_odd(struct spelling *spelling, sp_bytes word)
{
    sp_site_checks *diagnosis = spelling->diagnosis;
    if (!diagnosis->input->whole && !spelling->knows_runs)
        sp_old_index_each_word(diagnosis->input->previous, add_runs, diagnosis->runs);
    spelling->knows_runs = true;
    return sp_ngrams_missing(diagnosis->runs, word);
}

/* What is left of the word without an ending, with what may have gone for it. */
static bool
is_form_of_known(struct spelling *spelling, sp_bytes word)
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
        if (frequency(spelling, (sp_bytes){letters, len}) > 0 ||
            frequency(spelling, (sp_bytes){letters, len + 1}) > 0 ||
            (letters[len - 1] == letters[len - 2] &&
             frequency(spelling, (sp_bytes){letters, len - 1}) > 0))
            return true;
        letters[len - 1] = letters[len - 1] == 'i' ? 'y' : letters[len - 1];
        if (frequency(spelling, (sp_bytes){letters, len}) > 0)
            return true;
    }
    return false;
}

/* What can be told of the word by itself, the cheapest first. */
static bool
may_be_misspelt(struct spelling *spelling, const sp_rare_word *word)
{
    return word->times <= TIMES_MAX && spelling->asked < ASKED_MAX &&
           (!spelling->diagnosis->input->whole || looks_odd(spelling, word->word)) &&
           !is_elsewhere(spelling, word->word, word->place.file) && is_in_company(spelling, word) &&
           !is_form_of_known(spelling, word->word);
}

static enum sp_status
check_word(struct spelling *spelling, const sp_rare_word *word, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str meant = {0};
    SP_AUTO(sp_str_done) sp_str text = {0};
    bool other;
    if (!may_be_misspelt(spelling, word) ||
        sp_misspelling_of(word->word, spelling->least, frequency, spelling, &meant) == 0)
        return sp_str_check(&meant, err);
    enum sp_status status = has_other_stem(spelling, word->word, sp_str_bytes(&meant), &other, err);
    if (status != SP_OK || !other || !looks_odd(spelling, word->word))
        return status;
    sp_quote(&text, word->word);
    sp_str_append_text(&text, " is probably meant to be ");
    sp_quote(&text, sp_str_bytes(&meant));
    sp_site_checks_warn(spelling->diagnosis, SP_MISSPELLING, word->place, &text);
    return sp_str_check(&text, err);
}

enum sp_status
sp_check_words(sp_site_checks *diagnosis, sp_error *err)
{
    struct spelling spelling = {.diagnosis = diagnosis, .least = FREQUENT_POSTS};
    uint32_t part = (uint32_t)(diagnosis->input->files->count / FREQUENT_PART);
    if (part > spelling.least)
        spelling.least = part;
    enum sp_status status = sp_analyzer_new(diagnosis->input->language, &spelling.analyzer, err);
    for (size_t i = 0; status == SP_OK && diagnosis->runs && i < diagnosis->rare_count; i++)
        status = check_word(&spelling, &diagnosis->rare[i], err);
    sp_analyzer_free(spelling.analyzer);
    return status;
}
