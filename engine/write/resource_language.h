// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The language of a resource that posts in several languages mention. Pure functions, for any
 * thread.
 */
#ifndef SIGNPOST_ENGINE_WRITE_RESOURCE_LANGUAGE_H
#define SIGNPOST_ENGINE_WRITE_RESOURCE_LANGUAGE_H

#include <signpost/resource.h>
#include <signpost/arena.h>

/* The most languages of a resource. Mentions in further languages come last, in their order. */
#define SP_LANGUAGES_MAX 16

/* Returns the resource with its mentions grouped by language, otherwise in their order. The
   language of the resource comes first: the site's if a mention is in that language, or else that
   of the first mention. The other languages follow in the order of their first mentions. */
sp_resource sp_resource_by_language(const sp_resource *resource, sp_bytes site_language,
                                    sp_arena *arena);

/* The end of the mentions that begin with `first` and are in one language. */
uint32_t sp_resource_language_end(const sp_resource *resource, uint32_t first);

#endif
