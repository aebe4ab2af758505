// SPDX-License-Identifier: GPL-2.0-or-later
#include "site_checks_private.h"

#include <stdlib.h>

enum sp_status
sp_site_checks_new(const sp_warning_options *options, sp_site_checks **out, sp_error *err)
{
    sp_site_checks *diagnosis = calloc(1, sizeof *diagnosis);
    if (!diagnosis)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    diagnosis->options = options;
    pthread_mutex_init(&diagnosis->mutex, NULL);
    *out = diagnosis;
    return SP_OK;
}

void
sp_site_checks_free(sp_site_checks *diagnosis)
{
    if (!diagnosis)
        return;
    sp_arena_done(&diagnosis->arena);
    sp_word_counts_done(&diagnosis->words);
    pthread_mutex_destroy(&diagnosis->mutex);
    free(diagnosis);
}

static sp_bytes *
slot_of(sp_bytes *slots, size_t capacity, sp_bytes text)
{
    size_t at = (size_t)sp_word_hash(text) & (capacity - 1);
    while (slots[at].data && !sp_bytes_equal(slots[at], text))
        at = (at + 1) & (capacity - 1);
    return &slots[at];
}

sp_bytes
sp_site_checks_intern(sp_site_checks *diagnosis, sp_bytes text)
{
    struct sp_interned *strings = &diagnosis->strings;
    if (strings->count * 2 >= strings->capacity) {
        size_t capacity = strings->capacity > 0 ? strings->capacity * 2 : 256;
        sp_bytes *slots = sp_arena_array(&diagnosis->arena, capacity, sizeof *slots);
        if (!slots)
            return (sp_bytes){"", 0};
        for (size_t i = 0; i < strings->capacity; i++) {
            if (strings->slots[i].data)
                *slot_of(slots, capacity, strings->slots[i]) = strings->slots[i];
        }
        strings->slots = slots;
        strings->capacity = capacity;
    }
    sp_bytes *slot = slot_of(strings->slots, strings->capacity, text);
    if (!slot->data) {
        *slot = sp_arena_copy(&diagnosis->arena, text);
        strings->count += slot->data != NULL;
    }
    return slot->data ? *slot : (sp_bytes){"", 0};
}

static void
add_finding(sp_site_checks *diagnosis, const sp_placed_warning *finding)
{
    sp_placed_warning *items =
        sp_arena_grow(&diagnosis->arena, diagnosis->items, &diagnosis->capacity,
                      diagnosis->count + 1, sizeof *items);
    if (!items)
        return;
    diagnosis->items = items;
    items[diagnosis->count] = *finding;
    items[diagnosis->count++].text = sp_arena_copy(&diagnosis->arena, finding->text);
}

void
sp_site_checks_warn(sp_site_checks *diagnosis, enum sp_warning_kind kind, sp_file_place place,
                    const sp_str *text)
{
    sp_placed_warning finding = {kind, place, sp_str_bytes(text)};
    diagnosis->arena.failed |= text->failed;
    add_finding(diagnosis, &finding);
}

bool
sp_site_checks_was_read(const sp_site_checks *diagnosis, uint32_t file)
{
    return diagnosis->input->whole || diagnosis->input->files->items[file].changed;
}

/* Taking */

static void
take_links(sp_site_checks *diagnosis, const sp_post_checks *findings)
{
    size_t count = diagnosis->link_count + findings->link_count;
    sp_found_link *links = sp_arena_grow(&diagnosis->arena, diagnosis->links,
                                         &diagnosis->link_capacity, count, sizeof *links);
    if (!links)
        return;
    diagnosis->links = links;
    for (size_t i = 0; i < findings->link_count; i++) {
        links[diagnosis->link_count] = findings->links[i];
        links[diagnosis->link_count++].url =
            sp_site_checks_intern(diagnosis, findings->links[i].url);
    }
}

static void
take_anchors(sp_site_checks *diagnosis, const sp_post_checks *findings)
{
    size_t count = diagnosis->anchor_count + findings->anchor_count;
    uint64_t *anchors = sp_arena_grow(&diagnosis->arena, diagnosis->anchors,
                                      &diagnosis->anchor_capacity, count, sizeof *anchors);
    if (!anchors || findings->anchor_count == 0)
        return;
    diagnosis->anchors = anchors;
    memcpy(anchors + diagnosis->anchor_count, findings->anchors,
           findings->anchor_count * sizeof *anchors);
    diagnosis->anchor_count = count;
}

/* The number of a copy, or 0. */
static uint32_t
take_rare(sp_site_checks *diagnosis, const sp_rare_word *word)
{
    sp_rare_word *rare =
        sp_arena_grow(&diagnosis->arena, diagnosis->rare, &diagnosis->rare_capacity,
                      diagnosis->rare_count + 1, sizeof *rare);
    if (!rare)
        return 0;
    diagnosis->rare = rare;
    rare[diagnosis->rare_count] = *word;
    rare[diagnosis->rare_count].word = sp_arena_copy(&diagnosis->arena, word->word);
    rare[diagnosis->rare_count].before = sp_site_checks_intern(diagnosis, word->before);
    rare[diagnosis->rare_count++].after = sp_site_checks_intern(diagnosis, word->after);
    return (uint32_t)diagnosis->rare_count;
}

static void
take_words(sp_site_checks *diagnosis, const sp_post_checks *findings)
{
    if (!diagnosis->runs)
        diagnosis->runs = sp_arena_alloc(&diagnosis->arena, sizeof *diagnosis->runs);
    if (!diagnosis->runs || !findings->runs)
        return;
    sp_ngrams_join(diagnosis->runs, findings->runs);
    for (size_t i = 0; i < findings->words.capacity; i++) {
        const sp_word_count *count = &findings->words.slots[i];
        if (count->hash == 0)
            continue;
        sp_word_count *all = sp_word_counts_at(&diagnosis->words, count->hash);
        if (!all)
            continue;
        bool is_new = all->posts == 0;
        if (!is_new && count->rare > 0)
            sp_ngrams_add(diagnosis->runs, findings->rare[count->rare - 1].word);
        all->posts += count->posts;
        all->rare =
            is_new && count->rare > 0 ? take_rare(diagnosis, &findings->rare[count->rare - 1]) : 0;
    }
}

enum sp_status
sp_site_checks_take(sp_site_checks *diagnosis, const sp_post_checks *findings, sp_error *err)
{
    pthread_mutex_lock(&diagnosis->mutex);
    for (size_t i = 0; i < findings->count; i++)
        add_finding(diagnosis, &findings->items[i]);
    take_links(diagnosis, findings);
    take_anchors(diagnosis, findings);
    take_words(diagnosis, findings);
    diagnosis->posts += findings->post_count;
    enum sp_status status = sp_arena_check(&diagnosis->arena, err);
    if (diagnosis->words.failed)
        status = sp_fail(err, SP_NO_MEMORY, "out of memory");
    pthread_mutex_unlock(&diagnosis->mutex);
    return status;
}

/* Concluding */

struct numbered {
    uint32_t site;
    const sp_placed_warning *finding;
};

static int
compare_findings(const void *left, const void *right)
{
    const struct numbered *a = left, *b = right;
    const sp_file_place *p = &a->finding->place, *q = &b->finding->place;
    if (a->site != b->site)
        return a->site < b->site ? -1 : 1;
    if (p->file != q->file)
        return p->file < q->file ? -1 : 1;
    if (p->line != q->line)
        return p->line < q->line ? -1 : 1;
    if (p->column != q->column)
        return p->column < q->column ? -1 : 1;
    if (a->finding->kind != b->finding->kind)
        return a->finding->kind < b->finding->kind ? -1 : 1;
    return sp_bytes_compare(a->finding->text, b->finding->text);
}

static sp_warning
warning_of(const sp_site_checks *diagnosis, const sp_placed_warning *finding, sp_arena *arena)
{
    SP_AUTO(sp_str_done) sp_str path = {0};
    const sp_files *files = diagnosis->input->files;
    const sp_file *file = &files->items[finding->place.file];
    sp_files_append_shown(files, file->site, file->source->path, &path);
    return (sp_warning){.kind = finding->kind,
                        .error = sp_warning_is_error(diagnosis->options, finding->kind),
                        .path = sp_arena_copy_str(arena, &path),
                        .line = finding->place.line,
                        .column = finding->place.column,
                        .text = sp_arena_copy(arena, finding->text)};
}

static enum sp_status
list(const sp_site_checks *diagnosis, sp_arena *arena, sp_warning **out, size_t *count,
     sp_error *err)
{
    uint32_t last_file = UINT32_MAX;
    size_t told[SP_WARNING_KINDS];
    struct numbered *order = calloc(diagnosis->count + 1, sizeof *order);
    sp_warning *warnings = sp_arena_array(arena, diagnosis->count, sizeof *warnings);
    if (!order || !warnings) {
        free(order);
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    }
    for (size_t i = 0; i < diagnosis->count; i++) {
        const sp_placed_warning *finding = &diagnosis->items[i];
        order[i].site = diagnosis->input->files->items[finding->place.file].site;
        order[i].finding = finding;
    }
    qsort(order, diagnosis->count, sizeof *order, compare_findings);
    for (size_t i = 0; i < diagnosis->count; i++) {
        const sp_placed_warning *finding = order[i].finding;
        if (finding->place.file != last_file)
            memset(told, 0, sizeof told);
        last_file = finding->place.file;
        if (told[finding->kind]++ < SP_WARNINGS_PER_POST)
            warnings[(*count)++] = warning_of(diagnosis, finding, arena);
    }
    free(order);
    *out = warnings;
    return sp_arena_check(arena, err);
}

enum sp_status
sp_site_checks_finish(sp_site_checks *diagnosis, const sp_site_check_input *input, sp_arena *arena,
                      sp_warning **out, size_t *count, sp_error *err)
{
    const bool *on = diagnosis->options->on;
    enum sp_status status = SP_OK;
    diagnosis->input = input;
    *out = NULL;
    *count = 0;
    if (on[SP_DUPLICATE_RESOURCE])
        status = sp_check_resources(diagnosis, err);
    if (status == SP_OK && (on[SP_BROKEN_LINK] || on[SP_BROKEN_ANCHOR]))
        status = sp_check_links(diagnosis, err);
    if (status == SP_OK && on[SP_MISSPELLING])
        status = sp_check_words(diagnosis, err);
    if (status == SP_OK)
        status = sp_arena_check(&diagnosis->arena, err);
    return status == SP_OK ? list(diagnosis, arena, out, count, err) : status;
}
