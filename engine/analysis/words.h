// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The splitter: text to words, without positions, stems or memory of its own.
 *
 * A unit is what stands between hyphens: one word (`v2.0`, `c++`, `r&d`, `phd` for `Ph.D.`) or a
 * dotted group of words (`node`, `js`). Units joined by hyphens are a chain. Groups and chains of
 * few words also give a form, their words run together. Words and their bytes belong to the caller
 * of the sink and are gone after the call.
 */
#ifndef SIGNPOST_ENGINE_ANALYSIS_WORDS_H
#define SIGNPOST_ENGINE_ANALYSIS_WORDS_H

#include <signpost/analyzer.h>

struct sp_word {
    sp_bytes folded;     /* at most SP_WORD_MAX bytes */
    uint32_t start, end; /* byte range in the text */
    uint32_t span;       /* a form's: how many of the words just given it covers; else 1 */
    uint32_t newlines;   /* between the word before and this one; a form's: 0 */
    bool form;
};

typedef void sp_word_sink(void *context, const struct sp_word *word);

/* Gives each word of text (less than 4 GiB) to the sink, a form after its last word. elides: the
   language drops vowels before an apostrophe (`l'école`), so that it separates words. */
void sp_split_words(sp_bytes text, bool elides, sp_word_sink *sink, void *context);

#endif
