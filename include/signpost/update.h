// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Changing an index in place: one transaction. The vectors of the documents that change are made
 * anew, where the index has any. Readers see all of it once it is committed, and
 * nothing of it if it is not, however it ends.
 */
#ifndef SIGNPOST_UPDATE_H
#define SIGNPOST_UPDATE_H

#include <signpost/index_settings.h>
#include <signpost/resource.h>
#include <signpost/schema.h>

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
