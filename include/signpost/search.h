// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Search: a request to a reader gives an answer (answer.h). A request borrows all its strings from
 * the caller.
 */
#ifndef SIGNPOST_SEARCH_H
#define SIGNPOST_SEARCH_H

#include <signpost/answer.h>
#include <signpost/query.h>
#include <signpost/reader.h>
#include <signpost/values.h>

typedef struct sp_request_filter {
    enum sp_field field;
    sp_bytes value;
} sp_request_filter;

/* Larger offsets and limits are lowered to these. */
#define SP_OFFSET_MAX 100000
#define SP_LIMIT_MAX 10000

typedef struct sp_request {
    sp_bytes text; /* in the query language */
    uint32_t offset, limit;
    const sp_request_filter *filters; /* as if written in the query */
    size_t filter_count;
    sp_bytes after, before; /* YYYY, YYYY-MM or YYYY-MM-DD, inclusive; empty: no bound */
    enum sp_sort sort;
    bool exact;          /* only documents that contain every word, including stop words */
    bool facets;         /* count facets */
    bool explain;        /* explain why each hit is ranked where it is (explain.h) */
    uint64_t timeout_us; /* microseconds; 0: no limit */
    sp_bytes base_url;   /* put before site-relative URLs */
} sp_request;

/* Searches and sets *out, which the caller frees with sp_answer_free. SP_TIMEOUT when the time is
   up, SP_BAD_ARGUMENT for an invalid date or an unknown kind. */
enum sp_status sp_search(sp_reader *reader, const sp_request *request, sp_answer **out,
                         sp_error *err) SP_MUST_CHECK;

#endif
