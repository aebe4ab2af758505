// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Term counts: adds up the weights of a text's words, so that a word that occurs a hundred times is
 * added to the document once. libxapian looks up a term by its bytes each time it is added.
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
    sp_term_count *entries; /* in the order of first occurrence */
    size_t count, capacity;
    sp_table table; /* by the address of the text */
} sp_term_counts;

void sp_term_counts_done(sp_term_counts *counts);

/* Removes all entries and makes room for `words` of them. */
enum sp_status sp_term_counts_begin(sp_term_counts *counts, size_t words,
                                    sp_error *err) SP_MUST_CHECK;

/* Adds a word or stem of the last sp_analyze. Equal texts are recognised by their address, because
   the stem cache stores each text once. A text that did not fit into the cache can get several
   entries. */
void sp_term_counts_add(sp_term_counts *counts, sp_bytes text, uint32_t wdf);

#endif
