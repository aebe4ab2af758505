// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Stop words in capitals: "IT jobs", "WHO guidelines".
 *
 * A stop word in capitals is usually an acronym, so it has a form (analyzer.h) that the same word
 * in small letters does not have. In a headline the words around it are in capitals too, so the
 * word is read like one in small letters. Plain data, for any thread.
 */
#ifndef SIGNPOST_ENGINE_ANALYSIS_CAPITALS_H
#define SIGNPOST_ENGINE_ANALYSIS_CAPITALS_H

#include "atom.h"
#include "words.h"

enum sp_letters_case {
    SP_CASE_UNKNOWN, /* fewer than two letters, or of a script without capitals */
    SP_CASE_CAPITALS,
    SP_CASE_OTHER
};

/* The case of a word as it is written in a text. */
enum sp_letters_case sp_letters_case_of(sp_bytes written);

/* Sets *marked to the form of a word that is a stop word of any language in ASCII capitals, with or
   without dots (`I.T.`). False for other words. The form does not depend on the language, as no
   token does. */
bool sp_capitals_form(sp_bytes text, const struct sp_word *word, struct sp_letters *marked);

/* Removes the forms of capitals in headlines. Returns the number of tokens that are left. */
size_t sp_capitals_drop_headlines(sp_bytes text, sp_token *tokens, size_t count);

#endif
