// SPDX-License-Identifier: GPL-2.0-or-later
#include "query_private.h"

#include "date_bound.h"
#include "engine/base/language.h"

#include <signpost/ascii.h>
#include <signpost/url.h>

void
sp_nodes_add(struct sp_query_parser *parser, struct sp_nodes *nodes, sp_node node)
{
    nodes->items = sp_arena_grow(parser->arena, nodes->items, &nodes->capacity, nodes->count + 1,
                                 sizeof *nodes->items);
    if (nodes->items)
        nodes->items[nodes->count++] = node;
}

static bool
is_parenthesis(char c)
{
    return c == '(' || c == ')';
}

/* The character at `at`; NUL at the end of the text. */
static char
char_at(const struct sp_query_parser *parser, size_t at)
{
    size_t len;
    return at < parser->text.len ? sp_query_char(parser->text, at, &len) : '\0';
}

static size_t
after_char(const struct sp_query_parser *parser, size_t at)
{
    size_t len;
    sp_query_char(parser->text, at, &len);
    return at + len;
}

static size_t
after_blanks(const struct sp_query_parser *parser, size_t at)
{
    while (at < parser->text.len && sp_query_is_blank(char_at(parser, at)))
        at = after_char(parser, at);
    return at;
}

static void
skip_blanks(struct sp_query_parser *parser)
{
    parser->at = after_blanks(parser, parser->at);
}

static size_t
word_end(const struct sp_query_parser *parser, size_t at)
{
    size_t start = at;
    while (at < parser->text.len && !sp_query_is_blank(char_at(parser, at)) &&
           !is_parenthesis(char_at(parser, at)) &&
           (at == start || !sp_query_opens_corner(parser->text, at)))
        at = after_char(parser, at);
    return at;
}

static bool
is_quote_at(const struct sp_query_parser *parser, size_t at)
{
    size_t len;
    return sp_query_quote(parser->text, at, true, &len) > 0;
}

/* Takes the text between quotation marks. Between straight marks a curly one is text, and the
   reverse. Without an end mark the quotation ends with the text. */
static sp_bytes
take_quotation(struct sp_query_parser *parser)
{
    size_t len = 0;
    unsigned kind = sp_query_quote(parser->text, parser->at, true, &len);
    size_t start = parser->at + len, end = start;
    while (end < parser->text.len && sp_query_quote(parser->text, end, false, &len) != kind)
        end = after_char(parser, end);
    parser->at = end < parser->text.len ? end + len : end;
    return sp_bytes_slice(parser->text, start, end);
}

static sp_bytes
take_word(struct sp_query_parser *parser)
{
    size_t start = parser->at;
    parser->at = word_end(parser, start);
    return sp_bytes_slice(parser->text, start, parser->at);
}

/* Operators */

static bool
is_word_at(const struct sp_query_parser *parser, size_t at, const char *word)
{
    return sp_query_is_operator(sp_bytes_slice(parser->text, at, word_end(parser, at)), word);
}

/* Takes the operator if it is at parser->at and followed by an operand. */
static bool
take_operator(struct sp_query_parser *parser, const char *word)
{
    if (!is_word_at(parser, parser->at, word))
        return false;
    size_t at = after_blanks(parser, word_end(parser, parser->at));
    if (at >= parser->text.len || char_at(parser, at) == ')' || is_word_at(parser, at, "OR") ||
        is_word_at(parser, at, "AND"))
        return false;
    parser->at = at;
    return true;
}

/* Takes a sign that directly precedes its operand and no other sign. */
static bool
take_sign(struct sp_query_parser *parser, char sign)
{
    if (char_at(parser, parser->at) != sign)
        return false;
    size_t operand = after_char(parser, parser->at);
    char c = char_at(parser, operand);
    if (operand >= parser->text.len || sp_query_is_blank(c) || c == ')' || c == '-' || c == '+')
        return false;
    parser->at = operand;
    return true;
}

/* Filters */

/* Whether a host may contain the character. False for characters that could not be read back from
   sp_query.parsed. */
static bool
is_in_host(char c)
{
    return !sp_query_is_blank(c) && !is_parenthesis(c) && c != '"' && c != '\0';
}

sp_bytes
sp_host_in(sp_bytes value)
{
    sp_bytes host = sp_url_host(value);
    size_t end = 0, len;
    while (end < host.len && is_in_host(sp_query_char(host, end, &len)) &&
           !sp_query_opens_corner(host, end))
        end += len;
    return sp_host_without_www(sp_bytes_slice(host, 0, end));
}

enum sp_status
sp_date_check(sp_bytes date, const char *name, sp_error *err)
{
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    sp_bytes bound;
    return sp_date_bound(date, name, &arena, &bound, err);
}

static bool
is_date_field(enum sp_field field)
{
    return field == SP_FIELD_AFTER || field == SP_FIELD_BEFORE;
}

static enum sp_status
make_filter(enum sp_field field, sp_bytes value, sp_arena *arena, sp_filter *out, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str folded = {0};
    enum sp_kind kind;
    if (field == SP_FIELD_SITE)
        sp_host_append_folded(&folded, sp_host_in(value));
    else if (is_date_field(field) || field == SP_FIELD_YEAR)
        sp_str_append(&folded, value);
    else if (field == SP_FIELD_LANG)
        sp_language_append_folded(&folded, value);
    else
        sp_fold_append(&folded, value);
    sp_bytes copy = sp_arena_copy_str(arena, &folded);
    *out = (sp_filter){.field = field, .value = copy};
    if (arena->failed)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    if (field == SP_FIELD_YEAR)
        return sp_year_check(value, err);
    if (copy.len == 0)
        return sp_fail(err, SP_BAD_ARGUMENT, "%s must contain a word (got '%.*s')",
                       sp_field_names[field], (int)(value.len < 100 ? value.len : 100),
                       value.data ? value.data : "");
    if (field == SP_FIELD_KIND && !sp_kind_read(copy, &kind))
        return sp_fail(err, SP_BAD_ARGUMENT, "kind must be post or resource (got '%.*s')",
                       (int)(value.len < 100 ? value.len : 100), value.data);
    return is_date_field(field) ? sp_date_check(value, sp_field_names[field], err) : SP_OK;
}

/* Fields */

enum { FIELD_TITLE = SP_FIELD_COUNT, FIELD_UNDER, FIELD_NAMES };

/* Takes a field name and its colon if they are at parser->at and followed by a value. */
static bool
take_field(struct sp_query_parser *parser, int *field)
{
    for (int i = 0; i < FIELD_NAMES; i++) {
        sp_bytes name = sp_bytes_of(i == FIELD_TITLE   ? "title"
                                    : i == FIELD_UNDER ? "under"
                                                       : sp_field_names[i]);
        size_t colon = parser->at + name.len;
        if (char_at(parser, colon) != ':' ||
            !sp_bytes_equal_ascii_case(sp_bytes_slice(parser->text, parser->at, colon), name))
            continue;
        size_t value = after_char(parser, colon);
        if (value >= parser->text.len || sp_query_is_blank(char_at(parser, value)) ||
            is_parenthesis(char_at(parser, value)))
            continue;
        *field = i;
        parser->at = value;
        return true;
    }
    return false;
}

static void
add_filter(struct sp_query_parser *parser, size_t start, const sp_filter *filter,
           struct sp_nodes *out)
{
    if (parser->filters >= SP_QUERY_FILTERS_MAX) {
        parser->query->truncated = true;
        return;
    }
    parser->filters++;
    sp_nodes_add(parser, out,
                 (sp_node){.kind = SP_NODE_FILTER,
                           .filter = *filter,
                           .typed = sp_bytes_slice(parser->text, start, parser->at)});
}

/* A field with an invalid value is text: `kind:x` with an unknown kind, `tag:-` without a word. */
static void
read_field(struct sp_query_parser *parser, size_t start, int field, struct sp_nodes *out)
{
    sp_filter filter;
    size_t count = out->count;
    bool quoted = is_quote_at(parser, parser->at);
    sp_bytes value = quoted ? take_quotation(parser) : take_word(parser);
    enum sp_scope scope = field == FIELD_TITLE ? SP_IN_TITLE : SP_UNDER_HEADING;
    enum sp_status status = SP_OK;
    if (field < SP_FIELD_COUNT)
        status = make_filter((enum sp_field)field, value, parser->arena, &filter, NULL);
    else if (quoted)
        sp_query_parse_text(parser, value, true, scope, out);
    else
        sp_query_parse_word(parser, value, scope, out);
    if (status == SP_NO_MEMORY)
        parser->status = sp_fail(parser->err, status, "out of memory");
    else if (status == SP_OK && field < SP_FIELD_COUNT)
        add_filter(parser, start, &filter, out);
    else if (parser->status == SP_OK && out->count == count)
        sp_query_parse_text(parser, sp_bytes_slice(parser->text, start, parser->at), false,
                            SP_ANYWHERE, out);
}

/* The grammar */

static void read_query(struct sp_query_parser *parser, struct sp_nodes *out);

/* Makes one node of several. */
static sp_node
bind(struct sp_query_parser *parser, enum sp_node_kind kind, size_t start, struct sp_nodes *nodes)
{
    if (nodes->count == 1)
        return nodes->items[0];
    for (size_t i = 0; i < nodes->count; i++)
        nodes->items[i].required = false;
    return (sp_node){.kind = kind,
                     .typed = sp_bytes_trim(sp_bytes_slice(parser->text, start, parser->at)),
                     .parts = nodes->items,
                     .part_count = nodes->count};
}

/* Adds a part to the list; the parts of an SP_NODE_ALL are added one by one. */
static void
add_parts(struct sp_query_parser *parser, struct sp_nodes *out, sp_node node)
{
    bool loose = node.kind == SP_NODE_ALL && !node.excluded;
    if (!loose)
        sp_nodes_add(parser, out, node);
    for (size_t i = 0; loose && i < node.part_count; i++) {
        node.parts[i].required |= node.required && !node.parts[i].excluded;
        sp_nodes_add(parser, out, node.parts[i]);
    }
}

/* Reads a query in parentheses; parentheses that are nested too deeply are ignored. */
static void
read_group(struct sp_query_parser *parser, struct sp_nodes *out)
{
    parser->at = after_char(parser, parser->at);
    if (parser->depth == SP_QUERY_DEPTH_MAX)
        return;
    parser->depth++;
    read_query(parser, out);
    parser->depth--;
    if (parser->at < parser->text.len) /* the closing parenthesis */
        parser->at = after_char(parser, parser->at);
}

static void
read_primary(struct sp_query_parser *parser, struct sp_nodes *out)
{
    int field;
    size_t start = parser->at;
    if (char_at(parser, start) == '(')
        read_group(parser, out);
    else if (is_quote_at(parser, start))
        sp_query_parse_text(parser, take_quotation(parser), true, SP_ANYWHERE, out);
    else if (take_field(parser, &field))
        read_field(parser, start, field, out);
    else
        sp_query_parse_word(parser, take_word(parser), SP_ANYWHERE, out);
}

/* Reads an operand with its signs. An operand gives several parts if it is a group without a sign,
   or words separated only by punctuation. */
static void
read_operand(struct sp_query_parser *parser, struct sp_nodes *out)
{
    bool excluded = false, required = false;
    for (bool more = true; more;) {
        bool negated = take_operator(parser, "NOT") || take_sign(parser, '-');
        more = negated || take_sign(parser, '+');
        required |= more && !negated;
        excluded ^= negated;
    }
    size_t start = parser->at;
    bool grouped = char_at(parser, start) == '(';
    struct sp_nodes nodes = {0};
    parser->whole = excluded && !grouped;
    read_primary(parser, &nodes);
    parser->whole = false;
    if (excluded && grouped && nodes.count > 1) {
        sp_node all = bind(parser, SP_NODE_ALL, start, &nodes);
        nodes = (struct sp_nodes){0};
        sp_nodes_add(parser, &nodes, all);
    }
    for (size_t i = 0; nodes.items && i < nodes.count; i++) {
        sp_node *node = &nodes.items[i];
        node->excluded ^= excluded;
        node->required = (node->required || required) && !node->excluded;
        add_parts(parser, out, *node);
    }
}

/* Reads operands joined by AND. Those of `a AND b` are required unless they are excluded. */
static void
read_conjunction(struct sp_query_parser *parser, struct sp_nodes *out)
{
    bool required = false;
    read_operand(parser, out);
    for (skip_blanks(parser); parser->status == SP_OK && take_operator(parser, "AND");
         skip_blanks(parser)) {
        required = true;
        read_operand(parser, out);
    }
    for (size_t i = 0; required && i < out->count; i++)
        out->items[i].required = !out->items[i].excluded;
}

static void
read_disjunction(struct sp_query_parser *parser, struct sp_nodes *out)
{
    size_t first = parser->at, start = first;
    struct sp_nodes conjunction = {0}, alternatives = {0};
    read_conjunction(parser, &conjunction);
    bool has_or = false;
    while (parser->status == SP_OK && take_operator(parser, "OR")) {
        if (conjunction.count > 0)
            sp_nodes_add(parser, &alternatives, bind(parser, SP_NODE_ALL, start, &conjunction));
        conjunction = (struct sp_nodes){0};
        has_or = true;
        start = parser->at;
        read_conjunction(parser, &conjunction);
    }
    if (!has_or) {
        for (size_t i = 0; i < conjunction.count; i++)
            sp_nodes_add(parser, out, conjunction.items[i]);
        return;
    }
    if (conjunction.count > 0)
        sp_nodes_add(parser, &alternatives, bind(parser, SP_NODE_ALL, start, &conjunction));
    if (alternatives.count == 0)
        return;
    add_parts(parser, out, bind(parser, SP_NODE_ANY, first, &alternatives));
}

/* Reads up to the end of the text, or to the parenthesis that closes the group. */
static void
read_query(struct sp_query_parser *parser, struct sp_nodes *out)
{
    for (skip_blanks(parser); parser->status == SP_OK && parser->at < parser->text.len;
         skip_blanks(parser)) {
        if (char_at(parser, parser->at) != ')')
            read_disjunction(parser, out);
        else if (parser->depth > 0)
            return;
        else
            parser->at = after_char(parser, parser->at);
    }
}

/* The query as a whole */

static void
mark_excluded(sp_query *query, const sp_node *nodes, size_t count, bool excluded)
{
    for (size_t i = 0; i < count; i++) {
        bool here = excluded != nodes[i].excluded;
        if (nodes[i].kind == SP_NODE_CLAUSE)
            query->clauses[nodes[i].clause].excluded = here;
        mark_excluded(query, nodes[i].parts, nodes[i].part_count, here);
    }
}

static void
append_filter(sp_query *query, sp_arena *arena, const sp_filter *filter)
{
    query->filters = sp_arena_grow(arena, query->filters, &query->filter_capacity,
                                   query->filter_count + 1, sizeof *query->filters);
    if (query->filters)
        query->filters[query->filter_count++] = *filter;
}

/* Whether another filter of this field is required too (`tag:a AND tag:b`). The filters of the
   whole query cannot express that, because any of them is enough. */
static bool
is_one_of_required(const struct sp_nodes *nodes, const sp_node *filter)
{
    size_t count = 0;
    for (size_t i = 0; filter->required && i < nodes->count; i++) {
        const sp_node *node = &nodes->items[i];
        count += node->kind == SP_NODE_FILTER && node->required &&
                 node->filter.field == filter->filter.field;
    }
    return count > 1;
}

/* Separates the filters that apply to the whole query from the other parts. */
static void
split_filters(struct sp_query_parser *parser, const struct sp_nodes *nodes)
{
    struct sp_nodes parts = {0};
    for (size_t i = 0; i < nodes->count; i++) {
        sp_node node = nodes->items[i];
        node.filter.excluded = node.excluded;
        if (node.kind == SP_NODE_FILTER && !is_one_of_required(nodes, &node))
            append_filter(parser->query, parser->arena, &node.filter);
        else
            sp_nodes_add(parser, &parts, node);
    }
    parser->query->parts = parts.items;
    parser->query->part_count = parts.count;
}

/* The text that is read: valid UTF-8, cut to SP_QUERY_BYTES_MAX bytes at a character boundary. */
static sp_bytes
readable_text(sp_bytes text, sp_arena *arena, bool *truncated)
{
    SP_AUTO(sp_str_done) sp_str repaired = {0};
    *truncated = text.len > SP_QUERY_BYTES_MAX;
    sp_utf8_append_repaired(&repaired, sp_utf8_cut(text, SP_QUERY_BYTES_MAX));
    return sp_arena_copy_str(arena, &repaired);
}

enum sp_status
sp_query_read(sp_analyzer *analyzer, sp_bytes text, sp_arena *arena, sp_query *out, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str parsed = {0};
    struct sp_nodes nodes = {0};
    struct sp_query_parser parser = {
        .analyzer = analyzer, .arena = arena, .query = out, .err = err};
    *out = (sp_query){0};
    parser.text = out->text = readable_text(text, arena, &out->truncated);
    read_query(&parser, &nodes);
    if (parser.status == SP_OK)
        parser.status = sp_arena_check(arena, err);
    if (parser.status != SP_OK)
        return parser.status;
    split_filters(&parser, &nodes);
    parser.status = sp_arena_check(arena, err);
    if (parser.status != SP_OK)
        return parser.status;
    mark_excluded(out, out->parts, out->part_count, false);
    sp_query_ignore_capitals_throughout(out);
    sp_query_append(&parsed, out);
    out->parsed = sp_arena_copy_str(arena, &parsed);
    return sp_arena_check(arena, err);
}

bool
sp_query_is_plain(const sp_query *query)
{
    for (size_t i = 0; i < query->part_count; i++) {
        const sp_node *node = &query->parts[i];
        if (node->kind != SP_NODE_CLAUSE || node->excluded || node->required ||
            query->clauses[node->clause].phrase || query->clauses[node->clause].prefix)
            return false;
    }
    return query->part_count > 0;
}

static bool
is_one_phrase(const sp_query *query)
{
    const sp_node *node = query->parts;
    return query->part_count == 1 && node->kind == SP_NODE_CLAUSE && !node->excluded &&
           query->clauses[node->clause].phrase;
}

bool
sp_query_append_words(const sp_query *query, sp_str *out)
{
    bool text = query->part_count > 0 && (sp_query_is_plain(query) || is_one_phrase(query));
    for (size_t i = 0; text && i < query->part_count; i++)
        text = query->clauses[query->parts[i].clause].scope == SP_ANYWHERE;
    for (size_t i = 0; text && i < query->part_count; i++) {
        const sp_clause *clause = &query->clauses[query->parts[i].clause];
        for (uint32_t k = 0; k < clause->word_count; k++) {
            if (i + k > 0)
                sp_str_append_char(out, ' ');
            sp_str_append(out, sp_without_capitals(clause->words[k].word));
        }
    }
    return text;
}

enum sp_status
sp_query_add_filter(sp_query *query, sp_arena *arena, enum sp_field field, sp_bytes value,
                    bool excluded, sp_error *err)
{
    sp_filter filter;
    enum sp_status status = make_filter(field, value, arena, &filter, err);
    if (status != SP_OK)
        return status;
    filter.excluded = excluded;
    append_filter(query, arena, &filter);
    return sp_arena_check(arena, err);
}
