// SPDX-License-Identifier: GPL-2.0-or-later
/* The categories and tags of a page, and helpers that all files of page.h use. */
#include "page_private.h"

#define MOST_TERMS 256 /* categories or tags of one post */
#define LIST_DEPTH 8

bool
sp_site_page_builder_is_document(const struct sp_site_page_builder *builder)
{
    enum sp_source_kind kind = builder->source->kind;
    return kind == SP_SOURCE_POST || kind == SP_SOURCE_DRAFT || kind == SP_SOURCE_DOCUMENT;
}

const sp_yaml *
sp_site_page_builder_value(const struct sp_site_page_builder *builder, const char *key)
{
    const sp_yaml *own = sp_yaml_get(builder->front, key);
    bool is_set = sp_site_page_builder_is_document(builder) ? !sp_yaml_is_null(own) : own != NULL;
    if (is_set || builder->source->kind == SP_SOURCE_PLAIN)
        return own;
    const sp_yaml *found = sp_defaults_find(&builder->defaults, key);
    return found ? found : own;
}

/* Control characters count as white space. */
static bool
is_blank(char c)
{
    return (c >= 0 && c <= ' ') || c == 0x7F;
}

sp_bytes
sp_one_line(sp_arena *arena, sp_bytes text)
{
    SP_AUTO(sp_str_done) sp_str valid = {0};
    SP_AUTO(sp_str_done) sp_str str = {0};
    sp_utf8_append_repaired(&valid, text);
    for (size_t i = 0; i < valid.len; i++) {
        if (!is_blank(valid.data[i]))
            sp_str_append_char(&str, valid.data[i]);
        else if (str.len > 0 && str.data[str.len - 1] != ' ')
            sp_str_append_char(&str, ' ');
    }
    str.failed |= valid.failed;
    if (str.len > 0 && str.data[str.len - 1] == ' ')
        str.data[--str.len] = '\0';
    return sp_arena_copy_str(arena, &str);
}

sp_bytes
sp_without_dots(sp_bytes text)
{
    while (text.len > 0 && text.data[text.len - 1] == '.')
        text.len--;
    return text;
}

sp_bytes
sp_without_extension(sp_bytes name)
{
    for (size_t dot = name.len; dot-- > 0 && name.data[dot] != '/';) {
        if (name.data[dot] == '.')
            return sp_bytes_slice(name, 0, dot);
    }
    return name;
}

struct terms {
    sp_bytes *items;
    size_t count;
};

static void
add_term(struct sp_site_page_builder *builder, struct terms *terms, sp_bytes term)
{
    term = sp_one_line(builder->arena, term);
    if (!terms->items)
        terms->items = sp_arena_array(builder->arena, MOST_TERMS, sizeof *terms->items);
    if (!terms->items || term.len == 0 || terms->count == MOST_TERMS)
        return;
    for (size_t i = 0; i < terms->count; i++) {
        if (sp_bytes_equal(terms->items[i], term))
            return;
    }
    terms->items[terms->count++] = term;
}

static void
add_words(struct sp_site_page_builder *builder, struct terms *terms, sp_bytes text)
{
    for (size_t at = 0, end; at < text.len; at = end + 1) {
        end = at;
        while (end < text.len && text.data[end] != ' ' &&
               !(text.data[end] >= '\t' && text.data[end] <= '\r'))
            end++;
        if (end > at)
            add_term(builder, terms, sp_bytes_slice(text, at, end));
    }
}

/* Adds the items of a list and of the lists in it; a scalar is one term. */
static void
add_items(struct sp_site_page_builder *builder, struct terms *terms, const sp_yaml *node,
          unsigned depth)
{
    if (sp_yaml_is_null(node) || node->kind == SP_YAML_MAP || depth > LIST_DEPTH)
        return;
    if (node->kind == SP_YAML_SCALAR) {
        add_term(builder, terms, sp_yaml_string(node));
        return;
    }
    for (size_t i = 0; i < node->count && terms->count < MOST_TERMS; i++)
        add_items(builder, terms, node->items[i], depth + 1);
}

/* Adds the words of a scalar, or the items of a list, as Jekyll does for `tags`. */
static void
add_plural(struct sp_site_page_builder *builder, struct terms *terms, const sp_yaml *node)
{
    if (node && node->kind == SP_YAML_SCALAR)
        add_words(builder, terms, sp_yaml_text(node));
    else
        add_items(builder, terms, node, 0);
}

/* Adds the folders above _posts or _drafts, not those below. */
static void
add_folders(struct sp_site_page_builder *builder, struct terms *terms)
{
    sp_bytes special =
        builder->source->kind == SP_SOURCE_DRAFT ? SP_LITERAL("_drafts") : SP_LITERAL("_posts");
    size_t end = sp_bytes_find(builder->document, special, 0);
    if (builder->source->kind == SP_SOURCE_DOCUMENT || end == SIZE_MAX || end == 0)
        return;
    for (size_t at = 0, slash; at < end; at = slash + 1) {
        slash = sp_bytes_find(builder->document, SP_LITERAL("/"), at);
        if (slash > at && slash < end)
            add_term(builder, terms, sp_bytes_slice(builder->document, at, slash));
    }
}

void
sp_site_page_builder_terms(struct sp_site_page_builder *builder, sp_post *post)
{
    struct terms categories = {0}, tags = {0};
    const sp_yaml *tag = sp_site_page_builder_value(builder, "tag");
    if (sp_site_page_builder_is_document(builder)) {
        add_folders(builder, &categories);
        add_plural(builder, &categories, sp_defaults_find(&builder->defaults, "categories"));
    }
    add_plural(builder, &categories, sp_site_page_builder_value(builder, "categories"));
    add_items(builder, &categories, sp_site_page_builder_value(builder, "category"), 0);
    if (sp_yaml_is_truthy(tag))
        add_items(builder, &tags, tag, 0);
    else
        add_plural(builder, &tags, sp_site_page_builder_value(builder, "tags"));
    post->categories = categories.items;
    post->category_count = categories.count;
    post->tags = tags.items;
    post->tag_count = tags.count;
}
