// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Latent semantic vectors of an index (Deerwester, Dumais, Furnas, Landauer & Harshman, "Indexing
 * by latent semantic analysis", JASIS 41, 1990): what documents and words have to do with each
 * other by the company that they keep on this site, and no model from elsewhere.
 *
 * The matrix has a row for each document and a column for each stem that at least two documents
 * have, stop words left out; an entry is (1 + log wdf) * log(documents / documents with the stem),
 * and rows have length 1. Its leading right singular vectors give each stem a vector. They are
 * learnt from the whole index at once, by a full build. A document's vector is the sum of those of
 * its stems, weighted by its entries: a change in place gives a new document the vector that
 * learning would have given it, and leaves what was learnt as it is. engine/vectors.h says how they
 * are stored.
 */
#ifndef SIGNPOST_VECTORS_H
#define SIGNPOST_VECTORS_H

#include <signpost/index_settings.h>
#include <signpost/text.h>

/* A smaller index has no vectors: too little keeps company in it. */
#define SP_VECTORS_DOCUMENTS_MIN 50

/* When more than one in so many documents changed since the vectors were learnt, they are learnt
   anew. */
#define SP_VECTORS_CHANGES_PART 5

/* What an index says of its vectors (SP_META_VECTORS). */
typedef struct sp_vectors_header {
    uint32_t dimensions;
    uint32_t stems;
    uint32_t blocks;    /* that the stems are stored in; 0: there was nothing to learn */
    uint32_t documents; /* that the index had when they were learnt */
    uint32_t changed;   /* documents that came, changed or went since */
    uint64_t trained;   /* sp_index_settings.documents when they were learnt */
} sp_vectors_header;

/* False for a text that is no header; an empty one is that of an index without vectors. */
bool sp_vectors_header_read(sp_bytes text, sp_vectors_header *out);
void sp_vectors_header_append(sp_str *out, const sp_vectors_header *header);

/* Learns vectors from the documents of one database that nobody else writes, gives them to all of
   its documents and stores them, in one transaction. trained: as in the header. Takes memory by
   what it learns from, at most some 150 MiB, whatever the number of documents; of a large index it
   learns from a sample. */
enum sp_status sp_vectors_make(const char *database, uint64_t trained, sp_error *err) SP_MUST_CHECK;

#endif
