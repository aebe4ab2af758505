// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ranking settings: field weights and the parameters of BM25, as a site sets them and as the index
 * stores them.
 *
 * Plain data; any number of threads may read it.
 */
#ifndef SIGNPOST_RANKING_H
#define SIGNPOST_RANKING_H

#include <signpost/text.h>

/* Field weights as wdf increments (BM25F's form: one term space, so that saturation and length
   apply to the sum; Robertson, Zaragoza & Taylor 2004). Title 3: 2 to 5 measured alike on eight
   collections. */
#define SP_WDF_TITLE 3
#define SP_WDF_HEADING 2
#define SP_WDF_BODY 1
#define SP_WDF_TAG 2
#define SP_WDF_NAME 4        /* resource: link texts that name it */
#define SP_WDF_DESCRIPTION 2 /* what a list says of it */
#define SP_WDF_SENTENCE 1    /* running text around a link, which often speaks of something else */
#define SP_WDF_CONTEXT 2     /* headings and label that it stands under, titles of posts, host */
#define SP_WDF_INHERITED 1   /* prose of its sections, tags and categories of its posts */

/* Added to the length of a resource. Its document holds what is said of a thing and not the thing,
   so it is short without being about little; as it is, resources would make a mean length by which
   every post counts as ten times too long. About the length of a post of 400 words. */
#define SP_LENGTH_RESOURCE 800

/* The weights that a site's documents are built with, of posts and then of resources; the constants
   above unless its settings say otherwise. */
enum sp_weight {
    SP_WEIGHT_TITLE,
    SP_WEIGHT_HEADING,
    SP_WEIGHT_BODY,
    SP_WEIGHT_TAG,
    SP_WEIGHT_NAME, /* of resources, from here on */
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

/* What ranks: Okapi BM25 as libxapian has it (Robertson & Zaragoza 2009), the share of a phrase
   bonus for each adjacent pair of query words, and what is added to the weight of documents for
   other reasons than their words, in units of that weight: a word that tells much weighs 5 to 10.
   Stored in the index as numbers apart by spaces: "k1 b k3 pair listed mentions recency half_life"
   and the weights. */
typedef struct sp_ranking {
    double k1, b, k3;
    double pair;      /* scale of the weight of two query words that stand side by side */
    double listed;    /* resource: some mention leads a list item */
    double mentions;  /* resource: for each doubling of its mentions, SP_DOUBLINGS_MAX at most */
    double recency;   /* the newest document; 0: age does not count */
    double half_life; /* days after which half of that is left; at least 1 */
    sp_weights weights;
} sp_ranking;

#define SP_DOUBLINGS_MAX 4

/* None unless a site wants it. Of 79 judged queries 0.2 made 11 better and 4 worse (nDCG@10 .772 to
   .775), but where words tell little it puts every resource of a list above the posts. */
#define SP_LISTED 0

#define SP_RANKING_DEFAULT                                                                         \
    ((sp_ranking){.k1 = 1.6,                                                                       \
                  .b = 0.65,                                                                       \
                  .k3 = 1000,                                                                      \
                  .pair = 0.1,                                                                     \
                  .listed = SP_LISTED,                                                             \
                  .half_life = 365,                                                                \
                  .weights = SP_WEIGHTS_DEFAULT})

void sp_ranking_format(const sp_ranking *ranking, sp_str *out);

/* False, and the default, for a text that is none. Weights that are not said are the default's. */
bool sp_ranking_parse(sp_bytes text, sp_ranking *out);

#endif
