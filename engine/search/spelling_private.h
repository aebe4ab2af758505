// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Corrects the spelling of a query: words that no document contains are replaced by similar words
 * of the index (signpost/spelling.h). Words that some document contains are never changed.
 */
#ifndef SIGNPOST_ENGINE_SEARCH_SPELLING_PRIVATE_H
#define SIGNPOST_ENGINE_SEARCH_SPELLING_PRIVATE_H

#include "reader.h"

#include <signpost/spelling.h>

typedef struct sp_correction_context {
    sp_reader *reader;
    const sp_request *request; /* names the query's language */
    sp_analyzer *analyzer;     /* that the query was read with */
    sp_arena *arena;
    uint64_t deadline_us; /* in the time of sp_now_us(); 0: none */
} sp_correction_context;

/* Corrects *query and sets *corrected to its new text, or leaves both as they are if there is
   nothing to correct. query->text stays as typed; the offsets of its words are those in *corrected.
   SP_TIMEOUT when the time is up. */
enum sp_status sp_spelling_correct(const sp_correction_context *context, sp_query *query,
                                   sp_bytes *corrected, sp_error *err) SP_MUST_CHECK;

#endif
