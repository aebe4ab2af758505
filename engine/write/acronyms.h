// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Acronyms that a post explains: "applicant tracking system (ATS)" or "ATS (applicant tracking
 * system)". The initials of the long form must be the letters of the acronym; stop words between
 * its words may be left out of the acronym.
 */
#ifndef SIGNPOST_ENGINE_WRITE_ACRONYMS_H
#define SIGNPOST_ENGINE_WRITE_ACRONYMS_H

#include "postings.h"

#include <signpost/analyzer.h>

/* Adds two terms SP_PREFIX_ACRONYM for each pair, one for each direction. text: that of a record,
   in blocks. Time is linear in its length. */
void sp_acronyms_add(sp_postings *postings, const sp_analyzer *analyzer, sp_bytes text);

#endif
