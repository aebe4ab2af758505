// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The parameters of a search, both ways: from a request's query part to what the engine is asked,
 * and from that to the query part of a link. /api/v1/search and the results page read the same.
 */
#ifndef SIGNPOST_SEARCHD_SEARCH_PARAMS_H
#define SIGNPOST_SEARCHD_SEARCH_PARAMS_H

#include "options.h"
#include "params.h"

#include <signpost/reader.h>
#include <signpost/search.h>

#define SP_SEARCH_LIMIT 10 /* hits, unless said otherwise */
#define SP_SEARCH_LIMIT_MAX 100
#define SP_SEARCH_OFFSET_MAX 1000

enum sp_search_reading {
    SP_SEARCH_STRICT, /* q is required, and a parameter that is none an error */
    SP_SEARCH_LENIENT /* for pages: addresses of pages get things hung on (`utm_source`) */
};

/* Fills *out from `query`, its texts in the arena; filters are sorted, each there once. False, and
 *problem. */
bool sp_search_params_read(sp_bytes query, enum sp_search_reading reading,
                           const sp_searchd_options *options, sp_arena *arena, sp_request *out,
                           sp_problem *problem);

/* Appends all that an answer depends on beside the index: equal for requests that ask the same, and
   only for them. */
void sp_search_params_canonical(const sp_request *request, sp_str *out);

/* Appends "search?q=…", relative and escaped for HTML, without what is as it is by itself. */
void sp_search_params_link(const sp_request *request, sp_str *out);

#endif
