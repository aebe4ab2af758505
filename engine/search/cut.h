// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where the text of a passage begins and ends: with a sentence if one is near, else between words,
 * else between grapheme clusters. Scripts without blanks between words are cut between their
 * characters, preferably after a comma. Offsets are in the record's text. For any thread.
 */
#ifndef SIGNPOST_ENGINE_SEARCH_CUT_H
#define SIGNPOST_ENGINE_SEARCH_CUT_H

#include <signpost/post.h>

/* A passage is preferably at least this long, in bytes. */
#define SP_CUT_LENGTH_GOOD 140

/* Returns where a passage begins that shows `from`: not before `least`, which is in the body. */
uint32_t sp_cut_begin(sp_bytes text, sp_range body, uint32_t from, uint32_t least);

/* Returns where a passage ends that begins at `start` and shows everything before `from`: not after
   `most` or the end of the body, and not after a blank. */
uint32_t sp_cut_end(sp_bytes text, sp_range body, uint32_t start, uint32_t from, uint32_t most);

/* Whether the passage begins (ends) with a sentence or the body, so that no ellipsis is needed. */
bool sp_cut_begins_sentence(sp_bytes text, sp_range body, uint32_t at);
bool sp_cut_ends_sentence(sp_bytes text, sp_range body, uint32_t at);

#endif
