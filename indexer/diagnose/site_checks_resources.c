// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One resource, several URLs: what most mentions write is right, the first among equals, as it is
 * for the URL that readers are shown (gather.c).
 */
#include "site_checks_private.h"

#include "engine/base/url.h"

#include <signpost/schema.h>

#include <stdlib.h>

/* Posts of the index that are asked how they write a resource, where somebody writes it otherwise.
 */
#define ASKED_MAX 16

struct mention {
    uint64_t resource;
    sp_bytes url;
    sp_file_place place;
    bool quiet; /* of a post that is not diagnosed */
};

struct mentions {
    sp_site_checks *diagnosis;
    struct mention *items;
    size_t count, capacity;
};

static void
add(struct mentions *all, const struct mention *mention)
{
    all->items = sp_arena_grow(&all->diagnosis->arena, all->items, &all->capacity, all->count + 1,
                               sizeof *all->items);
    if (all->items)
        all->items[all->count++] = *mention;
}

static int
compare_places(const sp_file_place *a, const sp_file_place *b)
{
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return (a->column > b->column) - (a->column < b->column);
}

/* A resource's together, and of it those of one spelling. */
static int
compare(const void *left, const void *right)
{
    const struct mention *a = left, *b = right;
    if (a->resource != b->resource)
        return a->resource < b->resource ? -1 : 1;
    int order = sp_bytes_compare(a->url, b->url);
    return order ? order : compare_places(&a->place, &b->place);
}

static void
sort(struct mentions *all)
{
    if (all->count > 0)
        qsort(all->items, all->count, sizeof *all->items, compare);
}

/* The end of the mentions from `first` on that are of its resource, or also of its spelling. */
static size_t
end_of(const struct mentions *all, size_t first, bool spelling)
{
    size_t end = first + 1;
    while (end < all->count && all->items[end].resource == all->items[first].resource &&
           (!spelling || sp_bytes_equal(all->items[end].url, all->items[first].url)))
        end++;
    return end;
}

/* What a post of the index, which this run has not read, writes. */
static void
add_past(struct mentions *all, const sp_post *post, sp_bytes canonical, uint64_t resource)
{
    const sp_files *files = all->diagnosis->input->files;
    const sp_file *file = sp_files_find(files, post->path);
    if (!file || sp_site_checks_was_read(all->diagnosis, (uint32_t)(file - files->items)))
        return;
    for (size_t i = 0; i < post->mention_count; i++) {
        const sp_mention *mention = &post->mentions[i];
        if (!sp_bytes_equal(mention->canonical, canonical))
            continue;
        struct mention past = {.resource = resource,
                               .url = sp_site_checks_intern(all->diagnosis, mention->url),
                               .place = {(uint32_t)(file - files->items), mention->line, 1},
                               .quiet = true};
        add(all, &past);
    }
}

/* An index that cannot be read back tells nothing here; the run finds it out by itself. */
static enum sp_status
ask_index(struct mentions *all, sp_bytes canonical, uint64_t resource, sp_error *err)
{
    sp_old_index *previous = all->diagnosis->input->previous;
    uint32_t *docids;
    size_t count;
    enum sp_status status =
        sp_old_index_mentioning(previous, canonical, &all->diagnosis->arena, &docids, &count, err);
    for (size_t i = 0; status == SP_OK && i < count && i < ASKED_MAX; i++) {
        sp_old_post *past;
        if (sp_old_index_post_at(previous, docids[i], &past, NULL) != SP_OK)
            continue;
        add_past(all, &past->post, canonical, resource);
        sp_old_post_free(past);
    }
    return status;
}

/* The other mentions of the resource that those from first to end are of, unless all are written
   as the index has it. */
static enum sp_status
add_others(struct mentions *all, size_t first, size_t end, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str canonical = {0};
    SP_AUTO(sp_str_done) sp_str shown = {0};
    const struct mention *mention = &all->items[first];
    sp_url url;
    if (!sp_url_parse(mention->url, &url))
        return SP_OK;
    sp_url_append_canonical(&canonical, &url);
    bool known = sp_old_index_url(all->diagnosis->input->previous, SP_PREFIX_RESOURCE,
                                  sp_str_bytes(&canonical), &shown);
    bool alike = end_of(all, first, true) == end;
    if (!known || (alike && sp_bytes_equal(mention->url, sp_str_bytes(&shown))))
        return sp_str_check(&canonical, err);
    return ask_index(all, sp_str_bytes(&canonical), mention->resource, err);
}

static void
tell(sp_site_checks *diagnosis, const struct mention *odd, const struct mention *usual)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    const sp_files *files = diagnosis->input->files;
    const sp_file *file = &files->items[usual->place.file];
    sp_quote(&text, odd->url);
    sp_str_append_text(&text, " is written ");
    sp_quote(&text, usual->url);
    sp_str_append_text(&text, " in ");
    sp_files_append_shown(files, file->site, file->source->path, &text);
    sp_str_append_format(&text, ":%u", usual->place.line);
    sp_site_checks_warn(diagnosis, SP_DUPLICATE_RESOURCE, odd->place, &text);
}

static void
judge(struct mentions *all, size_t first, size_t end)
{
    size_t usual = first, most = 0;
    for (size_t i = first, next; i < end; i = next) {
        next = end_of(all, i, true);
        bool earlier = compare_places(&all->items[i].place, &all->items[usual].place) < 0;
        if (next - i > most || (next - i == most && earlier)) {
            usual = i;
            most = next - i;
        }
    }
    for (size_t i = first; i < end; i++) {
        if (!all->items[i].quiet && !sp_bytes_equal(all->items[i].url, all->items[usual].url))
            tell(all->diagnosis, &all->items[i], &all->items[usual]);
    }
}

enum sp_status
sp_check_resources(sp_site_checks *diagnosis, sp_error *err)
{
    struct mentions all = {.diagnosis = diagnosis};
    enum sp_status status = SP_OK;
    for (size_t i = 0; i < diagnosis->link_count; i++) {
        const sp_found_link *link = &diagnosis->links[i];
        struct mention mention = {link->resource, link->url, link->place, false};
        if (link->resource != 0)
            add(&all, &mention);
    }
    if (sp_arena_check(&diagnosis->arena, err) != SP_OK)
        return SP_NO_MEMORY;
    sort(&all);
    size_t own = all.count;
    for (size_t i = 0, end; !diagnosis->input->whole && status == SP_OK && i < own; i = end) {
        end = end_of(&all, i, false);
        status = add_others(&all, i, end < own ? end : own, err);
    }
    if (status == SP_OK)
        status = sp_arena_check(&diagnosis->arena, err);
    if (status != SP_OK)
        return status;
    sort(&all);
    for (size_t i = 0, end; i < all.count; i = end) {
        end = end_of(&all, i, false);
        judge(&all, i, end);
    }
    return SP_OK;
}
