// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_private.h"

#include "parallel.h"

#include <stdlib.h>

/* Whether a failure is an error of the file. Other failures, such as lack of memory, end the
   run. */
static bool
is_error_of_file(enum sp_status status)
{
    return status == SP_BAD_INPUT || status == SP_NOT_FOUND || status == SP_IO;
}

enum sp_status
sp_run_fail_file(sp_file *file, const sp_error *fault, sp_error *err)
{
    if (!file->fault)
        file->fault = malloc(sizeof *file->fault);
    if (!file->fault)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    *file->fault = *fault;
    file->outcome = SP_FAILED;
    return SP_OK;
}

static enum sp_status
set_urls(struct sp_attempt *attempt, sp_file *file, sp_bytes urls, int64_t time, sp_error *err)
{
    sp_arena *arena = &attempt->inputs->files.arena;
    file->time = time;
    pthread_mutex_lock(&attempt->mutex);
    file->urls = sp_arena_copy(arena, urls);
    enum sp_status status = sp_arena_check(arena, err);
    pthread_mutex_unlock(&attempt->mutex);
    return status;
}

enum sp_status
sp_run_take_old_url(struct sp_attempt *attempt, sp_file *file, const sp_post *old_post,
                    sp_error *err)
{
    return file->urls.len > 0 ? SP_OK : set_urls(attempt, file, old_post->url, old_post->time, err);
}

/* For a file that cannot be read. */
static enum sp_status
find_old_url(struct sp_attempt *attempt, sp_file *file, sp_error *err)
{
    sp_old_post *old_post;
    if (file->urls.len > 0)
        return SP_OK;
    enum sp_status status = sp_old_index_post(attempt->inputs->old, file->id, &old_post, err);
    if (status != SP_OK)
        return status == SP_NOT_FOUND || status == SP_DAMAGED ? SP_OK : status;
    status = sp_run_take_old_url(attempt, file, &old_post->post, err);
    sp_old_post_free(old_post);
    return status;
}

static enum sp_status
check_post(const struct sp_attempt *attempt, const sp_file *file, const sp_post_reader *reader,
           sp_post_checks *checks, const sp_post *post, sp_error *err)
{
    const struct sp_run_inputs *inputs = attempt->inputs;
    const sp_files *files = &inputs->files;
    sp_post_check_input input = {.options = &inputs->options->warnings,
                                 .file = (uint32_t)(file - files->items),
                                 .site = files->sites[file->site],
                                 .source = file->source,
                                 .reader = reader,
                                 .post = post,
                                 .language = sp_files_language(files)};
    return attempt->checks ? sp_post_checks_run(checks, &input, err) : SP_OK;
}

enum sp_status
sp_run_take_checks(struct sp_attempt *attempt, const sp_post_checks *checks, sp_error *err)
{
    return attempt->checks ? sp_site_checks_add(attempt->checks, checks, err) : SP_OK;
}

enum sp_status
sp_run_read(struct sp_attempt *attempt, sp_file *file, sp_post_reader *reader,
            sp_post_checks *checks, sp_post *post, bool *published, sp_error *err)
{
    sp_error fault;
    const sp_site *site = attempt->inputs->files.sites[file->site];
    *published = false;
    file->due = 0;
    reader->takes_notes = attempt->checks != NULL;
    enum sp_status status = sp_post_read(reader, site, file->source, &file->verdict, post, &fault);
    file->hash = reader->hash;
    file->replaced = !reader->as_listed;
    file->hollow = reader->content.len == 0 && (status == SP_OK || status == SP_NOT_FOUND);
    if (is_error_of_file(status))
        return sp_run_fail_file(file, &fault, err);
    if (status != SP_OK) {
        *err = fault;
        return status;
    }
    *published = file->verdict == SP_PAGE_PUBLISHED && !file->overwritten;
    file->outcome = *published                           ? SP_INDEXED
                    : file->verdict == SP_PAGE_PUBLISHED ? SP_OVERWRITTEN
                                                         : SP_LEFT_OUT;
    if (file->verdict == SP_PAGE_FUTURE)
        file->due = post->time;
    if (*published)
        post->path = file->id;
    status = set_urls(attempt, file, reader->page.urls, post->time, err);
    return status == SP_OK && *published ? check_post(attempt, file, reader, checks, post, err)
                                         : status;
}

enum sp_status
sp_run_read_urls(struct sp_attempt *attempt, sp_file *file, sp_post_reader *reader, sp_error *err)
{
    sp_post post = {0};
    const sp_site *site = attempt->inputs->files.sites[file->site];
    sp_arena_clear(&reader->arena);
    enum sp_status status = sp_post_load(reader, site, file->source, err);
    if (status == SP_OK)
        status = sp_site_page_read(site, file->source, sp_str_bytes(&reader->content),
                                   &reader->arena, &reader->page, &post, err);
    if (is_error_of_file(status))
        return find_old_url(attempt, file, err); /* sp_run_read will report the error */
    return status == SP_OK ? set_urls(attempt, file, reader->page.urls, post.time, err) : status;
}

struct compare_context {
    struct sp_run_inputs *inputs;
    pthread_mutex_t mutex; /* guards counts */
    struct sp_read_counts *counts;
};

/* Reads only to compare. A changed file is not counted here: it is counted when it is read
   again. */
static enum sp_status
compare_file(void *context, size_t index, sp_error *err)
{
    struct compare_context *compare = context;
    const sp_files *files = &compare->inputs->files;
    sp_file *file = &files->items[index];
    sp_post_reader reader = {0};
    atomic_fetch_add(&compare->inputs->progress->done, 1);
    if (!file->changed || !file->known)
        return SP_OK;
    enum sp_status status = sp_check_cancel(&compare->inputs->progress->cancel, err);
    if (status == SP_OK &&
        sp_post_load(&reader, files->sites[file->site], file->source, NULL) == SP_OK)
        file->changed = reader.hash != file->hash;
    file->replaced = !reader.as_listed;
    if (!file->changed) {
        pthread_mutex_lock(&compare->mutex);
        compare->counts->files += reader.files;
        compare->counts->bytes += reader.bytes;
        pthread_mutex_unlock(&compare->mutex);
    }
    sp_post_reader_done(&reader);
    return status;
}

enum sp_status
sp_run_compare_contents(struct sp_run_inputs *inputs, struct sp_read_counts *counts, sp_error *err)
{
    struct compare_context compare = {.inputs = inputs, .counts = counts};
    size_t count = inputs->files.count;
    sp_run_begin_phase(inputs->progress, SP_PHASE_START, count);
    pthread_mutex_init(&compare.mutex, NULL);
    enum sp_status status = sp_parallel(inputs->options->jobs, count, compare_file, &compare, err);
    pthread_mutex_destroy(&compare.mutex);
    return status;
}
