// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What an index says about itself in its metadata; schema.h names the keys.
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
    sp_bytes generator; /* what makes the index; another one may make other documents */
    uint64_t documents; /* digest of all documents, of which the revision is made */
    uint64_t trained;   /* what `documents` was when the vectors were learnt (vectors.h), which they
                           are a function of, so that the revision tells them; 0: there are none */
    sp_ranking ranking;
    sp_bytes synonyms; /* as SP_META_SYNONYMS has them */
    sp_bytes pins;     /* as SP_META_PINS has them; empty: none */
} sp_index_settings;

#endif
