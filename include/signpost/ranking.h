// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ranking settings: field weights, the parameters of BM25, and the bonuses that do not depend on a
 * document's words. A site can set all of them except k3; the index stores them.
 *
 * Plain data, for any thread.
 */
#ifndef SIGNPOST_RANKING_H
#define SIGNPOST_RANKING_H

#include <signpost/text.h>

/* Field weights. Each occurrence of a word in a field adds the field's weight to the wdf of its
   term, as in BM25F: all fields share one term space, so saturation and length normalisation apply
   to the sum (Robertson, Zaragoza & Taylor 2004). On eight collections, title weights from 2 to 5
   gave similar results. */
#define SP_WDF_TITLE 3
#define SP_WDF_HEADING 2
#define SP_WDF_BODY 1
#define SP_WDF_TAG 2
#define SP_WDF_PATH 1        /* words of the post's address; not a setting */
#define SP_WDF_NAME 4        /* resource: its name */
#define SP_WDF_DESCRIPTION 2 /* its description in a list, and its other names */
#define SP_WDF_SENTENCE 1    /* the sentence around a link, which is often about something else */
#define SP_WDF_CONTEXT 2     /* headings and label above it, titles of posts, host */
#define SP_WDF_INHERITED 1   /* from the posts that link to it: section, tags, categories */

/* Added to the length of each resource. The document of a resource is short because it holds only
   what posts say about it. Without this addition resources would lower the mean length so far that
   BM25 would treat every post as ten times too long. The number is about the length of a post of
   600 words. */
#define SP_LENGTH_RESOURCE 1200

/* The field weights of a site: first those of posts, then those of resources. The default values
   are the constants above. */
enum sp_weight {
    SP_WEIGHT_TITLE,
    SP_WEIGHT_HEADING,
    SP_WEIGHT_BODY,
    SP_WEIGHT_TAG,
    SP_WEIGHT_NAME, /* the first of a resource */
    SP_WEIGHT_DESCRIPTION,
    SP_WEIGHT_SENTENCE,
    SP_WEIGHT_CONTEXT,
    SP_WEIGHT_INHERITED,
    SP_WEIGHT_COUNT
};

#define SP_WEIGHT_MAX 100

typedef struct sp_weights {
    uint32_t wdf[SP_WEIGHT_COUNT]; /* by enum sp_weight, at most SP_WEIGHT_MAX */
} sp_weights;

#define SP_WEIGHTS_DEFAULT                                                                         \
    ((sp_weights){{SP_WDF_TITLE, SP_WDF_HEADING, SP_WDF_BODY, SP_WDF_TAG, SP_WDF_NAME,             \
                   SP_WDF_DESCRIPTION, SP_WDF_SENTENCE, SP_WDF_CONTEXT, SP_WDF_INHERITED}})

bool sp_weights_equal(const sp_weights *a, const sp_weights *b);

/* The parameters of ranking: Okapi BM25 as libxapian implements it (Robertson & Zaragoza 2009), a
   bonus for adjacent query words, and bonuses that do not depend on words. Bonuses have the unit of
   BM25 weights: a distinctive word adds 5 to 10. The index stores the numbers separated by spaces:
   "k1 b k3 pair listed mentions recency half_life", then the field weights. */
typedef struct sp_ranking {
    double k1, b, k3;
    double pair;      /* factor of the weight of two query words that are adjacent in the text */
    double listed;    /* bonus of a resource with a mention that begins a list item */
    double mentions;  /* bonus of a resource for each doubling of its mentions, up to
                         SP_DOUBLINGS_MAX */
    double recency;   /* bonus of the newest document; 0: age does not count */
    double half_life; /* days in which that bonus halves; at least 1 */
    sp_weights weights;
} sp_ranking;

#define SP_DOUBLINGS_MAX 4

/* The default bonus for listed resources: none. Of 79 judged queries, a bonus of 0.2 improved 11
   and worsened 4 (nDCG@10 from .772 to .775). However, for queries of common words that bonus puts
   every listed resource above the posts. */
#define SP_LISTED 0

#define SP_RANKING_DEFAULT                                                                         \
    ((sp_ranking){.k1 = 1.6,                                                                       \
                  .b = 0.65,                                                                       \
                  .k3 = 1000,                                                                      \
                  .pair = 0.1,                                                                     \
                  .listed = SP_LISTED,                                                             \
                  .half_life = 365,                                                                \
                  .weights = SP_WEIGHTS_DEFAULT})

/* Appends the stored form. */
void sp_ranking_format(const sp_ranking *ranking, sp_str *out);

/* Reads the stored form. Numbers that older indexes do not have get their default. If the text is
   invalid, returns false and sets *out to the default. */
bool sp_ranking_parse(sp_bytes text, sp_ranking *out);

#endif
