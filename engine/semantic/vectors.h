// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How vectors are stored: in the metadata of the database, so that they commit with the documents
 * that they are of.
 *
 *   signpost.vectors          sp_vectors_header, as text
 *   signpost.vectors.sNUMBER  a block of stems, those whose hash falls to it: for each, in byte
 *                             order, its length (one byte), the stem, its weight log(N / df) and
 *                             its scale (binary32, low byte first), and a signed byte for each
 *                             dimension, to be multiplied by the scale
 *   signpost.vectors.dNUMBER  the documents of SP_VECTORS_BLOCK ids, from NUMBER times that many
 *                             plus one: a signed byte for each dimension. What has no vector, or
 *                             is no document, has zeros; zeros at the end may be left out
 *
 * Numbers of keys are eight hexadecimal digits.
 */
#ifndef SIGNPOST_ENGINE_SEMANTIC_VECTORS_H
#define SIGNPOST_ENGINE_SEMANTIC_VECTORS_H

#include <signpost/arena.h>
#include <signpost/schema.h>
#include <signpost/vectors.h>

#include <xapian-c.h>

#define SP_VECTORS_DIMENSIONS_MAX 100
#define SP_VECTORS_BLOCK 128      /* documents */
#define SP_VECTORS_STEMS_BLOCK 32 /* stems, on the average */

typedef struct sp_stem_vector {
    sp_bytes stem;
    float weight; /* inverse document frequency, when it was learnt */
    float scale;
    const int8_t *numbers;
} sp_stem_vector;

/* kind: 's' or 'd' */
void sp_vectors_key(sp_str *out, char kind, uint32_t number);

/* The block that a stem is in; there is at least one. */
uint32_t sp_vectors_stem_block(const sp_vectors_header *header, sp_bytes stem);

/* Rounds numbers to bytes, the greatest to 127 or -127; returns what one of them stands for. */
float sp_vector_round(const float *numbers, uint32_t count, int8_t *out);

/* Appends a stem to a block. */
void sp_stem_vector_append(sp_str *block, const sp_stem_vector *vector, uint32_t dimensions);

/* Takes the next stem off a block: 1; 0 at its end; -1 where the block is damaged. */
int sp_stem_vector_next(sp_bytes *block, uint32_t dimensions, sp_stem_vector *out);

/* Adds a stem's share to a document's sum. */
void sp_stem_vector_add(const sp_stem_vector *vector, float times, uint32_t dimensions, float *sum);

/* How much a stem that a document has so often counts in it. */
float sp_vectors_times(uint32_t wdf);

/* Reads the header of an index; *there is false where it has none. SP_DAMAGED for what is none. */
enum sp_status sp_vectors_read_header(xc_reader *reader, const char *path, sp_vectors_header *out,
                                      bool *there, sp_error *err) SP_MUST_CHECK;

/* Changes in place: the vectors of documents that change. */
typedef struct sp_folding sp_folding;

/* database: of the writer, as it was when that was opened. */
enum sp_status sp_folding_new(const char *database, sp_folding **out, sp_error *err) SP_MUST_CHECK;
void sp_folding_free(sp_folding *folding);

/* Notes a document that came or changed, and one that goes: it has the unique term. */
enum sp_status sp_folding_put(sp_folding *folding, const xc_doc *doc, uint32_t docid,
                              sp_error *err) SP_MUST_CHECK;
enum sp_status sp_folding_remove(sp_folding *folding, sp_bytes unique_term,
                                 sp_error *err) SP_MUST_CHECK;

/* Without a commit. */
xc_status sp_folding_write(sp_folding *folding, xc_writer *writer, xc_error *cause);

#endif
