// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_private.h"

#include "parallel.h"

#include <stdlib.h>

/* What is wrong with a file is the file's; what is wrong with memory or the program ends the run.
 */
static bool
is_the_files_fault(enum sp_status status)
{
    return status == SP_BAD_INPUT || status == SP_NOT_FOUND || status == SP_IO;
}

enum sp_status
sp_run_fault(sp_file *file, const sp_error *fault, sp_error *err)
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
note_urls(struct sp_run *run, sp_file *file, sp_bytes urls, sp_error *err)
{
    pthread_mutex_lock(&run->mutex);
    file->urls = sp_arena_copy(&run->files.arena, urls);
    enum sp_status status = sp_arena_check(&run->files.arena, err);
    pthread_mutex_unlock(&run->mutex);
    return status;
}

static enum sp_status
diagnose(struct sp_run *run, const sp_file *file, const sp_post_reader *reader,
         sp_post_checks *findings, const sp_post *post, sp_error *err)
{
    sp_post_check_input input = {.options = &run->options->warnings,
                                 .file = (uint32_t)(file - run->files.items),
                                 .site = run->files.sites[file->site],
                                 .source = file->source,
                                 .reader = reader,
                                 .post = post,
                                 .language = sp_run_language(run)};
    return run->diagnosis ? sp_post_checks_run(findings, &input, err) : SP_OK;
}

enum sp_status
sp_run_take(struct sp_run *run, const sp_post_checks *findings, sp_error *err)
{
    return run->diagnosis ? sp_site_checks_add(run->diagnosis, findings, err) : SP_OK;
}

enum sp_status
sp_run_read(struct sp_run *run, sp_file *file, sp_post_reader *reader, sp_post_checks *findings,
            sp_post *post, bool *published, sp_error *err)
{
    sp_error fault;
    enum sp_site_page_verdict verdict;
    *published = false;
    file->due = 0;
    reader->takes_notes = run->diagnosis != NULL;
    enum sp_status status =
        sp_post_read(reader, run->files.sites[file->site], file->source, &verdict, post, &fault);
    file->hash = reader->hash;
    file->hollow = reader->content.len == 0 && (status == SP_OK || status == SP_NOT_FOUND);
    if (is_the_files_fault(status))
        return sp_run_fault(file, &fault, err);
    if (status != SP_OK) {
        *err = fault;
        return status;
    }
    *published = verdict == SP_PAGE_PUBLISHED;
    file->outcome = *published ? SP_INDEXED : SP_LEFT_OUT;
    if (verdict == SP_PAGE_FUTURE)
        file->due = post->time;
    if (*published)
        post->path = file->id;
    status = note_urls(run, file, reader->page.urls, err);
    return status == SP_OK && *published ? diagnose(run, file, reader, findings, post, err)
                                         : status;
}

/* Whose times say nothing is asked for its content. */
static enum sp_status
look_at_file(void *context, size_t index, sp_error *err)
{
    struct sp_run *run = context;
    sp_file *file = &run->files.items[index];
    sp_post_reader reader = {0};
    atomic_fetch_add(&run->progress->done, 1);
    if (!file->changed || !file->known)
        return SP_OK;
    enum sp_status status = sp_run_check_cancel(run, err);
    if (status == SP_OK &&
        sp_post_load(&reader, run->files.sites[file->site], file->source, NULL) == SP_OK)
        file->changed = reader.hash != file->hash;
    if (!file->changed) { /* else it is read again, and counted then */
        pthread_mutex_lock(&run->mutex);
        run->report->files += reader.files;
        run->report->bytes += reader.bytes;
        pthread_mutex_unlock(&run->mutex);
    }
    sp_post_reader_done(&reader);
    return status;
}

enum sp_status
sp_run_compare_contents(struct sp_run *run, sp_error *err)
{
    sp_run_begin(run, SP_PHASE_START, run->files.count);
    return sp_parallel(run->options->jobs, run->files.count, look_at_file, run, err);
}
