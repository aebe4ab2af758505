// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads a file of a site into a post: bytes, front matter, Markdown. */
#ifndef SIGNPOST_INDEXER_POSTS_READ_POST_H
#define SIGNPOST_INDEXER_POSTS_READ_POST_H

#include "indexer/markdown/notes.h"
#include "indexer/site/page.h"

/* Maximum length of a file, in bytes (8 MiB); longer files cannot be indexed. */
#define SP_FILE_MAX ((size_t)8 * 1024 * 1024)

/* Working memory of one thread, reused from file to file; zero-initialise it. */
typedef struct sp_post_reader {
    sp_str content;
    sp_arena arena;     /* holds the last post */
    sp_site_page page;  /* of the last post */
    bool takes_notes;   /* set by the caller: the reader fills named_by_file and notes */
    bool named_by_file; /* the last post's title is its file's name */
    sp_notes notes;     /* of the last post */
    bool as_listed;     /* the last file was still the one that the scan had listed */
    uint64_t hash;      /* of the last file's content (XXH64) */
    size_t files;       /* number of files read so far */
    uint64_t bytes;     /* number of bytes in these files */
} sp_post_reader;

void sp_post_reader_done(sp_post_reader *reader);

/* Returns the host of links into the site itself, such as "example.org", or empty bytes if the site
   has no URL. */
sp_bytes sp_post_site_host(const sp_site *site);

/* Reads a source's bytes into reader->content and hashes them. */
enum sp_status sp_post_load(sp_post_reader *reader, const sp_site *site, const sp_source *source,
                            sp_error *err) SP_MUST_CHECK;

/* Reads a source, and sets *verdict. If the verdict is SP_PAGE_PUBLISHED, fills *post, which is
   borrowed from the reader until the next call; if the verdict is SP_PAGE_FUTURE, fills only
   post->time. */
enum sp_status sp_post_read(sp_post_reader *reader, const sp_site *site, const sp_source *source,
                            enum sp_site_page_verdict *verdict, sp_post *post,
                            sp_error *err) SP_MUST_CHECK;

#endif
