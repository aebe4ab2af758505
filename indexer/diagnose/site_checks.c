// SPDX-License-Identifier: GPL-2.0-or-later
#include "site_checks_private.h"

#include <stdlib.h>

enum sp_status
sp_site_checks_new(const sp_warning_options *options, sp_site_checks **out, sp_error *err)
{
    sp_site_checks *checks = calloc(1, sizeof *checks);
    if (!checks)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    checks->options = options;
    pthread_mutex_init(&checks->mutex, NULL);
    *out = checks;
    return SP_OK;
}

void
sp_site_checks_free(sp_site_checks *checks)
{
    if (!checks)
        return;
    sp_arena_done(&checks->arena);
    sp_word_counts_done(&checks->words);
    sp_table_done(&checks->strings.table);
    pthread_mutex_destroy(&checks->mutex);
    free(checks);
}

static bool
is_text(const void *items, uint32_t item, const void *key)
{
    return sp_bytes_equal(((const sp_bytes *)items)[item], *(const sp_bytes *)key);
}

sp_bytes
sp_site_checks_intern(sp_site_checks *checks, sp_bytes text)
{
    struct sp_interned *strings = &checks->strings;
    uint32_t hash = (uint32_t)sp_word_hash(text);
    strings->items = sp_arena_grow(&checks->arena, strings->items, &strings->capacity,
                                   strings->count + 1, sizeof *strings->items);
    if (!strings->items || !sp_table_reserve(&strings->table, strings->count + 1)) {
        sp_arena_fail(&checks->arena);
        return (sp_bytes){"", 0};
    }
    sp_table_slot *slot = sp_table_find(&strings->table, hash, is_text, strings->items, &text);
    if (sp_table_has_item(slot))
        return strings->items[sp_table_item(slot)];
    sp_bytes copy = sp_arena_copy(&checks->arena, text);
    sp_table_fill(&strings->table, slot, hash, (uint32_t)strings->count);
    strings->items[strings->count++] = copy;
    return copy;
}

static void
add_warning(sp_site_checks *checks, const sp_placed_warning *warning)
{
    sp_placed_warning *items =
        sp_arena_grow(&checks->arena, checks->warnings, &checks->warning_capacity,
                      checks->warning_count + 1, sizeof *items);
    if (!items)
        return;
    checks->warnings = items;
    items[checks->warning_count] = *warning;
    items[checks->warning_count++].text = sp_arena_copy(&checks->arena, warning->text);
}

void
sp_site_checks_warn(sp_site_checks *checks, enum sp_warning_kind kind, sp_file_place place,
                    const sp_str *text)
{
    sp_placed_warning warning = {kind, place, sp_str_bytes(text)};
    checks->arena.failed |= text->failed;
    add_warning(checks, &warning);
}

bool
sp_site_checks_was_read(const sp_site_checks *checks, uint32_t file)
{
    return checks->input->full || checks->input->files->items[file].changed;
}

/* Adding the results of post checks */

static void
add_links(sp_site_checks *checks, const sp_post_checks *post_checks)
{
    size_t count = checks->link_count + post_checks->link_count;
    sp_found_link *links =
        sp_arena_grow(&checks->arena, checks->links, &checks->link_capacity, count, sizeof *links);
    if (!links)
        return;
    checks->links = links;
    for (size_t i = 0; i < post_checks->link_count; i++) {
        links[checks->link_count] = post_checks->links[i];
        links[checks->link_count++].url = sp_site_checks_intern(checks, post_checks->links[i].url);
    }
}

static void
add_anchors(sp_site_checks *checks, const sp_post_checks *post_checks)
{
    size_t count = checks->anchor_count + post_checks->anchor_count;
    uint64_t *anchors = sp_arena_grow(&checks->arena, checks->anchors, &checks->anchor_capacity,
                                      count, sizeof *anchors);
    if (!anchors || post_checks->anchor_count == 0)
        return;
    checks->anchors = anchors;
    memcpy(anchors + checks->anchor_count, post_checks->anchors,
           post_checks->anchor_count * sizeof *anchors);
    checks->anchor_count = count;
}

/* Adds a copy of the word. Returns its index plus 1, or 0 if memory is out. */
static uint32_t
add_rare_word(sp_site_checks *checks, const sp_rare_word *word)
{
    sp_rare_word *rare = sp_arena_grow(&checks->arena, checks->rare, &checks->rare_capacity,
                                       checks->rare_count + 1, sizeof *rare);
    if (!rare)
        return 0;
    checks->rare = rare;
    rare[checks->rare_count] = *word;
    rare[checks->rare_count].word = sp_arena_copy(&checks->arena, word->word);
    rare[checks->rare_count].before = sp_site_checks_intern(checks, word->before);
    rare[checks->rare_count++].after = sp_site_checks_intern(checks, word->after);
    return (uint32_t)checks->rare_count;
}

static void
add_words(sp_site_checks *checks, const sp_post_checks *post_checks)
{
    if (!checks->ngrams)
        checks->ngrams = sp_arena_alloc(&checks->arena, sizeof *checks->ngrams);
    if (!checks->ngrams || !post_checks->ngrams)
        return;
    sp_ngrams_join(checks->ngrams, post_checks->ngrams);
    for (size_t i = 0; i < post_checks->words.count; i++) {
        const sp_word_count *count = &post_checks->words.items[i];
        sp_word_count *all = sp_word_counts_entry(&checks->words, count->hash);
        if (!all)
            continue;
        bool is_new = all->posts == 0;
        if (!is_new && count->rare > 0)
            sp_ngrams_add(checks->ngrams, post_checks->rare[count->rare - 1].word);
        all->posts += count->posts;
        all->rare = is_new && count->rare > 0
                        ? add_rare_word(checks, &post_checks->rare[count->rare - 1])
                        : 0;
    }
}

enum sp_status
sp_site_checks_add(sp_site_checks *checks, const sp_post_checks *post_checks, sp_error *err)
{
    pthread_mutex_lock(&checks->mutex);
    for (size_t i = 0; i < post_checks->warning_count; i++)
        add_warning(checks, &post_checks->warnings[i]);
    add_links(checks, post_checks);
    add_anchors(checks, post_checks);
    add_words(checks, post_checks);
    checks->posts += post_checks->post_count;
    enum sp_status status = sp_arena_check(&checks->arena, err);
    if (checks->words.failed)
        status = sp_fail(err, SP_NO_MEMORY, "out of memory");
    pthread_mutex_unlock(&checks->mutex);
    return status;
}

/* Running the checks */

struct sort_entry {
    uint32_t site;
    const sp_placed_warning *warning;
};

static int
compare_entries(const void *left, const void *right)
{
    const struct sort_entry *a = left, *b = right;
    const sp_file_place *p = &a->warning->place, *q = &b->warning->place;
    if (a->site != b->site)
        return a->site < b->site ? -1 : 1;
    if (p->file != q->file)
        return p->file < q->file ? -1 : 1;
    if (p->line != q->line)
        return p->line < q->line ? -1 : 1;
    if (p->column != q->column)
        return p->column < q->column ? -1 : 1;
    if (a->warning->kind != b->warning->kind)
        return a->warning->kind < b->warning->kind ? -1 : 1;
    return sp_bytes_compare(a->warning->text, b->warning->text);
}

static sp_warning
warning_of(const sp_site_checks *checks, const sp_placed_warning *warning, sp_arena *arena)
{
    SP_AUTO(sp_str_done) sp_str path = {0};
    const sp_files *files = checks->input->files;
    const sp_file *file = &files->items[warning->place.file];
    sp_files_append_shown(files, file->site, file->source->path, &path);
    return (sp_warning){.kind = warning->kind,
                        .error = sp_warning_is_error(checks->options, warning->kind),
                        .path = sp_arena_copy_str(arena, &path),
                        .line = warning->place.line,
                        .column = warning->place.column,
                        .text = sp_arena_copy(arena, warning->text)};
}

static enum sp_status
list_warnings(const sp_site_checks *checks, sp_arena *arena, sp_warning **out, size_t *count,
              sp_error *err)
{
    uint32_t last_file = UINT32_MAX;
    size_t kind_counts[SP_WARNING_KINDS];
    struct sort_entry *order = calloc(checks->warning_count + 1, sizeof *order);
    sp_warning *warnings = sp_arena_array(arena, checks->warning_count, sizeof *warnings);
    if (!order || !warnings) {
        free(order);
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    }
    for (size_t i = 0; i < checks->warning_count; i++) {
        const sp_placed_warning *warning = &checks->warnings[i];
        order[i].site = checks->input->files->items[warning->place.file].site;
        order[i].warning = warning;
    }
    qsort(order, checks->warning_count, sizeof *order, compare_entries);
    for (size_t i = 0; i < checks->warning_count; i++) {
        const sp_placed_warning *warning = order[i].warning;
        if (warning->place.file != last_file)
            memset(kind_counts, 0, sizeof kind_counts);
        last_file = warning->place.file;
        if (kind_counts[warning->kind]++ < SP_WARNINGS_PER_POST)
            warnings[(*count)++] = warning_of(checks, warning, arena);
    }
    free(order);
    *out = warnings;
    return sp_arena_check(arena, err);
}

enum sp_status
sp_site_checks_finish(sp_site_checks *checks, const sp_site_check_input *input, sp_arena *arena,
                      sp_warning **out, size_t *count, sp_error *err)
{
    const bool *on = checks->options->on;
    enum sp_status status = SP_OK;
    checks->input = input;
    *out = NULL;
    *count = 0;
    if (on[SP_DUPLICATE_RESOURCE])
        status = sp_check_resources(checks, err);
    if (status == SP_OK && on[SP_SAME_URL])
        status = sp_check_urls(checks, err);
    if (status == SP_OK && (on[SP_BROKEN_LINK] || on[SP_BROKEN_ANCHOR]))
        status = sp_check_links(checks, err);
    if (status == SP_OK && on[SP_MISSPELLING])
        status = sp_check_words(checks, err);
    if (status == SP_OK)
        status = sp_arena_check(&checks->arena, err);
    return status == SP_OK ? list_warnings(checks, arena, out, count, err) : status;
}
