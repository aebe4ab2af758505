// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Correction: a query with words that no document has is read again with the nearest words that
 * exist in their place (nearest.h). A word that some document has is never touched.
 */
#ifndef SIGNPOST_ENGINE_SEARCH_SPELLING_PRIVATE_H
#define SIGNPOST_ENGINE_SEARCH_SPELLING_PRIVATE_H

#include "reader.h"

#include <signpost/spelling.h>

typedef struct sp_correction_context {
    sp_reader *reader;
    sp_analyzer *analyzer; /* that the query was read with */
    sp_arena *arena;
    uint64_t deadline_us; /* of sp_now_us(); 0: none */
} sp_correction_context;

/* Corrects *query as it was read from a text, and sets *corrected to the text that it now is;
   leaves both alone where there is nothing to correct. query->text stays what was typed, while the
   words stand where they do in *corrected. SP_TIMEOUT when the time is up. */
enum sp_status sp_spelling_correct(const sp_correction_context *correction, sp_query *query,
                                   sp_bytes *corrected, sp_error *err) SP_MUST_CHECK;

#endif
