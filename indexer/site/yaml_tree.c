// SPDX-License-Identifier: GPL-2.0-or-later
#include "yaml_tree.h"

#include "engine/base/table.h"

#include <xxhash.h>
#include <yaml.h>

#define NUL_REPLACEMENT "\xEF\xBF\xBD"
#define DIRECTIVES_MAX 100

struct anchor {
    sp_bytes name;
    const sp_yaml *node;
    size_t nodes; /* values in the node, with those that aliases in it stand for */
};

struct reader {
    yaml_parser_t parser;
    sp_arena *arena;
    const sp_yaml_limits *limits;
    const char *path;
    uint32_t first_line;
    struct anchor *anchors;
    size_t anchor_count, anchor_capacity;
    sp_table table; /* of the anchors, by name */
    size_t nodes;   /* values so far, with those that aliases stand for */
    sp_error *err;
};

static enum sp_status
fail_at_mark(struct reader *reader, const yaml_mark_t *mark, const char *text)
{
    unsigned line = reader->first_line + (unsigned)mark->line;
    return sp_fail_at(reader->err, SP_BAD_INPUT, reader->path, line, (unsigned)mark->column + 1,
                      "%s", text);
}

/* libyaml has a byte offset for an error of its reader, and a mark for an error of its parser. */
static enum sp_status
fail_of_parser(struct reader *reader, sp_bytes text)
{
    const yaml_parser_t *parser = &reader->parser;
    if (parser->error == YAML_MEMORY_ERROR)
        return sp_fail(reader->err, SP_NO_MEMORY, "out of memory");
    if (parser->error != YAML_READER_ERROR)
        return fail_at_mark(reader, &parser->problem_mark,
                            parser->problem ? parser->problem : "invalid YAML");
    yaml_mark_t mark = {0};
    for (size_t i = 0; i < parser->problem_offset && i < text.len; i++) {
        mark.column++;
        if (text.data[i] == '\n') {
            mark.line++;
            mark.column = 0;
        }
    }
    return fail_at_mark(reader, &mark, parser->problem);
}

static enum sp_status
next_event(struct reader *reader, sp_bytes text, yaml_event_t *event)
{
    if (!yaml_parser_parse(&reader->parser, event))
        return fail_of_parser(reader, text);
    return SP_OK;
}

static sp_bytes
copy_without_nul(struct reader *reader, const yaml_char_t *value, size_t len)
{
    sp_bytes bytes = {(const char *)value, len};
    if (!memchr(bytes.data, '\0', len))
        return sp_arena_copy(reader->arena, bytes);
    SP_AUTO(sp_str_done) sp_str str = {0};
    for (size_t i = 0; i < len; i++) {
        if (bytes.data[i] == '\0')
            sp_str_append_text(&str, NUL_REPLACEMENT);
        else
            sp_str_append_char(&str, bytes.data[i]);
    }
    return sp_arena_copy_str(reader->arena, &str);
}

static sp_yaml *
new_node(struct reader *reader, enum sp_yaml_kind kind, const yaml_event_t *event)
{
    sp_yaml *node = sp_arena_alloc(reader->arena, sizeof *node);
    if (!node)
        return NULL;
    node->kind = kind;
    node->line = reader->first_line + (uint32_t)event->start_mark.line;
    node->column = (uint32_t)event->start_mark.column + 1;
    return node;
}

static sp_yaml *
new_scalar(struct reader *reader, const yaml_event_t *event)
{
    sp_yaml *node = new_node(reader, SP_YAML_SCALAR, event);
    if (!node)
        return NULL;
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    node->text = copy_without_nul(reader, event->data.scalar.value, event->data.scalar.length);
    return node;
}

static bool
has_name(const void *items, uint32_t item, const void *key)
{
    return sp_bytes_equal(((const struct anchor *)items)[item].name, *(const sp_bytes *)key);
}

static sp_table_slot *
find_anchor(struct reader *reader, sp_bytes name, uint32_t *hash)
{
    *hash = (uint32_t)XXH64(name.data, name.len, 0);
    return sp_table_find(&reader->table, *hash, has_name, reader->anchors, &name);
}

/* Adds an anchor, or replaces an earlier one of this name. before: reader->nodes before the
   node. */
static void
add_anchor(struct reader *reader, const yaml_char_t *text, const sp_yaml *node, size_t before)
{
    uint32_t hash;
    if (!text || !node || !reader->limits->aliases)
        return;
    sp_bytes name = sp_arena_copy(reader->arena, sp_bytes_of((const char *)text));
    struct anchor *anchors = sp_arena_grow(reader->arena, reader->anchors, &reader->anchor_capacity,
                                           reader->anchor_count + 1, sizeof *anchors);
    if (!anchors || !sp_table_reserve(&reader->table, reader->anchor_count + 1)) {
        sp_arena_fail(reader->arena);
        return;
    }
    reader->anchors = anchors;
    sp_table_slot *slot = find_anchor(reader, name, &hash);
    size_t item = sp_table_has_item(slot) ? sp_table_item(slot) : reader->anchor_count++;
    anchors[item] = (struct anchor){name, node, reader->nodes - before};
    if (!sp_table_has_item(slot))
        sp_table_fill(&reader->table, slot, hash, (uint32_t)item);
}

static enum sp_status
count_nodes(struct reader *reader, const yaml_mark_t *mark, size_t count)
{
    if (count > SP_YAML_NODES_MAX - reader->nodes)
        return fail_at_mark(reader, mark,
                            "more than 100000 values; an alias counts as what it repeats");
    reader->nodes += count;
    return SP_OK;
}

/* An anchor is added when its node is complete, so an alias inside the node cannot refer to it. */
static enum sp_status
follow_alias(struct reader *reader, const yaml_event_t *event, const sp_yaml **out)
{
    uint32_t hash;
    if (!reader->limits->aliases)
        return fail_at_mark(reader, &event->start_mark, "aliases (*name) are not allowed here");
    sp_table_slot *slot =
        find_anchor(reader, sp_bytes_of((const char *)event->data.alias.anchor), &hash);
    if (!sp_table_has_item(slot))
        return fail_at_mark(reader, &event->start_mark, "alias without an anchor before it");
    const struct anchor *anchor = &reader->anchors[sp_table_item(slot)];
    *out = anchor->node;
    return count_nodes(reader, &event->start_mark, anchor->nodes);
}

static enum sp_status read_node(struct reader *reader, sp_bytes text, yaml_event_t *event,
                                unsigned depth, const sp_yaml **out);

/* Reads the node that begins with the next event; sets *ended if the collection ends instead. */
static enum sp_status
read_next(struct reader *reader, sp_bytes text, unsigned depth, const sp_yaml **out, bool *ended)
{
    yaml_event_t event;
    enum sp_status status = next_event(reader, text, &event);
    if (status != SP_OK)
        return status;
    *ended = event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT;
    if (!*ended)
        status = read_node(reader, text, &event, depth, out);
    yaml_event_delete(&event);
    return status;
}

static enum sp_status
append_item(struct reader *reader, sp_yaml *node, const sp_yaml *item, size_t *capacity)
{
    node->items =
        sp_arena_grow(reader->arena, node->items, capacity, node->count + 1, sizeof *node->items);
    if (!node->items)
        return sp_arena_check(reader->arena, reader->err);
    node->items[node->count++] = item;
    return SP_OK;
}

static enum sp_status
read_list(struct reader *reader, sp_bytes text, unsigned depth, sp_yaml *node)
{
    size_t capacity = 0;
    for (;;) {
        const sp_yaml *item = NULL;
        bool ended = false;
        enum sp_status status = read_next(reader, text, depth, &item, &ended);
        if (status != SP_OK || ended)
            return status;
        status = append_item(reader, node, item, &capacity);
        if (status != SP_OK)
            return status;
    }
}

static enum sp_status
read_map(struct reader *reader, sp_bytes text, unsigned depth, sp_yaml *node)
{
    size_t key_capacity = 0, capacity = 0;
    for (;;) {
        const sp_yaml *key = NULL, *value = NULL;
        bool ended = false;
        enum sp_status status = read_next(reader, text, depth, &key, &ended);
        if (status != SP_OK || ended)
            return status;
        reader->nodes -= key && key->kind == SP_YAML_SCALAR; /* read_node has counted it */
        status = read_next(reader, text, depth, &value, &ended);
        if (status != SP_OK)
            return status;
        node->keys = sp_arena_grow(reader->arena, node->keys, &key_capacity, node->count + 1,
                                   sizeof *node->keys);
        if (!node->keys)
            return sp_arena_check(reader->arena, reader->err);
        node->keys[node->count] = sp_yaml_text(key);
        status = append_item(reader, node, value, &capacity);
        if (status != SP_OK)
            return status;
    }
}

static enum sp_status
read_collection(struct reader *reader, sp_bytes text, yaml_event_t *event, unsigned depth,
                const sp_yaml **out)
{
    bool is_list = event->type == YAML_SEQUENCE_START_EVENT;
    size_t before = reader->nodes - 1; /* read_node has counted the collection */
    if (depth >= reader->limits->depth)
        return fail_at_mark(reader, &event->start_mark, "lists and maps are nested too deeply");
    sp_yaml *node = new_node(reader, is_list ? SP_YAML_LIST : SP_YAML_MAP, event);
    if (!node)
        return sp_arena_check(reader->arena, reader->err);
    enum sp_status status = is_list ? read_list(reader, text, depth + 1, node)
                                    : read_map(reader, text, depth + 1, node);
    if (status != SP_OK)
        return status;
    add_anchor(reader,
               is_list ? event->data.sequence_start.anchor : event->data.mapping_start.anchor, node,
               before);
    *out = node;
    return SP_OK;
}

static enum sp_status
read_node(struct reader *reader, sp_bytes text, yaml_event_t *event, unsigned depth,
          const sp_yaml **out)
{
    if (event->type == YAML_ALIAS_EVENT)
        return follow_alias(reader, event, out);
    enum sp_status status = count_nodes(reader, &event->start_mark, 1);
    if (status != SP_OK)
        return status;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        *out = new_scalar(reader, event);
        add_anchor(reader, event->data.scalar.anchor, *out, reader->nodes - 1);
        return sp_arena_check(reader->arena, reader->err);
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        return read_collection(reader, text, event, depth, out);
    default:
        return fail_at_mark(reader, &event->start_mark, "invalid YAML");
    }
}

/* Skips the events before the first node: the starts of the stream and of the document. */
static enum sp_status
read_document(struct reader *reader, sp_bytes text, const sp_yaml **out)
{
    for (;;) {
        yaml_event_t event;
        enum sp_status status = next_event(reader, text, &event);
        if (status != SP_OK)
            return status;
        bool before =
            event.type == YAML_STREAM_START_EVENT || event.type == YAML_DOCUMENT_START_EVENT;
        bool empty = event.type == YAML_STREAM_END_EVENT || event.type == YAML_NO_EVENT;
        if (!before && !empty)
            status = read_node(reader, text, &event, 0, out);
        yaml_event_delete(&event);
        if (!before)
            return status;
    }
}

/* Whether a line can begin at `at`: for libyaml, lines also end with U+0085, U+2028 and U+2029, and
   a byte order mark has no width. */
static bool
is_line_start(sp_bytes text, size_t at)
{
    char before = at > 0 ? text.data[at - 1] : '\n';
    return before == '\n' || before == '\r' || (unsigned char)before >= 0x80;
}

/* libyaml compares each directive with all before it. Settings need none. */
static bool
has_many_directives(sp_bytes text)
{
    size_t count = 0, at = 0;
    while (count <= DIRECTIVES_MAX &&
           (at = sp_bytes_find(text, SP_LITERAL("%TAG"), at)) != SIZE_MAX)
        count += is_line_start(text, at++);
    return count > DIRECTIVES_MAX;
}

enum sp_status
sp_yaml_read(sp_bytes text, const char *path, uint32_t first_line, const sp_yaml_limits *limits,
             sp_arena *arena, const sp_yaml **out, sp_error *err)
{
    if (text.len > limits->bytes)
        return sp_fail_at(err, SP_BAD_INPUT, path, first_line, 1,
                          "YAML must not exceed %zu bytes (got %zu)", limits->bytes, text.len);
    if (has_many_directives(text))
        return sp_fail_at(err, SP_BAD_INPUT, path, first_line, 1,
                          "YAML must not have more than %d directives (%%TAG)", DIRECTIVES_MAX);
    struct reader reader = {
        .arena = arena, .limits = limits, .path = path, .first_line = first_line, .err = err};
    if (!yaml_parser_initialize(&reader.parser))
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text.data, text.len);
    const sp_yaml *root = NULL;
    enum sp_status status = read_document(&reader, text, &root);
    yaml_parser_delete(&reader.parser);
    sp_table_done(&reader.table);
    if (status == SP_OK)
        *out = root;
    return status;
}

const sp_yaml *
sp_yaml_get(const sp_yaml *node, const char *key)
{
    const sp_yaml *merged = NULL;
    sp_bytes wanted = sp_bytes_of(key);
    while (node && node->kind == SP_YAML_MAP) {
        merged = NULL;
        for (size_t i = node->count; i-- > 0;) {
            if (sp_bytes_equal(node->keys[i], wanted))
                return node->items[i];
            if (!merged && sp_bytes_equal(node->keys[i], SP_LITERAL("<<")))
                merged = node->items[i];
        }
        node = merged;
    }
    return NULL;
}

static bool
is_plain(const sp_yaml *node)
{
    return node && node->kind == SP_YAML_SCALAR && !node->quoted;
}

static bool
is_one_of(const sp_yaml *node, const char *const words[], size_t count)
{
    for (size_t i = 0; is_plain(node) && i < count; i++) {
        if (sp_bytes_equal_ascii_case(node->text, sp_bytes_of(words[i])))
            return true;
    }
    return false;
}

bool
sp_yaml_is_null(const sp_yaml *node)
{
    static const char *const words[] = {"", "~", "null"};
    return !node || is_one_of(node, words, sizeof words / sizeof *words);
}

bool
sp_yaml_is_true(const sp_yaml *node)
{
    static const char *const words[] = {"true", "yes", "on"};
    return is_one_of(node, words, sizeof words / sizeof *words);
}

bool
sp_yaml_is_false(const sp_yaml *node)
{
    static const char *const words[] = {"false", "no", "off"};
    return is_one_of(node, words, sizeof words / sizeof *words);
}

bool
sp_yaml_is_truthy(const sp_yaml *node)
{
    return !sp_yaml_is_null(node) && !sp_yaml_is_false(node);
}

sp_bytes
sp_yaml_text(const sp_yaml *node)
{
    return node && node->kind == SP_YAML_SCALAR && !sp_yaml_is_null(node) ? node->text
                                                                          : SP_LITERAL("");
}

sp_bytes
sp_yaml_string(const sp_yaml *node)
{
    if (sp_yaml_is_true(node))
        return SP_LITERAL("true");
    if (sp_yaml_is_false(node))
        return SP_LITERAL("false");
    return sp_yaml_text(node);
}
