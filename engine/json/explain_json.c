// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/answer_json.h>
#include <signpost/json.h>

static void
put_weight(sp_str *out, const char *key, double weight)
{
    sp_json_fixed(out, key, weight, 6);
}

static void
put_terms(sp_str *out, const sp_explained_word *word)
{
    sp_json_open_array(out, "terms");
    for (uint32_t i = 0; i < word->term_count; i++) {
        const sp_explained_term *term = &word->terms[i];
        sp_json_open_object(out, NULL);
        sp_json_text(out, "text", term->text);
        sp_json_bool(out, "stem", term->stem);
        sp_json_uint(out, "documents", term->documents);
        sp_json_uint(out, "wdf", term->wdf);
        sp_json_close_object(out);
    }
    sp_json_close_array(out);
}

static void
put_place(sp_str *out, enum sp_place place)
{
    sp_json_text(out, "place", sp_bytes_of(sp_place_name(place)));
}

static void
put_places(sp_str *out, const sp_explained_word *word)
{
    sp_json_open_array(out, "places");
    for (int i = 0; i < SP_PLACE_COUNT; i++) {
        const sp_explained_place *place = &word->places[i];
        if (place->weight <= 0)
            continue;
        sp_json_open_object(out, NULL);
        put_place(out, (enum sp_place)i);
        sp_json_uint(out, "count", place->count);
        put_weight(out, "weight", place->weight);
        sp_json_close_object(out);
    }
    sp_json_close_array(out);
}

static void
put_words(sp_str *out, const sp_explanation *explanation)
{
    sp_json_open_array(out, "words");
    for (uint32_t i = 0; i < explanation->word_count; i++) {
        const sp_explained_word *word = &explanation->words[i];
        sp_json_open_object(out, NULL);
        sp_json_text(out, "word", word->typed);
        put_weight(out, "weight", word->weight);
        put_terms(out, word);
        put_places(out, word);
        sp_json_close_object(out);
    }
    sp_json_close_array(out);
}

static void
put_pairs(sp_str *out, const sp_explanation *explanation)
{
    sp_json_open_array(out, "pairs");
    for (uint32_t i = 0; i < explanation->pair_count; i++) {
        const sp_explained_pair *pair = &explanation->pairs[i];
        const sp_bytes words[] = {pair->left, pair->right};
        sp_json_open_object(out, NULL);
        sp_json_texts(out, "words", words, 2);
        put_weight(out, "weight", pair->weight);
        sp_json_close_object(out);
    }
    sp_json_close_array(out);
}

static void
put_above(sp_str *out, const sp_explanation *explanation)
{
    static const char *const names[] = {
        [SP_ABOVE_PINNED] = "pinned",     [SP_ABOVE_DATE] = "date",
        [SP_ABOVE_PAGE] = "page",         [SP_ABOVE_COMPLETE] = "complete",
        [SP_ABOVE_TITLE] = "exact_title", [SP_ABOVE_WORD] = "word",
        [SP_ABOVE_PAIRS] = "pairs",       [SP_ABOVE_COVERAGE] = "coverage",
        [SP_ABOVE_MEANING] = "meaning",   [SP_ABOVE_OTHER] = "other",
        [SP_ABOVE_EQUAL] = "equal"};
    if (explanation->above == SP_ABOVE_NOTHING) {
        sp_json_null(out, "above_next");
        return;
    }
    sp_json_open_object(out, "above_next");
    sp_json_text(out, "by", sp_bytes_of(names[explanation->above]));
    if (explanation->above == SP_ABOVE_WORD) {
        sp_json_text(out, "word", explanation->words[explanation->above_word].typed);
        put_place(out, explanation->above_place);
    }
    if (explanation->here != explanation->there) {
        put_weight(out, "here", explanation->here);
        put_weight(out, "there", explanation->there);
    }
    sp_json_close_object(out);
}

void
sp_explanation_print_json(const sp_explanation *explanation, sp_str *out)
{
    sp_json_open_object(out, NULL);
    put_weight(out, "score", explanation->score);
    put_words(out, explanation);
    put_pairs(out, explanation);
    put_weight(out, "coverage", explanation->coverage);
    put_weight(out, "meaning", explanation->meaning);
    put_weight(out, "other", explanation->other);
    sp_json_bool(out, "exact_title", explanation->exact_title);
    sp_json_uint(out, "documents", explanation->documents);
    put_weight(out, "length", explanation->length);
    put_above(out, explanation);
    sp_json_close_object(out);
}
