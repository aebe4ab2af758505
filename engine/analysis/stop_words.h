// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Stop words: for each language, a short list of words too common to be scored.
 *
 * Words are folded (contractions without their apostrophe). Negations are not in the lists.
 * Constant data, for any thread.
 */
#ifndef SIGNPOST_ENGINE_ANALYSIS_STOP_WORDS_H
#define SIGNPOST_ENGINE_ANALYSIS_STOP_WORDS_H

#include <signpost/text.h>

typedef struct sp_stop_words {
    const char *const *items; /* ascending by bytes */
    size_t count;
} sp_stop_words;

/* language: the primary tag in lower case ("en"). Empty if the language has no list. */
sp_stop_words sp_stop_words_of(sp_bytes language);

bool sp_is_stop_word(sp_bytes language, sp_bytes word);
bool sp_is_stop_word_of_any_language(sp_bytes word);

#endif
