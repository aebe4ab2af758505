// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A run reads sites and publishes a new revision of the index. Readers see the old index until the
 * run has succeeded, and the new one afterwards. A process has one run at a time; the run starts
 * its own threads.
 */
#ifndef SIGNPOST_INDEXER_RUN_RUN_H
#define SIGNPOST_INDEXER_RUN_RUN_H

#include "report.h"
#include "indexer/site/site.h"

#include <stdatomic.h>

#define SP_REQUIREMENTS_MAX 16

typedef struct sp_run_options {
    const char *const *sites; /* folders */
    size_t site_count;        /* at least one */
    const char *index;
    sp_site_options site;
    size_t jobs;
    bool full;          /* rebuild everything, and publish even an index that equals the old one */
    bool dry_run;       /* write nothing, and list what would change */
    bool list_acronyms; /* the report lists the acronyms that the posts explain */
    bool list_left_out; /* the report lists the files that the sites do not publish */
    bool strict; /* a file that cannot be indexed, or a warning that is an error, fails the run */
    sp_warning_options warnings;
    sp_requirement required[SP_REQUIREMENTS_MAX]; /* unless all are met, nothing is published */
    size_t required_count;
    const char *judgments; /* file of judged queries; NULL: the files of the sites */
    bool watched;          /* the report says which places to watch for the next run */
    /* NULL, or called after all files were read. If it returns false, files changed while they were
       read, and the run ends with SP_STALE. partially_written: one of the files seems to have been
       read while an editor was saving it. */
    bool (*is_stable)(void *context, bool partially_written);
    void *context;
} sp_run_options;

enum sp_phase { SP_PHASE_START, SP_PHASE_POSTS, SP_PHASE_RESOURCES, SP_PHASE_MERGE };

/* The progress of a run. Other threads may read it during the run. */
typedef struct sp_run_progress {
    atomic_int phase;          /* enum sp_phase */
    atomic_size_t total, done; /* steps of the phase: files, or groups of resources; 0: unknown */
    atomic_bool cancel;        /* set to end the run with SP_CANCELLED */
    /* NULL, or called in the run's thread when a phase begins, while no other thread of the run is
       working. At that time `done` still counts the steps of the previous phase. */
    void (*begin)(void *context, enum sp_phase phase, size_t total);
    void *context;
} sp_run_progress;

/* Does one run. *report must be zeroed, and freed by sp_run_report_done. After a failure the report
   is filled as far as the run came; its counts are 0 unless a build was completed. SP_BAD_INPUT:
   options->strict is set, and a file could not be indexed or a warning is an error; or
   report->refused; or a file of judged queries or pins has a mistake. SP_LOCKED: another run has
   locked the index. SP_STALE: files or the index changed during the run. */
enum sp_status sp_run(const sp_run_options *options, sp_run_progress *progress,
                      sp_run_report *report, sp_error *err) SP_MUST_CHECK;

/* workspace.c */

/* Removes the files that the current run has built so far. For a process that has to end during the
   run; the old index stays. */
void sp_run_abandon(void);

#endif
