// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Permalinks: fills a template with facts about a file to form its URL, as Jekyll does.
 */
#ifndef SIGNPOST_INDEXER_SITE_PERMALINK_H
#define SIGNPOST_INDEXER_SITE_PERMALINK_H

#include "date.h"

/* The values of a document's placeholders. */
typedef struct sp_permalink_facts {
    sp_bytes collection, path;
    sp_bytes name; /* of the file, without its extension */
    sp_bytes slug;
    const sp_bytes *categories;
    size_t category_count;
    sp_civil date;
} sp_permalink_facts;

/* The most placeholders in a template: each can stand for a long text. */
#define SP_PLACEHOLDERS_MAX 64

/* Appends the template with every placeholder replaced. For an unknown placeholder, returns false
   and sets *unknown to its name; *unknown is empty if the URL would be longer than SP_URL_MAX or
   the template has more than SP_PLACEHOLDERS_MAX placeholders. */
bool sp_permalink_expand(sp_bytes template, const sp_permalink_facts *facts, sp_str *out,
                         sp_bytes *unknown);

/* Appends the template of a page's URL. In pages, Jekyll replaces only :path (the folder),
   :basename and :output_ext, and leaves other placeholders unchanged. Stops when more than
   SP_URL_MAX bytes have been appended. */
void sp_permalink_expand_page(sp_bytes template, sp_bytes folder, sp_bytes basename, sp_str *out);

/* Appends a generated URL as Jekyll cleans it: it begins with one slash, double slashes become one,
   and dot segments cannot leave the site. Characters not allowed in a URL are percent-encoded. */
void sp_permalink_append_clean(sp_str *out, sp_bytes url);

#endif
