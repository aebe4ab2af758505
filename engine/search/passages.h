// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Passages: the places in a record that show why it matched.
 *
 * The plan's patterns are compared with the record's token table, so no text is scanned, stemmed
 * or looked up. Of a run of Chinese, Japanese or Korean characters in the query, single pairs are
 * matched only in records that do not have the whole run. A passage lies within one section and
 * does not cut words. Places where several parts of the query are close to each other are
 * preferred, and a passage begins and ends with a sentence if one is near.
 */
#ifndef SIGNPOST_ENGINE_SEARCH_PASSAGES_H
#define SIGNPOST_ENGINE_SEARCH_PASSAGES_H

#include "engine/query/plan.h"

#include <signpost/answer.h>

#define SP_PASSAGES_MAX 3

/* passages_match.c */

/* A byte range of the record's text that a pattern matched. */
typedef struct sp_match {
    uint32_t start, end;
    uint32_t clause;
    bool synonym; /* the pattern is a synonym of what was typed */
} sp_match;

/* The most matches that are found in a record; further ones are ignored. */
#define SP_MATCHES_MAX 4096

/* Ascending by start. */
typedef struct sp_matches {
    sp_match *items;
    uint32_t count;
} sp_matches;

/* Memory that is reused from record to record; initialise it with zeros. */
typedef struct sp_match_finder {
    sp_match *items; /* room for SP_MATCHES_MAX */
    sp_str folded;
} sp_match_finder;

void sp_match_finder_done(sp_match_finder *finder);

/* *out is borrowed from the finder until the next call. */
enum sp_status sp_matches_find(sp_match_finder *finder, const sp_plan *plan,
                               const sp_record *record, sp_matches *out,
                               sp_error *err) SP_MUST_CHECK;

/* passages_show.c */

/* Fills the hit's title, description and passages, copied into arena. base_url is put before
   site-relative URLs. */
enum sp_status sp_hit_show(const sp_plan *plan, const sp_record *record, const sp_matches *matches,
                           sp_bytes base_url, sp_arena *arena, sp_hit *hit,
                           sp_error *err) SP_MUST_CHECK;

/* Returns the section's own heading or label and those above it, outermost first, copied into the
   arena. */
sp_bytes *sp_section_breadcrumb(const sp_record *record, uint32_t section, sp_arena *arena,
                                uint32_t *count);

/* The URL of the page with the section's anchor. */
sp_bytes sp_section_url(const sp_record *record, uint32_t section, sp_bytes base_url,
                        sp_arena *arena);

#endif
