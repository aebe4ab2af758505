// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A page: all that the name and front matter of a file and the site's settings say about the file.
 * The file's Markdown is read later.
 *
 * sp_site_page_read splits the file's bytes into front matter and body, applies the site's
 * `defaults` and Jekyll's rules, decides whether the file is published, and sets these members of
 * an sp_post: path, url, lang, date, time, categories, tags. The Markdown reader sets the others.
 *
 * URLs are Jekyll's, after the site's baseurl; spaces, quotes and letters beyond ASCII, which
 * Jekyll leaves raw, are percent-encoded so that the URL can be used anywhere.
 *
 * The URL in a plain tree is the first of these: `permalink` or `url` of the front matter as
 * written; the folder and `slug`; the path without its extension (notes/cv.md is /notes/cv/).
 * index.md, _index.md and README.md have the URL of their folder. The date comes from the front
 * matter, or from the beginning of the file's name; a date in the name stays in the URL. `draft:
 * true` and `permalink: false` (for which Eleventy writes no page) exclude the file; `published`
 * and future dates work as in Jekyll. The time zone of a plain tree is UTC.
 *
 * Deliberate deviations from Jekyll: front matter that is invalid, not a mapping, or exceeds the
 * limits of length and depth is an error of the file (Jekyll drops it or stops the build); a
 * document of a collection without a date has no date (Jekyll gives it the time of the build);
 * numbers stay as written (Jekyll turns the tag 1.10 into 1.1); text is valid UTF-8 on one line
 * without control characters; at most 256 categories and 256 tags; pages have categories and tags
 * too, read like those of documents.
 */
#ifndef SIGNPOST_INDEXER_SITE_PAGE_H
#define SIGNPOST_INDEXER_SITE_PAGE_H

#include "scan.h"

#include <signpost/post.h>

enum sp_site_page_verdict {
    SP_PAGE_PUBLISHED,
    SP_PAGE_NO_FRONT_MATTER, /* Jekyll copies such a file unchanged */
    SP_PAGE_UNPUBLISHED,     /* published: false */
    SP_PAGE_FUTURE,  /* dated after now: may be published on the next run, without a change */
    SP_PAGE_DRAFT,   /* draft: true in a plain tree */
    SP_PAGE_HIDDEN,  /* search: false, search_exclude: true or exclude_from_search: true */
    SP_PAGE_REDIRECT /* redirect_to: the page has no content of its own */
};

/* Returns the text that -v prints, such as "not published: its date is in the future". Never
   returns NULL. */
const char *sp_site_page_verdict_text(enum sp_site_page_verdict verdict);

typedef struct sp_site_page {
    enum sp_site_page_verdict verdict; /* unless published, the other members may be incomplete */
    sp_bytes title;      /* from the front matter, or Jekyll's title of a document's name; "" for a
                            page or plain file without a title: use its first heading */
    sp_bytes fallback;   /* the file's name made readable, for a file without title and heading */
    sp_bytes body;       /* the content after the front matter; points into the content */
    uint32_t first_line; /* of body in the file, 1-based */
    bool titled;         /* the front matter, or `defaults`, gives the title */
    const sp_yaml *invalid_date; /* the value of `date` if it is not a date and is ignored */
    sp_bytes urls; /* the page's URL and those in `redirect_from`, separated by spaces; set for
                      hidden pages and redirects, too; "" if the site does not have the page */
} sp_site_page;

/* Fills *page and, if the page is published, the members of *post that are named above. Strings are
   allocated in arena. Returns SP_BAD_INPUT with line and column for invalid front matter. */
enum sp_status sp_site_page_read(const sp_site *site, const sp_source *source, sp_bytes content,
                                 sp_arena *arena, sp_site_page *page, sp_post *post,
                                 sp_error *err) SP_MUST_CHECK;

#endif
