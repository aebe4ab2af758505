// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Posts and resources to documents of the index: their postings by the schema, and their record.
 * One builder belongs to one thread.
 */
#ifndef SIGNPOST_ENGINE_WRITE_DOCUMENT_H
#define SIGNPOST_ENGINE_WRITE_DOCUMENT_H

#include <signpost/ranking.h>
#include <signpost/resource.h>
#include <signpost/schema.h>

#include <xapian-c.h>

typedef struct sp_builder sp_builder;

enum sp_status sp_builder_new(sp_bytes language, sp_builder **out, sp_error *err) SP_MUST_CHECK;
void sp_builder_free(sp_builder *builder);

/* The weights of what is built from now on; those of the default until then. */
void sp_builder_set_weights(sp_builder *builder, const sp_weights *weights);

/* *doc is borrowed until the next call; *digest is the hash of its record. */
enum sp_status sp_builder_post(sp_builder *builder, const sp_post *post, const xc_doc **doc,
                               uint64_t *digest, sp_error *err) SP_MUST_CHECK;

enum sp_status sp_builder_resource(sp_builder *builder, const sp_resource *resource,
                                   const xc_doc **doc, uint64_t *digest,
                                   sp_error *err) SP_MUST_CHECK;

#endif
