// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finds documents by their URL as people write it.
 *
 * A page's URL can be site-relative or absolute, and can have an anchor or a query; a slash or
 * `.html` at its end can be missing or superfluous. For a resource's URL the scheme, "www." and
 * trailing slashes do not matter.
 */
#ifndef SIGNPOST_ENGINE_SEARCH_FIND_BY_URL_H
#define SIGNPOST_ENGINE_SEARCH_FIND_BY_URL_H

#include "reader.h"

/* The most URLs that are compared to find the most similar one. */
#define SP_URLS_COMPARED_MAX 100000

/* Two texts are not similar if their likeness (sp_likeness) is below this. */
#define SP_LIKENESS_MIN 0.6

typedef struct sp_url_match {
    uint32_t docid;   /* 0: the index has no such document */
    sp_bytes unique;  /* its Q term; in the arena */
    sp_bytes nearest; /* if docid is 0: the most similar URL of the index; may be empty */
} sp_url_match;

/* base_url: what the caller puts before site-relative URLs; can be empty. If several documents have
   the URL, the first in the order of SP_SLOT_ORDER is found. */
enum sp_status sp_find_by_url(sp_reader *reader, sp_bytes url, sp_bytes base_url, sp_arena *arena,
                              sp_url_match *out, sp_error *err) SP_MUST_CHECK;

/* Finds at most `most` documents with the term: the first ones in the order of SP_SLOT_ORDER. */
enum sp_status sp_first_documents(sp_reader *reader, sp_bytes term, uint32_t most, uint32_t *docids,
                                  size_t *count, sp_error *err) SP_MUST_CHECK;

/* How similar two texts are, from 0 to 1: the share of the longer one that both have in common at
   the beginning and at the end; 0 if either is empty. Takes linear time, and is enough to recognise
   one wrong letter or a missing part. */
double sp_likeness(sp_bytes a, sp_bytes b);

/* Returns the document's term with the prefix Q, copied into arena. The document must have been
   fetched with its terms. */
sp_bytes sp_unique_term(const xc_record *document, sp_arena *arena);

#endif
