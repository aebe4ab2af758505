// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Shared by the files in this folder only.
 *
 * A run reads its inputs, makes one or more attempts at the new index, and publishes the attempt
 * that succeeded. run.c does these steps in order and is the only file that writes the report. The
 * structs belong to the run's thread; a function that any thread may call is marked "Any thread".
 */
#ifndef SIGNPOST_INDEXER_RUN_RUN_PRIVATE_H
#define SIGNPOST_INDEXER_RUN_RUN_PRIVATE_H

#include "gate.h"
#include "indexer/diagnose/site_checks.h"
#include "indexer/posts/files.h"
#include "indexer/posts/read_post.h"
#include "indexer/posts/same_url.h"
#include "indexer/store/old_index.h"
#include "indexer/store/revision.h"
#include "indexer/store/store.h"
#include "pins_file.h"
#include "run.h"

#include <signpost/index_settings.h>
#include <signpost/ranking.h>
#include <signpost/update.h>
#include <signpost/writer.h>

#include <pthread.h>

/* The inputs of a run. They are read before anything is built and do not change afterwards, except
   that a build notes in `files` what it learns about each file. */
struct sp_run_inputs {
    const sp_run_options *options;
    sp_run_progress *progress;
    sp_files files;       /* of all sites */
    sp_str synonyms;      /* in the form of SP_META_SYNONYMS */
    sp_pins pins;         /* of all sites */
    sp_gate *gate;        /* NULL: no judged query is evaluated */
    sp_store *store;      /* NULL in a dry run */
    sp_old_index *old;    /* the index before the run */
    sp_manifest manifest; /* of the old index; zeroed if it has no valid manifest */
};

struct sp_read_counts {
    size_t files;
    uint64_t bytes;
};

/* run.c */

/* Reports that a phase of `total` steps begins; 0: unknown. */
void sp_run_begin_phase(sp_run_progress *progress, enum sp_phase phase, size_t total);

/* open_index.c */

/* Locks the index, except in a dry run, and opens it and its manifest. With --full, a damaged index
   is treated as missing. */
enum sp_status sp_run_open_index(struct sp_run_inputs *inputs, sp_error *err) SP_MUST_CHECK;

/* errors.c */

struct sp_run_errors {
    sp_arena *arena; /* the report's */
    sp_run_error *items;
    size_t count, capacity;
    size_t synonym_count; /* errors in files of synonyms; they come first */
};

/* Adds a copy of *error with the message "text (consequence)". consequence: says what the index has
   instead. */
void sp_run_errors_add(struct sp_run_errors *errors, const sp_run_error *error, const char *text,
                       const char *consequence);

/* Adds an error for each file or folder that could not be read or indexed, in the order of the
   sites. full: the new index was made by a full build, so file->kept is set. */
enum sp_status sp_run_errors_add_files(struct sp_run_errors *errors,
                                       const struct sp_run_inputs *inputs, bool full,
                                       sp_error *err) SP_MUST_CHECK;

/* left_out.c */

/* Lists, in memory from arena, the files that this run has read but the sites do not publish. full:
   the run has read all files. *out and *count must be zeroed. */
enum sp_status sp_run_list_left_out(const sp_files *files, bool full, sp_arena *arena,
                                    sp_left_out **out, size_t *count, sp_error *err) SP_MUST_CHECK;

/* acronyms.c */

/* Lists the acronyms of the published index in the report, if the site uses them. */
enum sp_status sp_run_list_acronyms(const struct sp_run_inputs *inputs, sp_run_report *report,
                                    sp_error *err) SP_MUST_CHECK;

/* settings.c */
bool sp_run_wants_acronyms(const sp_site *site);

/* synonyms.c */

/* Appends the synonyms of all sites to *out, and adds the mistakes in synonym files to *errors. */
enum sp_status sp_run_read_synonyms(const sp_files *files, sp_str *out,
                                    struct sp_run_errors *errors, sp_error *err) SP_MUST_CHECK;

/* settings.c */

/* Whether an index of this many documents has vectors; `signpost: semantic: false` turns them
   off. */
bool sp_run_wants_vectors(const struct sp_run_inputs *inputs, size_t count);

/* Returns the settings of an index, without its revision. documents: as
   sp_index_settings.documents. count: number of documents. relearns: the vectors are learnt from
   these documents. Borrows from the inputs. */
sp_index_settings sp_run_settings(const struct sp_run_inputs *inputs, uint64_t documents,
                                  size_t count, bool relearns);

/* Whether an index with these settings would have the revision of the old index. */
bool sp_run_has_old_revision(const struct sp_run_inputs *inputs, const sp_index_settings *settings);

/* workspace.c */

struct sp_workspace {
    const char *path; /* NULL: not made yet, or not needed */
    sp_str temporary; /* path of the folder that a dry run makes */
};

/* Returns the folder for temporary files of a run without a workspace; borrowed. */
const char *sp_run_temporary_folder(void);

/* Makes the folder for a build's files, unless it exists. If store is NULL, makes a temporary
   folder. */
enum sp_status sp_workspace_make(struct sp_workspace *workspace, sp_store *store,
                                 sp_error *err) SP_MUST_CHECK;
void sp_workspace_done(struct sp_workspace *workspace);

/* Copies the database of the old index into the workspace, which must have been made, and appends
   the copy's path. SP_STALE or SP_NOT_FOUND if the old index was changed or removed meanwhile. */
enum sp_status sp_workspace_copy_database(const struct sp_workspace *workspace,
                                          const struct sp_run_inputs *inputs, sp_str *out,
                                          sp_error *err) SP_MUST_CHECK;

/* attempt.c */

/* The counts of an attempt. */
struct sp_attempt_counts {
    sp_run_counts posts, resources;
    uint64_t documents; /* as sp_index_settings.documents */
    struct sp_read_counts read;
};

/* One attempt at making the new index, either as a full build (full.c) or by changing the old index
   (incremental.c). A run that has to start over frees the attempt, and with it the attempt's
   counts. */
struct sp_attempt {
    struct sp_run_inputs *inputs;
    struct sp_workspace *workspace;
    bool full;               /* makes all documents, in shards; if false, changes the old index */
    bool relearns;           /* the vectors are learnt from the new documents */
    const char **shards;     /* full: paths, unless nothing is kept */
    size_t shard_count;      /* full */
    sp_update *update;       /* not full: the open transaction */
    bool closed;             /* not full: the update has been closed */
    sp_written_list written; /* not full: what the update has written, once it is closed */
    sp_arena arena;          /* of `written` */
    bool in_copy;            /* not full: on a copy in the workspace */
    sp_site_checks *checks;  /* NULL: no warning is asked for */
    pthread_mutex_t mutex;   /* guards all below and files.arena while threads work */
    struct sp_attempt_counts counts;
    sp_change_list changes; /* of a dry run */
};

/* changes: arena for the list of changes; NULL if no list is wanted. */
enum sp_status sp_attempt_new(struct sp_run_inputs *inputs, struct sp_workspace *workspace,
                              bool full, sp_arena *changes, struct sp_attempt **out,
                              sp_error *err) SP_MUST_CHECK;
void sp_attempt_free(struct sp_attempt *attempt);

/* Closes the update and sets attempt->written. */
enum sp_status sp_attempt_close_update(struct sp_attempt *attempt, sp_error *err) SP_MUST_CHECK;

/* For a full build: counts a document of the new index as added, updated or unchanged. before: the
   document's digest in the old index, or NULL. Any thread. */
void sp_attempt_count(struct sp_attempt *attempt, sp_run_counts *counts, const char *prefix,
                      sp_bytes id, const uint64_t *before, uint64_t digest);

/* Forgets what the attempt has counted and checked, so that it can begin again. */
enum sp_status sp_attempt_restart(struct sp_attempt *attempt, sp_error *err) SP_MUST_CHECK;

/* Adds to the counts how many files and bytes the reader has read. Any thread. */
void sp_attempt_count_read(struct sp_attempt *attempt, const sp_post_reader *reader);

/* Returns the number of documents in the new index. */
size_t sp_attempt_documents(const struct sp_attempt *attempt);

/* Returns the settings of the new index, without a revision. */
sp_index_settings sp_attempt_settings(const struct sp_attempt *attempt);

/* Whether the documents have changed so much that the vectors must be learnt again, or that the
   index must get or lose vectors. */
bool sp_attempt_outdates_vectors(const struct sp_attempt *attempt);

/* reading.c */

/* Reads a file, and notes in *file its outcome and hash. If the site publishes the file, sets
   *published and fills *post, which is borrowed from the reader and has the file's id as its path.
   If the file cannot be indexed, returns SP_OK and sets file->fault. checks: the post checks of
   this thread, later passed to sp_run_take_checks. Any thread. */
enum sp_status sp_run_read(struct sp_attempt *attempt, sp_file *file, sp_post_reader *reader,
                           sp_post_checks *checks, sp_post *post, bool *published,
                           sp_error *err) SP_MUST_CHECK;

/* Reads only the front matter of a file, for the file's URL and time. An error of the file is
   ignored. */
enum sp_status sp_run_read_urls(struct sp_attempt *attempt, sp_file *file, sp_post_reader *reader,
                                sp_error *err) SP_MUST_CHECK;

/* Gives a file that cannot be read the URL and time of its last good post, unless they are known
   from the manifest. Any thread. */
enum sp_status sp_run_take_old_url(struct sp_attempt *attempt, sp_file *file,
                                   const sp_post *old_post, sp_error *err) SP_MUST_CHECK;

/* Adds the results of a thread's post checks to the attempt's site checks. Any thread. */
enum sp_status sp_run_take_checks(struct sp_attempt *attempt, const sp_post_checks *checks,
                                  sp_error *err) SP_MUST_CHECK;

/* Notes that a file cannot be indexed because of `fault`. */
enum sp_status sp_run_fail_file(sp_file *file, const sp_error *fault, sp_error *err) SP_MUST_CHECK;

/* Hashes the files whose times do not show whether they have changed since the manifest was
   written; a file with the same content counts as unchanged. Adds the unchanged files and their
   bytes to *counts; a changed file is counted when it is read again. */
enum sp_status sp_run_compare_contents(struct sp_run_inputs *inputs, struct sp_read_counts *counts,
                                       sp_error *err) SP_MUST_CHECK;

/* full.c */

/* Makes the documents of the new index from all files, in shards. */
enum sp_status sp_run_full(struct sp_attempt *attempt, sp_error *err) SP_MUST_CHECK;

/* incremental.c */

/* Whether changing the old index is less work than a full build. */
bool sp_run_is_cheaper_incremental(const struct sp_run_inputs *inputs);

/* Brings the old index up to date in one transaction, attempt->update, which stays open. database:
   path of the index's database or of a copy; NULL: changes are counted and not stored. */
enum sp_status sp_run_incremental(struct sp_attempt *attempt, const char *database,
                                  sp_error *err) SP_MUST_CHECK;

/* build.c */

/* Whether the old index has grown so much by changes in place that the next change is a full
   build. */
bool sp_run_has_outgrown(const struct sp_run_inputs *inputs);

/* Whether an unchanged post or resource gives the same document as in the old index. */
bool sp_run_makes_same_documents(const struct sp_run_inputs *inputs);

/* Makes the new index, except for the last step, its commit or merge. *out is the attempt that
   succeeded. *compared counts the files that were read only to find out whether they have changed.
   changes: as in sp_attempt_new. */
enum sp_status sp_run_build(struct sp_run_inputs *inputs, struct sp_workspace *workspace,
                            sp_arena *changes, struct sp_read_counts *compared,
                            struct sp_attempt **out, sp_error *err) SP_MUST_CHECK;

/* publish.c */

struct sp_publication {
    bool published;                    /* readers see the new index */
    bool refused;                      /* a requirement is not met: the old index stays */
    const sp_gate_report *gate_report; /* NULL: no judged query was evaluated */
};

/* Publishes the attempt's index. If a requirement is not met, publishes nothing, sets out->refused
   and returns SP_BAD_INPUT. Memory of the gate's report comes from arena, here and below. */
enum sp_status sp_run_publish(struct sp_attempt *attempt, const sp_index_settings *settings,
                              sp_arena *arena, struct sp_publication *out,
                              sp_error *err) SP_MUST_CHECK;

/* For a dry run: evaluates the judged queries on the index that would be published. */
enum sp_status sp_run_preview(struct sp_attempt *attempt, const sp_index_settings *settings,
                              sp_arena *arena, struct sp_publication *out,
                              sp_error *err) SP_MUST_CHECK;

/* For a run without changes: evaluates the judged queries on the old index. */
enum sp_status sp_run_gate_unchanged(const struct sp_run_inputs *inputs, sp_arena *arena,
                                     struct sp_publication *out, sp_error *err) SP_MUST_CHECK;

/* pins_missing.c */

struct sp_run_warnings {
    sp_arena *arena; /* the report's */
    sp_warning *items;
    size_t count;
    size_t error_count; /* warnings that are errors */
};

/* Adds a warning for each pin whose target the published index does not have. */
enum sp_status sp_run_warn_of_missing_pins(const struct sp_run_inputs *inputs,
                                           struct sp_run_warnings *warnings,
                                           sp_error *err) SP_MUST_CHECK;

#endif
