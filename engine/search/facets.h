// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Facets: how many of the matching documents have each kind, tag, category, language and year.
 *
 * One value slot holds everything that is counted for a document, so a search reads one value per
 * match. Many documents have the same value, and each distinct value is split only once.
 */
#ifndef SIGNPOST_ENGINE_SEARCH_FACETS_H
#define SIGNPOST_ENGINE_SEARCH_FACETS_H

#include <signpost/answer.h>

#include <xapian-c.h>

/* Makes the search look at every match and count the values of the slot. */
void sp_facets_request(xc_request *request);

/* Makes answer->facets from the counts; page NULL: nothing matched. */
enum sp_status sp_facets_count(const xc_page *page, sp_answer *answer, sp_error *err) SP_MUST_CHECK;

#endif
