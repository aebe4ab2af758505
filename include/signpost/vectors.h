// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Latent semantic vectors of an index (Deerwester, Dumais, Furnas, Landauer & Harshman, "Indexing
 * by latent semantic analysis", JASIS 41, 1990). They relate documents and words by the words that
 * these occur with on this site, without a model from elsewhere.
 *
 * The matrix has a row for each document and a column for each stem, other than stop words, that at
 * least two documents contain. An entry is (1 + log wdf) * log(documents / documents with the
 * stem), where wdf is the stem's frequency in the document; each row is scaled to Euclidean length
 * 1. The leading right singular vectors of the matrix give each stem a vector. A full build learns
 * these vectors from the whole index, or from a sample of a large one. A document's vector is the
 * sum of the vectors of its stems, weighted by the entries of its row, so an incremental run gives
 * a new document the vector that learning would have given it, and does not change what was learnt.
 * engine/semantic/vectors.h says how vectors are stored.
 */
#ifndef SIGNPOST_VECTORS_H
#define SIGNPOST_VECTORS_H

#include <signpost/index_settings.h>
#include <signpost/text.h>

/* An index with fewer documents has no vectors: too few words occur together in it. */
#define SP_VECTORS_DOCUMENTS_MIN 50

/* Vectors are learnt again when more than one document in this many has changed since they were
   last learnt. */
#define SP_VECTORS_CHANGES_PART 5

/* What an index stores about its vectors (SP_META_VECTORS). */
typedef struct sp_vectors_header {
    uint32_t dimensions;
    uint32_t stems;
    uint32_t blocks;    /* of stems; 0: there was nothing to learn */
    uint32_t documents; /* in the index when the vectors were learnt */
    uint32_t changed;   /* documents added, changed or removed since */
    uint64_t trained;   /* sp_index_settings.documents when they were learnt */
} sp_vectors_header;

/* vectors.c */

/* False for an invalid text, and for an empty one, which an index without vectors has. */
bool sp_vectors_header_read(sp_bytes text, sp_vectors_header *out);
void sp_vectors_header_append(sp_str *out, const sp_vectors_header *header);

/* vectors_make.c */

/* Learns the vectors of stems from the documents of a database, computes the vectors of all its
   documents, and stores both in one transaction. Nobody else may write to the database. trained:
   for the header. cancel: see sp_check_cancel. Memory use depends on the sample that is learnt
   from, at most about 150 MiB, not on the number of documents. */
enum sp_status sp_vectors_make(const char *database, uint64_t trained, const atomic_bool *cancel,
                               sp_error *err) SP_MUST_CHECK;

#endif
