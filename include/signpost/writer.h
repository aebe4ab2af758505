// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writing an index: posts and resources into shards, shards into one database.
 *
 * Xapian builds a large index many times faster as small databases (SP_SHARD_DOCUMENTS each) that
 * are compacted together at the end than through one writer. A shard belongs to one thread;
 * documents are numbered in the order of the shards that sp_index_merge is given, so that who
 * assigns posts to shards in a fixed order gets the same index whatever the number of threads.
 */
#ifndef SIGNPOST_WRITER_H
#define SIGNPOST_WRITER_H

#include <signpost/index_settings.h>
#include <signpost/ranking.h>
#include <signpost/resource.h>
#include <signpost/schema.h>

#define SP_SHARD_DOCUMENTS 50

typedef struct sp_shard sp_shard;

/* Creates a database in `directory`, which must not exist. language: of queries and of what does
   not say its own. */
enum sp_status sp_shard_open(const char *directory, sp_bytes language, sp_shard **out,
                             sp_error *err) SP_MUST_CHECK;

/* Goes on with the next database, and with the words that it knows already; drops what is not
   committed. After a failure the shard is good for nothing but another directory. */
enum sp_status sp_shard_reopen(sp_shard *shard, const char *directory, sp_error *err) SP_MUST_CHECK;

/* The weights of what is added from now on; those of the default until then. */
void sp_shard_set_weights(sp_shard *shard, const sp_weights *weights);

/* Drops what is not committed. */
void sp_shard_close(sp_shard *shard);

/* *digest is the hash of what readers will be shown of it: equal digests, equal documents. */
enum sp_status sp_shard_add_post(sp_shard *shard, const sp_post *post, uint64_t *digest,
                                 sp_error *err) SP_MUST_CHECK;

enum sp_status sp_shard_add_resource(sp_shard *shard, const sp_resource *resource, uint64_t *digest,
                                     sp_error *err) SP_MUST_CHECK;

enum sp_status sp_shard_commit(sp_shard *shard, sp_error *err) SP_MUST_CHECK;

/* Shards that are merged at once: each takes four open files, of which a process often has 1024. */
#define SP_MERGED_MAX ((size_t)200)

/* Makes one shard in `directory`, which must not exist, of at most SP_MERGED_MAX others, in this
   order; for sp_index_merge, and not yet on the disk. Threads may merge side by side. */
enum sp_status sp_shards_merge(const char *const *shards, size_t count, const char *directory,
                               sp_error *err) SP_MUST_CHECK;

/* Makes one database in `directory`, which must not exist, of the shards in this order, any number
   of them; complete and on the disk when it returns SP_OK. */
enum sp_status sp_index_merge(const char *const *shards, size_t count, const char *directory,
                              const sp_index_settings *settings, sp_error *err) SP_MUST_CHECK;

#endif
