// SPDX-License-Identifier: GPL-2.0-or-later
/* Where a hit matched besides its text: address, tags, categories. */
#ifndef SIGNPOST_ENGINE_SEARCH_ELSEWHERE_H
#define SIGNPOST_ENGINE_SEARCH_ELSEWHERE_H

#include "search_private.h"

/* Sets `elsewhere` of the answer's hits, for the words that are not in their text. */
enum sp_status sp_elsewhere_find(struct sp_search_state *state) SP_MUST_CHECK;

#endif
