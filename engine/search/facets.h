// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Facets: how many of the documents that match are of a kind, a tag, a category, a language, a
 * year.
 *
 * Each document says all that is counted of it in one value slot, so that a search looks up one
 * value a match; many documents say the same, and what they say is taken apart once.
 */
#ifndef SIGNPOST_ENGINE_SEARCH_FACETS_H
#define SIGNPOST_ENGINE_SEARCH_FACETS_H

#include <signpost/answer.h>

#include <xapian-c.h>

/* Has a search look at every match, and count. */
void sp_facets_ask(xc_request *request);

/* Makes answer->facets of what was counted; page NULL: nothing matched. */
enum sp_status sp_facets_count(const xc_page *page, sp_answer *answer, sp_error *err) SP_MUST_CHECK;

#endif
