// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A query, read: what the reader typed, taken apart by the query language.
 *
 * Every string of bytes is a query; there is no syntax error, and what cannot be an operator is
 * text. Reading is linear and knows no index: planning (engine/plan.h) puts the query to one.
 * Memory is one arena's. tests/cases/query.txt shows by examples how queries are read.
 *
 *     query    = { choice }                      all count; what lacks one of them comes later
 *     choice   = both { "OR" both }              any of them
 *     both     = operand { "AND" operand }       all of them
 *     operand  = { "-" | "+" | "NOT" } ( "(" query ")" | phrase | field ":" value | word [ "*" ] )
 *
 * An operator without an operand is text; a parenthesis without its other half is none. Signs stand
 * right before what they are for, and only one sign: `--x` is text.
 */
#ifndef SIGNPOST_QUERY_H
#define SIGNPOST_QUERY_H

#include <signpost/analyzer.h>
#include <signpost/arena.h>
#include <signpost/values.h>

#define SP_QUERY_BYTES_MAX 4096
#define SP_QUERY_WORDS_MAX 64
#define SP_QUERY_FILTERS_MAX 64 /* of the text; what a request adds comes on top */
#define SP_QUERY_DEPTH_MAX 16   /* of parentheses; deeper ones are overlooked */

typedef struct sp_query_word {
    sp_bytes word; /* folded */
    sp_bytes stem;
    uint32_t start, end; /* where it stands in sp_query.text; both 0 for a word that is not of it */
} sp_query_word;

/* Where a clause must be found: `title:x`; `under:x`, the headings and labels that something stands
   under. */
enum sp_scope { SP_ANYWHERE, SP_IN_TITLE, SP_UNDER_HEADING };

/* One thing to be found: a word, the beginning of one (`resid*`), words that a hyphen or the like
   joins (`full-time`: two words and the form `fulltime`), or a phrase in quotes. */
typedef struct sp_clause {
    sp_bytes typed; /* as the reader wrote it, without quotes or operator */
    sp_query_word *words;
    uint32_t word_count; /* at least one */
    sp_query_word form;  /* of all words together; empty if there is none */
    bool phrase;         /* in quotes: unstemmed and in order */
    bool prefix;         /* a single word, and any that begins with it */
    bool excluded;       /* must not match, wherever in the query that is said */
    bool stop;           /* a single stop word */
    enum sp_scope scope;
} sp_clause;

/* Several filters of one field mean any of them, but for dates and where each is required;
   different fields mean all. */
typedef struct sp_filter {
    enum sp_field field;
    sp_bytes value; /* folded; a date as it is written */
    bool excluded;
} sp_filter;

/* A part of the query as its operators bind it: a clause, a filter, all or any of its parts. */
enum sp_node_kind { SP_NODE_CLAUSE, SP_NODE_FILTER, SP_NODE_ALL, SP_NODE_ANY };

typedef struct sp_node sp_node;
struct sp_node {
    enum sp_node_kind kind;
    bool excluded;    /* must not match */
    bool required;    /* must match, also where documents may lack other parts */
    sp_bytes typed;   /* as the reader wrote it */
    uint32_t clause;  /* index into sp_query.clauses */
    sp_filter filter; /* excluded is the node's */
    sp_node *parts;   /* of all and any: one at least */
    size_t part_count;
};

typedef struct sp_query {
    sp_bytes text;      /* what was read of it, as valid UTF-8 */
    sp_bytes parsed;    /* how it was read, for people */
    bool truncated;     /* more was given than SP_QUERY_BYTES_MAX, _WORDS_MAX or _FILTERS_MAX */
    sp_clause *clauses; /* all that there are, in the order of the text */
    size_t clause_count;
    sp_node *parts; /* what counts for the whole query, but the filters */
    size_t part_count;
    sp_filter *filters; /* that narrow the whole answer */
    size_t filter_count, filter_capacity;
} sp_query;

/* Reads text into *out, from arena. A byte that is not UTF-8 is read as U+FFFD. */
enum sp_status sp_query_read(sp_analyzer *analyzer, sp_bytes text, sp_arena *arena, sp_query *out,
                             sp_error *err) SP_MUST_CHECK;

/* Whether it is words, and perhaps filters: nothing quoted, required, excluded or unfinished, no
   operator, no field that words are looked for in. */
bool sp_query_is_plain(const sp_query *query);

/* Appends the query's words as sp_fold_append folds a text, so that the two can be compared. False,
   and nothing appended, unless it is plain words or one phrase, whatever filters it has. */
bool sp_query_append_words(const sp_query *query, sp_str *out);

/* Adds a filter as `field:value` in the text would. SP_BAD_ARGUMENT for a kind or a date that is
   none and for a value without a word. */
enum sp_status sp_query_add_filter(sp_query *query, sp_arena *arena, enum sp_field field,
                                   sp_bytes value, bool excluded, sp_error *err) SP_MUST_CHECK;

/* SP_BAD_ARGUMENT for what cannot be a bound of `after` or `before`; empty can. `name` is what it
   is called in the message. */
enum sp_status sp_date_check(sp_bytes date, const char *name, sp_error *err) SP_MUST_CHECK;

#endif
