// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The query language: reads what a reader typed into clauses, filters and operators.
 *
 * Every byte string is a valid query. There are no syntax errors: text that cannot be an operator
 * is searched for. Reading takes linear time and does not look at an index; planning
 * (engine/query/plan.h) matches the query to an index. All memory of a query belongs to one arena.
 * tests/cases/query.txt shows by examples how queries are read.
 *
 *     query       = { disjunction }                    all; documents without one rank lower
 *     disjunction = conjunction { "OR" conjunction }   any of them
 *     conjunction = operand { "AND" operand }          all of them
 *     operand     = { "-" | "+" | "NOT" } ( "(" query ")" | phrase | field ":" value | word )
 *     word        = text [ "*" ]
 *
 * An operator without an operand is text, and an unmatched parenthesis is ignored. A sign comes
 * directly before its operand, and only one sign is read: `--x` is text. Operators also have their
 * typographic and full-width forms. A word that the analyzer splits (`-24/7`) is excluded as a
 * phrase; otherwise an asterisk after it (`tool_c*`) makes a prefix of its last part.
 *
 * A stop word in capitals (`IT jobs`, `HR & IT`) is a word of its own, unless the whole query is in
 * capitals and has a word of more than three letters (`IT JOBS`).
 */
#ifndef SIGNPOST_QUERY_H
#define SIGNPOST_QUERY_H

#include <signpost/analyzer.h>
#include <signpost/arena.h>
#include <signpost/values.h>

#define SP_QUERY_BYTES_MAX 4096
#define SP_QUERY_WORDS_MAX 64
#define SP_QUERY_FILTERS_MAX 64 /* in the text; the filters of a request are not counted */
#define SP_QUERY_DEPTH_MAX 16   /* nested parentheses; deeper ones are ignored */

typedef struct sp_query_word {
    sp_bytes word; /* folded */
    sp_bytes stem;
    sp_bytes small;      /* of a word in capitals (SP_CAPITALS_MARK): its stem in small letters */
    uint32_t start, end; /* byte range in sp_query.text; both 0: the word is not in the text */
    bool elided;         /* the `l` of `l'école` */
} sp_query_word;

/* Where a clause must match: anywhere, in the title (`title:x`), or in the headings and labels that
   a text or link is listed under (`under:x`). */
enum sp_scope { SP_ANYWHERE, SP_IN_TITLE, SP_UNDER_HEADING };

/* A search term: a word, a prefix (`resid*`), words joined by a hyphen or similar (`full-time`: two
   words and the joined form `fulltime`), or a phrase in quotes. */
typedef struct sp_clause {
    sp_bytes typed; /* as the reader wrote it, without quotes or operator */
    sp_query_word *words;
    uint32_t word_count; /* at least one */
    sp_query_word form;  /* all words joined; empty if there is no joined form */
    uint32_t sentences;  /* of a phrase: the number of sentences and blocks that end in it */
    bool phrase;         /* in quotes: matched unstemmed and in order */
    bool prefix;         /* a single word that matches every word beginning with it */
    bool character;      /* such a word is one character of a script that is indexed as pairs */
    bool excluded;       /* must not match, at whatever depth the query excludes it */
    bool stop;           /* a single stop word, not in capitals */
    enum sp_scope scope;
} sp_clause;

/* A document passes several filters of one field if it passes any of them; but it must pass all
   dates and all required filters. It must pass the filters of every field. */
typedef struct sp_filter {
    enum sp_field field;
    sp_bytes value; /* folded; dates as written */
    bool excluded;
} sp_filter;

/* A node of the query's tree: a clause, a filter, or all or any of its parts. */
enum sp_node_kind { SP_NODE_CLAUSE, SP_NODE_FILTER, SP_NODE_ALL, SP_NODE_ANY };

typedef struct sp_node sp_node;
struct sp_node {
    enum sp_node_kind kind;
    bool excluded;    /* must not match */
    bool required;    /* must match, even in answers where other parts may be missing */
    sp_bytes typed;   /* as the reader wrote it */
    uint32_t clause;  /* index into sp_query.clauses */
    sp_filter filter; /* of SP_NODE_FILTER; the node says whether it is excluded */
    sp_node *parts;   /* of SP_NODE_ALL and SP_NODE_ANY: at least one */
    size_t part_count;
};

typedef struct sp_query {
    sp_bytes text;      /* the text that was read, as valid UTF-8 */
    sp_bytes parsed;    /* the query as it was understood, for people */
    bool truncated;     /* it exceeded SP_QUERY_BYTES_MAX, _WORDS_MAX or _FILTERS_MAX */
    sp_clause *clauses; /* all clauses of the tree, in the order of the text */
    size_t clause_count;
    sp_node *parts; /* the top of the tree, without the filters below */
    size_t part_count;
    sp_filter *filters; /* those that apply to the whole query */
    size_t filter_count, filter_capacity;
} sp_query;

/* Reads text into *out, with memory from arena. Bytes that are not UTF-8 are read as U+FFFD. */
enum sp_status sp_query_read(sp_analyzer *analyzer, sp_bytes text, sp_arena *arena, sp_query *out,
                             sp_error *err) SP_MUST_CHECK;

/* Whether the query consists of words and filters only: no phrase, prefix, operator, sign or field
   with a scope. */
bool sp_query_is_plain(const sp_query *query);

/* Appends the query's words as sp_fold_append folds a text, so that they can be compared with
   folded text. False, with nothing appended, unless the query is plain words or one phrase, with or
   without filters. */
bool sp_query_append_words(const sp_query *query, sp_str *out);

/* Adds a filter as `field:value` in the text would. SP_BAD_ARGUMENT for an unknown kind, an invalid
   date, or a value without a word. */
enum sp_status sp_query_add_filter(sp_query *query, sp_arena *arena, enum sp_field field,
                                   sp_bytes value, bool excluded, sp_error *err) SP_MUST_CHECK;

/* SP_BAD_ARGUMENT unless date is empty, YYYY, YYYY-MM or YYYY-MM-DD. `name` is the name of the
   parameter, for the message. */
enum sp_status sp_date_check(sp_bytes date, const char *name, sp_error *err) SP_MUST_CHECK;

/* SP_BAD_ARGUMENT unless the value is a year of four digits. */
enum sp_status sp_year_check(sp_bytes year, sp_error *err) SP_MUST_CHECK;

#endif
