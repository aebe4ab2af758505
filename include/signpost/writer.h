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

typedef struct sp_index_settings {
    sp_bytes language; /* of queries */
    sp_bytes base_url; /* the site's `url`, without its baseurl */
    sp_bytes title;    /* of the site */
    sp_bytes revision;
    sp_bytes generator; /* what makes the index; another one may make other documents */
    uint64_t documents; /* digest of all documents, of which the revision is made */
    uint64_t trained;   /* what `documents` was when the vectors were learnt (vectors.h), which they
                           are a function of, so that the revision tells them; 0: there are none */
    sp_ranking ranking;
    sp_bytes synonyms; /* as SP_META_SYNONYMS has them */
    sp_bytes pins;     /* as SP_META_PINS has them; empty: none */
} sp_index_settings;

/* Makes one database in `directory`, which must not exist, of the shards in this order, any number
   of them; complete and on the disk when it returns SP_OK. */
enum sp_status sp_index_merge(const char *const *shards, size_t count, const char *directory,
                              const sp_index_settings *settings, sp_error *err) SP_MUST_CHECK;

/* Changing an index in place: one transaction. The vectors of the documents that change are made
   anew, where the index has any. Readers see all of it once it is committed, and
   nothing of it if it is not, however it ends. */
typedef struct sp_update sp_update;

/* database: of one generation. NULL: documents are made and nothing is written. */
enum sp_status sp_update_open(const char *database, sp_bytes language, sp_update **out,
                              sp_error *err) SP_MUST_CHECK;

/* As sp_shard_set_weights. */
void sp_update_set_weights(sp_update *update, const sp_weights *weights);

/* Drops what is not committed. */
void sp_update_close(sp_update *update);

/* Puts the document in the place of the one with its id, or adds it. Where the index has it with
   the digest *before (NULL: it has none) and it comes out the same, nothing is done. */
enum sp_status sp_update_post(sp_update *update, const sp_post *post, const uint64_t *before,
                              uint64_t *digest, sp_error *err) SP_MUST_CHECK;
enum sp_status sp_update_resource(sp_update *update, const sp_resource *resource,
                                  const uint64_t *before, uint64_t *digest,
                                  sp_error *err) SP_MUST_CHECK;

/* Removes the post or resource (SP_PREFIX_) with this id. */
enum sp_status sp_update_remove(sp_update *update, const char *prefix, sp_bytes id,
                                sp_error *err) SP_MUST_CHECK;

/* On the disk when it returns SP_OK. When it fails nothing is changed, unless the error says that
   the change is in place but may not survive a power cut. */
enum sp_status sp_update_commit(sp_update *update, const sp_index_settings *settings,
                                sp_error *err) SP_MUST_CHECK;

#endif
