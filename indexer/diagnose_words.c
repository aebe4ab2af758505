/*
 * Words that one post alone has, near to one that many have.
 */
#include "diagnose_private.h"

#include "misspelling.h"

#include <signpost/analyzer.h>

/* Posts that must have the word that another is taken for: so many, and one of so many. */
#define FREQUENT_POSTS 4
#define FREQUENT_PART 100

/* A word that its post has more often is meant. */
#define TIMES_MAX 2

struct spelling {
    sp_diagnosis *diagnosis;
    sp_analyzer *analyzer;
    uint32_t least;
};

/* What was read now counts, and what the index has of the other posts. */
static uint32_t
frequency(void *context, sp_bytes word)
{
    const struct spelling *spelling = context;
    const sp_diagnosis_input *input = spelling->diagnosis->input;
    uint32_t posts = sp_word_counts_posts(&spelling->diagnosis->words, sp_word_hash(word));
    if (!input->whole)
        posts += sp_previous_word_count(input->previous, word);
    return posts;
}

static bool
is_common(const struct spelling *spelling, uint64_t hash)
{
    return hash == 0 || !spelling->diagnosis->input->whole ||
           sp_word_counts_posts(&spelling->diagnosis->words, hash) > 1;
}

/* Words of another language stand among their like. In the index, where words go by their text, the
   words beside it cannot be asked for. */
static bool
is_in_company(const struct spelling *spelling, const sp_rare_word *word)
{
    return (word->before != 0 || word->after != 0) && is_common(spelling, word->before) &&
           is_common(spelling, word->after);
}

static bool
is_alone(const struct spelling *spelling, const sp_rare_word *word)
{
    const sp_diagnosis_input *input = spelling->diagnosis->input;
    return sp_word_counts_posts(&spelling->diagnosis->words, sp_word_hash(word->word)) == 1 &&
           (input->whole ||
            !sp_previous_has_word_elsewhere(input->previous, word->word,
                                            input->files->items[word->place.file].id));
}

/* False too where the word's stem is that of the other: forms of one word. */
static enum sp_status
has_other_stem(const struct spelling *spelling, sp_bytes a, sp_bytes b, bool *other, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str both = {0};
    sp_tokens tokens;
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

static enum sp_status
check_word(struct spelling *spelling, const sp_rare_word *word, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str meant = {0};
    SP_AUTO(sp_str_done) sp_str text = {0};
    bool other;
    if (word->times > TIMES_MAX || !is_alone(spelling, word) || !is_in_company(spelling, word))
        return SP_OK;
    uint32_t posts = sp_misspelling_of(word->word, spelling->least, frequency, spelling, &meant);
    if (posts == 0)
        return sp_str_check(&meant, err);
    enum sp_status status = has_other_stem(spelling, word->word, sp_str_bytes(&meant), &other, err);
    if (status != SP_OK || !other)
        return status;
    sp_quote(&text, word->word);
    sp_str_append_text(&text, " is probably meant to be ");
    sp_quote(&text, sp_str_bytes(&meant));
    sp_diagnosis_tell(spelling->diagnosis, SP_MISSPELLING, word->place, &text);
    return sp_str_check(&text, err);
}

enum sp_status
sp_diagnose_words(sp_diagnosis *diagnosis, sp_error *err)
{
    struct spelling spelling = {.diagnosis = diagnosis, .least = FREQUENT_POSTS};
    uint32_t part = (uint32_t)(diagnosis->input->files->count / FREQUENT_PART);
    if (part > spelling.least)
        spelling.least = part;
    enum sp_status status = sp_analyzer_new(diagnosis->input->language, &spelling.analyzer, err);
    for (size_t i = 0; status == SP_OK && i < diagnosis->rare_count; i++)
        status = check_word(&spelling, &diagnosis->rare[i], err);
    sp_analyzer_free(spelling.analyzer);
    return status;
}
