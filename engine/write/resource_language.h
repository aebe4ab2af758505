// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The language of a resource that posts in several languages mention. Pure functions, for any
 * thread.
 */
#ifndef SIGNPOST_ENGINE_WRITE_RESOURCE_LANGUAGE_H
#define SIGNPOST_ENGINE_WRITE_RESOURCE_LANGUAGE_H

#include <signpost/resource.h>
#include <signpost/arena.h>

/* Returns the resource with the mentions in its language first, otherwise in their order, and sets
   *own to the number of these mentions, at least 1. Its language is the site's if a mention is in
   that language, or else that of the first mention. */
sp_resource sp_resource_by_language(const sp_resource *resource, sp_bytes site_language,
                                    sp_arena *arena, uint32_t *own);

#endif
