// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Jekyll's rules for the slug of a file's name and for the title of a slug.
 *
 * All functions append to an sp_str and accept any bytes; bytes that are not UTF-8 count as a
 * character that no slug keeps. Of Jekyll's slug modes, only those used in URLs are here.
 */
#ifndef SIGNPOST_INDEXER_SITE_SLUG_H
#define SIGNPOST_INDEXER_SITE_SLUG_H

#include <signpost/text.h>

enum sp_slug_mode {
    SP_SLUG_DEFAULT, /* letters, marks and digits, in lower case: "c", "data-science" */
    SP_SLUG_PRETTY   /* keeps ._~!$&'()+,;=@ and upper case, too: "It's", "C++" */
};

/* Appends the slug of text. Each run of characters that the mode does not keep becomes one hyphen,
   or is dropped at the ends. */
void sp_slug_append(sp_str *out, sp_bytes text, enum sp_slug_mode mode);

/* Appends text in lower case. */
void sp_slug_append_lower(sp_str *out, sp_bytes text);

/* Appends the capitalised words of a slug: "no-title-given" becomes "No Title Given". */
void sp_slug_append_title(sp_str *out, sp_bytes slug);

#endif
