// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the files of a run share: run.c decides, reading.c reads files, full.c builds anew,
 * incremental.c changes in place, publish.c makes it the index, if judge.h has no objection. Not
 * for others.
 */
#ifndef SIGNPOST_INDEXER_RUN_RUN_PRIVATE_H
#define SIGNPOST_INDEXER_RUN_RUN_PRIVATE_H

#include "indexer/diagnose/site_checks.h"
#include "indexer/posts/files.h"
#include "gate.h"
#include "pins_file.h"
#include "indexer/store/old_index.h"
#include "indexer/posts/read_post.h"
#include "indexer/store/revision.h"
#include "run.h"
#include "indexer/store/store.h"

#include <signpost/index_settings.h>
#include <signpost/ranking.h>
#include <signpost/update.h>
#include <signpost/writer.h>

#include <pthread.h>

struct sp_run {
    const sp_run_options *options;
    sp_run_progress *progress;
    sp_run_report *report;
    sp_files files;
    sp_store *store; /* NULL in a dry run */
    sp_old_index *previous;
    sp_manifest before;
    sp_pins pins;          /* of all sites */
    const char *workspace; /* for a build's files; NULL: nothing is kept */
    const char **shards;
    size_t shard_count;
    pthread_mutex_t mutex;     /* guards the report's counts, `documents` and the files' arena,
                                where threads work */
    uint64_t documents;        /* as sp_index_settings has it */
    sp_site_checks *diagnosis; /* NULL: no warning is asked for */
    bool whole;                /* built anew */
    bool retrained;    /* or would have been, to learn vectors, did a dry run keep anything */
    sp_update *update; /* or changed by this */
    bool copied;       /* which is of a copy in the workspace */
    sp_gate *judge;    /* NULL: no query is judged */
    sp_str synonyms;   /* as the index has them */
    sp_str temporary;  /* the workspace of a preview */
    uint64_t *kept;    /* dry run, built anew: hashes of the documents that stay */
    size_t kept_count, kept_capacity;
};

enum sp_status sp_run_check_cancel(const struct sp_run *run, sp_error *err) SP_MUST_CHECK;

/* What a site's files are read for: the first site's, for queries. */
sp_bytes sp_run_language(const struct sp_run *run);

/* Likewise the first site's. */
const sp_ranking *sp_run_ranking(const struct sp_run *run);

/* Reads and parses a file and fills what is known of it. *published: *post is filled, with the
   file's id as its path, and borrowed from the reader. A file that cannot be indexed is no failure
   of the run; it is noted. findings: the thread's, which the caller gives to sp_run_take. */
enum sp_status sp_run_read(struct sp_run *run, sp_file *file, sp_post_reader *reader,
                           sp_post_checks *findings, sp_post *post, bool *published,
                           sp_error *err) SP_MUST_CHECK;

/* Takes what was found in the posts that a thread has read. */
enum sp_status sp_run_take(struct sp_run *run, const sp_post_checks *findings,
                           sp_error *err) SP_MUST_CHECK;

/* Reads the files whose times say that they changed: what has the content that it had is not
 * changed.
 */
enum sp_status sp_run_compare_contents(struct sp_run *run, sp_error *err) SP_MUST_CHECK;

/* Notes that a file cannot be indexed, and why. */
enum sp_status sp_run_fault(sp_file *file, const sp_error *fault, sp_error *err) SP_MUST_CHECK;

/* Notes a problem in the report. keeps: what a reader of it is to know of the index. */
void sp_run_add_error(struct sp_run *run, const sp_run_error *error, const char *text,
                      const char *keeps);

/* Reads the sites' files of synonyms into run->synonyms; what is wrong with one is a problem. */
enum sp_status sp_run_read_synonyms(struct sp_run *run, sp_error *err) SP_MUST_CHECK;

/* Lists in the report what could not be indexed, and whether the index keeps what it has of it. */
enum sp_status sp_run_list_errors(struct sp_run *run, sp_error *err) SP_MUST_CHECK;

/* Counts a document of the new index: its change, and its part of `documents`. before: its digest
   in the previous index, or NULL. */
void sp_run_count(struct sp_run *run, sp_run_counts *counts, const char *prefix, sp_bytes id,
                  const uint64_t *before, uint64_t digest);

/* What goes on now, in `total` steps. */
void sp_run_begin(struct sp_run *run, enum sp_phase phase, size_t total);

/* Builds all documents anew from all files. The shards that they are in are in run->shards, unless
   nothing is kept. */
enum sp_status sp_run_full(struct sp_run *run, sp_error *err) SP_MUST_CHECK;

/* Whether changing the previous index is less work than building it anew; the files have been
   compared, and read where that was not enough. */
bool sp_run_is_small(const struct sp_run *run);

/* Brings the previous index up to date in one transaction, which it leaves open; `database` is that
   of the generation, or of a copy; NULL: nothing is kept. */
enum sp_status sp_run_incremental(struct sp_run *run, const char *database, sp_update **out,
                                  sp_error *err) SP_MUST_CHECK;

/* Where what nobody keeps may go for a while. Borrowed. */
const char *sp_run_temporary_folder(void);

/* Sets run->workspace, where there is to be one: for a new index, or for one that is only looked
   at. */
enum sp_status sp_run_workspace(struct sp_run *run, sp_error *err) SP_MUST_CHECK;
void sp_run_workspace_done(struct sp_run *run);

/* Copies the database of the previous index into the workspace and appends the copy's path.
   SP_STALE, SP_NOT_FOUND or SP_BAD_ARGUMENT where that index is not to be had. */
enum sp_status sp_run_copy_database(struct sp_run *run, sp_str *out, sp_error *err) SP_MUST_CHECK;

/* In a dry run, notes a document for the list of changes; before, after: its digests, or NULL. The
   mutex is held where threads work. */
void sp_run_note(struct sp_run *run, const char *prefix, sp_bytes id, const uint64_t *before,
                 const uint64_t *after);
void sp_run_forget_changes(struct sp_run *run);

/* Puts report->changes in order after all documents were noted, with those that went. */
enum sp_status sp_run_list_changes(struct sp_run *run, sp_error *err) SP_MUST_CHECK;

/* Makes what was built the index, but where the judged queries are answered too badly: then it is
   SP_BAD_INPUT, and report->refused is set. */
enum sp_status sp_run_publish(struct sp_run *run, const sp_index_settings *settings,
                              sp_error *err) SP_MUST_CHECK;

/* Judges what would be published. */
enum sp_status sp_run_preview(struct sp_run *run, const sp_index_settings *settings,
                              sp_error *err) SP_MUST_CHECK;

/* Warns of pins whose target the index, as it is published, does not have. */
enum sp_status sp_run_list_missing_pins(struct sp_run *run, sp_error *err) SP_MUST_CHECK;

/* Judges the index that is there and stays. */
enum sp_status sp_run_gate_unchanged(struct sp_run *run, sp_error *err) SP_MUST_CHECK;

#endif
