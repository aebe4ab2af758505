// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The stem cache: words seen before, with their stems and hashes.
 *
 * A stem of a stop word belongs to stop words alone. Snowball gives many other words such a stem:
 * "ATS" gets that of "at", "theses" that of "these", "Doe" that of "does". Without a stem of their
 * own, these words would find every page. SP_OWN_STEM_MARK at the end tells the two stems apart.
 *
 * Stemming a word with Snowball takes ten times as long as the rest of its analysis, and texts
 * repeat their words. The cache therefore remembers stemmed words, up to a limit. Entries are
 * borrowed until the next sp_stem_cache_begin. A cache belongs to one thread.
 */
#ifndef SIGNPOST_ENGINE_ANALYSIS_STEM_CACHE_H
#define SIGNPOST_ENGINE_ANALYSIS_STEM_CACHE_H

#include <signpost/text.h>

/* The 24 bits that stand for a stem in token tables: 32-bit FNV-1a, whose high byte is folded into
   the low ones by xor (http://www.isthe.com/chongo/tech/comp/fnv/). */
uint32_t sp_stem_hash(sp_bytes stem);

typedef struct sp_stem_cache sp_stem_cache;

/* No word contains it, because folding removes apostrophes. */
#define SP_OWN_STEM_MARK "'"

struct sp_stem_cache_entry {
    uint32_t hash; /* sp_stem_hash of the stem */
    sp_bytes word, stem;
};

/* stemmer: Snowball's name of the language, or NULL if every word is its own stem. language: the
   primary tag in lower case, which chooses the stop words. */
enum sp_status sp_stem_cache_new(const char *stemmer, sp_bytes language, sp_stem_cache **out,
                                 sp_error *err) SP_MUST_CHECK;
void sp_stem_cache_free(sp_stem_cache *cache);

/* Begins a text. Forgets the words that did not fit into the cache; once the cache is full, forgets
   all words. */
void sp_stem_cache_begin(sp_stem_cache *cache);

/* The entry of a folded word of at most SP_WORD_MAX bytes; a new word gets one. NULL when memory is
   out. The time for the look-up is bounded, even for words that were made to collide. */
const struct sp_stem_cache_entry *sp_stem_cache_look_up(sp_stem_cache *cache, sp_bytes word);

#endif
