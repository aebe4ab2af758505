// SPDX-License-Identifier: GPL-2.0-or-later
#include "pins_file.h"

#include "engine/base/lines.h"

#include <signpost/analyzer.h>
#include <signpost/schema.h>

#include <stdlib.h>

struct line_context {
    sp_pins *pins;
    const char *path;
    sp_bytes text; /* of the line */
    unsigned line;
    sp_bytes site_url;
};

/* Lines */

static enum sp_status
fail_at(const struct line_context *line, sp_bytes where, const char *text, sp_error *err)
{
    unsigned column = (unsigned)(where.data - line->text.data) + 1;
    return sp_fail_at(err, SP_BAD_INPUT, line->path, line->line, column, "%s", text);
}

/* Moves the field before the next tab from *rest to *field. Returns false if *rest is empty. */
static bool
next_field(sp_bytes *rest, sp_bytes *field)
{
    if (!rest->data)
        return false;
    size_t tab = sp_bytes_find(*rest, SP_LITERAL("\t"), 0);
    bool last = tab == SIZE_MAX;
    *field = sp_bytes_trim(sp_bytes_slice(*rest, 0, last ? rest->len : tab));
    if (last)
        rest->data = NULL;
    else
        *rest = sp_bytes_slice(*rest, tab + 1, rest->len);
    return true;
}

static sp_bytes
target_of(const struct line_context *line, sp_bytes typed)
{
    sp_bytes url = line->site_url;
    if (url.len > 0 && typed.len > url.len && sp_bytes_starts_with(typed, url) &&
        typed.data[url.len] == '/')
        typed = sp_bytes_slice(typed, url.len, typed.len);
    return sp_target_of(typed);
}

/* first: the index of the first pin for this query. */
static enum sp_status
add_target(const struct line_context *line, sp_bytes query, sp_bytes typed, size_t first,
           sp_error *err)
{
    sp_pins *pins = line->pins;
    sp_bytes target = target_of(line, typed);
    if (target.len == 0)
        return fail_at(line, typed, "the target is neither a page nor a URL", err);
    if (pins->count - first == SP_PINNED_MAX)
        return sp_fail_at(err, SP_BAD_INPUT, line->path, line->line, 1, "more than %d targets",
                          SP_PINNED_MAX);
    for (size_t i = first; i < pins->count; i++) {
        if (sp_bytes_equal(pins->items[i].target, target))
            return fail_at(line, typed, "the target is pinned twice", err);
    }
    pins->items = sp_arena_grow(&pins->arena, pins->items, &pins->capacity, pins->count + 1,
                                sizeof *pins->items);
    if (!pins->items)
        return sp_arena_check(&pins->arena, err);
    pins->items[pins->count] = (sp_pin){.query = query,
                                        .target = target,
                                        .typed = typed,
                                        .path = sp_bytes_of(line->path),
                                        .line = line->line,
                                        .column = (unsigned)(typed.data - line->text.data) + 1,
                                        .order = pins->count};
    pins->count++;
    return SP_OK;
}

static enum sp_status
fold_query(const struct line_context *line, sp_bytes typed, sp_bytes *out, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str folded = {0};
    sp_pins *pins = line->pins;
    sp_fold_append(&folded, typed);
    *out = sp_arena_copy_str(&pins->arena, &folded);
    if (sp_arena_check(&pins->arena, err) != SP_OK || sp_str_check(&folded, err) != SP_OK)
        return SP_NO_MEMORY;
    if (out->len == 0)
        return fail_at(line, line->text, "the query has no word", err);
    return SP_OK;
}

static enum sp_status
add_line(const struct line_context *line, sp_error *err)
{
    sp_bytes rest = line->text, query, typed;
    size_t first = line->pins->count, bad = sp_utf8_invalid(line->text);
    if (bad != SIZE_MAX)
        return fail_at(line, sp_bytes_slice(line->text, bad, line->text.len), "not UTF-8", err);
    if (sp_bytes_trim(line->text).len == 0 || line->text.data[0] == '#')
        return SP_OK;
    next_field(&rest, &query);
    if (!rest.data)
        return fail_at(line, line->text, "a pin is a query and its targets, separated by tabs",
                       err);
    enum sp_status status = fold_query(line, query, &query, err);
    while (status == SP_OK && next_field(&rest, &typed))
        status = add_target(line, query, typed, first, err);
    return status;
}

static int
compare(const void *left, const void *right)
{
    const sp_pin *a = left, *b = right;
    int order = sp_bytes_compare(a->query, b->query);
    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

/* Checks that no two lines of a file have the same query. first: index of the file's first pin. */
static enum sp_status
check_queries(sp_pins *pins, const char *path, size_t first, sp_error *err)
{
    const sp_pin *again = NULL;
    size_t count = pins->count - first;
    sp_pin *sorted = sp_arena_array(&pins->arena, count, sizeof *sorted);
    if (!sorted || count == 0)
        return sp_arena_check(&pins->arena, err);
    memcpy(sorted, pins->items + first, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare);
    for (sp_pin *pin = sorted + 1; pin < sorted + count; pin++) {
        if (pin->line != pin[-1].line && sp_bytes_equal(pin->query, pin[-1].query) &&
            (!again || pin->line < again->line))
            again = pin;
    }
    return again ? sp_fail_at(err, SP_BAD_INPUT, path, again->line, 1,
                              "the query is already pinned on line %u", again[-1].line)
                 : SP_OK;
}

enum sp_status
sp_pins_add(sp_pins *pins, const char *path, sp_bytes content, sp_bytes site_url, sp_error *err)
{
    struct line_context line = {.pins = pins, .path = path, .site_url = site_url};
    size_t first = pins->count;
    enum sp_status status = SP_OK;
    content = sp_without_bom(content);
    while (status == SP_OK && sp_line_next(&content, &line.text)) {
        line.line++;
        status = add_line(&line, err);
    }
    return status == SP_OK ? check_queries(pins, path, first, err) : status;
}

/* Packing */

static bool
is_listed(const sp_pin *first, const sp_pin *pin)
{
    for (; first < pin; first++) {
        if (sp_bytes_equal(first->target, pin->target))
            return true;
    }
    return false;
}

enum sp_status
sp_pins_pack(sp_pins *pins, sp_error *err)
{
    sp_str *out = &pins->packed;
    const sp_pin *first = pins->items;
    if (pins->count > 0)
        qsort(pins->items, pins->count, sizeof *pins->items, compare);
    for (size_t i = 0; i < pins->count; i++) {
        const sp_pin *pin = &pins->items[i];
        if (i == 0 || !sp_bytes_equal(first->query, pin->query)) {
            first = pin;
            sp_str_append_char(out, '\n');
            sp_str_append(out, pin->query);
        }
        if (is_listed(first, pin)) /* another site pins this target, too */
            continue;
        sp_str_append_char(out, '\t');
        sp_str_append(out, pin->target);
    }
    sp_str_append_text(out, pins->count > 0 ? "\n" : "");
    return sp_str_check(out, err);
}

/* Files */

sp_bytes
sp_pins_path(const sp_site *site)
{
    sp_bytes named = sp_yaml_text(sp_site_config(site, "signpost.pins"));
    return named.len > 0 ? named : SP_LITERAL(SP_PINS_FILE);
}

/* A missing file is read as an empty one, unless the settings name it. */
static enum sp_status
read_site(const sp_site *site, sp_pins *pins, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str shown = {0};
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_bytes path = sp_pins_path(site);
    bool named = !sp_yaml_is_null(sp_site_config(site, "signpost.pins"));
    sp_site_append_shown(site, path, &shown);
    enum sp_status status = sp_site_read_at_root(site, path, SP_PINS_BYTES_MAX, &text, err);
    if (status == SP_NOT_FOUND && !named)
        return SP_OK;
    if (status != SP_OK)
        return status;
    sp_bytes content = sp_arena_copy_str(&pins->arena, &text);
    sp_bytes kept = sp_arena_copy_str(&pins->arena, &shown);
    if (sp_arena_check(&pins->arena, err) != SP_OK)
        return SP_NO_MEMORY;
    return sp_pins_add(pins, kept.data, content, sp_site_url(site), err);
}

enum sp_status
sp_pins_read(const sp_files *files, sp_pins *out, sp_error *err)
{
    enum sp_status status = SP_OK;
    for (size_t i = 0; status == SP_OK && i < files->site_count; i++)
        status = read_site(files->sites[i], out, err);
    return status == SP_OK ? sp_pins_pack(out, err) : status;
}

void
sp_pins_done(sp_pins *pins)
{
    sp_arena_done(&pins->arena);
    sp_str_done(&pins->packed);
    *pins = (sp_pins){0};
}
