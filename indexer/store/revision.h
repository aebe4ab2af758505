// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The revision of an index identifies its content. Two indexes have the same revision if they have
 * the same documents and settings, and vectors learnt from the same documents, whichever runs have
 * made them. Any thread may call these functions.
 */
#ifndef SIGNPOST_INDEXER_STORE_REVISION_H
#define SIGNPOST_INDEXER_STORE_REVISION_H

#include <signpost/index_settings.h>
#include <signpost/writer.h>

/* Returns the share of a document in sp_index_settings.documents, which is the sum of all shares
   modulo 2^64. The order of the documents does not matter, and a share can be subtracted and added
   again. */
uint64_t sp_document_share(const char *prefix, sp_bytes id, uint64_t digest);

/* Appends the revision of an index with these settings. Ignores settings->revision. */
void sp_revision_make(const sp_index_settings *settings, sp_str *out);

#endif
