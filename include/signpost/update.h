// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Updating an index in place, in one transaction.
 *
 * Readers see all changes once they are committed, and none of them otherwise, even if the run is
 * killed. If the index has vectors (vectors.h), changed documents get new ones. An update belongs
 * to one thread.
 */
#ifndef SIGNPOST_UPDATE_H
#define SIGNPOST_UPDATE_H

#include <signpost/index_settings.h>
#include <signpost/resource.h>
#include <signpost/schema.h>
#include <signpost/sums.h>

typedef struct sp_update sp_update;

/* database: the directory of one generation. NULL: documents are built but nothing is written.
   language: that of queries, and of documents without a language. */
enum sp_status sp_update_open(const char *database, sp_bytes language, sp_update **out,
                              sp_error *err) SP_MUST_CHECK;

/* Sets the field weights of the documents that follow. Before the first call the default
   applies. */
void sp_update_set_weights(sp_update *update, const sp_weights *weights);

/* Discards changes that are not committed. */
void sp_update_close(sp_update *update);

/* Replaces the document with the same id, or adds it. before: the digest of the document in the
   index, or NULL; if the new digest is equal, nothing changes. *digest is set to the new digest. */
enum sp_status sp_update_post(sp_update *update, const sp_post *post, const uint64_t *before,
                              uint64_t *digest, sp_error *err) SP_MUST_CHECK;
enum sp_status sp_update_resource(sp_update *update, const sp_resource *resource,
                                  const uint64_t *before, uint64_t *digest,
                                  sp_error *err) SP_MUST_CHECK;

/* Removes the document with this id. prefix: SP_PREFIX_POST or SP_PREFIX_RESOURCE. */
enum sp_status sp_update_remove(sp_update *update, const char *prefix, sp_bytes id,
                                sp_error *err) SP_MUST_CHECK;

/* On SP_OK the changes are on disk. On failure nothing has changed, unless the error says that the
   changes are in place but would perhaps not survive a power failure. */
enum sp_status sp_update_commit(sp_update *update, const sp_index_settings *settings,
                                sp_error *err) SP_MUST_CHECK;

/* Lists the ranges of files that the update has written so far, committed or not. The list is
   borrowed until the update's next function. */
enum sp_status sp_update_written(sp_update *update, sp_written_list *out,
                                 sp_error *err) SP_MUST_CHECK;

#endif
