// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The acronyms of the site's posts (engine/write/acronyms.h), looked up for a query. Nothing is
 * kept between queries: each word of a query costs one look at the terms that begin with it.
 */
#ifndef SIGNPOST_ENGINE_SEARCH_ACRONYMS_H
#define SIGNPOST_ENGINE_SEARCH_ACRONYMS_H

#include "reader.h"

/* Fills *out with memory from the arena: runs of words of the query that are an acronym or the long
   form of one. */
enum sp_status sp_acronyms_match(sp_reader *reader, sp_analyzer *analyzer, const sp_query *query,
                                 sp_arena *arena, sp_synonym_matches *out,
                                 sp_error *err) SP_MUST_CHECK;

#endif
