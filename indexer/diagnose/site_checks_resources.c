// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Warns about links to a resource by another URL than the usual one. The usual URL is the one that
 * most posts use first; of equally frequent URLs, the first, as in gather.c for the URL that
 * readers see.
 */
#include "site_checks_private.h"

#include <signpost/url.h>

#include <signpost/schema.h>

#include <stdlib.h>

/* At most this many posts of the old index are searched for mentions of one resource. */
#define INDEXED_POSTS_MAX 16

struct mention {
    uint64_t resource;
    sp_bytes url;
    sp_file_place place;
    bool from_index; /* in a post that this run has not read: gets no warning */
    bool votes;      /* the first mention of the resource in its post */
};

struct mentions {
    sp_site_checks *checks;
    struct mention *items;
    size_t count, capacity;
};

static void
add(struct mentions *all, const struct mention *mention)
{
    all->items = sp_arena_grow(&all->checks->arena, all->items, &all->capacity, all->count + 1,
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

/* Orders mentions by resource, then by URL as spelled, then by place. */
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

/* The end of the range of mentions that have the same resource as `first` and, if `spelling` is
   true, the same URL. */
static size_t
end_of(const struct mentions *all, size_t first, bool spelling)
{
    size_t end = first + 1;
    while (end < all->count && all->items[end].resource == all->items[first].resource &&
           (!spelling || sp_bytes_equal(all->items[end].url, all->items[first].url)))
        end++;
    return end;
}

/* Adds the mentions of a post that this run has not read. */
static void
add_mentions_of_post(struct mentions *all, const sp_post *post, sp_bytes canonical,
                     uint64_t resource)
{
    const sp_files *files = all->checks->input->files;
    const sp_file *file = sp_files_find(files, post->path);
    if (!file || sp_site_checks_was_read(all->checks, (uint32_t)(file - files->items)))
        return;
    for (size_t i = 0; i < post->mention_count; i++) {
        const sp_mention *mention = &post->mentions[i];
        if (!sp_bytes_equal(mention->canonical, canonical))
            continue;
        struct mention past = {.resource = resource,
                               .url = sp_site_checks_intern(all->checks, mention->url),
                               .place = {(uint32_t)(file - files->items), mention->line, 1},
                               .from_index = true};
        add(all, &past);
    }
}

/* Adds the mentions of a resource in the old index. A post that cannot be read is skipped, because
   the run itself reports a damaged index. */
static enum sp_status
add_from_index(struct mentions *all, sp_bytes canonical, uint64_t resource, sp_error *err)
{
    sp_old_index *old = all->checks->input->old;
    uint32_t *docids;
    size_t count;
    enum sp_status status =
        sp_old_index_mentioning(old, canonical, &all->checks->arena, &docids, &count, err);
    for (size_t i = 0; status == SP_OK && i < count && i < INDEXED_POSTS_MAX; i++) {
        sp_old_post *past;
        if (sp_old_index_post_at(old, docids[i], &past, NULL) != SP_OK)
            continue;
        add_mentions_of_post(all, &past->post, canonical, resource);
        sp_old_post_free(past);
    }
    return status;
}

/* The mentions [first, end) are of one resource. Adds the resource's mentions in the old index,
   unless all mentions in the range have the URL that the old index shows for the resource. */
static enum sp_status
add_indexed_mentions(struct mentions *all, size_t first, size_t end, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str canonical = {0};
    SP_AUTO(sp_str_done) sp_str shown = {0};
    const struct mention *mention = &all->items[first];
    sp_url url;
    if (!sp_url_parse(mention->url, &url))
        return SP_OK;
    sp_url_append_canonical(&canonical, &url);
    bool known = sp_old_index_url(all->checks->input->old, SP_PREFIX_RESOURCE,
                                  sp_str_bytes(&canonical), &shown);
    bool same_url = end_of(all, first, true) == end;
    if (!known || (same_url && sp_bytes_equal(mention->url, sp_str_bytes(&shown))))
        return sp_str_check(&canonical, err);
    return add_from_index(all, sp_str_bytes(&canonical), mention->resource, err);
}

static void
warn(sp_site_checks *checks, const struct mention *other, const struct mention *usual)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    const sp_files *files = checks->input->files;
    const sp_file *file = &files->items[usual->place.file];
    sp_quote(&text, other->url);
    sp_str_append_text(&text, " is the same resource as ");
    sp_quote(&text, usual->url);
    sp_str_append_text(&text, " in ");
    sp_files_append_shown(files, file->site, file->source->path, &text);
    sp_str_append_format(&text, ":%u", usual->place.line);
    sp_site_checks_warn(checks, SP_DUPLICATE_RESOURCE, other->place, &text);
}

static int
compare_by_place(const void *left, const void *right)
{
    const struct mention *a = left, *b = right;
    return compare_places(&a->place, &b->place);
}

/* Marks the first mention of each post in the range, which is then ordered by URL again. */
static void
mark_votes(struct mentions *all, size_t first, size_t end)
{
    struct mention *items = all->items;
    qsort(items + first, end - first, sizeof *items, compare_by_place);
    for (size_t i = first; i < end; i++)
        items[i].votes = i == first || items[i].place.file != items[i - 1].place.file;
    qsort(items + first, end - first, sizeof *items, compare);
}

static void
check_resource(struct mentions *all, size_t first, size_t end)
{
    size_t usual = first, most = 0;
    if (end_of(all, first, true) == end)
        return;
    mark_votes(all, first, end);
    for (size_t i = first, next; i < end; i = next) {
        size_t votes = 0, voter = i;
        next = end_of(all, i, true);
        for (size_t k = next; k-- > i;) {
            votes += all->items[k].votes;
            voter = all->items[k].votes ? k : voter;
        }
        bool earlier = compare_places(&all->items[voter].place, &all->items[usual].place) < 0;
        if (votes > most || (votes == most && votes > 0 && earlier)) {
            usual = voter;
            most = votes;
        }
    }
    for (size_t i = first; i < end; i++) {
        if (!all->items[i].from_index && !sp_bytes_equal(all->items[i].url, all->items[usual].url))
            warn(all->checks, &all->items[i], &all->items[usual]);
    }
}

enum sp_status
sp_check_resources(sp_site_checks *checks, sp_error *err)
{
    struct mentions all = {.checks = checks};
    enum sp_status status = SP_OK;
    for (size_t i = 0; i < checks->link_count; i++) {
        const sp_found_link *link = &checks->links[i];
        struct mention mention = {link->resource, link->url, link->place, false, false};
        if (link->resource != 0)
            add(&all, &mention);
    }
    if (sp_arena_check(&checks->arena, err) != SP_OK)
        return SP_NO_MEMORY;
    sort(&all);
    size_t own = all.count;
    for (size_t i = 0, end; !checks->input->full && status == SP_OK && i < own; i = end) {
        end = end_of(&all, i, false);
        status = add_indexed_mentions(&all, i, end < own ? end : own, err);
    }
    if (status == SP_OK)
        status = sp_arena_check(&checks->arena, err);
    if (status != SP_OK)
        return status;
    sort(&all);
    for (size_t i = 0, end; i < all.count; i = end) {
        end = end_of(&all, i, false);
        check_resource(&all, i, end);
    }
    return SP_OK;
}
