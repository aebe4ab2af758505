/*
 * A query, read: what the reader typed, taken apart by the query language.
 *
 * Every string of bytes is a query; there is no syntax error, and what cannot be an operator is
 * text. Reading knows no index: planning (engine/plan.h) puts the query to one. Memory is one
 * arena's.
 */
#ifndef SIGNPOST_QUERY_H
#define SIGNPOST_QUERY_H

#include <signpost/analyzer.h>
#include <signpost/arena.h>

#define SP_QUERY_BYTES_MAX 4096
#define SP_QUERY_WORDS_MAX 64

typedef struct sp_query_word {
    sp_bytes word; /* folded */
    sp_bytes stem;
    uint32_t start, end; /* where it stands in sp_query.text; both 0 for a word that is not of it */
} sp_query_word;

/* One thing to be found: a word, the beginning of one (`resid*`), words that a hyphen or the like
   joins (`full-time`: two words and the form `fulltime`), or a phrase in quotes. */
typedef struct sp_clause {
    sp_bytes typed; /* as the reader wrote it, without quotes or operator */
    sp_query_word *words;
    uint32_t word_count; /* at least one */
    sp_query_word form;  /* of all words together; empty if there is none */
    bool phrase;         /* in quotes: unstemmed and in order */
    bool prefix;         /* a single word, and any that begins with it */
    bool excluded;       /* must not match */
    bool stop;           /* a single stop word */
} sp_clause;

enum sp_field { SP_FIELD_TAG, SP_FIELD_CATEGORY, SP_FIELD_KIND, SP_FIELD_LANG };

#define SP_FIELD_COUNT 4

/* Several filters of one field mean any of them; different fields mean all. */
typedef struct sp_filter {
    enum sp_field field;
    sp_bytes value; /* folded */
    bool excluded;
} sp_filter;

typedef struct sp_query {
    sp_bytes text;   /* what was read of it, as valid UTF-8 */
    sp_bytes parsed; /* how it was read, for people */
    bool truncated;  /* more was given than SP_QUERY_BYTES_MAX or SP_QUERY_WORDS_MAX */
    sp_clause *clauses;
    size_t clause_count;
    sp_filter *filters;
    size_t filter_count, filter_capacity;
} sp_query;

/* The field's name in queries, options and parameters: "tag". */
const char *sp_field_name(enum sp_field field);

/* Reads text into *out, from arena. A byte that is not UTF-8 is read as U+FFFD. */
enum sp_status sp_query_read(sp_analyzer *analyzer, sp_bytes text, sp_arena *arena, sp_query *out,
                             sp_error *err) SP_MUST_CHECK;

/* Adds a filter as `field:value` in the text would. SP_BAD_ARGUMENT for a kind that is none
   and for a value without a word. */
enum sp_status sp_query_add_filter(sp_query *query, sp_arena *arena, enum sp_field field,
                                   sp_bytes value, bool excluded, sp_error *err) SP_MUST_CHECK;

#endif
