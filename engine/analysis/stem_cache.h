// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The lexicon: words seen before, with their stems and hashes.
 *
 * Snowball takes ten times as long over a word as the rest of the analyzer, and a text repeats
 * itself, so what was stemmed is remembered, up to a bound. Entries are borrowed until the next
 * sp_stem_cache_begin. One lexicon belongs to one thread.
 */
#ifndef SIGNPOST_ENGINE_ANALYSIS_STEM_CACHE_H
#define SIGNPOST_ENGINE_ANALYSIS_STEM_CACHE_H

#include <signpost/text.h>

/* The 24 bits that stand for a stem in token tables: 32-bit FNV-1a, whose high byte is folded into
   the low ones by xor (http://www.isthe.com/chongo/tech/comp/fnv/). */
uint32_t sp_stem_hash(sp_bytes stem);

typedef struct sp_stem_cache sp_stem_cache;

struct sp_stem_cache_entry {
    uint32_t hash; /* sp_stem_hash of the stem */
    sp_bytes word, stem;
};

/* language: Snowball's name of it, or NULL: every word is its own stem. */
enum sp_status sp_stem_cache_new(const char *language, sp_stem_cache **out,
                                 sp_error *err) SP_MUST_CHECK;
void sp_stem_cache_free(sp_stem_cache *lexicon);

/* Begins a text: what did not fit is forgotten, and everything when the bound is reached. */
void sp_stem_cache_begin(sp_stem_cache *lexicon);

/* The entry of a folded word of at most SP_WORD_MAX bytes, made if it is new; NULL when memory is
   out. Time is bounded whatever the words are. */
const struct sp_stem_cache_entry *sp_stem_cache_look_up(sp_stem_cache *lexicon, sp_bytes word);

#endif
