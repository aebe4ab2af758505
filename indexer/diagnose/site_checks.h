// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Diagnosis: the findings of all threads put together, and what only the whole site can tell.
 *
 * As a compiler does, a run diagnoses what it reads: all posts when the index is built anew, else
 * those that changed. What it must know of the others it takes from the index as it was and from
 * the manifest.
 */
#ifndef SIGNPOST_INDEXER_DIAGNOSE_SITE_CHECKS_H
#define SIGNPOST_INDEXER_DIAGNOSE_SITE_CHECKS_H

#include "indexer/posts/files.h"
#include "post_checks.h"
#include "indexer/store/old_index.h"

typedef struct sp_site_checks sp_site_checks;

/* options: borrowed. */
enum sp_status sp_site_checks_new(const sp_warning_options *options, sp_site_checks **out,
                                  sp_error *err) SP_MUST_CHECK;
void sp_site_checks_free(sp_site_checks *diagnosis);

/* Takes what a thread has found; places name files by their number in sp_files. Any thread, at any
   time. */
enum sp_status sp_site_checks_take(sp_site_checks *diagnosis, const sp_post_checks *findings,
                                   sp_error *err) SP_MUST_CHECK;

typedef struct sp_site_check_input {
    const sp_files *files; /* what the run knows of each, `urls` above all */
    sp_old_index *previous;
    bool whole; /* all posts were read; else those of files that are `changed` */
    sp_bytes language;
} sp_site_check_input;

/* The warnings, by site, path and place, in *out (arena). Call it once. */
enum sp_status sp_site_checks_finish(sp_site_checks *diagnosis, const sp_site_check_input *input,
                                     sp_arena *arena, sp_warning **out, size_t *count,
                                     sp_error *err) SP_MUST_CHECK;

#endif
