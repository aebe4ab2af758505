// SPDX-License-Identifier: GPL-2.0-or-later
/* The record of a post. */
#ifndef SIGNPOST_ENGINE_WRITE_DOCUMENT_POST_H
#define SIGNPOST_ENGINE_WRITE_DOCUMENT_POST_H

#include "weighted_spans.h"

#include <signpost/ranking.h>
#include <signpost/record.h>

/* Composes the record, without its token table, and the weights of its text. Both borrow from the
   post and the arena. */
void sp_compose_post(const sp_post *post, const sp_weights *weights, sp_arena *arena,
                     sp_record *record, sp_weighted_spans *fields);

#endif
