// SPDX-License-Identifier: GPL-2.0-or-later
/* The length of titles and names, for the bonus of a title that is much of the query. */
#ifndef SIGNPOST_ENGINE_WRITE_TITLE_H
#define SIGNPOST_ENGINE_WRITE_TITLE_H

#include "postings.h"

#include <signpost/analyzer.h>
#include <signpost/record.h>

/* Sets SP_SLOT_TITLE to the number of different stems in the title, for a resource to twice that
   number: a name that is the query gets half of the bonus, so that `residency` finds the guide to
   residencies before a programme called "OpenAI Residency". tokens: those of the record's text,
   which begins with the title. */
void sp_title_add_length(sp_postings *postings, const sp_analyzer *analyzer,
                         const sp_record *record, const sp_tokens *tokens);

#endif
