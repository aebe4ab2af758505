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
    bool whole; /* the words of the next item are one clause, because the item is excluded */
    sp_error *err;
    enum sp_status status;
};

/* A list of parts of the query. */
struct sp_nodes {
    sp_node *items;
    size_t count, capacity;
};

/* query_marks.c */

/* The character at `at`: the operator that a full-width or typographic form stands for, else its
   first byte. Sets *len to its length in the text. */
char sp_query_char(sp_bytes text, size_t at, size_t *len);

/* Whether the text is the operator's word, in ASCII or full-width capitals. */
bool sp_query_is_operator(sp_bytes text, const char *word);

bool sp_query_is_blank(char c);

/* The kind of the quotation mark at `at` that can open a quotation, or else close one; sets *len to
   its length. 0 if there is none. A quotation ends at a mark of the kind that opened it. */
unsigned sp_query_quote(sp_bytes text, size_t at, bool opens, size_t *len);

/* Whether an opening corner bracket is at `at`. It needs no blank before it, unlike other marks. */
bool sp_query_opens_corner(sp_bytes text, size_t at);

/* query.c: operators, fields and filters */

void sp_nodes_add(struct sp_query_parser *parser, struct sp_nodes *nodes, sp_node node);

/* Returns the host in a URL or in a part of a URL: "example.org" of "https://www.example.org/page".
   Borrowed. */
sp_bytes sp_host_in(sp_bytes url);

/* query_words.c: the text between operators */

/* Parses a slice of parser->text into clauses and adds their nodes. phrase: as one clause. */
void sp_query_parse_text(struct sp_query_parser *parser, sp_bytes text, bool phrase,
                         enum sp_scope scope, struct sp_nodes *out);

/* Like sp_query_parse_text, for text without blanks, whose last word can be a prefix. */
void sp_query_parse_word(struct sp_query_parser *parser, sp_bytes item, enum sp_scope scope,
                         struct sp_nodes *out);

/* query_capitals.c */

/* Makes stop words of the words in capitals if the whole query is in capitals and has a word that
   is too long for an acronym. */
void sp_query_ignore_capitals_throughout(sp_query *query);

/* query_text.c */

/* Appends the query in the query language, in the simplest form that reads back as the same. */
void sp_query_append(sp_str *out, const sp_query *query);

#endif
