// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The vocabulary: the plain words of an index, held in memory for what must look at all of them.
 * Listing 30,000 words takes libxapian 10 ms, going over a list of them a tenth of that.
 */
#ifndef SIGNPOST_ENGINE_SEARCH_VOCABULARY_H
#define SIGNPOST_ENGINE_SEARCH_VOCABULARY_H

#include <signpost/analyzer.h>
#include <signpost/arena.h>

#include <xapian-c.h>

#define SP_VOCABULARY_MAX 100000 /* words, the first in byte order */

typedef struct sp_vocabulary_word {
    uint64_t set; /* which code points there are, by their low six bits */
    sp_bytes word;
    uint32_t freq;    /* documents that have it */
    uint16_t len;     /* code points; 0: longer than a word is (SP_WORD_MAX) */
    uint16_t letters; /* of those, letters */
} sp_vocabulary_word;

typedef struct sp_vocabulary {
    sp_arena arena;            /* of the words' text */
    sp_vocabulary_word *words; /* in byte order; those that begin with a digit or a sign left out */
    size_t count, capacity;
    bool complete;
} sp_vocabulary;

/* A word by its code points. */
typedef struct sp_spelling {
    uint32_t codes[SP_WORD_MAX];
    uint32_t len, letters;
    uint64_t set;
} sp_spelling;

/* False for what is too long to be a word. */
bool sp_spell(sp_bytes word, sp_spelling *out);

/* Reads the next few thousand words into it, from a zeroed one on, until it is complete; the caller
   may look at the clock in between. XC_NO_MEMORY with the arena failed. */
xc_status sp_vocabulary_read(sp_vocabulary *vocabulary, xc_reader *reader, xc_error *err);

void sp_vocabulary_done(sp_vocabulary *vocabulary);

#endif
