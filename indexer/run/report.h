// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The report of a run, which sp_run fills. The report's memory belongs to the report's arena. Plain
 * data, for one thread.
 */
#ifndef SIGNPOST_INDEXER_RUN_REPORT_H
#define SIGNPOST_INDEXER_RUN_REPORT_H

#include "changes.h"
#include "gate_report.h"
#include "indexer/diagnose/warnings.h"
#include "watch.h"

typedef struct sp_run_counts {
    size_t added, updated, unchanged, removed, failed, total;
} sp_run_counts;

/* A file that could not be indexed, a folder that could not be read, or a mistake in a file of
   synonyms. */
typedef struct sp_run_error {
    sp_bytes path; /* begins with the site's folder */
    unsigned line, column;
    sp_bytes text; /* also says what the index contains instead */
    bool kept;     /* the index keeps the file's last good post, or the folder's posts */
} sp_run_error;

/* A file that its site does not publish. */
typedef struct sp_left_out {
    sp_bytes path;      /* begins with the site's folder */
    const char *reason; /* static */
} sp_left_out;

/* An acronym that posts explain. */
typedef struct sp_run_acronym {
    sp_bytes acronym, words; /* folded */
    uint32_t posts;
} sp_run_acronym;

typedef struct sp_run_report {
    sp_arena arena;
    sp_bytes revision; /* of the index after the run */
    bool published;    /* false: nothing changed, a dry run, or refused */
    bool changed;      /* the revision is new, or would be */
    sp_run_counts posts, resources;
    size_t files;   /* that were read */
    uint64_t bytes; /* in these files */
    double seconds;
    sp_run_error *errors; /* in the order of the sites and their paths */
    size_t error_count;
    size_t synonym_error_count; /* errors in files of synonyms; they come first */
    sp_left_out *left_out;      /* of the files that were read, if options->list_left_out */
    size_t left_out_count;
    sp_warning *warnings; /* about the posts that were read; by site, path and place */
    size_t warning_count;
    size_t fatal_warning_count; /* warnings that are errors */
    bool previews;              /* a dry run: changes are listed */
    sp_run_change *changes;     /* posts, then resources, each ascending by id */
    size_t change_count;
    const sp_gate_report *gate; /* NULL: no judged query was evaluated */
    bool refused;               /* a requirement is not met: the old index stays */
    sp_run_acronym *acronyms;   /* of the published index, if options->list_acronyms */
    size_t acronym_count;
    sp_watchlist watchlist; /* empty unless options->watched and the files could be listed */
    int64_t due; /* date of the next post in the future, seconds since 1970; 0: there is none */
} sp_run_report;

void sp_run_report_done(sp_run_report *report);

/* Appends the report as JSON, in the form of `--report`, with a newline at the end. */
void sp_run_report_print_json(const sp_run_report *report, sp_str *out);

#endif
