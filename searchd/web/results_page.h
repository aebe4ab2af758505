// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The results page, at `/` and `/search`. It shows the same answer as the API and is complete
 * without JavaScript. Links to the daemon are relative, so that a proxy can serve the page under
 * any path.
 *
 * The functions append the parts of the page to page->out and allocate from the request's arena.
 * The sections below name the files that define them.
 */
#ifndef SIGNPOST_SEARCHD_WEB_RESULTS_PAGE_H
#define SIGNPOST_SEARCHD_WEB_RESULTS_PAGE_H

#include "../search_params.h"
#include "html.h"

#include <signpost/search.h>
#include <signpost/spelling.h>

typedef struct sp_page {
    sp_str *out;
    sp_arena *arena;
    const sp_words *words; /* in the page's language */
    sp_bytes title;        /* of the site; can be empty */
    sp_bytes site;         /* base URL of site-relative URLs; may be empty */

    const sp_request *asked; /* the search that the reader requested */
    sp_answer *answer;       /* the answer to `asked`; NULL on the start page */
    bool more;               /* there is a next page */

    /* For each facet that the search filters by, the answer without the filter. The counts of this
       answer say how many hits another value of the facet has. */
    sp_answer *facet_answers[SP_FACET_COUNT];
    sp_corrections nearest; /* if no page has all words: corrections of the unknown words */
    sp_answer *recent;      /* newest guides; NULL if there are hits */
    uint32_t unfiltered;    /* if there are no hits: number of hits without filters */
    uint32_t posts, resources;
} sp_page;

/* searches.c */

/* Whether the response is the start page: the request has neither words nor filters. */
bool sp_page_is_start(const sp_request *asked);

/* Runs all searches that the page needs on one revision of the index, and copies the revision to
   *revision, in the arena. Fails with SP_STALE if the index keeps changing, and otherwise like
   sp_search. The caller frees the answers also after a failure. */
enum sp_status sp_page_search(sp_page *page, sp_reader *reader, sp_bytes *revision, sp_error *err);
void sp_page_free_answers(sp_page *page);

/* hits.c */
void sp_page_hits(const sp_page *page);
void sp_page_related(const sp_page *page); /* related documents, if there are any */

/* filters.c: the links that filter, sort and page the hits */
void sp_page_kinds(const sp_page *page);
void sp_page_active_filters(const sp_page *page);
void sp_page_sorts(const sp_page *page);
void sp_page_facets(const sp_page *page);
void sp_page_pager(const sp_page *page);

/* Sets *out to the search without the filters of a facet. Returns false if the search has no filter
   of the facet. */
bool sp_page_without_facet(const sp_page *page, enum sp_facet_kind kind, sp_request *out);

/* Appends the start tag of a link to a search. `attributes` begins with a space or is empty. */
void sp_page_open_link(const sp_page *page, const sp_request *to, const char *attributes);

/* Appends a whole link to a search. */
void sp_page_text_link(const sp_page *page, const sp_request *to, sp_bytes text);

/* Returns a request for the first page of the same search without filters and dates. */
sp_request sp_page_unfiltered(const sp_request *asked);

/* Appends a tag or category as a link to the search for all documents that have it. */
void sp_page_filter_link(const sp_page *page, enum sp_field field, sp_bytes value);

/* Whether two names of tags or categories are the same to readers. */
bool sp_page_same_name(sp_bytes a, sp_bytes b);

/* Whether the search has filters or dates. */
bool sp_page_is_filtered(const sp_request *asked);

/* notices.c: the total, and how the query was changed */
void sp_page_notices(const sp_page *page);

/* Appends a link to the same search with `exact`; `key` is that of its text. */
void sp_page_exact_link(const sp_page *page, const char *key);

/* Appends a link to the same search with the query `text`; the text of the link is `shown`. */
void sp_page_query_link(const sp_page *page, sp_bytes text, sp_bytes shown);

/* Appends the text of a key; {q} is a link to the same search with this query. */
void sp_page_put_query(const sp_page *page, const char *key, sp_bytes query);

/* no_results.c: help for a search without hits */
void sp_page_no_results(const sp_page *page);

/* start.c: the content of the start page */
void sp_page_start(const sp_page *page);
void sp_page_recent(const sp_page *page); /* the newest guides */

/* layout.c: head, search form and end of every page */
typedef struct sp_layout {
    const sp_words *words;
    sp_bytes root;    /* relative path to the daemon's root: "" or "../" repeated */
    sp_bytes title;   /* of the site; can be empty */
    sp_bytes site;    /* base URL of site-relative URLs; can be empty */
    sp_bytes heading; /* of the page, for its title; empty on the start page */
    sp_bytes query;   /* in the search form */
    bool indexable;   /* by search engines */
} sp_layout;

void sp_page_begin(sp_str *out, const sp_layout *layout);
void sp_page_end(sp_str *out);

/* Appends "Search SITE", or only the word if the site has no title. */
void sp_page_search_title(sp_str *out, const sp_words *words, sp_bytes title);

#endif
