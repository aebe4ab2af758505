// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds the file of a site's synonyms; synonym_file.h describes its format. */
#ifndef SIGNPOST_INDEXER_RUN_SYNONYMS_H
#define SIGNPOST_INDEXER_RUN_SYNONYMS_H

#include "indexer/site/site.h"

/* The path of the synonym file, relative to the site's folder. The file may not exist.
   NUL-terminated, borrowed from the site. Empty if the settings name a path outside the folder. */
sp_bytes sp_synonyms_path(const sp_site *site);

#endif
