// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Why a hit is ranked where it is: the parts of its score.
 *
 * A hit's score is the sum of what each part of the query adds, a bonus for query words next to
 * each other, and what the rest of the ranking adds. Each part's weight is computed by libxapian,
 * by searching for that part in that one document, so the parts are those of the search itself. A
 * word adds (Okapi BM25, Robertson & Zaragoza 2009, as implemented in libxapian 1.4)
 *
 *     idf * (k1 + 1) * wdf / (k1 * (1 - b + b * length) + wdf)
 *     idf = ln((N - n + 0.5) / (n + 0.5)), or ln(1 + half the fraction) if the fraction is below 2
 *
 * If documents that lack words are ranked among the others (sp_answer.mixed), a word adds
 *
 *     idf * ((k1 + 1) * wdf / (k1 * (1 - b + b * length) + wdf) + delta), idf = ln((N + 1) / n)
 *
 * (BM25+, Lv & Zhai 2011), with delta = SP_PRESENT_SHARE * (k1 + 1).
 *
 * where N is the number of documents in the index, n the number that contain the term, wdf the sum
 * of the field weights (ranking.h) of the term's occurrences in this document, and length the
 * document's length divided by the mean. wdf is summed over fields before it saturates, so a
 * field's weight is given by its share of wdf. A mention in a sentence around a link weighs less
 * than a description in a list, but the index does not store which mentions those are. The shares
 * of a resource's fields are therefore estimates; the weights of words are exact.
 */
#ifndef SIGNPOST_EXPLAIN_H
#define SIGNPOST_EXPLAIN_H

#include <signpost/answer.h>

enum sp_place {
    SP_PLACE_TITLE,       /* title of a post, name of a resource */
    SP_PLACE_HEADING,     /* headings and labels */
    SP_PLACE_TEXT,        /* post */
    SP_PLACE_TAGS,        /* post: tags and categories */
    SP_PLACE_DESCRIPTION, /* resource */
    SP_PLACE_INHERITED,   /* resource: the prose near its links */
    SP_PLACE_MENTIONS,    /* resource: its address, titles of the posts that mention it */
    SP_PLACE_COUNT
};

typedef struct sp_explained_place {
    uint32_t count; /* matches; 0 for tags and mentions too, whose words have no positions */
    double weight;  /* 0: no match here */
} sp_explained_place;

typedef struct sp_explained_term {
    sp_bytes text;
    bool stem;          /* false: the word as written */
    uint32_t documents; /* documents of the index that contain the term */
    uint32_t wdf;       /* in this document */
} sp_explained_term;

/* A part of the query, in the order typed. */
typedef struct sp_explained_word {
    sp_bytes typed;
    double weight;            /* what it adds to the score; 0 if the hit does not contain it */
    sp_explained_term *terms; /* those that matched in the hit */
    uint32_t term_count;
    sp_explained_place places[SP_PLACE_COUNT]; /* their weights add up to `weight` */
} sp_explained_word;

/* Query words next to each other: two words, or words and stop words that were dropped. */
typedef struct sp_explained_pair {
    sp_bytes left, right; /* the words before the last one, and the last one, as typed */
    double weight;
} sp_explained_pair;

/* Why a hit precedes the next one of the answer. */
enum sp_above {
    SP_ABOVE_NOTHING,  /* it is the last hit shown */
    SP_ABOVE_PINNED,   /* the site pins it */
    SP_ABOVE_DATE,     /* the answer is sorted by date, or the query has no words to rank by */
    SP_ABOVE_PAGE,     /* the next one only stands near the words, on a page that precedes it */
    SP_ABOVE_COMPLETE, /* it has every word, the next one does not */
    SP_ABOVE_TITLE,    /* the query is its whole title or name */
    SP_ABOVE_WORD,     /* the largest difference in its favour is in a word's weight */
    SP_ABOVE_PAIRS,    /* ... in the weight of words next to each other */
    SP_ABOVE_COVERAGE, /* ... in how much of the query its title is */
    SP_ABOVE_MEANING,  /* ... in the closeness of meaning */
    SP_ABOVE_OTHER,    /* ... in none of these: its date, its mentions */
    SP_ABOVE_EQUAL     /* the scores are equal, and it is newer */
};

typedef struct sp_explanation {
    double score; /* the sum of the weights of words and pairs, coverage, meaning and other */
    sp_explained_word *words;
    uint32_t word_count;
    sp_explained_pair *pairs; /* those in the hit */
    uint32_t pair_count;
    double coverage;    /* added because its title is much of the query */
    double meaning;     /* added by vectors (docs/semantic.md) */
    double other;       /* the rest of the score; below 0 if the hit was moved below a page */
    bool pinned;        /* the site pins it: pinned hits come first */
    bool exact_title;   /* the query is its whole title or name: these come next */
    uint32_t documents; /* in the index */
    double length;      /* of the document, divided by the mean */
    enum sp_above above;
    uint32_t above_word;       /* SP_ABOVE_WORD: index into words */
    enum sp_place above_place; /* SP_ABOVE_WORD: the place that accounts for most of it */
    double here, there;        /* the weights that differ, in this hit and the next; else 0 */
} sp_explanation;

/* The place's name in JSON: "title". */
const char *sp_place_name(enum sp_place place);

/* Divides weight among the places in proportion to their units of wdf: a place's count times the
   weight of its field. If the units add up to less than wdf, the difference goes to `rest`. If wdf
   and all units are 0, the whole weight goes to `rest`. */
void sp_explain_share(double weight, const uint32_t counts[SP_PLACE_COUNT],
                      const uint32_t units[SP_PLACE_COUNT], uint32_t wdf, enum sp_place rest,
                      sp_explained_place out[SP_PLACE_COUNT]);

/* Sets `above` and the members that depend on it in each hit that has an explanation. by_date: the
   answer is not sorted by relevance. */
void sp_explain_order(const sp_answer *answer, bool by_date);

#endif
