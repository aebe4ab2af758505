// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A run: sites in, a new revision of the index out, all or nothing.
 */
#ifndef SIGNPOST_INDEXER_RUN_RUN_H
#define SIGNPOST_INDEXER_RUN_RUN_H

#include "changes.h"
#include "gate_report.h"
#include "indexer/site/site.h"
#include "indexer/diagnose/warnings.h"
#include "watch.h"

#include <stdatomic.h>

#define SP_REQUIREMENTS_MAX 16

typedef struct sp_run_options {
    const char *const *sites; /* folders */
    size_t site_count;        /* at least one */
    const char *index;
    sp_site_options site;
    size_t jobs;
    bool full;          /* build all anew, and publish even what answers as the old index does */
    bool dry_run;       /* read everything, write nothing */
    bool list_left_out; /* the report lists the files that the sites do not publish */
    bool strict; /* a file that cannot be indexed, or a warning that is an error, fails the run */
    sp_warning_options warnings;
    sp_requirement
        required[SP_REQUIREMENTS_MAX]; /* of the judged queries, or nothing is published */
    size_t required_count;
    const char *judgments; /* file of the judged queries; NULL: the sites' own */
    bool watched; /* others will follow when something changes: the report says where and when */
    /* Asked when all files have been read: false ends the run with SP_STALE, for they were being
       saved; partially_written: one looks so. NULL: not asked. */
    bool (*is_stable)(void *context, bool partially_written);
    void *context;
} sp_run_options;

enum sp_phase { SP_PHASE_START, SP_PHASE_POSTS, SP_PHASE_RESOURCES, SP_PHASE_MERGE };

/* What other threads may look at while the run goes on. */
typedef struct sp_run_progress {
    atomic_int phase;          /* enum sp_phase */
    atomic_size_t total, done; /* steps of the phase: files, groups of resources; 0: not known */
    atomic_bool cancel;        /* set to end the run with SP_CANCELLED */
    /* NULL, or called when a phase begins, while `done` is still that of the one before; in the
       run's thread, while no other works for the run. */
    void (*begin)(void *context, enum sp_phase phase, size_t total);
    void *context;
} sp_run_progress;

typedef struct sp_run_counts {
    size_t added, updated, unchanged, removed, failed, total;
} sp_run_counts;

/* A file that could not be indexed, a folder that could not be read, a line of synonyms that is
   none. */
typedef struct sp_run_error {
    sp_bytes path; /* with the site's folder before it */
    unsigned line, column;
    sp_bytes text; /* says `kept`, too */
    bool kept;     /* the index keeps what it has of it: the last good post, the folder's posts */
} sp_run_error;

/* A file that its site does not publish. */
typedef struct sp_left_out {
    sp_bytes path;      /* with the site's folder before it */
    const char *reason; /* static */
} sp_left_out;

typedef struct sp_run_report {
    sp_arena arena;
    sp_bytes revision; /* that the index has after the run */
    bool published;    /* false: nothing changed, or it was a dry run */
    bool changed;      /* the index answers otherwise than before, or would after a dry run */
    sp_run_counts posts, resources;
    size_t files; /* that were read */
    uint64_t bytes;
    double seconds;
    sp_run_error *errors; /* in the order of the sites and their paths */
    size_t error_count;
    size_t synonym_error_count; /* those of them that are in files of synonyms; they come first */
    sp_left_out *left_out;      /* of the files that were read, if options->list_left_out */
    size_t left_out_count;
    sp_warning *warnings; /* of the posts that were read; by site, path and place */
    size_t warning_count;
    size_t fatal_warning_count; /* warnings that are errors */
    bool previews;              /* a dry run: what changes is listed */
    sp_run_change *changes;     /* posts, then resources, each ascending by id */
    size_t change_count;
    const sp_gate_report *judged; /* NULL: no query was judged */
    bool refused;                 /* a requirement is not met: the index is as it was */
    sp_watchlist watchlist; /* of the sites, once their files are listed; empty if not watched */
    int64_t due; /* when the next post's date comes, seconds since 1970; 0: no post waits for it */
} sp_run_report;

/* Runs it. *report must be zeroed, is filled as far as the run came, also when it fails, and is for
   sp_run_report_done. SP_BAD_INPUT: strict, and a file was bad or a warning an error; or the report
   says `refused`; or there is a mistake among the judged queries. */
enum sp_status sp_run(const sp_run_options *options, sp_run_progress *progress,
                      sp_run_report *report, sp_error *err) SP_MUST_CHECK;

/* Removes what the process's run was building, for a process that has to end in the middle of it.
   The index is as it was. */
void sp_run_abandon(void);

void sp_run_report_done(sp_run_report *report);

/* The report as `--report` writes it, with a newline at the end. */
void sp_run_report_print_json(const sp_run_report *report, sp_str *out);

#endif
