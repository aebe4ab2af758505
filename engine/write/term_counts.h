// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sums the weights of a text's words, so that a word that comes a hundred times is one term with
 * one sum: libxapian looks a term up by its bytes each time that it is added to a document.
 */
#ifndef SIGNPOST_ENGINE_WRITE_TERM_COUNTS_H
#define SIGNPOST_ENGINE_WRITE_TERM_COUNTS_H

#include "engine/base/table.h"

#include <signpost/text.h>

typedef struct sp_term_count {
    sp_bytes text; /* borrowed */
    uint32_t wdf;
} sp_term_count;

/* Zero-initialised. */
typedef struct sp_term_counts {
    sp_term_count *entries; /* in the order in which they came */
    size_t count, capacity;
    sp_table table; /* by the address of the text */
} sp_term_counts;

void sp_term_counts_done(sp_term_counts *tally);

/* Empties the tally and makes room for `words` of them. */
enum sp_status sp_term_counts_begin(sp_term_counts *tally, size_t words,
                                    sp_error *err) SP_MUST_CHECK;

/* Words of one sp_analyze: equal ones are known by their address, which a lexicon gives but once.
   Where it could not, the same text comes in two entries. */
void sp_term_counts_add(sp_term_counts *tally, sp_bytes text, uint32_t wdf);

#endif
