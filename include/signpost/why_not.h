// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Why not: what keeps a page or a resource from the answer to a query, or from its first page.
 *
 * The query is read and planned as a search does, correction included. Then each of its parts is
 * asked of that one document alone, and the document is looked for in the answer, down to the
 * SP_LIMIT_MAXth hit. What is said is plain data with an arena of its own; free it with
 * sp_why_not_free. A reader's thread is the only one to use it.
 */
#ifndef SIGNPOST_WHY_NOT_H
#define SIGNPOST_WHY_NOT_H

#include <signpost/reader.h>
#include <signpost/search.h>

enum sp_verdict {
    SP_WHY_NOT_INDEXED, /* the index has no such URL: a draft, a page left out, or mistyped */
    SP_WHY_RANKED,      /* it is in the answer, with every word */
    SP_WHY_BEHIND,      /* it is in the answer, but lacks words */
    SP_WHY_PINNED,      /* it is in the answer, for the site pins it; it may lack words */
    SP_WHY_LEFT_OUT,    /* a filter or an exclusion leaves it out */
    SP_WHY_LACKING,     /* it lacks words that it must have, or all of them */
    SP_WHY_EMPTY,       /* the query asks for nothing */
    SP_WHY_OTHER        /* none of these */
};

/* A part of the query that the document lacks. */
typedef struct sp_lacking {
    sp_bytes typed;
    sp_bytes stem;    /* of a single word; else empty */
    sp_bytes nearest; /* the word, or stem, of the document that is most like it; may be empty */
    bool scattered;   /* a phrase whose words the document has, but not in this order */
} sp_lacking;

typedef struct sp_why_not {
    enum sp_verdict verdict;
    sp_bytes url;       /* as asked for */
    sp_bytes nearest;   /* SP_WHY_NOT_INDEXED: the URL of the index most like it; may be empty */
    sp_bytes text;      /* of the query */
    sp_bytes corrected; /* the query that was run instead; data NULL: none */
    sp_bytes revision;
    uint32_t rank;     /* in the answer, from 1; 0: not in it, or past SP_LIMIT_MAX */
    uint32_t page;     /* of pages as long as the request's limit, from 1; 0 with rank */
    uint32_t complete; /* documents that have every word, or are pinned beside such; 0 where it is
                          not in the answer */
    bool pins;         /* the site pins documents for the query */
    sp_lacking *lacking;
    uint32_t lacking_count;
    bool lacks_all;        /* it has no part of the query at all */
    sp_bytes *left_out_by; /* filters and exclusions, as a query has them: "tag:x", "-word" */
    uint32_t left_out_count;
    sp_arena arena; /* holds all of it */
} sp_why_not;

/* Of the request counts what does for sp_search, but the offset. url as for sp_similar. */
enum sp_status sp_why_not_ask(sp_reader *reader, const sp_request *request, sp_bytes url,
                              sp_why_not **out, sp_error *err) SP_MUST_CHECK;
void sp_why_not_free(sp_why_not *told);

/* Appends it as JSON, without a newline at the end. */
void sp_why_not_print_json(const sp_why_not *told, sp_str *out);

#endif
