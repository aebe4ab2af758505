// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The storage of vectors: they are in the metadata of the database, so that they are committed
 * together with their documents.
 *
 *   signpost.vectors          sp_vectors_header, as text
 *   signpost.vectors.sNUMBER  a block of the stems whose hash gives this number: for each, in byte
 *                             order, its length (one byte), the stem, its weight log(N / df) and
 *                             its scale (binary32, low byte first), and a signed byte for each
 *                             dimension, to be multiplied by the scale
 *   signpost.vectors.dNUMBER  a block of SP_VECTORS_BLOCK documents, from the id NUMBER *
 *                             SP_VECTORS_BLOCK + 1: a signed byte per dimension. Documents without
 *                             a vector and unused ids have zeros; zeros at the end may be left out
 *
 * NUMBER is eight hexadecimal digits. No state is shared between threads.
 */
#ifndef SIGNPOST_ENGINE_SEMANTIC_VECTORS_H
#define SIGNPOST_ENGINE_SEMANTIC_VECTORS_H

#include <signpost/arena.h>
#include <signpost/schema.h>
#include <signpost/vectors.h>

#include <xapian-c.h>

#define SP_VECTORS_DIMENSIONS_MAX 100
#define SP_VECTORS_BLOCK 128      /* documents */
#define SP_VECTORS_STEMS_BLOCK 32 /* stems, on average */

typedef struct sp_stem_vector {
    sp_bytes stem;
    float weight; /* inverse document frequency at the time of learning */
    float scale;
    const int8_t *numbers;
} sp_stem_vector;

/* Sets out to a block's key. kind: 's' or 'd' */
void sp_vectors_key(sp_str *out, char kind, uint32_t number);

/* The number of a stem's block; the header must have at least one block. */
uint32_t sp_vectors_stem_block(const sp_vectors_header *header, sp_bytes stem);

/* Scales and rounds numbers to bytes, so that the one furthest from 0 becomes 127 or -127, and
   returns the scale. */
float sp_vector_round(const float *numbers, uint32_t count, int8_t *out);

/* Appends a stem to a block. */
void sp_stem_vector_append(sp_str *block, const sp_stem_vector *vector, uint32_t dimensions);

/* Takes the next stem from a block: 1; 0 at the end of the block; -1 if the block is damaged. */
int sp_stem_vector_next(sp_bytes *block, uint32_t dimensions, sp_stem_vector *out);

/* Adds a stem's vector, times its weight and `times`, to a document's sum. */
void sp_stem_vector_add(const sp_stem_vector *vector, float times, uint32_t dimensions, float *sum);

/* Returns the factor for a stem with this wdf in a document: `times` of sp_stem_vector_add. */
float sp_vectors_times(uint32_t wdf);

/* Reads the header of an index; *there is false if the index has no vectors. SP_DAMAGED for an
   invalid header. */
enum sp_status sp_vectors_read_header(xc_reader *reader, const char *path, sp_vectors_header *out,
                                      bool *there, sp_error *err) SP_MUST_CHECK;

#endif
