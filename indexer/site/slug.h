// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Slugs and titles: how Jekyll makes the one of a file's name and the other of a slug.
 *
 * All append to an sp_str and take any bytes; what is not UTF-8 counts as a character that no slug
 * keeps. Of Jekyll's slug modes only those that reach a URL are here.
 */
#ifndef SIGNPOST_INDEXER_SITE_SLUG_H
#define SIGNPOST_INDEXER_SITE_SLUG_H

#include <signpost/text.h>

enum sp_slug_mode {
    SP_SLUG_DEFAULT, /* letters, marks and digits, in lower case: "c", "data-science" */
    SP_SLUG_PRETTY   /* also ._~!$&'()+,;=@ and as cased: "It's", "C++" */
};

/* Runs of what the mode does not keep become one hyphen, none at the ends. */
void sp_slug_append(sp_str *out, sp_bytes text, enum sp_slug_mode mode);

/* Every character's lower case. */
void sp_slug_append_lower(sp_str *out, sp_bytes text);

/* "no-title-given" to "No Title Given": words between hyphens, capitalised. */
void sp_slug_append_title(sp_str *out, sp_bytes slug);

#endif
