// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Converts between the query part of a URL and a search request of the engine. /api/v1/search and
 * the results page accept the same parameters.
 */
#ifndef SIGNPOST_SEARCHD_SEARCH_PARAMS_H
#define SIGNPOST_SEARCHD_SEARCH_PARAMS_H

#include "options.h"
#include "params.h"

#include <signpost/reader.h>
#include <signpost/search.h>

#define SP_SEARCH_LIMIT 10 /* hits by default */
#define SP_SEARCH_LIMIT_MAX 100
#define SP_SEARCH_OFFSET_MAX 1000

enum sp_search_strictness {
    SP_SEARCH_STRICT, /* q is required, and an unknown parameter is an error */
    SP_SEARCH_LENIENT /* for pages, because other sites append parameters such as `utm_source` */
};

/* Fills *out from `query`. The texts are in the arena; the filters are sorted and without
   duplicates. Returns false and fills *problem if a parameter is invalid. */
bool sp_search_params_read(sp_bytes query, enum sp_search_strictness strictness,
                           const sp_searchd_options *options, sp_arena *arena, sp_request *out,
                           sp_problem *problem);

/* Adds the filters among the parameters to *out, sorted by field and value and without duplicates,
   so that equivalent requests have equal filters. Returns false and fills *problem if a filter is
   invalid. */
bool sp_search_params_filters(const sp_params *params, sp_arena *arena, sp_request *out,
                              sp_problem *problem);

/* Appends a text with every part of the request that the answer depends on. Two requests get the
   same text exactly if they are equivalent. */
void sp_search_params_canonical(const sp_request *request, sp_str *out);

/* Appends "search?q=…", a relative link escaped for HTML. Omits parameters that have their default
   value. */
void sp_search_params_link(const sp_request *request, sp_str *out);

#endif
