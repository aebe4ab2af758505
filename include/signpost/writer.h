// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writing an index: posts and resources go into shards, and shards are merged into one database.
 *
 * Xapian builds a large index many times faster if it writes small databases (SP_SHARD_DOCUMENTS
 * documents each) and compacts them into one at the end than if it writes one large database. A
 * shard belongs to one thread. Documents are numbered in the order of the shards that
 * sp_index_merge is given. Callers that assign posts to shards in a fixed order therefore get the
 * same index with any number of threads.
 */
#ifndef SIGNPOST_WRITER_H
#define SIGNPOST_WRITER_H

#include <signpost/index_settings.h>
#include <signpost/ranking.h>
#include <signpost/resource.h>
#include <signpost/schema.h>

/* Documents per shard. */
#define SP_SHARD_DOCUMENTS 50

typedef struct sp_shard sp_shard;

/* Creates a database in `directory`, which must not exist. If it is NULL, documents are built but
   nothing is written. language: that of queries, and of documents without a language. */
enum sp_status sp_shard_open(const char *directory, sp_bytes language, sp_shard **out,
                             sp_error *err) SP_MUST_CHECK;

/* Continues with a new database and keeps the cached stems. Discards documents that are not
   committed. After a failure the shard can only be reopened or closed. */
enum sp_status sp_shard_reopen(sp_shard *shard, const char *directory, sp_error *err) SP_MUST_CHECK;

/* Sets the field weights of the documents that follow. Before the first call the default
   applies. */
void sp_shard_set_weights(sp_shard *shard, const sp_weights *weights);

/* Discards documents that are not committed. */
void sp_shard_close(sp_shard *shard);

/* Adds the document of a post. Sets *digest to a hash of all that the index stores for the
   document: equal digests mean equal documents. */
enum sp_status sp_shard_add_post(sp_shard *shard, const sp_post *post, uint64_t *digest,
                                 sp_error *err) SP_MUST_CHECK;

enum sp_status sp_shard_add_resource(sp_shard *shard, const sp_resource *resource, uint64_t *digest,
                                     sp_error *err) SP_MUST_CHECK;

enum sp_status sp_shard_commit(sp_shard *shard, sp_error *err) SP_MUST_CHECK;

/* The most shards merged at once. Each takes four open files, and a process is often limited to
   1024. */
#define SP_MERGED_MAX ((size_t)200)

/* Merges at most SP_MERGED_MAX shards, in this order, into one shard in `directory`, which must not
   exist. The result is not synced to disk; it is for sp_index_merge. Several threads may merge at
   the same time. cancel: see sp_check_cancel; looked at before and after each table of the
   database, here and below. */
enum sp_status sp_shards_merge(const char *const *shards, size_t count, const char *directory,
                               const atomic_bool *cancel, sp_error *err) SP_MUST_CHECK;

/* Merges any number of shards, in this order, into one database in `directory`, which must not
   exist. On SP_OK it is complete and on disk. */
enum sp_status sp_index_merge(const char *const *shards, size_t count, const char *directory,
                              const sp_index_settings *settings, const atomic_bool *cancel,
                              sp_error *err) SP_MUST_CHECK;

#endif
