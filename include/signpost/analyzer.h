// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The analyzer: text to tokens, in the one place where that is done.
 *
 * The indexer makes postings of the tokens, the reader of queries makes terms of them and passages
 * make highlights of them, so that the three cannot disagree. tests/cases/analyzer.txt is an
 * executable table of what it does.
 *
 * A word is folded (NFKC, case fold, marks stripped: `Résumé` = `resume`), keeps the byte range of
 * the source that it came from, and has a position: words that follow each other have positions
 * that follow each other. A form is a second way to write one or more words that have tokens of
 * their own (`full-time` gives `full`, `time` and the form `fulltime`; `C++` the word `c++` and the
 * form `cpp`): it has the position of its first word and does not count in the positions. An
 * abbreviation is one word (`Ph.D.` is `phd`).
 *
 * One analyzer belongs to one thread. It remembers stems, so keep it.
 */
#ifndef SIGNPOST_ANALYZER_H
#define SIGNPOST_ANALYZER_H

#include <signpost/text.h>

typedef struct sp_analyzer sp_analyzer;

/* Longest folded word in bytes: what is longer is cut there, on a character's boundary (its range
   is that of the whole word). */
#define SP_WORD_MAX 64

typedef struct sp_token {
    uint32_t start, end; /* byte range in the text; a possessive 's is left out */
    uint32_t position;   /* from 1; each '\n' in the text adds SP_BLOCK_GAP */
    uint32_t span;       /* positions it covers: 1, or for a form the number of its words */
    uint32_t hash;       /* sp_stem_hash of the stem, 24 bits */
    bool form;           /* a joined form; its words are tokens of their own */
    sp_bytes word;       /* folded */
    sp_bytes stem;       /* of the word; the word itself where the language has no stemmer */
} sp_token;

/* Words of two blocks (see post.h) are never neighbours, so no phrase crosses blocks. */
#define SP_BLOCK_GAP 16

/* Words in order of start; a form comes after its last word. Ranges never cut a character off its
   marks; those of Chinese and Japanese, where every two characters are a word, overlap. */
typedef struct sp_tokens {
    sp_token *items; /* borrowed, like the words and stems, until the next sp_analyze or _free */
    size_t count;
} sp_tokens;

/* language: BCP 47 tag ("en", "pt-BR": the primary tag counts). One without a Snowball stemmer is
   analyzed without stems. */
enum sp_status sp_analyzer_new(sp_bytes language, sp_analyzer **out, sp_error *err) SP_MUST_CHECK;
void sp_analyzer_free(sp_analyzer *analyzer);

/* text: any bytes of less than 4 GiB; what is not UTF-8 separates words. Time is linear in text. */
enum sp_status sp_analyze(sp_analyzer *analyzer, sp_bytes text, sp_tokens *out,
                          sp_error *err) SP_MUST_CHECK;

/* Whether a folded word says too little to be scored in a query of other words ("the"). Negations
   ("no", "not", "without") are never stop words: they tell "No degree required" from "Graduate
   degree required". */
bool sp_analyzer_is_stop_word(const sp_analyzer *analyzer, sp_bytes word);

/* Appends text folded as a whole (for tags, categories and headings that are compared, not
   searched): words (no forms) joined by single spaces, other characters dropped. */
void sp_fold_append(sp_str *out, sp_bytes text);

#endif
