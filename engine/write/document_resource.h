// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text and record of a resource, composed from all its mentions: its name and description, and
 * the headings above its links and the prose near them.
 */
#ifndef SIGNPOST_ENGINE_WRITE_DOCUMENT_RESOURCE_H
#define SIGNPOST_ENGINE_WRITE_DOCUMENT_RESOURCE_H

#include "weighted_spans.h"

#include <signpost/ranking.h>
#include <signpost/record.h>
#include <signpost/resource.h>

/* Composes the record, without its token table, and the weights of its text. Both borrow from the
   resource and the arena. */
enum sp_status sp_compose_resource(const sp_resource *gathered, sp_bytes site_language,
                                   const sp_weights *weights, sp_arena *arena, sp_record *record,
                                   sp_weighted_spans *fields, sp_error *err) SP_MUST_CHECK;

#endif
