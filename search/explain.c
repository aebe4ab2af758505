// SPDX-License-Identifier: GPL-2.0-or-later
#include "explain.h"

#include <signpost/printable.h>

#define INDENT "    "

static const char *
place_in_words(enum sp_place place)
{
    static const char *const words[SP_PLACE_COUNT] = {"title",
                                                      "headings",
                                                      "text",
                                                      "tags",
                                                      "description",
                                                      "text around its links",
                                                      "address or titles that mention it"};
    return words[place];
}

static void
put_sum(const sp_explanation *explanation, sp_str *out)
{
    const char *sign = " = ";
    sp_str_append_format(out, INDENT "score %.2f", explanation->score);
    for (uint32_t i = 0; i < explanation->word_count; i++) {
        if (explanation->words[i].weight <= 0)
            continue;
        sp_str_append_text(out, sign);
        sp_printable_append(out, explanation->words[i].typed);
        sp_str_append_format(out, " %.2f", explanation->words[i].weight);
        sign = " + ";
    }
    for (uint32_t i = 0; i < explanation->pair_count; i++) {
        const sp_explained_pair *pair = &explanation->pairs[i];
        sp_str_append_format(out, "%s\"", sign);
        sp_printable_append(out, pair->left);
        sp_str_append_char(out, ' ');
        sp_printable_append(out, pair->right);
        sp_str_append_format(out, "\" side by side %.2f", pair->weight);
        sign = " + ";
    }
    if (explanation->coverage != 0) {
        sp_str_append_format(out, "%stitle %.2f", sign, explanation->coverage);
        sign = " + ";
    }
    if (explanation->meaning != 0) {
        sp_str_append_format(out, "%smeaning %.2f", sign, explanation->meaning);
        sign = " + ";
    }
    if (explanation->other != 0)
        sp_str_append_format(out, "%sother %.2f", sign, explanation->other);
    sp_str_append_char(out, '\n');
}

static void
put_terms(const sp_explanation *explanation, const sp_explained_word *word, sp_str *out)
{
    for (uint32_t i = 0; i < word->term_count; i++) {
        const sp_explained_term *term = &word->terms[i];
        sp_str_append_text(out, i > 0 ? ", " : "; by ");
        sp_str_append_text(out, term->stem ? "the stem \"" : "the word \"");
        sp_printable_append(out, term->text);
        sp_str_append_format(out, "\" (in %u of %u documents)", term->documents,
                             explanation->documents);
    }
}

static void
put_word(const sp_explanation *explanation, const sp_explained_word *word, sp_str *out)
{
    const char *gap = ": ";
    sp_str_append_text(out, INDENT "  ");
    sp_printable_append(out, word->typed);
    for (int i = 0; i < SP_PLACE_COUNT; i++) {
        const sp_explained_place *place = &word->places[i];
        if (place->weight <= 0)
            continue;
        sp_str_append_format(out, "%s%s %.2f", gap, place_in_words((enum sp_place)i),
                             place->weight);
        if (place->count > 1)
            sp_str_append_format(out, " (%u times)", place->count);
        gap = ", ";
    }
    if (word->weight <= 0)
        sp_str_append_text(out, word->term_count > 0 ? ": weighs nothing" : ": adds nothing");
    put_terms(explanation, word, out);
    sp_str_append_char(out, '\n');
}

/* Prints the reasons that rank a hit before others regardless of the scores. */
static void
put_first(const sp_explanation *explanation, sp_str *out)
{
    if (explanation->pinned)
        sp_str_append_text(out, INDENT "  the site pins it for this query: ranked first\n");
    if (explanation->exact_title)
        sp_str_append_text(out,
                           INDENT "  the query is its whole title: ranked before other hits\n");
}

static void
put_above(const sp_explanation *explanation, sp_str *out)
{
    static const char *const reasons[] = {
        [SP_ABOVE_PINNED] = "the site pins it",
        [SP_ABOVE_DATE] = "by its date",
        [SP_ABOVE_PAGE] = "a page comes before its links that have no word of the query",
        [SP_ABOVE_COMPLETE] = "it has every word, the next hit does not",
        [SP_ABOVE_TITLE] = "the query is its whole title",
        [SP_ABOVE_WORD] = "",
        [SP_ABOVE_PAIRS] = "query words side by side",
        [SP_ABOVE_COVERAGE] = "its title is more of the query",
        [SP_ABOVE_MEANING] = "closer in meaning",
        [SP_ABOVE_OTHER] = "parts of the score other than the words",
        [SP_ABOVE_EQUAL] = "the scores are equal, the newer hit is first"};
    if (explanation->above == SP_ABOVE_NOTHING)
        return;
    sp_str_append_format(out, INDENT "above the next: %s", reasons[explanation->above]);
    if (explanation->above == SP_ABOVE_WORD)
        sp_printable_append(out, explanation->words[explanation->above_word].typed);
    if (explanation->here != explanation->there)
        sp_str_append_format(out, " %.2f here, %.2f there", explanation->here, explanation->there);
    if (explanation->above == SP_ABOVE_WORD)
        sp_str_append_format(out, ", most of it in the %s",
                             place_in_words(explanation->above_place));
    sp_str_append_char(out, '\n');
}

void
sp_explanation_print(const sp_explanation *explanation, sp_str *out)
{
    put_sum(explanation, out);
    for (uint32_t i = 0; i < explanation->word_count; i++)
        put_word(explanation, &explanation->words[i], out);
    put_first(explanation, out);
    put_above(explanation, out);
}
