// SPDX-License-Identifier: GPL-2.0-or-later
#include "query_private.h"

#include "engine/base/language.h"

#include <signpost/ascii.h>
#include <signpost/url.h>

void
sp_nodes_add(struct sp_query_parser *from, struct sp_nodes *nodes, sp_node node)
{
    nodes->items = sp_arena_grow(from->arena, nodes->items, &nodes->capacity, nodes->count + 1,
                                 sizeof *nodes->items);
    if (nodes->items)
        nodes->items[nodes->count++] = node;
}

static bool
is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
is_parenthesis(char c)
{
    return c == '(' || c == ')';
}

static void
skip_blanks(struct sp_query_parser *from)
{
    while (from->at < from->text.len && is_blank(from->text.data[from->at]))
        from->at++;
}

static size_t
word_end(const struct sp_query_parser *from, size_t at)
{
    while (at < from->text.len && !is_blank(from->text.data[at]) &&
           !is_parenthesis(from->text.data[at]))
        at++;
    return at;
}

/* Bytes of the quotation mark that stands at `at`, or 0. Phones type U+201C to U+201F where their
   keyboard says `"`. */
static size_t
mark_at(sp_bytes text, size_t at)
{
    static const char curly[] = "\xE2\x80";
    if (at < text.len && text.data[at] == '"')
        return 1;
    bool is_curly = text.len - at >= 3 && memcmp(text.data + at, curly, 2) == 0 &&
                    (unsigned char)text.data[at + 2] >= 0x9C &&
                    (unsigned char)text.data[at + 2] <= 0x9F;
    return is_curly ? 3 : 0;
}

/* The text of a quotation that begins at from->at, which steps behind it. A mark of the other form
   is text; an open quotation runs to the end. */
static sp_bytes
take_quotation(struct sp_query_parser *from)
{
    size_t mark = mark_at(from->text, from->at), start = from->at + mark, end = start;
    while (end < from->text.len && mark_at(from->text, end) != mark)
        end++;
    from->at = end < from->text.len ? end + mark : end;
    return sp_bytes_slice(from->text, start, end);
}

static sp_bytes
take_word(struct sp_query_parser *from)
{
    size_t start = from->at;
    from->at = word_end(from, start);
    return sp_bytes_slice(from->text, start, from->at);
}

/* Operators */

static bool
is_word_at(const struct sp_query_parser *from, size_t at, const char *word)
{
    return sp_bytes_equal(sp_bytes_slice(from->text, at, word_end(from, at)), sp_bytes_of(word));
}

/* Takes the operator if it stands at from->at with an operand behind it. */
static bool
take_operator(struct sp_query_parser *from, const char *word)
{
    size_t at = from->at + strlen(word);
    if (!is_word_at(from, from->at, word))
        return false;
    while (at < from->text.len && is_blank(from->text.data[at]))
        at++;
    if (at >= from->text.len || from->text.data[at] == ')' || is_word_at(from, at, "OR") ||
        is_word_at(from, at, "AND"))
        return false;
    from->at = at;
    return true;
}

/* A sign stands right before what it is for, and before no other sign. */
static bool
take_sign(struct sp_query_parser *from, char sign)
{
    sp_bytes rest = sp_bytes_slice(from->text, from->at, from->text.len);
    if (rest.len < 2 || rest.data[0] != sign || is_blank(rest.data[1]) || rest.data[1] == ')' ||
        rest.data[1] == '-' || rest.data[1] == '+')
        return false;
    from->at++;
    return true;
}

/* Fields */

enum { FIELD_TITLE = SP_FIELD_COUNT, FIELD_UNDER, FIELD_NAMES };

/* Whether a field name and its colon stand at from->at, with a value behind them. */
static bool
take_field(struct sp_query_parser *from, int *field)
{
    for (int i = 0; i < FIELD_NAMES; i++) {
        sp_bytes name = sp_bytes_of(i == FIELD_TITLE   ? "title"
                                    : i == FIELD_UNDER ? "under"
                                                       : sp_field_names[i]);
        size_t value = from->at + name.len + 1;
        if (value >= from->text.len || is_blank(from->text.data[value]) ||
            is_parenthesis(from->text.data[value]) || from->text.data[value - 1] != ':' ||
            !sp_bytes_equal_ascii_case(sp_bytes_slice(from->text, from->at, value - 1), name))
            continue;
        *field = i;
        from->at = value;
        return true;
    }
    return false;
}

static void
add_filter(struct sp_query_parser *from, size_t start, const sp_filter *filter,
           struct sp_nodes *out)
{
    if (from->filters >= SP_QUERY_FILTERS_MAX) {
        from->query->truncated = true;
        return;
    }
    from->filters++;
    sp_nodes_add(from, out,
                 (sp_node){.kind = SP_NODE_FILTER,
                           .filter = *filter,
                           .typed = sp_bytes_slice(from->text, start, from->at)});
}

/* What is no value of its field is text: `kind:x` for no kind, `tag:-` for no word. */
static void
read_field(struct sp_query_parser *from, size_t start, int field, struct sp_nodes *out)
{
    sp_filter filter;
    size_t count = out->count;
    bool quoted = mark_at(from->text, from->at) > 0;
    sp_bytes value = quoted ? take_quotation(from) : take_word(from);
    enum sp_scope scope = field == FIELD_TITLE ? SP_IN_TITLE : SP_UNDER_HEADING;
    enum sp_status status = SP_OK;
    if (field < SP_FIELD_COUNT)
        status = sp_filter_make((enum sp_field)field, value, from->arena, &filter, NULL);
    else if (quoted)
        sp_read_text(from, value, true, scope, out);
    else
        sp_read_word(from, value, scope, out);
    if (status == SP_NO_MEMORY)
        from->status = sp_fail(from->err, status, "out of memory");
    else if (status == SP_OK && field < SP_FIELD_COUNT)
        add_filter(from, start, &filter, out);
    else if (from->status == SP_OK && out->count == count)
        sp_read_text(from, sp_bytes_slice(from->text, start, from->at), false, SP_ANYWHERE, out);
}

/* The grammar */

static void read_query(struct sp_query_parser *from, struct sp_nodes *out);

/* Several parts as one. */
static sp_node
bind(struct sp_query_parser *from, enum sp_node_kind kind, size_t start, struct sp_nodes *nodes)
{
    if (nodes->count == 1)
        return nodes->items[0];
    for (size_t i = 0; i < nodes->count; i++)
        nodes->items[i].required = false;
    return (sp_node){.kind = kind,
                     .typed = sp_bytes_trim(sp_bytes_slice(from->text, start, from->at)),
                     .parts = nodes->items,
                     .part_count = nodes->count};
}

/* Adds a part; all of its own where it only says that they count. */
static void
add_parts(struct sp_query_parser *from, struct sp_nodes *out, sp_node node)
{
    bool loose = node.kind == SP_NODE_ALL && !node.excluded;
    if (!loose)
        sp_nodes_add(from, out, node);
    for (size_t i = 0; loose && i < node.part_count; i++) {
        node.parts[i].required |= node.required && !node.parts[i].excluded;
        sp_nodes_add(from, out, node.parts[i]);
    }
}

/* What stands in parentheses; those that are too deep are overlooked. */
static void
read_group(struct sp_query_parser *from, struct sp_nodes *out)
{
    from->at++;
    if (from->depth == SP_QUERY_DEPTH_MAX)
        return;
    from->depth++;
    read_query(from, out);
    from->depth--;
    if (from->at < from->text.len) /* its other half */
        from->at++;
}

static void
read_primary(struct sp_query_parser *from, struct sp_nodes *out)
{
    int field;
    size_t start = from->at;
    if (from->text.data[start] == '(')
        read_group(from, out);
    else if (mark_at(from->text, start) > 0)
        sp_read_text(from, take_quotation(from), true, SP_ANYWHERE, out);
    else if (take_field(from, &field))
        read_field(from, start, field, out);
    else
        sp_read_word(from, take_word(from), SP_ANYWHERE, out);
}

/* Parts with their signs; several where the operand is a group without a sign, or words that only
   punctuation parts. */
static void
read_operand(struct sp_query_parser *from, struct sp_nodes *out)
{
    bool excluded = false, required = false;
    for (bool more = true; more;) {
        bool negated = take_operator(from, "NOT") || take_sign(from, '-');
        more = negated || take_sign(from, '+');
        required |= more && !negated;
        excluded ^= negated;
    }
    size_t start = from->at;
    bool grouped = from->text.data[start] == '(';
    struct sp_nodes nodes = {0};
    read_primary(from, &nodes);
    if (excluded && grouped && nodes.count > 1) {
        sp_node all = bind(from, SP_NODE_ALL, start, &nodes);
        nodes = (struct sp_nodes){0};
        sp_nodes_add(from, &nodes, all);
    }
    for (size_t i = 0; nodes.items && i < nodes.count; i++) {
        sp_node *node = &nodes.items[i];
        node->excluded ^= excluded;
        node->required = (node->required || required) && !node->excluded;
        add_parts(from, out, *node);
    }
}

/* `a AND b`: all are required where nothing binds them otherwise. */
static void
read_both(struct sp_query_parser *from, struct sp_nodes *out)
{
    bool required = false;
    read_operand(from, out);
    for (skip_blanks(from); from->status == SP_OK && take_operator(from, "AND");
         skip_blanks(from)) {
        required = true;
        read_operand(from, out);
    }
    for (size_t i = 0; required && i < out->count; i++)
        out->items[i].required = !out->items[i].excluded;
}

static void
read_choice(struct sp_query_parser *from, struct sp_nodes *out)
{
    size_t first = from->at, start = first;
    struct sp_nodes both = {0}, choices = {0};
    read_both(from, &both);
    bool chooses = false;
    while (from->status == SP_OK && take_operator(from, "OR")) {
        if (both.count > 0)
            sp_nodes_add(from, &choices, bind(from, SP_NODE_ALL, start, &both));
        both = (struct sp_nodes){0};
        chooses = true;
        start = from->at;
        read_both(from, &both);
    }
    if (!chooses) {
        for (size_t i = 0; i < both.count; i++)
            sp_nodes_add(from, out, both.items[i]);
        return;
    }
    if (both.count > 0)
        sp_nodes_add(from, &choices, bind(from, SP_NODE_ALL, start, &both));
    if (choices.count == 0)
        return;
    add_parts(from, out, bind(from, SP_NODE_ANY, first, &choices));
}

/* Up to the end, or to the parenthesis that closes the group. */
static void
read_query(struct sp_query_parser *from, struct sp_nodes *out)
{
    for (skip_blanks(from); from->status == SP_OK && from->at < from->text.len; skip_blanks(from)) {
        if (from->text.data[from->at] != ')')
            read_choice(from, out);
        else if (from->depth > 0)
            return;
        else
            from->at++;
    }
}

/* The whole */

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
put_filter(sp_query *query, sp_arena *arena, const sp_filter *filter)
{
    query->filters = sp_arena_grow(arena, query->filters, &query->filter_capacity,
                                   query->filter_count + 1, sizeof *query->filters);
    if (query->filters)
        query->filters[query->filter_count++] = *filter;
}

/* Whether another filter of its field must match too, which filters of the whole query do not say:
   `tag:a AND tag:b`. */
static bool
is_one_of_several(const struct sp_nodes *nodes, const sp_node *filter)
{
    size_t count = 0;
    for (size_t i = 0; filter->required && i < nodes->count; i++) {
        const sp_node *node = &nodes->items[i];
        count += node->kind == SP_NODE_FILTER && node->required &&
                 node->filter.field == filter->filter.field;
    }
    return count > 1;
}

/* Filters that bind the whole query are parted from what is looked for. */
static void
take_parts(struct sp_query_parser *from, const struct sp_nodes *nodes)
{
    struct sp_nodes parts = {0};
    for (size_t i = 0; i < nodes->count; i++) {
        sp_node node = nodes->items[i];
        node.filter.excluded = node.excluded;
        if (node.kind == SP_NODE_FILTER && !is_one_of_several(nodes, &node))
            put_filter(from->query, from->arena, &node.filter);
        else
            sp_nodes_add(from, &parts, node);
    }
    from->query->parts = parts.items;
    from->query->part_count = parts.count;
}

/* What is read of the text: valid UTF-8, at most SP_QUERY_BYTES_MAX bytes, whole characters. */
static sp_bytes
readable(sp_bytes text, sp_arena *arena, bool *truncated)
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
    struct sp_query_parser from = {.analyzer = analyzer, .arena = arena, .query = out, .err = err};
    *out = (sp_query){0};
    from.text = out->text = readable(text, arena, &out->truncated);
    read_query(&from, &nodes);
    if (from.status == SP_OK)
        from.status = sp_arena_check(arena, err);
    if (from.status != SP_OK)
        return from.status;
    take_parts(&from, &nodes);
    from.status = sp_arena_check(arena, err);
    if (from.status != SP_OK)
        return from.status;
    mark_excluded(out, out->parts, out->part_count, false);
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
            sp_str_append(out, clause->words[k].word);
        }
    }
    return text;
}

/* Filters */

/* Other characters would not be read back from a query as they are written into it. */
static bool
is_in_host(char c)
{
    return !is_blank(c) && !is_parenthesis(c) && c != '"' && c != '\0';
}

sp_bytes
sp_host_in(sp_bytes value)
{
    sp_bytes host = sp_url_host(value);
    size_t end = 0;
    while (end < host.len && is_in_host(host.data[end]))
        end++;
    return sp_url_without_www(sp_bytes_slice(host, 0, end));
}

/* Of a host, which is no word of a language. */
static void
append_lower_case(sp_str *out, sp_bytes host)
{
    for (size_t i = 0; i < host.len; i++)
        sp_str_append_char(out, sp_ascii_lower(host.data[i]));
}

static bool
is_date_field(enum sp_field field)
{
    return field == SP_FIELD_AFTER || field == SP_FIELD_BEFORE;
}

enum sp_status
sp_filter_make(enum sp_field field, sp_bytes value, sp_arena *arena, sp_filter *out, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str folded = {0};
    enum sp_kind kind;
    if (field == SP_FIELD_SITE)
        append_lower_case(&folded, sp_host_in(value));
    else if (is_date_field(field))
        sp_str_append(&folded, value);
    else
        sp_fold_append(&folded, field == SP_FIELD_LANG ? sp_language_primary(value) : value);
    sp_bytes copy = sp_arena_copy_str(arena, &folded);
    *out = (sp_filter){.field = field, .value = copy};
    if (arena->failed)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    if (copy.len == 0)
        return sp_fail(err, SP_BAD_ARGUMENT, "%s has no word: '%.*s'", sp_field_names[field],
                       (int)(value.len < 100 ? value.len : 100), value.data ? value.data : "");
    if (field == SP_FIELD_KIND && !sp_kind_read(copy, &kind))
        return sp_fail(err, SP_BAD_ARGUMENT, "kind is post or resource, not '%.*s'",
                       (int)(value.len < 100 ? value.len : 100), value.data);
    return is_date_field(field) ? sp_date_check(value, sp_field_names[field], err) : SP_OK;
}

enum sp_status
sp_query_add_filter(sp_query *query, sp_arena *arena, enum sp_field field, sp_bytes value,
                    bool excluded, sp_error *err)
{
    sp_filter filter;
    enum sp_status status = sp_filter_make(field, value, arena, &filter, err);
    if (status != SP_OK)
        return status;
    filter.excluded = excluded;
    put_filter(query, arena, &filter);
    return sp_arena_check(arena, err);
}
