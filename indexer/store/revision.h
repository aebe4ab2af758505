// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The revision: a name for what an index answers, the same for the same documents and settings
 * however the index came to have them, and, where it has vectors, for those learnt from the same
 * documents.
 */
#ifndef SIGNPOST_INDEXER_STORE_REVISION_H
#define SIGNPOST_INDEXER_STORE_REVISION_H

#include <signpost/index_settings.h>
#include <signpost/writer.h>

/* A document's share of sp_index_settings.documents, which is the sum of all shares modulo 2^64:
   one that changed is taken out and put in again, and the order does not matter. */
uint64_t sp_document_share(const char *prefix, sp_bytes id, uint64_t digest);

/* Appends the revision of an index with these settings, `revision` left out. */
void sp_revision_make(const sp_index_settings *settings, sp_str *out);

#endif
