// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_private.h"

#include "engine/base/bound.h"

#define KEEPS_POST "the index keeps its last good post"
#define KEEPS_POSTS "the index keeps its posts"
#define HAS_NONE "not in the index"

/* The path as the run was given the site. */
static sp_bytes
whole_path(const struct sp_run *run, uint32_t site, const char *path)
{
    SP_AUTO(sp_str_done) sp_str whole = {0};
    sp_files_append_shown(&run->files, site, sp_bytes_of(path), &whole);
    return sp_arena_copy_str(&run->report->arena, &whole);
}

void
sp_run_add_error(struct sp_run *run, const sp_run_error *error, const char *text, const char *keeps)
{
    SP_AUTO(sp_str_done) sp_str message = {0};
    sp_run_report *report = run->report;
    sp_str_append_format(&message, "%s (%s)", text, keeps);
    report->errors = sp_arena_grow(&report->arena, report->errors, &report->error_capacity,
                                   report->error_count + 1, sizeof *report->errors);
    if (!report->errors)
        return;
    sp_run_error *added = &report->errors[report->error_count++];
    *added = *error;
    added->line = error->line > 0 ? error->line : 1;
    added->column = error->column > 0 ? error->column : 1;
    added->text = sp_arena_copy_str(&report->arena, &message);
}

static bool
has_post(const struct sp_run *run, sp_bytes id)
{
    uint64_t digest;
    return sp_old_index_digest(run->previous, SP_PREFIX_POST, id, &digest);
}

static void
add_file(struct sp_run *run, const sp_file *file)
{
    const sp_error *fault = file->fault;
    bool kept = run->whole ? file->kept : has_post(run, file->id);
    sp_run_error error = {.path = whole_path(run, file->site, fault->path),
                          .line = fault->line,
                          .column = fault->column,
                          .kept = kept};
    sp_run_add_error(run, &error, fault->text, kept ? KEEPS_POST : HAS_NONE);
}

/* Posts of the previous index without a file that was seen. */
struct unseen {
    const sp_files *files;
    sp_arena arena;
    sp_bytes *ids; /* ascending */
    size_t count, capacity;
};

static enum sp_status
note_unseen(void *context, sp_bytes id, sp_error *err)
{
    struct unseen *unseen = context;
    if (sp_files_has(unseen->files, id))
        return SP_OK;
    unseen->ids = sp_arena_grow(&unseen->arena, unseen->ids, &unseen->capacity, unseen->count + 1,
                                sizeof *unseen->ids);
    if (unseen->ids)
        unseen->ids[unseen->count++] = sp_arena_copy(&unseen->arena, id);
    return sp_arena_check(&unseen->arena, err);
}

static bool
is_id_before(const void *items, size_t index, const void *key)
{
    return sp_bytes_compare(((const sp_bytes *)items)[index], *(const sp_bytes *)key) < 0;
}

/* The first of the ids that is not less. */
static sp_bytes
find_from(const struct unseen *unseen, sp_bytes id)
{
    size_t found = sp_lower_bound(unseen->ids, unseen->count, is_id_before, &id);
    return found < unseen->count ? unseen->ids[found] : (sp_bytes){0};
}

/* A run keeps what it cannot see: the post of a file, or a folder's. */
static enum sp_status
add_unseen(struct sp_run *run, const sp_files_error *at, const struct unseen *unseen, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str below = {0};
    sp_str_append(&below, at->id);
    sp_str_append_char(&below, '/');
    enum sp_status status = sp_str_check(&below, err);
    if (status != SP_OK)
        return status;
    bool post = at->id.len > 0 && sp_bytes_equal(find_from(unseen, at->id), at->id);
    bool posts =
        sp_bytes_starts_with(find_from(unseen, sp_str_bytes(&below)), sp_str_bytes(&below));
    sp_run_error error = {.path = whole_path(run, at->site, at->path.data), .kept = post || posts};
    sp_run_add_error(run, &error, at->text.data,
                     post    ? KEEPS_POST
                     : posts ? KEEPS_POSTS
                             : HAS_NONE);
    return SP_OK;
}

static enum sp_status
list_site(struct sp_run *run, uint32_t site, const struct unseen *unseen, sp_error *err)
{
    const sp_files *files = &run->files;
    enum sp_status status = SP_OK;
    for (size_t i = 0; status == SP_OK && i < files->error_count; i++) {
        if (files->errors[i].site == site)
            status = add_unseen(run, &files->errors[i], unseen, err);
    }
    for (size_t i = 0; i < files->count; i++) {
        const sp_file *file = &files->items[i];
        if (file->site == site && file->outcome == SP_FAILED && file->fault)
            add_file(run, file);
    }
    return status;
}

enum sp_status
sp_run_list_errors(struct sp_run *run, sp_error *err)
{
    struct unseen unseen = {.files = &run->files};
    enum sp_status status = SP_OK;
    size_t before = run->report->error_count;
    if (run->files.error_count > 0)
        status = sp_old_index_each_post(run->previous, note_unseen, &unseen, err);
    for (uint32_t site = 0; status == SP_OK && site < run->files.site_count; site++)
        status = list_site(run, site, &unseen, err);
    run->report->posts.failed = run->report->error_count - before;
    sp_arena_done(&unseen.arena);
    return status;
}
