// SPDX-License-Identifier: GPL-2.0-or-later
/* Declarations shared by the files that read queries and those that write them. */
#ifndef SIGNPOST_ENGINE_QUERY_QUERY_PRIVATE_H
#define SIGNPOST_ENGINE_QUERY_QUERY_PRIVATE_H

#include <signpost/query.h>

struct sp_query_parser {
    sp_analyzer *analyzer;
    sp_arena *arena;
    sp_query *query;
    sp_bytes text;
    size_t at; /* offset in the text */
    size_t clause_capacity;
    size_t words, filters, depth;
    sp_error *err;
    enum sp_status status;
};

/* A list of parts of the query. */
struct sp_nodes {
    sp_node *items;
    size_t count, capacity;
};

/* query.c: operators, fields and filters */

void sp_nodes_add(struct sp_query_parser *parser, struct sp_nodes *nodes, sp_node node);

/* Returns the host in a URL or in a part of a URL: "example.org" of "https://www.example.org/page".
   Borrowed. */
sp_bytes sp_host_in(sp_bytes url);

/* query_words.c: the text between operators */

/* Parses a slice of parser->text into clauses and adds their nodes. phrase: as one clause. */
void sp_query_parse_text(struct sp_query_parser *parser, sp_bytes text, bool phrase,
                         enum sp_scope scope, struct sp_nodes *out);

/* Like sp_query_parse_text, for text without blanks, which can be a prefix. */
void sp_query_parse_word(struct sp_query_parser *parser, sp_bytes item, enum sp_scope scope,
                         struct sp_nodes *out);

/* query_text.c */

/* Appends the query in the query language, in the simplest form that reads back as the same. */
void sp_query_append(sp_str *out, const sp_query *query);

#endif
