// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sharing of passages: an answer shows a passage once.
 *
 * A page and the resources that it links to often match by the same section. The page shows the
 * section's passage, or the first resource if the page is not in the answer. The others say which
 * section they share with it (sp_hit.section). Neighbours that match by the same section are shown
 * together (sp_hit.grouped).
 */
#ifndef SIGNPOST_ENGINE_SEARCH_SHARING_H
#define SIGNPOST_ENGINE_SEARCH_SHARING_H

#include <signpost/answer.h>

/* Removes repeated passages from the hits, and then from the related documents. If memory runs out,
   the answer's arena fails. */
void sp_sharing_apply(sp_answer *answer);

#endif
