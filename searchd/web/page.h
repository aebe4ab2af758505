// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The results page, at `/` and `/search`: made from the same answer as the API's, complete without
 * JavaScript. All that it links to of its own is relative, so that a proxy may serve it under any
 * path.
 *
 * The parts of the page are written by functions that append to page->out; memory is the request's
 * arena.
 */
#ifndef SIGNPOST_SEARCHD_WEB_PAGE_H
#define SIGNPOST_SEARCHD_WEB_PAGE_H

#include "../search_params.h"
#include "html.h"

#include <signpost/search.h>
#include <signpost/spelling.h>

typedef struct sp_page {
    sp_str *out;
    sp_arena *arena;
    sp_bytes title; /* of the site; never empty */
    sp_bytes site;  /* what site-relative URLs are relative to; may be empty */

    const sp_request *asked; /* what the reader asks for */
    sp_answer *answer;       /* to that and to one hit more; NULL on the start page */
    bool more;               /* there is a next page */

    /* Where a facet's filter is set, the facet as it is without it: what choosing another of its
       values would give. */
    sp_answer *open[SP_FACET_COUNT];
    sp_corrections nearest; /* where nothing has all words: those that may have been meant */
    sp_answer *recent;      /* newest guides; NULL where hits are shown */
    uint32_t unfiltered;    /* nothing found: hits there would be without filters */
    uint32_t posts, resources;
} sp_page;

/* Whether there is nothing to search for. */
bool sp_page_is_start(const sp_request *asked);

/* ask.c: makes all searches that the page needs, from one revision of the index, which *revision
   is then (the arena's). SP_STALE when it keeps changing, else as sp_search. The answers are to be
   freed in any case. */
enum sp_status sp_page_ask(sp_page *page, sp_reader *reader, sp_bytes *revision, sp_error *err);
void sp_page_free_answers(sp_page *page);

/* hits.c */
void sp_page_hits(const sp_page *page);
void sp_page_related(const sp_page *page); /* nothing, where there is none */

/* filters.c: what narrows, orders and pages the hits, all as links */
void sp_page_kinds(const sp_page *page);
void sp_page_active_filters(const sp_page *page);
void sp_page_sorts(const sp_page *page);
void sp_page_facets(const sp_page *page);
void sp_page_pager(const sp_page *page);

/* The search as it is without the filters of one facet; false where it has none of them. */
bool sp_page_without_facet(const sp_page *page, enum sp_facet_kind kind, sp_request *out);

/* Begins a link to a search; attributes begin with a space or are none. */
void sp_page_open_link(const sp_page *page, const sp_request *to, const char *attributes);

/* A whole link with a text of ours. */
void sp_page_text_link(const sp_page *page, const sp_request *to, const char *text);

/* The search from its first page on, without what narrows it. */
sp_request sp_page_unfiltered(const sp_request *asked);

/* A tag or category as a link to all that has it. */
void sp_page_filter_link(const sp_page *page, enum sp_field field, sp_bytes value);

/* Whether the reader has narrowed the search by other than words. */
bool sp_page_is_filtered(const sp_request *asked);

/* notices.c: what the reader must know of how the query was taken */
void sp_page_notices(const sp_page *page);
void sp_page_exact_link(const sp_page *page, const char *text); /* to the same search, `exact` */

/* The same search for another text, shown as `shown`. */
void sp_page_meant_link(const sp_page *page, sp_bytes text, sp_bytes shown);

/* nothing.c: help where nothing is found */
void sp_page_nothing(const sp_page *page);

/* start.c: what there is, for who has not asked yet */
void sp_page_start(const sp_page *page);
void sp_page_recent(const sp_page *page); /* the newest guides */

/* frame.c: what is around all of it. root: the way to the daemon's root, "" or "../".. */
void sp_page_begin(sp_str *out, sp_bytes root, sp_bytes site_title, sp_bytes heading,
                   bool may_be_found);
void sp_page_header(sp_str *out, sp_bytes root, sp_bytes title, sp_bytes site, sp_bytes query);
void sp_page_end(sp_str *out);

#endif
