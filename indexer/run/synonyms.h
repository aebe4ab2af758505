// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds the file of a site's synonyms; synonym_file.h describes its format. */
#ifndef SIGNPOST_INDEXER_RUN_SYNONYMS_H
#define SIGNPOST_INDEXER_RUN_SYNONYMS_H

#include "indexer/site/site.h"

/* Returns the path of the synonym file, relative to the site's folder, whether or not the file
   exists. The path is NUL-terminated and borrowed from the site. It is empty if the settings name a
   path outside the folder. */
sp_bytes sp_synonyms_path(const sp_site *site);

#endif
