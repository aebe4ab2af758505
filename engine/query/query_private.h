// SPDX-License-Identifier: GPL-2.0-or-later
/* What the files that read queries share: query.c has the operators, query_words.c the text between
   them, query_text.c writes the query down again. Not for others. */
#ifndef SIGNPOST_ENGINE_QUERY_QUERY_PRIVATE_H
#define SIGNPOST_ENGINE_QUERY_QUERY_PRIVATE_H

#include <signpost/query.h>

struct sp_query_parser {
    sp_analyzer *analyzer;
    sp_arena *arena;
    sp_query *query;
    sp_bytes text;
    size_t at;
    size_t clause_capacity;
    size_t words, filters, depth;
    sp_error *err;
    enum sp_status status;
};

/* Parts of the query that stand side by side. */
struct sp_nodes {
    sp_node *items;
    size_t count, capacity;
};

void sp_nodes_add(struct sp_query_parser *parser, struct sp_nodes *nodes, sp_node node);

/* Reads a text, a slice of parser->text, into clauses and adds their nodes. phrase: as one. */
void sp_query_parse_text(struct sp_query_parser *parser, sp_bytes text, bool phrase,
                         enum sp_scope scope, struct sp_nodes *out);

/* The same for what stands between blanks, which may be a prefix. */
void sp_query_parse_word(struct sp_query_parser *parser, sp_bytes item, enum sp_scope scope,
                         struct sp_nodes *out);

/* Makes a filter of a field's value: SP_BAD_ARGUMENT where it is none. */
enum sp_status sp_filter_make(enum sp_field field, sp_bytes value, sp_arena *arena, sp_filter *out,
                              sp_error *err) SP_MUST_CHECK;

/* "example.org" of "https://www.example.org/page", or of what there is of that; borrowed. */
sp_bytes sp_host_in(sp_bytes url);

/* Appends the query in its own language, written the plainest way: reading it gives the same. */
void sp_query_append(sp_str *out, const sp_query *query);

#endif
