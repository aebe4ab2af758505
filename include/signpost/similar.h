// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Documents like a given one: "more like this".
 *
 * The document's best SP_SIMILAR_STEMS stems are chosen by tf-idf, (1 + ln wdf) * ln((N - n + 0.5)
 * / (n + 0.5)), with N documents in the index of which n have the stem (Salton & Buckley 1988; the
 * idf is that of Robertson & Sparck Jones, as in BM25). Each is asked for with its 1 + ln wdf as
 * factor before what BM25 gives it, so that a document is like the other where they share what
 * tells the other from the rest. Stop words, numbers, stems that no other document has and those
 * that more than half of the documents have are not asked for.
 */
#ifndef SIGNPOST_SIMILAR_H
#define SIGNPOST_SIMILAR_H

#include <signpost/reader.h>
#include <signpost/search.h>

#define SP_SIMILAR_STEMS 30

/* The documents like the one at the URL that request->text holds, the most alike first, never
   itself nor a resource that it links to. A page's URL may be site-relative or whole, with or
   without an anchor; a resource's is the one that the index gives, whatever its scheme. Of the
   request count text, filters, dates, offset, limit, timeout_us and base_url.

   The answer's `text` is the URL, its `parsed` the stems in the order of what they count, its
   `total` the number of documents that have some of them. Where the index has no such document,
   *out is NULL and *nearest holds the URL of the index most like it, or nothing; the status is
   SP_OK. Others are as for sp_search. */
enum sp_status sp_similar(sp_reader *reader, const sp_request *request, sp_answer **out,
                          sp_str *nearest, sp_error *err) SP_MUST_CHECK;

#endif
