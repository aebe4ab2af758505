// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A page: what a file of a site says about itself, before its Markdown is read.
 *
 * sp_site_page_read takes the file's bytes apart (front matter, body), applies the site's `defaults` and
 * Jekyll's rules, decides whether the file is published, and fills what front matter decides of an
 * sp_post: path, url, lang, date, time, categories, tags. The Markdown reader fills the rest.
 *
 * URLs are Jekyll's, with the site's baseurl before them; what Jekyll would leave raw (spaces,
 * letters beyond ASCII, quotes) is percent-encoded so that the URL can be used anywhere.
 *
 * In a plain tree, in this order: `permalink` or `url` of the front matter as they are; `slug`
 * instead of the file's name; else the path without its extension: notes/cv.md is /notes/cv/;
 * index.md, _index.md and README.md are their folder's URL. A date comes from the front matter, or
 * from a name that begins with one (which stays in the URL). `draft: true` and
 * `permalink: false` (Eleventy writes no page for it) keep it out, `published` and future dates
 * work as in Jekyll. Its time zone is UTC.
 *
 * Deviations from Jekyll, on purpose: front matter that is broken, no map, or deeper or longer
 * than its bounds is an error of the file (Jekyll drops it or stops the build); a document of a
 * collection without a date has no date (Jekyll gives it the time of the build); numbers stay as
 * they were written (Jekyll turns the tag 1.10 into 1.1); text is valid UTF-8 on one line without
 * control characters; at most 256 categories and 256 tags; pages have categories and tags too, read
 * as a document's.
 */
#ifndef SIGNPOST_INDEXER_SITE_PAGE_H
#define SIGNPOST_INDEXER_SITE_PAGE_H

#include "site.h"

#include <signpost/post.h>

enum sp_site_page_verdict {
    SP_PAGE_PUBLISHED,
    SP_PAGE_NO_FRONT_MATTER, /* Jekyll copies such a file as it is */
    SP_PAGE_UNPUBLISHED,     /* published: false */
    SP_PAGE_FUTURE,  /* a date after now: ask again on the next run, though the file be the same */
    SP_PAGE_DRAFT,   /* draft: true in a plain tree */
    SP_PAGE_HIDDEN,  /* search: false, search_exclude or exclude_from_search: true */
    SP_PAGE_REDIRECT /* redirect_to: nothing of its own to read */
};

/* "not published: its date is in the future": for `-v`. Never NULL. */
const char *sp_site_page_verdict_text(enum sp_site_page_verdict verdict);

typedef struct sp_site_page {
    enum sp_site_page_verdict verdict; /* unless published, the rest need not be complete */
    sp_bytes title;      /* front matter's, or what Jekyll makes of a document's name; "" for pages
                            and plain files without one: the first heading should win */
    sp_bytes fallback;   /* the file's name made readable: when there is no heading either */
    sp_bytes body;       /* the content after the front matter; points into the content */
    uint32_t first_line; /* of body in the file, 1-based */
    bool titled;         /* the front matter, or `defaults`, gives the title */
    const sp_yaml *odd_date; /* what stands for a date and is none, where that is no error */
    sp_bytes urls; /* where the site has it, also one that is hidden or redirects: its URL and those
                      of `redirect_from`, a blank between; "" if the site has it nowhere */
} sp_site_page;

/* Fills *page and, when published, the fields of *post named above; strings come from arena.
   SP_BAD_INPUT with line and column for what cannot be read. */
enum sp_status sp_site_page_read(const sp_site *site, const sp_source *source, sp_bytes content,
                                 sp_arena *arena, sp_site_page *page, sp_post *post,
                                 sp_error *err) SP_MUST_CHECK;

#endif
