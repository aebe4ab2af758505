// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Site checks: collect the results of the post checks of all threads, and run the checks that need
 * the whole site.
 *
 * A run checks only the posts that it reads: all posts if the index is rebuilt, otherwise the
 * changed posts. Facts about the other posts come from the old index and from the manifest.
 */
#ifndef SIGNPOST_INDEXER_DIAGNOSE_SITE_CHECKS_H
#define SIGNPOST_INDEXER_DIAGNOSE_SITE_CHECKS_H

#include "post_checks.h"
#include "indexer/posts/files.h"
#include "indexer/store/old_index.h"

typedef struct sp_site_checks sp_site_checks;

/* options: borrowed until sp_site_checks_free. */
enum sp_status sp_site_checks_new(const sp_warning_options *options, sp_site_checks **out,
                                  sp_error *err) SP_MUST_CHECK;
void sp_site_checks_free(sp_site_checks *checks);

/* Adds copies of the results of a thread's post checks. The file numbers in the results must be
   those of sp_files. Any thread may call this at any time. */
enum sp_status sp_site_checks_add(sp_site_checks *checks, const sp_post_checks *post_checks,
                                  sp_error *err) SP_MUST_CHECK;

typedef struct sp_site_check_input {
    const sp_files *files; /* the `urls` of each file must be set */
    sp_old_index *old;
    bool full; /* all posts were read; if false, only those of files that are `changed` */
    sp_bytes language;
} sp_site_check_input;

/* Runs the checks, and sets *out to all warnings, ordered by site, path and place, in memory from
   arena. Call this once. */
enum sp_status sp_site_checks_finish(sp_site_checks *checks, const sp_site_check_input *input,
                                     sp_arena *arena, sp_warning **out, size_t *count,
                                     sp_error *err) SP_MUST_CHECK;

#endif
