// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The vocabulary: the words of an index in memory, for code that compares all of them. Listing
 * 30,000 words takes libxapian 10 ms; walking over this list takes a tenth of that.
 */
#ifndef SIGNPOST_ENGINE_SEARCH_VOCABULARY_H
#define SIGNPOST_ENGINE_SEARCH_VOCABULARY_H

#include <signpost/analyzer.h>
#include <signpost/arena.h>

#include <xapian-c.h>

#define SP_VOCABULARY_MAX 100000 /* words; further ones, in byte order, are ignored */

typedef struct sp_vocabulary_word {
    uint64_t set; /* which code points occur: each sets the bit of its low six bits */
    sp_bytes word;
    uint32_t freq;    /* documents that contain it */
    uint16_t len;     /* code points; 0: more than SP_WORD_MAX */
    uint16_t letters; /* how many of them are letters */
} sp_vocabulary_word;

typedef struct sp_vocabulary {
    sp_arena arena;            /* owns the words' text */
    sp_vocabulary_word *words; /* in byte order, without those that begin with a digit or sign */
    size_t count, capacity;
    bool complete;
} sp_vocabulary;

/* A word as code points. */
typedef struct sp_spelling {
    uint32_t codes[SP_WORD_MAX];
    uint32_t len, letters;
    uint64_t set;
} sp_spelling;

/* False if the text is too long to be a word. */
bool sp_spell(sp_bytes word, sp_spelling *out);

/* Reads the next few thousand words into a vocabulary, which must be zeroed before the first call.
   Callers repeat the call until `complete` is set, and can check their deadline in between. If
   memory runs out, returns XC_NO_MEMORY and sets vocabulary->arena.failed. */
xc_status sp_vocabulary_read(sp_vocabulary *vocabulary, xc_reader *reader, xc_error *err);

void sp_vocabulary_done(sp_vocabulary *vocabulary);

#endif
