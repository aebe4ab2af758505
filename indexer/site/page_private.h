// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Shared by the files of page.h only: the state of sp_site_page_read, and its steps. The comment
 * before each function names its file.
 */
#ifndef SIGNPOST_INDEXER_SITE_PAGE_PRIVATE_H
#define SIGNPOST_INDEXER_SITE_PAGE_PRIVATE_H

#include "site_private.h"

#include <signpost/post.h>

struct sp_site_page_builder {
    const sp_site *site;
    const sp_source *source;
    const sp_yaml *front; /* the front matter, or NULL */
    sp_arena *arena;
    const char *path; /* for messages */
    struct sp_default_list defaults;
    sp_bytes document; /* path without collections_dir */
    sp_bytes name;     /* of the file, without its extension */
    sp_bytes date;     /* at the beginning of the name, or "" */
    sp_bytes slug;     /* the rest of the name, without final dots */
    bool has_time;
    const sp_yaml *invalid_date; /* value of `date` that is not a date, or NULL */
    sp_error *err;
};

/* page_terms.c: whether the file is in a collection; posts and drafts form a collection, too. */
bool sp_site_page_builder_is_document(const struct sp_site_page_builder *builder);

/* page_terms.c: returns the value of a key in the front matter, or in `defaults` if the front
   matter does not have the key. In a document, but not in a page, the default also replaces an
   empty value (`tags:`). */
const sp_yaml *sp_site_page_builder_value(const struct sp_site_page_builder *builder,
                                          const char *key);

/* page_terms.c: sets the post's categories and tags. */
void sp_site_page_builder_terms(struct sp_site_page_builder *builder, sp_post *post);

/* page_url.c: sets the post's URL. The post's categories, date and time must have been set. */
enum sp_status sp_site_page_builder_url(struct sp_site_page_builder *builder,
                                        sp_post *post) SP_MUST_CHECK;

/* page_url.c: returns the post's URL, which must have been set, and the URLs that redirect to this
   URL, separated by spaces. */
sp_bytes sp_site_page_builder_urls(const struct sp_site_page_builder *builder, const sp_post *post);

/* page_terms.c */
sp_bytes sp_without_extension(sp_bytes name);
sp_bytes sp_without_dots(sp_bytes text); /* without final dots */

#endif
