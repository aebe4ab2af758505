// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An answer to a query: plain data that stays valid without the reader and the index.
 * answer_json.h prints it as JSON; terminal output and pages are made from it by the programs.
 */
#ifndef SIGNPOST_ANSWER_H
#define SIGNPOST_ANSWER_H

#include <signpost/arena.h>
#include <signpost/record.h>

/* Text with the byte ranges that matched, ascending and not overlapping. */
typedef struct sp_marked {
    sp_bytes text;
    sp_range *marks;
    uint32_t mark_count;
} sp_marked;

typedef struct sp_passage {
    sp_bytes *heading; /* the headings and label above it, outermost first */
    uint32_t heading_count;
    sp_bytes url; /* of the page, with the section's anchor */
    sp_marked text;
    uint32_t line;  /* of its first word in the source; 0 if unknown */
    bool described; /* it is the description of a resource */
} sp_passage;

typedef struct sp_answer_mention {
    sp_bytes title; /* of the post */
    sp_bytes url;
    sp_bytes *heading;
    uint32_t heading_count;
    uint32_t line;
} sp_answer_mention;

enum sp_elsewhere_field { SP_ELSEWHERE_URL, SP_ELSEWHERE_TAG, SP_ELSEWHERE_CATEGORY };
#define SP_ELSEWHERE_COUNT 3

/* A text that matched outside what a hit shows. */
typedef struct sp_elsewhere {
    enum sp_elsewhere_field field;
    sp_marked text; /* the address without scheme and "www.", or the tag or category */
} sp_elsewhere;

typedef struct sp_hit {
    enum sp_kind kind;
    sp_marked title;
    sp_bytes url;
    sp_bytes date, lang;
    double score;     /* of words, recency and so on; pins and whole titles add nothing to it, and a
                          resource that was moved has at most that of the page */
    bool whole_title; /* the query is its whole title, so it precedes other complete matches */
    sp_bytes *missing; /* words of the query that it does not contain, as typed */
    uint32_t missing_count;
    bool pinned; /* by the site, for this query */
    sp_passage *passages;
    uint32_t passage_count;
    uint64_t in_text; /* which parts of the query match in its text, as bits from the first part */
    sp_elsewhere *elsewhere; /* for the parts that do not */
    uint32_t elsewhere_count;
    /* The URL of the section whose passage another hit of the answer shows; data NULL: none. The
       hit does not repeat that passage and has no other. */
    sp_bytes section;
    sp_bytes at;          /* the URL of the section by which it matches best */
    sp_bytes *at_heading; /* the headings and label above that section */
    uint32_t at_heading_count;
    /* For programs that show grouped hits together: the passage of the section, if a page of the
       group has it and a resource precedes the page. The resource shows the passage, and the page
       begins with passage number `passages_from`. */
    const sp_passage *opening;
    uint32_t passages_from;
    bool grouped; /* it matches by the same section as the hit before it: the two are shown
                     together, and this one does not show the section again */
    struct sp_explanation *explanation; /* explain.h; NULL unless requested */

    sp_bytes *categories, *tags; /* of a resource: those of the posts that mention it */
    uint32_t category_count, tag_count;

    /* Posts only: */
    sp_bytes path;
    uint32_t line; /* of the first passage */

    /* Resources only: */
    bool inherited; /* no word of the query is in its link texts and its description in a list */
    bool moved;     /* below a page that mentions it, although more of its words match */
    sp_marked description;
    bool described_above; /* an earlier hit shows the text of the description */
    sp_answer_mention *mentions;
    uint32_t mention_count;
} sp_hit;

typedef struct sp_facet_value {
    sp_bytes value; /* in the spelling that most documents use */
    uint32_t count; /* documents */
} sp_facet_value;

/* A facet lists at most this many values. */
#define SP_FACET_VALUES_MAX 100

/* The first mention of a resource in the section with this URL; NULL if there is none. */
const sp_answer_mention *sp_hit_mention_at(const sp_hit *hit, sp_bytes url);

/* The most frequent value first; years: the newest first. */
typedef struct sp_facet {
    sp_facet_value *values;
    uint32_t value_count;
} sp_facet;

/* Documents with every word are counted exactly up to SP_COUNT_FACETS if facets are asked for, else
   up to SP_COUNT; documents that lack words up to SP_COUNT. Larger numbers are estimates. */
#define SP_COUNT 100
#define SP_COUNT_FACETS 1000

typedef struct sp_answer {
    sp_bytes text, parsed; /* sp_query.text and .parsed */
    bool relaxed;          /* no document has every word, so the hits have some of them */
    bool truncated;        /* sp_query.truncated */
    sp_bytes corrected;    /* the query that was run instead; data NULL: not corrected */
    sp_bytes did_you_mean; /* a query to offer, which has a far more frequent word; or data NULL */
    sp_bytes revision;
    uint64_t took_us;
    bool mixed;     /* one order for hits with every word and hits that lack some, see `missing` */
    uint32_t total; /* documents with every word */
    bool total_exact;
    uint32_t total_partial; /* documents that lack some words */
    bool total_partial_exact;
    uint32_t offset, limit;
    sp_hit *hits;
    uint32_t hit_count;
    bool more; /* hits follow these */

    /* Documents close in meaning that contain no word of the query, the closest first; their score
       is the cosine. Only a first page that is not full has them. */
    sp_hit *related;
    uint32_t related_count;

    sp_facet *facets; /* SP_FACET_COUNT of them, of all `total` documents; NULL unless requested */
    sp_arena arena;   /* owns all of the above */
} sp_answer;

void sp_answer_free(sp_answer *answer);

/* The number of documents that the query finds, with or without every word. It is exact if
   total_exact and total_partial_exact are set. */
static inline uint32_t
sp_answer_found(const sp_answer *answer)
{
    return answer->total + answer->total_partial;
}

#endif
