// SPDX-License-Identifier: GPL-2.0-or-later
/* One file of a site to a post: bytes, front matter, Markdown. */
#ifndef SIGNPOST_INDEXER_POSTS_READ_POST_H
#define SIGNPOST_INDEXER_POSTS_READ_POST_H

#include "indexer/markdown/notes.h"
#include "indexer/site/page.h"

/* A file of a site that is longer is no guide: 8 MiB. */
#define SP_FILE_MAX ((size_t)8 * 1024 * 1024)

/* Working memory of one thread, kept from file to file; zero-initialised. */
typedef struct sp_post_reader {
    sp_str content;
    sp_arena arena;     /* holds the last post */
    sp_site_page page;  /* of the last post */
    bool takes_notes;   /* set by the caller: the reader fills the two below */
    bool named_by_file; /* the last post's title is its file's name */
    sp_notes notes;     /* of the last post */
    uint64_t hash;      /* of the last file's content (XXH64) */
    size_t files;       /* read so far */
    uint64_t bytes;     /* in them */
} sp_post_reader;

void sp_post_reader_done(sp_post_reader *reader);

/* Links to this host are the site's own: "example.org", or empty where the site has no URL. */
sp_bytes sp_post_site_host(const sp_site *site);

/* Reads a source's bytes and hashes them. */
enum sp_status sp_post_load(sp_post_reader *reader, const sp_site *site, const sp_source *source,
                            sp_error *err) SP_MUST_CHECK;

/* Reads a source. *verdict says whether it is published; if it is, *post is filled, and borrowed
   until the next call; of one whose date is in the future only `time`. */
enum sp_status sp_post_read(sp_post_reader *reader, const sp_site *site, const sp_source *source,
                            enum sp_site_page_verdict *verdict, sp_post *post,
                            sp_error *err) SP_MUST_CHECK;

#endif
