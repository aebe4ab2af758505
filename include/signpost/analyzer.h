// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The analyzer: turns text into tokens.
 *
 * The indexer makes postings of the tokens, the query parser makes terms of them and passages make
 * highlights of them. All three use this analyzer, so they always agree. tests/cases/analyzer.txt
 * is an executable table of its rules.
 *
 * A token is a word or a form.
 *
 * - A word is folded: NFKC, case folding, accents removed (`Résumé` = `resume`). It keeps its byte
 *   range in the text. Consecutive words of a sentence have consecutive positions. An abbreviation
 *   is one word (`Ph.D.` is `phd`).
 * - A form is another spelling of one or more words, which have their own tokens too: `full-time`
 *   gives the words `full` and `time` and the form `fulltime`; `C++` gives the word `c++` and the
 *   form `cpp`. A form has the position of its first word and takes no position of its own. A stop
 *   word in capitals, outside headlines in capitals, has a form that begins with SP_CAPITALS_MARK:
 *   the `IT` of `IT jobs` gives `it` and `^it`.
 *
 * The tokens of a text do not depend on the language, only their stems do.
 *
 * An analyzer belongs to one thread. It caches stems, so keep it between texts.
 */
#ifndef SIGNPOST_ANALYZER_H
#define SIGNPOST_ANALYZER_H

#include <signpost/text.h>

typedef struct sp_analyzer sp_analyzer;

/* The longest folded word, in bytes. A longer word is cut at a character boundary; its range still
   covers the whole word. */
#define SP_WORD_MAX 64

typedef struct sp_token {
    uint32_t start, end; /* byte range in the text, without a possessive 's */
    uint32_t position;   /* from 1, with gaps where sentences and blocks end */
    uint32_t span;       /* positions that the token covers: 1; a form: the number of its words */
    uint32_t hash;       /* of the stem, 24 bits (engine/analysis/stem_cache.h) */
    bool form;
    bool elided; /* a short word that drops its vowel before an apostrophe: the `l` of `l'école` */
    bool loose;  /* a form that queries leave out, because its words are looked for one by one */
    sp_bytes word; /* folded */
    sp_bytes stem; /* equals the word if the language has no stemmer */
} sp_token;

/* The gaps in positions between two blocks of text (post.h), for each '\n', and between two
   sentences, so that no phrase crosses their ends. */
#define SP_BLOCK_GAP 16
#define SP_SENTENCE_GAP 1

/* Words are in the order of their starts; a form comes directly after the last word that it covers.
   A range never separates a character from its combining marks. In Chinese, Japanese and Korean
   every two adjacent characters are a word, so ranges overlap. Other scripts without spaces (Thai,
   Lao, Khmer) are not segmented: what is written without a blank is one word. */
typedef struct sp_tokens {
    sp_token *items; /* borrowed, with words and stems, until the next sp_analyze or _free */
    size_t count;
} sp_tokens;

/* language: a BCP 47 tag ("en", "pt-BR"), of which only the primary tag counts. If Snowball has no
   stemmer for it, every word is its own stem. */
enum sp_status sp_analyzer_new(sp_bytes language, sp_analyzer **out, sp_error *err) SP_MUST_CHECK;
void sp_analyzer_free(sp_analyzer *analyzer);

/* text: any bytes, less than 4 GiB. Bytes that are not UTF-8 separate words. Time is linear in the
   length of the text. */
enum sp_status sp_analyze(sp_analyzer *analyzer, sp_bytes text, sp_tokens *out,
                          sp_error *err) SP_MUST_CHECK;

/* Whether a folded word ("the") is too common to be scored when a query has other words. Negations
   ("no", "not", "without") are never stop words, because they distinguish "No degree required" from
   "Graduate degree required". */
bool sp_analyzer_is_stop_word(const sp_analyzer *analyzer, sp_bytes word);

/* No other word or stem begins with it, because folding removes it. Such a word is its own stem. */
#define SP_CAPITALS_MARK "^"

static inline bool
sp_is_in_capitals(sp_bytes word)
{
    return word.len > 0 && word.data[0] == *SP_CAPITALS_MARK;
}

/* The folded word without the mark. Borrowed. */
static inline sp_bytes
sp_without_capitals(sp_bytes word)
{
    return sp_bytes_slice(word, sp_is_in_capitals(word), word.len);
}

/* Appends a word or stem as people read it: "IT" for "^it", and "at" for the stem of "ATS", which a
   mark tells apart from that of "at". */
void sp_word_append_shown(sp_str *out, sp_bytes word);

/* Appends the folded text: its words, without forms, separated by single spaces. For tags,
   categories and headings, which are compared rather than searched. */
void sp_fold_append(sp_str *out, sp_bytes text);

#endif
