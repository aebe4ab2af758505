// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Builds the documents of the index from posts and resources: the terms and values that the schema
 * (signpost/schema.h) requires, and the record. A builder belongs to one thread.
 */
#ifndef SIGNPOST_ENGINE_WRITE_DOCUMENT_H
#define SIGNPOST_ENGINE_WRITE_DOCUMENT_H

#include <signpost/ranking.h>
#include <signpost/resource.h>

#include <xapian-c.h>

typedef struct sp_builder sp_builder;

/* language: that of queries, and of documents without a language. */
enum sp_status sp_builder_new(sp_bytes language, sp_builder **out, sp_error *err) SP_MUST_CHECK;
void sp_builder_free(sp_builder *builder);

/* Sets the field weights of the documents that follow. Before the first call the default
   applies. */
void sp_builder_set_weights(sp_builder *builder, const sp_weights *weights);

/* *doc is borrowed until the next call. *digest is a hash of all that the index stores for it. */
enum sp_status sp_builder_post(sp_builder *builder, const sp_post *post, const xc_doc **doc,
                               uint64_t *digest, sp_error *err) SP_MUST_CHECK;

enum sp_status sp_builder_resource(sp_builder *builder, const sp_resource *resource,
                                   const xc_doc **doc, uint64_t *digest,
                                   sp_error *err) SP_MUST_CHECK;

#endif
