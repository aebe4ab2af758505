// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/answer_json.h>

static void
put_number(sp_str *out, const char *key, double number)
{
    sp_str_append_format(out, "\"%s\":%.6f", key, number);
}

/* Begins an element of a list with its first member. */
static void
open_element(sp_str *out, uint32_t number, const char *key, sp_bytes text)
{
    sp_str_append_format(out, "%s{\"%s\":", number > 0 ? "," : "", key);
    sp_json_string(out, text);
}

static void
put_terms(sp_str *out, const sp_explained_word *word)
{
    sp_str_append_text(out, ",\"terms\":[");
    for (uint32_t i = 0; i < word->term_count; i++) {
        const sp_explained_term *term = &word->terms[i];
        open_element(out, i, "text", term->text);
        sp_str_append_format(out, ",\"stem\":%s,\"documents\":%u,\"wdf\":%u}",
                             term->stem ? "true" : "false", term->documents, term->wdf);
    }
    sp_str_append_char(out, ']');
}

static void
put_places(sp_str *out, const sp_explained_word *word)
{
    const char *comma = "";
    sp_str_append_text(out, ",\"places\":[");
    for (int i = 0; i < SP_PLACE_COUNT; i++) {
        const sp_explained_place *place = &word->places[i];
        if (place->weight <= 0)
            continue;
        sp_str_append_format(out, "%s{\"place\":\"%s\",\"count\":%u,", comma,
                             sp_place_name((enum sp_place)i), place->count);
        put_number(out, "weight", place->weight);
        sp_str_append_char(out, '}');
        comma = ",";
    }
    sp_str_append_char(out, ']');
}

static void
put_words(sp_str *out, const sp_explanation *explanation)
{
    sp_str_append_text(out, ",\"words\":[");
    for (uint32_t i = 0; i < explanation->word_count; i++) {
        const sp_explained_word *word = &explanation->words[i];
        open_element(out, i, "word", word->typed);
        sp_str_append_char(out, ',');
        put_number(out, "weight", word->weight);
        put_terms(out, word);
        put_places(out, word);
        sp_str_append_char(out, '}');
    }
    sp_str_append_char(out, ']');
}

static void
put_pairs(sp_str *out, const sp_explanation *explanation)
{
    sp_str_append_text(out, ",\"pairs\":[");
    for (uint32_t i = 0; i < explanation->pair_count; i++) {
        const sp_explained_pair *pair = &explanation->pairs[i];
        sp_str_append_text(out, i > 0 ? ",{\"words\":[" : "{\"words\":[");
        sp_json_string(out, pair->left);
        sp_str_append_char(out, ',');
        sp_json_string(out, pair->right);
        sp_str_append_text(out, "],");
        put_number(out, "weight", pair->weight);
        sp_str_append_char(out, '}');
    }
    sp_str_append_char(out, ']');
}

static void
put_above(sp_str *out, const sp_explanation *explanation)
{
    static const char *const names[] = {
        [SP_ABOVE_PINNED] = "pinned",     [SP_ABOVE_DATE] = "date",
        [SP_ABOVE_COMPLETE] = "complete", [SP_ABOVE_TITLE] = "exact_title",
        [SP_ABOVE_WORD] = "word",         [SP_ABOVE_PAIRS] = "pairs",
        [SP_ABOVE_MEANING] = "meaning",   [SP_ABOVE_OTHER] = "other",
        [SP_ABOVE_EQUAL] = "equal"};
    sp_str_append_text(out, ",\"above_next\":");
    if (explanation->above == SP_ABOVE_NOTHING) {
        sp_str_append_text(out, "null");
        return;
    }
    sp_str_append_format(out, "{\"by\":\"%s\"", names[explanation->above]);
    if (explanation->above == SP_ABOVE_WORD) {
        sp_str_append_text(out, ",\"word\":");
        sp_json_string(out, explanation->words[explanation->above_word].typed);
        sp_str_append_format(out, ",\"place\":\"%s\"", sp_place_name(explanation->above_place));
    }
    if (explanation->here != explanation->there) {
        sp_str_append_char(out, ',');
        put_number(out, "here", explanation->here);
        sp_str_append_char(out, ',');
        put_number(out, "there", explanation->there);
    }
    sp_str_append_char(out, '}');
}

void
sp_explanation_print_json(const sp_explanation *explanation, sp_str *out)
{
    sp_str_append_char(out, '{');
    put_number(out, "score", explanation->score);
    put_words(out, explanation);
    put_pairs(out, explanation);
    sp_str_append_char(out, ',');
    put_number(out, "meaning", explanation->meaning);
    sp_str_append_char(out, ',');
    put_number(out, "other", explanation->other);
    sp_str_append_format(out, ",\"exact_title\":%s,\"documents\":%u,",
                         explanation->exact_title ? "true" : "false", explanation->documents);
    put_number(out, "length", explanation->length);
    put_above(out, explanation);
    sp_str_append_char(out, '}');
}
