// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The name of a resource. In this order: the link text that most posts use, the address as an
 * author wrote it, a part of the description, the address.
 */
#ifndef SIGNPOST_ENGINE_WRITE_RESOURCE_NAME_H
#define SIGNPOST_ENGINE_WRITE_RESOURCE_NAME_H

#include <signpost/resource.h>

/* Whether the link text can be the resource's name. */
bool sp_mention_has_name(const sp_resource_mention *mention);

/* The link text that names the resource: in the language of the first `own` mentions, or else in
   any. Empty if all link texts are vague. */
sp_bytes sp_resource_name(const sp_resource *resource, uint32_t own, sp_arena *arena);

/* The part of the mention's description that names the resource if no link text does. It is short
   and, if the description is the sentence with the link, contains the link. Empty if the
   description says too little. */
sp_range sp_name_in_description(const sp_resource_mention *mention);

/* "levels.fyi" for "https://www.levels.fyi/". */
sp_bytes sp_resource_address(const sp_resource *resource);

/* The number of posts that mention the resource. */
uint32_t sp_resource_posts(const sp_resource *resource);

#endif
