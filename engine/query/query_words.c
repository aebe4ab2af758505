// SPDX-License-Identifier: GPL-2.0-or-later
#include "capitals.h"
#include "query_private.h"

#include "engine/analysis/fold.h"

/* Copies the word of a token of `text`, which is a slice of parser->text. */
static sp_query_word
copy_word(struct sp_query_parser *parser, sp_bytes text, const sp_token *token)
{
    uint32_t offset = (uint32_t)(text.data - parser->text.data);
    return (sp_query_word){.word = sp_arena_copy(parser->arena, token->word),
                           .stem = sp_arena_copy(parser->arena, token->stem),
                           .start = offset + token->start,
                           .end = offset + token->end};
}

/* An operator without an operand is text, but not an acronym. */
static bool
is_operator(sp_bytes word)
{
    return sp_bytes_equal(word, SP_LITERAL("or")) || sp_bytes_equal(word, SP_LITERAL("and"));
}

/* A new clause, or NULL if the query has too many words. */
static sp_clause *
add_clause(struct sp_query_parser *parser)
{
    sp_query *query = parser->query;
    if (parser->words >= SP_QUERY_WORDS_MAX) {
        query->truncated = true;
        return NULL;
    }
    query->clauses = sp_arena_grow(parser->arena, query->clauses, &parser->clause_capacity,
                                   query->clause_count + 1, sizeof *query->clauses);
    return query->clauses ? &query->clauses[query->clause_count++] : NULL;
}

/* Whether the word is a single character of a script that is indexed as pairs. It finds the pairs
   that begin with it. */
static bool
is_one_of_a_pair(sp_bytes word)
{
    struct sp_folded c;
    sp_fold_char(word, 0, &c);
    return c.kind == SP_CHAR_CJK && c.end == word.len;
}

/* Makes a clause of tokens[first, last); NULL if the query has too many words. */
static sp_clause *
read_clause(struct sp_query_parser *parser, sp_bytes text, const sp_token *first,
            const sp_token *last, bool phrase)
{
    sp_clause *clause = add_clause(parser);
    if (!clause)
        return NULL;
    uint32_t start = first->start, end = first->end, plain = 0, position = first->position;
    clause->words = sp_arena_array(parser->arena, (size_t)(last - first), sizeof *clause->words);
    if (!clause->words)
        return NULL;
    for (const sp_token *token = first; token < last; token++) {
        if (token->end > end)
            end = token->end;
        if (!token->form && parser->words < SP_QUERY_WORDS_MAX) {
            clause->words[clause->word_count++] = copy_word(parser, text, token);
            parser->words++;
            clause->sentences += phrase && token->position > position + 1;
            position = token->position;
        } else if (sp_is_in_capitals(token->word) && clause->word_count == plain) {
            sp_query_word *word = &clause->words[clause->word_count - 1];
            if (sp_analyzer_is_stop_word(parser->analyzer, word->word) && !is_operator(word->word))
                sp_query_word_put_in_capitals(word, parser->arena);
        }
        plain += !token->form;
    }
    for (const sp_token *token = first; token < last; token++) {
        if (token->form && !token->loose && token->span == plain)
            clause->form = copy_word(parser, text, token);
    }
    parser->query->truncated |= clause->word_count < plain;
    clause->typed = sp_arena_copy(parser->arena, sp_bytes_slice(text, start, end));
    clause->phrase = phrase;
    clause->prefix = plain == 1 && !phrase && is_one_of_a_pair(clause->words[0].word);
    clause->stop =
        plain == 1 && !phrase &&
        (first->elided || sp_analyzer_is_stop_word(parser->analyzer, clause->words[0].word));
    return clause;
}

static void
add_node(struct sp_query_parser *parser, sp_clause *clause, enum sp_scope scope,
         struct sp_nodes *out)
{
    if (!clause)
        return;
    clause->scope = scope;
    sp_nodes_add(parser, out,
                 (sp_node){.kind = SP_NODE_CLAUSE,
                           .typed = clause->typed,
                           .required = scope != SP_ANYWHERE,
                           .clause = (uint32_t)(clause - parser->query->clauses)});
}

/* The end of the clause that begins at `first`: after the last token that a joined form covers. */
static const sp_token *
clause_end(const sp_token *first, const sp_token *end)
{
    const sp_token *last = first + 1;
    for (const sp_token *token = last; token < end; token++) {
        bool joins =
            token->loose ? token == last : token->position < last[-1].position + last[-1].span;
        if (token->form && joins)
            last = token + 1;
        else if (!token->form && token->position > first->position + SP_QUERY_WORDS_MAX)
            break;
    }
    return last;
}

void
sp_query_parse_text(struct sp_query_parser *parser, sp_bytes text, bool phrase, enum sp_scope scope,
                    struct sp_nodes *out)
{
    sp_tokens tokens;
    parser->status = sp_analyze(parser->analyzer, text, &tokens, parser->err);
    if (parser->status != SP_OK || tokens.count == 0)
        return;
    const sp_token *first = tokens.items, *end = tokens.items + tokens.count;
    phrase |= parser->whole && clause_end(first, end) < end;
    while (first < end) {
        const sp_token *last = phrase ? end : clause_end(first, end);
        add_node(parser, read_clause(parser, text, first, last, phrase), scope, out);
        first = last;
    }
}

/* Reads the item as a prefix if it is one word followed by an asterisk. */
static bool
read_prefix(struct sp_query_parser *parser, sp_bytes item, enum sp_scope scope,
            struct sp_nodes *out)
{
    sp_tokens tokens;
    size_t last = item.len, len;
    do {
        last -= last > 0;
    } while (last > 0 && sp_utf8_is_continuation(item.data[last]));
    if (last == 0 || sp_query_char(item, last, &len) != '*')
        return false;
    sp_bytes word = sp_bytes_slice(item, 0, last);
    parser->status = sp_analyze(parser->analyzer, word, &tokens, parser->err);
    if (parser->status == SP_OK && tokens.count == 2 && tokens.items[1].loose)
        tokens.count = 1;
    if (parser->status != SP_OK || tokens.count != 1 || tokens.items[0].start > 0 ||
        tokens.items[0].end < word.len)
        return false;
    sp_clause *clause = read_clause(parser, word, tokens.items, tokens.items + 1, false);
    if (clause) {
        clause->typed = sp_arena_copy(parser->arena, item);
        clause->prefix = true;
        clause->stop = false;
    }
    add_node(parser, clause, scope, out);
    return true;
}

void
sp_query_parse_word(struct sp_query_parser *parser, sp_bytes item, enum sp_scope scope,
                    struct sp_nodes *out)
{
    if (!read_prefix(parser, item, scope, out) && parser->status == SP_OK)
        sp_query_parse_text(parser, item, false, scope, out);
}
