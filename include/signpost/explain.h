// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Why a hit stands where it does: its score taken apart.
 *
 * The score of a hit is a sum: what each part of the query adds, a bonus for query words that stand
 * side by side, and whatever else the ranking adds. libxapian is asked for each part alone, in that
 * one document, so the parts are those of the search and not a second reckoning. A word adds (Okapi
 * BM25, Robertson & Zaragoza 2009, as libxapian 1.4 has it)
 *
 *     idf * (k1 + 1) * wdf / (k1 * (1 - b + b * length) + wdf)
 *     idf = ln((N - n + 0.5) / (n + 0.5)), or ln(1 + half of the fraction) where that is below 2
 *
 * with N documents in the index of which n have the term, wdf how often this one has it (each time
 * with the weight of its field, schema.h), and length that of the document by the mean. wdf adds up
 * over fields before it saturates, so what one field adds is told as its share of wdf. The index
 * does not store which sentence around a link weighs less than a list's description, so shares of
 * resources are estimates; weights are exact.
 */
#ifndef SIGNPOST_EXPLAIN_H
#define SIGNPOST_EXPLAIN_H

#include <signpost/answer.h>

enum sp_place {
    SP_PLACE_TITLE,       /* of a post; name of a resource */
    SP_PLACE_HEADING,     /* headings and labels */
    SP_PLACE_TEXT,        /* post */
    SP_PLACE_TAGS,        /* post: tags and categories */
    SP_PLACE_DESCRIPTION, /* resource */
    SP_PLACE_INHERITED,   /* resource: the prose of the sections that mention it */
    SP_PLACE_MENTIONS,    /* resource: its address, titles of the posts that mention it */
    SP_PLACE_COUNT
};

typedef struct sp_explained_place {
    uint32_t count; /* matches; 0 also for tags and mentions, whose words have no positions */
    double weight;  /* 0: not there */
} sp_explained_place;

typedef struct sp_explained_term {
    sp_bytes text;
    bool stem;          /* else the word as it is */
    uint32_t documents; /* of the index that have it */
    uint32_t wdf;       /* in this one */
} sp_explained_term;

/* A part of the query, in the order typed. */
typedef struct sp_explained_word {
    sp_bytes typed;
    double weight;            /* what it adds to the score; 0 where the hit lacks it */
    sp_explained_term *terms; /* those by which the hit has it */
    uint32_t term_count;
    sp_explained_place places[SP_PLACE_COUNT]; /* their weights add up to `weight` */
} sp_explained_word;

/* Two words side by side. */
typedef struct sp_explained_pair {
    sp_bytes left, right; /* as typed */
    double weight;
} sp_explained_pair;

/* Why a hit stands above the next one of the answer. */
enum sp_above {
    SP_ABOVE_NOTHING,  /* it is the last that the answer shows */
    SP_ABOVE_PINNED,   /* the site pins it */
    SP_ABOVE_DATE,     /* the answer is sorted by date, or there is nothing to rank by */
    SP_ABOVE_COMPLETE, /* it has every word, the next lacks one */
    SP_ABOVE_TITLE,    /* the query is its whole title or name */
    SP_ABOVE_WORD,     /* a word makes the largest difference, in favour of this hit */
    SP_ABOVE_PAIRS,    /* words side by side do */
    SP_ABOVE_MEANING,  /* what is near the query in meaning does */
    SP_ABOVE_OTHER,    /* what is none of these does: its date, its mentions */
    SP_ABOVE_EQUAL     /* both have one score: the newer stands first */
};

typedef struct sp_explanation {
    double score; /* words, pairs, meaning and other add up to it */
    sp_explained_word *words;
    uint32_t word_count;
    sp_explained_pair *pairs; /* those that the hit has */
    uint32_t pair_count;
    double meaning;     /* by vectors (docs/semantic.md) */
    double other;       /* what is left of the score */
    bool pinned;        /* the site pins it: it stands first */
    bool exact_title;   /* the query is its whole title or name: next come these */
    uint32_t documents; /* in the index */
    double length;      /* of the document, by the mean */
    enum sp_above above;
    uint32_t above_word;       /* SP_ABOVE_WORD: index into words */
    enum sp_place above_place; /* SP_ABOVE_WORD: where that word makes most of the difference */
    double here, there;        /* what makes the difference, of this hit and the next; else 0 */
} sp_explanation;

/* The place's name in JSON: "title". */
const char *sp_place_name(enum sp_place place);

/* Shares weight out over the places by their units of wdf, which are `count` times the weight of
   the field, and so much at `rest` as the units lack to wdf. Units of 0 in all, and wdf 0: all of
   it is at rest. */
void sp_explain_share(double weight, const uint32_t counts[SP_PLACE_COUNT],
                      const uint32_t units[SP_PLACE_COUNT], uint32_t wdf, enum sp_place rest,
                      sp_explained_place out[SP_PLACE_COUNT]);

/* Fills `above` and what goes with it of each hit that has an explanation. by_date: the answer is
   not sorted by relevance. */
void sp_explain_order(const sp_answer *answer, bool by_date);

/* Appends the explanation as JSON. */
void sp_explanation_print_json(const sp_explanation *explanation, sp_str *out);

#endif
