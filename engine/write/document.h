// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Posts and resources to documents of the index: their postings by the schema, and their record.
 * One builder belongs to one thread.
 */
#ifndef SIGNPOST_ENGINE_WRITE_DOCUMENT_H
#define SIGNPOST_ENGINE_WRITE_DOCUMENT_H

#include <signpost/ranking.h>
#include <signpost/record.h>
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

/* For document_resource.c: from here on the text has this weight. Fields follow in order of start.
 */
typedef struct sp_weighted_span {
    uint32_t start;
    uint32_t wdf;
    bool positions;
} sp_weighted_span;

typedef struct sp_weighted_spans {
    sp_weighted_span *items;
    size_t count, capacity;
} sp_weighted_spans;

/* Composes a resource's text, record (all but the token table) and fields in arena. */
enum sp_status sp_compose_resource(const sp_resource *resource, const sp_weights *weights,
                                   sp_arena *arena, sp_record *record, sp_weighted_spans *fields,
                                   sp_error *err) SP_MUST_CHECK;

void sp_weighted_spans_add(sp_arena *arena, sp_weighted_spans *fields, uint32_t start, uint32_t wdf,
                           bool positions);

#endif
