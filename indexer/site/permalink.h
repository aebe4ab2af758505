// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Permalinks: a template and what is known of a file to a URL, as Jekyll makes it.
 */
#ifndef SIGNPOST_INDEXER_SITE_PERMALINK_H
#define SIGNPOST_INDEXER_SITE_PERMALINK_H

#include "date.h"

/* What the placeholders of a document stand for. */
typedef struct sp_permalink_facts {
    sp_bytes collection, path;
    sp_bytes name; /* the file's, without its extension */
    sp_bytes slug;
    const sp_bytes *categories;
    size_t category_count;
    sp_civil date;
} sp_permalink_facts;

/* Appends the template with every placeholder replaced. False, with its name in *unknown, for one
   that documents do not have. */
bool sp_permalink_expand(sp_bytes template, const sp_permalink_facts *facts, sp_str *out,
                         sp_bytes *unknown);

/* As Jekyll does it for pages: only :path (the folder), :basename and :output_ext, and all else
   stays as it is. */
void sp_permalink_expand_page(sp_bytes template, sp_bytes folder, sp_bytes basename, sp_str *out);

/* Appends what Jekyll makes of a generated URL: one slash at the front, none doubled, and no way
   out of the site. What a URL may not hold is percent-encoded. */
void sp_permalink_append_clean(sp_str *out, sp_bytes url);

#endif
