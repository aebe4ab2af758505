// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Documents similar to a given one ("more like this").
 *
 * The query consists of the SP_SIMILAR_STEMS stems of the document that have the highest tf-idf,
 * (1 + ln wdf) * ln((N - n + 0.5) / (n + 0.5)), where N is the number of documents in the index and
 * n the number of those that contain the stem (Salton & Buckley 1988; the idf is that of Robertson
 * & Sparck Jones, as in BM25). The BM25 weight of each stem is multiplied by its 1 + ln wdf, so
 * documents rank high if they share the stems that are characteristic of the given one. Stop words,
 * numbers, stems that no other document contains and stems that more than half of the documents
 * contain are left out.
 */
#ifndef SIGNPOST_SIMILAR_H
#define SIGNPOST_SIMILAR_H

#include <signpost/reader.h>
#include <signpost/search.h>

#define SP_SIMILAR_STEMS 30

/* Finds the documents similar to the one whose URL is request->text, the most similar first, except
   the document itself and the resources that it links to. A page's URL can be site-relative or
   absolute, with or without an anchor; a resource's URL is the one in the index, with any scheme.
   Only text, filters, dates, offset, limit, timeout_us and base_url of the request are used. In the
   answer `text` is the URL, `parsed` the stems in the order of their weight, and `total` the number
   of documents that contain at least one of them. If the index has no document with the URL, *out
   is NULL, *nearest is the most similar URL of the index, or empty, and the status is SP_OK. Other
   statuses are those of sp_search. */
enum sp_status sp_similar(sp_reader *reader, const sp_request *request, sp_answer **out,
                          sp_str *nearest, sp_error *err) SP_MUST_CHECK;

#endif
