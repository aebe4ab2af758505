// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Stop words: short lists of what says too little to be scored, a list a language.
 *
 * In folded form (contractions without their apostrophe), and without negations. Constant data,
 * for any thread.
 */
#ifndef SIGNPOST_ENGINE_ANALYSIS_STOP_WORDS_H
#define SIGNPOST_ENGINE_ANALYSIS_STOP_WORDS_H

#include <signpost/text.h>

/* language: primary tag in lower case ("en"). False for a language without a list. */
bool sp_is_stop_word(sp_bytes language, sp_bytes word);

#endif
