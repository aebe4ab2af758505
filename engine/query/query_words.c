// SPDX-License-Identifier: GPL-2.0-or-later
#include "capitals.h"
#include "query_private.h"

#include "engine/analysis/capitals.h"
#include "engine/analysis/fold.h"

/* Copies the word of a token of `text`, which is a slice of parser->text. */
static sp_query_word
copy_word(struct sp_query_parser *parser, sp_bytes text, const sp_token *token)
{
    uint32_t offset = (uint32_t)(text.data - parser->text.data);
    return (sp_query_word){.word = sp_arena_copy(parser->arena, token->word),
                           .stem = sp_arena_copy(parser->arena, token->stem),
                           .start = offset + token->start,
                           .end = offset + token->end,
                           .elided = token->elided};
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
    clause->character = plain == 1 && is_one_of_a_pair(clause->words[0].word);
    clause->prefix = clause->character;
    clause->phrase = phrase && !clause->character;
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

/* The analyzer takes the words of `IT/HR` for a headline. Whether the query is one,
   sp_query_ignore_capitals_throughout decides. */
static void
read_capitals(struct sp_query_parser *parser, sp_clause *clause, const sp_token *token)
{
    sp_query_word *word = &clause->words[0];
    if (clause->stop && !token->elided && !is_operator(word->word) &&
        sp_letters_case_of(clause->typed) == SP_CASE_CAPITALS) {
        sp_query_word_put_in_capitals(word, parser->arena);
        clause->stop = false;
    }
}

/* Whether the tokens are one word, without a joined form. */
static bool
is_one_word(const sp_token *first, const sp_token *last)
{
    return last == first + 1 || (last == first + 2 && first[1].loose);
}

/* Parses item[0, end) into clauses. Before an asterisk, the last of them is a prefix. */
static void
parse_item(struct sp_query_parser *parser, sp_bytes item, size_t end, bool phrase,
           enum sp_scope scope, struct sp_nodes *out)
{
    sp_tokens tokens;
    sp_bytes text = sp_bytes_slice(item, 0, end);
    parser->status = sp_analyze(parser->analyzer, text, &tokens, parser->err);
    if (parser->status != SP_OK || tokens.count == 0)
        return;
    const sp_token *first = tokens.items, *stop = tokens.items + tokens.count;
    phrase |= parser->whole && clause_end(first, stop) < stop;
    while (first < stop) {
        const sp_token *last = phrase ? stop : clause_end(first, stop);
        bool prefix = end < item.len && last == stop && !phrase && first->end == end &&
                      is_one_word(first, last);
        sp_clause *clause = read_clause(parser, text, first, prefix ? first + 1 : last, phrase);
        if (clause && prefix) {
            clause->typed =
                sp_arena_copy(parser->arena, sp_bytes_slice(item, first->start, item.len));
            clause->prefix = true;
            clause->stop = false;
        } else if (clause && !phrase) {
            read_capitals(parser, clause, first);
        }
        add_node(parser, clause, scope, out);
        first = last;
    }
}

void
sp_query_parse_text(struct sp_query_parser *parser, sp_bytes text, bool phrase, enum sp_scope scope,
                    struct sp_nodes *out)
{
    parse_item(parser, text, text.len, phrase, scope, out);
}

void
sp_query_parse_word(struct sp_query_parser *parser, sp_bytes item, enum sp_scope scope,
                    struct sp_nodes *out)
{
    size_t last = item.len, len;
    do {
        last -= last > 0;
    } while (last > 0 && sp_utf8_is_continuation(item.data[last]));
    if (last == 0 || sp_query_char(item, last, &len) != '*')
        last = item.len;
    parse_item(parser, item, last, false, scope, out);
}
