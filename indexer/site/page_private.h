// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the files of sp_site_page_read share: a file on its way to its page. Not for others.
 */
#ifndef SIGNPOST_INDEXER_SITE_PAGE_PRIVATE_H
#define SIGNPOST_INDEXER_SITE_PAGE_PRIVATE_H

#include "site_private.h"

#include <signpost/post.h>

struct sp_site_page_builder {
    const sp_site *site;
    const sp_source *source;
    const sp_yaml *front; /* NULL when it has none */
    sp_arena *arena;
    const char *path;  /* for messages */
    sp_bytes document; /* path without collections_dir */
    sp_bytes name;     /* the file's, without its extension */
    sp_bytes date;     /* that the name begins with, or "" */
    sp_bytes slug;     /* the rest of the name, without dots at its end */
    bool has_time;
    const sp_yaml *odd_date; /* stands for a date and is none */
    sp_error *err;
};

/* In a collection, posts and drafts being one. */
bool sp_site_page_builder_is_document(const struct sp_site_page_builder *builder);

/* What the front matter says, or `defaults`. In a document nothing (`tags:`) gives way to them, in
   a page it stands. */
const sp_yaml *sp_site_page_builder_value(const struct sp_site_page_builder *builder,
                                          const char *key);

/* Fills the post's categories and tags. */
void sp_site_page_builder_terms(struct sp_site_page_builder *builder, sp_post *post);

/* Fills the post's URL; its categories, date and time are known. */
enum sp_status sp_site_page_builder_url(struct sp_site_page_builder *builder,
                                        sp_post *post) SP_MUST_CHECK;

/* The post's URL, which is known, and those that redirect to it; a blank between. */
sp_bytes sp_site_page_builder_urls(const struct sp_site_page_builder *builder, const sp_post *post);

/* Valid UTF-8 on one line, without blanks at the ends or two in a row. */
sp_bytes sp_one_line(sp_arena *arena, sp_bytes text);

sp_bytes sp_without_extension(sp_bytes name);
sp_bytes sp_without_dots(sp_bytes text); /* at its end */

#endif
