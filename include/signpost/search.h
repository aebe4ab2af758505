// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The search: a request and its answer (answer.h).
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

typedef struct sp_request {
    sp_bytes text; /* in the query language */
    uint32_t offset, limit;
    const sp_request_filter *filters; /* as if written in the query */
    size_t filter_count;
    sp_bytes after, before; /* YYYY, YYYY-MM or YYYY-MM-DD, both ends included; empty: no bound */
    enum sp_sort sort;
    bool exact;          /* only documents that have every word, stop words too */
    bool facets;         /* count them */
    bool explain;        /* say why each hit stands where it does (explain.h) */
    uint64_t timeout_us; /* microseconds; 0: none */
    sp_bytes base_url;   /* put before site-relative URLs */
} sp_request;

/* SP_TIMEOUT when the time is up. SP_BAD_ARGUMENT for a date or kind that is none. Offsets past
 * SP_OFFSET_MAX are read as that. */
#define SP_OFFSET_MAX 100000
#define SP_LIMIT_MAX 10000

enum sp_status sp_search(sp_reader *reader, const sp_request *request, sp_answer **out,
                         sp_error *err) SP_MUST_CHECK;

#endif
