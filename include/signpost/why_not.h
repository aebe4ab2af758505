// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Why a page or resource is not in the answer to a query, or not on its first page.
 *
 * The query is read, corrected and planned as for a search. Then each part of the query is matched
 * against that one document, and the document is looked for among the first SP_LIMIT_MAX hits. The
 * result is plain data with an arena of its own. Only the reader's thread may call this.
 */
#ifndef SIGNPOST_WHY_NOT_H
#define SIGNPOST_WHY_NOT_H

#include <signpost/reader.h>
#include <signpost/search.h>

enum sp_verdict {
    SP_WHY_NOT_INDEXED, /* the index has no such URL: a draft, a page left out, or a typing error */
    SP_WHY_RANKED,      /* it is in the answer, with every word */
    SP_WHY_BEHIND,      /* it is in the answer, but some words are missing */
    SP_WHY_PINNED,      /* it is in the answer because the site pins it; words may be missing */
    SP_WHY_LEFT_OUT,    /* a filter or an exclusion leaves it out */
    SP_WHY_LACKING,     /* required words are missing, or all words */
    SP_WHY_EMPTY,       /* the query has nothing to search for */
    SP_WHY_OTHER
};

/* A part of the query that does not match the document. */
typedef struct sp_lacking {
    sp_bytes typed;
    sp_bytes stem;    /* of a single word; else empty */
    sp_bytes nearest; /* the most similar word, or stem, of the document; may be empty */
    bool scattered;   /* a phrase whose words are in the document, but not in this order */
} sp_lacking;

typedef struct sp_why_not {
    enum sp_verdict verdict;
    sp_bytes url;       /* as given */
    sp_bytes nearest;   /* SP_WHY_NOT_INDEXED: the most similar URL of the index; may be empty */
    sp_bytes text;      /* sp_query.text */
    sp_bytes corrected; /* the query that was run instead; data NULL: not corrected */
    sp_bytes revision;
    uint32_t rank;     /* in the answer, from 1; 0: not in it, or after SP_LIMIT_MAX */
    uint32_t page;     /* from 1, with request->limit hits each; 0 if rank is 0 */
    uint32_t complete; /* documents with every word, plus those pinned among them; 0 if the document
                          is not in the answer */
    bool mixed;        /* documents that lack words are ranked among those with every word */
    bool pins;         /* the site pins documents for the query */
    sp_lacking *lacking;
    uint32_t lacking_count;
    bool lacks_all;        /* no part of the query matches */
    sp_bytes *left_out_by; /* filters and exclusions in the query language: "tag:x", "-word" */
    uint32_t left_out_count;
    sp_arena arena; /* owns all of the above */
} sp_why_not;

/* Finds out why a document is not in the answer. Uses the members of the request that sp_search
   uses, except the offset. url: as for sp_similar. *out is freed with sp_why_not_free. */
enum sp_status sp_why_not_ask(sp_reader *reader, const sp_request *request, sp_bytes url,
                              sp_why_not **out, sp_error *err) SP_MUST_CHECK;
void sp_why_not_free(sp_why_not *why_not);

#endif
