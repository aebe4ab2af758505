// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The value slot from which facets are counted: kind, languages, year, tags and categories of one
 * document.
 *
 * They share one slot (SP_SLOT_FACETS), so that a search reads one value per match. The parts are
 * separated by SP_FACET_GAP, the values of a list by SP_FACET_COMMA.
 */
#ifndef SIGNPOST_ENGINE_INDEX_FACET_SLOT_H
#define SIGNPOST_ENGINE_INDEX_FACET_SLOT_H

#include <signpost/record.h>

/* Appends the document's slot value. Values that are equal when folded are written once. */
void sp_facet_slot_append(const sp_record *record, sp_str *out);

#endif
