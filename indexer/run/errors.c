// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_private.h"

#include "engine/base/bound.h"

#include <stdlib.h>

#define KEEPS_POST "the index keeps its last good post"
#define KEEPS_POSTS "the index keeps its posts"
#define HAS_NONE "not in the index"

/* The path for messages: the site's folder, as given by the caller of the run, and the path in
   it. */
static sp_bytes
shown_path(const struct sp_run_errors *errors, const sp_files *files, uint32_t site,
           const char *path)
{
    SP_AUTO(sp_str_done) sp_str shown = {0};
    sp_files_append_shown(files, site, sp_bytes_of(path), &shown);
    return sp_arena_copy_str(errors->arena, &shown);
}

void
sp_run_errors_add(struct sp_run_errors *errors, const sp_run_error *error, const char *text,
                  const char *consequence)
{
    SP_AUTO(sp_str_done) sp_str message = {0};
    sp_str_append_format(&message, "%s (%s)", text, consequence);
    errors->items = sp_arena_grow(errors->arena, errors->items, &errors->capacity,
                                  errors->count + 1, sizeof *errors->items);
    if (!errors->items)
        return;
    sp_run_error *added = &errors->items[errors->count++];
    *added = *error;
    added->line = error->line > 0 ? error->line : 1;
    added->column = error->column > 0 ? error->column : 1;
    added->text = sp_arena_copy_str(errors->arena, &message);
}

struct errors_context {
    struct sp_run_errors *errors;
    const struct sp_run_inputs *inputs;
    bool full;
};

static bool
has_post(sp_old_index *old, sp_bytes id)
{
    uint64_t digest;
    return sp_old_index_digest(old, SP_PREFIX_POST, id, &digest);
}

static void
add_file(const struct errors_context *context, const sp_file *file)
{
    const sp_error *fault = file->fault;
    bool kept =
        context->full ? file->kept : !file->overwritten && has_post(context->inputs->old, file->id);
    sp_run_error error = {
        .path = shown_path(context->errors, &context->inputs->files, file->site, fault->path),
        .line = fault->line,
        .column = fault->column,
        .kept = kept};
    sp_run_errors_add(context->errors, &error, fault->text, kept ? KEEPS_POST : HAS_NONE);
}

/* The posts of the old index whose files were not found. */
struct unseen_posts {
    const sp_files *files;
    sp_arena arena;
    sp_bytes *ids; /* ascending */
    size_t count, capacity;
};

static enum sp_status
note_unseen(void *context, sp_bytes id, sp_error *err)
{
    struct unseen_posts *unseen = context;
    if (sp_files_has(unseen->files, id))
        return SP_OK;
    unseen->ids = sp_arena_grow(&unseen->arena, unseen->ids, &unseen->capacity, unseen->count + 1,
                                sizeof *unseen->ids);
    if (unseen->ids)
        unseen->ids[unseen->count++] = sp_arena_copy(&unseen->arena, id);
    return sp_arena_check(&unseen->arena, err);
}

static int
compare_ids(const void *left, const void *right)
{
    return sp_bytes_compare(*(const sp_bytes *)left, *(const sp_bytes *)right);
}

static bool
is_id_before(const void *items, size_t index, const void *key)
{
    return sp_bytes_compare(((const sp_bytes *)items)[index], *(const sp_bytes *)key) < 0;
}

/* The first of the unseen ids that is not less than `id`; empty if there is none. */
static sp_bytes
find_from(const struct unseen_posts *unseen, sp_bytes id)
{
    size_t found = sp_lower_bound(unseen->ids, unseen->count, is_id_before, &id);
    return found < unseen->count ? unseen->ids[found] : (sp_bytes){0};
}

/* Adds an error for a file or folder that could not be read. The index keeps its posts. */
static enum sp_status
add_unreadable(const struct errors_context *context, const sp_files_error *unreadable,
               const struct unseen_posts *unseen, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str below = {0};
    sp_str_append(&below, unreadable->id);
    sp_str_append_char(&below, '/');
    enum sp_status status = sp_str_check(&below, err);
    if (status != SP_OK)
        return status;
    bool post =
        unreadable->id.len > 0 && sp_bytes_equal(find_from(unseen, unreadable->id), unreadable->id);
    bool posts =
        sp_bytes_starts_with(find_from(unseen, sp_str_bytes(&below)), sp_str_bytes(&below));
    sp_run_error error = {.path = shown_path(context->errors, &context->inputs->files,
                                             unreadable->site, unreadable->path.data),
                          .kept = post || posts};
    sp_run_errors_add(context->errors, &error, unreadable->text.data,
                      post    ? KEEPS_POST
                      : posts ? KEEPS_POSTS
                              : HAS_NONE);
    return SP_OK;
}

static enum sp_status
add_site(const struct errors_context *context, uint32_t site, const struct unseen_posts *unseen,
         sp_error *err)
{
    const sp_files *files = &context->inputs->files;
    enum sp_status status = SP_OK;
    for (size_t i = 0; status == SP_OK && i < files->error_count; i++) {
        if (files->errors[i].site == site)
            status = add_unreadable(context, &files->errors[i], unseen, err);
    }
    for (size_t i = 0; i < files->count; i++) {
        const sp_file *file = &files->items[i];
        if (file->site == site && file->outcome == SP_FAILED && file->fault)
            add_file(context, file);
    }
    return status;
}

enum sp_status
sp_run_errors_add_files(struct sp_run_errors *errors, const struct sp_run_inputs *inputs, bool full,
                        sp_error *err)
{
    const sp_files *files = &inputs->files;
    struct errors_context context = {.errors = errors, .inputs = inputs, .full = full};
    struct unseen_posts unseen = {.files = files};
    enum sp_status status = SP_OK;
    if (files->error_count > 0)
        status = sp_old_index_each_post(inputs->old, note_unseen, &unseen, err);
    if (unseen.count > 0)
        qsort(unseen.ids, unseen.count, sizeof *unseen.ids, compare_ids);
    for (uint32_t site = 0; status == SP_OK && site < files->site_count; site++)
        status = add_site(&context, site, &unseen, err);
    sp_arena_done(&unseen.arena);
    return status;
}
