// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Documents by their URL, as people write it.
 *
 * A page is named by its site-relative URL, with or without the site's own address before it, an
 * anchor or a query behind it; a slash or `.html` at its end may lack or be too much. A resource is
 * named by its URL, whose scheme, "www." and last slashes do not matter.
 */
#ifndef SIGNPOST_ENGINE_SEARCH_FIND_BY_URL_H
#define SIGNPOST_ENGINE_SEARCH_FIND_BY_URL_H

#include "reader.h"

typedef struct sp_url_match {
    uint32_t docid;   /* 0: the index has no such document */
    sp_bytes unique;  /* its Q term; in the arena */
    sp_bytes nearest; /* where there is none: the URL of the index most like it; may be empty */
} sp_url_match;

/* base_url: what the caller puts before site-relative URLs; may be empty. Of several documents with
   the URL it is the first in the order of SP_SLOT_ORDER. To find the nearest it walks over the
   URLs of the index, SP_URLS_COMPARED_MAX at most. */
#define SP_URLS_COMPARED_MAX 100000
enum sp_status sp_find_by_url(sp_reader *reader, sp_bytes url, sp_bytes base_url, sp_arena *arena,
                              sp_url_match *out, sp_error *err) SP_MUST_CHECK;

/* The documents that have the term, at most so many: the first in the order of SP_SLOT_ORDER. */
enum sp_status sp_first_documents(sp_reader *reader, sp_bytes term, uint32_t most, uint32_t *docids,
                                  size_t *count, sp_error *err) SP_MUST_CHECK;

/* How alike two texts are, 0 to 1 (empty ones are not): the share of the longer one that is the
   same at the beginning and at the end. Linear, and enough to see a letter mistyped or a part left
   out. */
double sp_likeness(sp_bytes a, sp_bytes b);

/* Less alike is not told as near. */
#define SP_LIKENESS_MIN 0.6

/* The document's term with the prefix Q, copied into arena; `document` was fetched with terms. */
sp_bytes sp_unique_term(const xc_record *document, sp_arena *arena);

#endif
