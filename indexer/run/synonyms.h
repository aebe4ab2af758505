// SPDX-License-Identifier: GPL-2.0-or-later
/* Which file of a site has its synonyms (synonym_file.h says what is in it). */
#ifndef SIGNPOST_INDEXER_RUN_SYNONYMS_H
#define SIGNPOST_INDEXER_RUN_SYNONYMS_H

#include "indexer/site/site.h"

/* Its path in the site's folder, whether it is there or not; NUL-terminated, the site's. Empty
   where the settings name what cannot be one. */
sp_bytes sp_synonyms_path(const sp_site *site);

#endif
