// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Index settings: what an index stores about itself in its metadata, under the keys of schema.h.
 *
 * Plain data. The caller who fills the struct owns the memory that it borrows.
 */
#ifndef SIGNPOST_INDEX_SETTINGS_H
#define SIGNPOST_INDEX_SETTINGS_H

#include <signpost/ranking.h>
#include <signpost/text.h>

typedef struct sp_index_settings {
    sp_bytes language; /* of queries */
    sp_bytes base_url; /* the site's `url`, without its baseurl */
    sp_bytes title;    /* of the site */
    sp_bytes revision;
    sp_bytes generator; /* the indexer's version; another version can make other documents */
    uint64_t documents; /* the sum of all documents' digests, from which the revision is made */
    uint64_t trained;   /* `documents` at the time when the vectors were learnt (vectors.h). Vectors
                           depend on it, so the revision includes it. 0: no vectors */
    sp_ranking ranking;
    sp_bytes synonyms; /* as SP_META_SYNONYMS stores them; empty: none */
    sp_bytes acronyms; /* as SP_META_ACRONYMS stores them */
    sp_bytes pins;     /* as SP_META_PINS stores them; empty: none */
} sp_index_settings;

#endif
