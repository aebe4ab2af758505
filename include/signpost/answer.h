// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An answer: plain data, complete, and independent of the index that it came from. Printers make
 * JSON, terminal output and pages of it.
 */
#ifndef SIGNPOST_ANSWER_H
#define SIGNPOST_ANSWER_H

#include <signpost/arena.h>
#include <signpost/record.h>

/* Text with the byte ranges that matched, ascending and apart. */
typedef struct sp_marked {
    sp_bytes text;
    sp_range *marks;
    uint32_t mark_count;
} sp_marked;

typedef struct sp_passage {
    sp_bytes *heading; /* headings and label that it stands under, outermost first */
    uint32_t heading_count;
    sp_bytes url; /* of the page with the section's anchor */
    sp_marked text;
    uint32_t line; /* of its first word in the source; 0 if unknown */
} sp_passage;

typedef struct sp_answer_mention {
    sp_bytes title; /* of the post */
    sp_bytes url;
    sp_bytes *heading;
    uint32_t heading_count;
    uint32_t line;
} sp_answer_mention;

typedef struct sp_hit {
    enum sp_kind kind;
    sp_marked title;
    sp_bytes url;
    sp_bytes date, lang;
    double score;      /* of its words, and what settings add; neither pin nor title is in it */
    bool whole_title;  /* is the query: it stands before what else has every word */
    sp_bytes *missing; /* words of the query that it lacks, as typed */
    uint32_t missing_count;
    bool pinned; /* by the site, for just this query */
    sp_passage *passages;
    uint32_t passage_count;
    struct sp_explanation *explanation; /* NULL: not asked for; explain.h */
    /* post */
    sp_bytes *categories, *tags;
    uint32_t category_count, tag_count;
    sp_bytes path;
    uint32_t line; /* of its first passage */
    /* resource */
    sp_marked description;
    sp_answer_mention *mentions;
    uint32_t mention_count;
} sp_hit;

typedef struct sp_facet_value {
    sp_bytes value; /* as most documents spell it */
    uint32_t count; /* documents */
} sp_facet_value;

/* At most this many values of a facet are told. */
#define SP_FACET_VALUES_MAX 100

/* Commonest value first; years: newest first. */
typedef struct sp_facet {
    sp_facet_value *values;
    uint32_t value_count;
} sp_facet;

typedef struct sp_answer {
    sp_bytes text, parsed; /* of the query */
    bool relaxed;          /* no document has every word */
    bool truncated;
    sp_bytes corrected; /* the query that was run instead; data NULL: none */
    sp_bytes revision;
    uint64_t took_us;
    uint32_t total;
    bool total_exact;
    uint32_t offset, limit;
    sp_hit *hits;
    uint32_t hit_count;
    sp_hit *related; /* near in meaning and without any word of the query; nearest first, `score` */
    uint32_t related_count; /* is the cosine. None but on the first page, where hits leave room */
    sp_facet *facets; /* SP_FACET_COUNT, over the documents that `total` counts; NULL: not asked */
    sp_arena arena;   /* holds all of it */
} sp_answer;

void sp_answer_free(sp_answer *answer);

/* The answer of the HTTP API and of `search --json`, without a newline at the end. */
void sp_answer_print_json(const sp_answer *answer, sp_str *out);

/* Appends the text, escaped for HTML (escape.h), with <mark> around the marks. */
void sp_marked_print_html(const sp_marked *marked, sp_str *out);

#endif
