// SPDX-License-Identifier: GPL-2.0-or-later
/* The tags and categories of a resource: those of the posts that mention it. */
#ifndef SIGNPOST_ENGINE_WRITE_RESOURCE_TOPICS_H
#define SIGNPOST_ENGINE_WRITE_RESOURCE_TOPICS_H

#include <signpost/record.h>
#include <signpost/resource.h>

/* Sets the record's tags and categories, each once however it is written, in the order of the
   posts. They borrow from the resource and the arena; a failure is in the arena. */
void sp_resource_topics(const sp_resource *resource, sp_arena *arena, sp_record *record);

#endif
