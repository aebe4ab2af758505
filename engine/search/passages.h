// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Passages: the places of a record that show why it matched.
 *
 * The record's token table is compared with the plan's patterns, so nothing is scanned, stemmed or
 * looked up. A passage never crosses a section and never cuts a word; it prefers one place where
 * several parts of the query meet, and begins and ends with a sentence where one is near.
 */
#ifndef SIGNPOST_ENGINE_SEARCH_PASSAGES_H
#define SIGNPOST_ENGINE_SEARCH_PASSAGES_H

#include "engine/query/plan.h"

#include <signpost/answer.h>

#define SP_PASSAGES_MAX 3

/* A place in the record's text that a pattern matched. */
typedef struct sp_match {
    uint32_t start, end;
    uint32_t clause;
} sp_match;

/* Ascending by start. Beyond SP_MATCHES_MAX a record's matches are not looked at. */
#define SP_MATCHES_MAX 4096

typedef struct sp_matches {
    sp_match *items;
    uint32_t count;
} sp_matches;

/* Working memory that is kept between records; zero-initialised. */
typedef struct sp_match_finder {
    sp_match *items; /* room for SP_MATCHES_MAX */
    sp_str folded;
} sp_match_finder;

void sp_match_finder_done(sp_match_finder *finder);

/* *out is borrowed from the finder until the next call. */
enum sp_status sp_matches_find(sp_match_finder *finder, const sp_plan *plan,
                               const sp_record *record, sp_matches *out,
                               sp_error *err) SP_MUST_CHECK;

/* Fills the hit's title, description and passages, copied into arena. base_url goes before
   site-relative URLs. */
enum sp_status sp_hit_show(const sp_plan *plan, const sp_record *record, const sp_matches *matches,
                           sp_bytes base_url, sp_arena *arena, sp_hit *hit,
                           sp_error *err) SP_MUST_CHECK;

/* Headings and label that the section stands under, outermost first, copied into arena. */
sp_bytes *sp_section_breadcrumb(const sp_record *record, uint32_t section, sp_arena *arena,
                                uint32_t *count);

/* The section's deep link. */
sp_bytes sp_section_url(const sp_record *record, uint32_t section, sp_bytes base_url,
                        sp_arena *arena);

#endif
