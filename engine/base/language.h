// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Language tags (BCP 47). Only the primary tag counts: "en" in "en-US" and in "en_GB". Pure
 * functions, for any thread.
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

#endif
