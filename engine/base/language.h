// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Language tags (BCP 47). Only the primary tag says how words are read: "en" in "en-US" and in
 * "en_GB". Pure functions, for any thread.
 */
#ifndef SIGNPOST_ENGINE_BASE_LANGUAGE_H
#define SIGNPOST_ENGINE_BASE_LANGUAGE_H

#include <signpost/text.h>

/* The most letters of a primary tag. */
#define SP_LANGUAGE_MAX 3

/* The primary tag as written; borrowed. */
sp_bytes sp_language_primary(sp_bytes tag);

/* Writes the primary tag in lower case, NUL-terminated, and returns its length. A tag that is
   longer than SP_LANGUAGE_MAX or has characters other than ASCII letters gives "" and 0. */
size_t sp_language_read(sp_bytes tag, char out[SP_LANGUAGE_MAX + 1]);

/* The longest tag that is kept whole. */
#define SP_LANGUAGE_TAG_MAX 35

/* Appends the tag as written, but with '-' between its subtags: "zh-Hans". Of a tag with malformed
   subtags, appends the primary tag; of a tag without a valid primary tag, nothing. */
void sp_language_append_tag(sp_str *out, sp_bytes tag);

/* Appends the tag in the form that filters compare: in lower case, with '-' between its subtags. */
void sp_language_append_folded(sp_str *out, sp_bytes tag);

/* Whether the tags have the same primary tag; case does not count. */
bool sp_language_equal(sp_bytes a, sp_bytes b);

#endif
