// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The word splitter: splits text into folded words, without positions and stems. It keeps no state
 * between calls.
 *
 * A unit is the text between hyphens: either one word (`v2.0`, `c++`, `r&d`, `phd` for `Ph.D.`) or
 * a group of words separated by dots (`node`, `js`). A chain is one or more units joined by
 * hyphens. Short groups and chains also give a form: their words joined together. A word and its
 * bytes are valid only during the call of the sink.
 */
#ifndef SIGNPOST_ENGINE_ANALYSIS_WORDS_H
#define SIGNPOST_ENGINE_ANALYSIS_WORDS_H

#include <signpost/analyzer.h>

struct sp_word {
    sp_bytes folded;     /* at most SP_WORD_MAX bytes */
    uint32_t start, end; /* byte range in the text */
    uint32_t span;       /* form: the number of preceding words that it covers; word: 1 */
    uint32_t newlines;   /* between the previous word and this one; form: 0 */
    bool form;
    bool elided; /* sp_token.elided */
    bool loose;  /* sp_token.loose */
};

typedef void sp_word_sink(void *context, const struct sp_word *word);

/* Calls the sink for each word of text (less than 4 GiB), and for a form after its last word. */
void sp_split_words(sp_bytes text, sp_word_sink *sink, void *context);

#endif
