// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The language of a page's words. It is, in this order:
 *
 * 1. the only language that the search asks for (`lang=de`);
 * 2. of the languages that the reader's browser accepts, the most wanted one that is the site's or
 *    that some document of the index is in;
 * 3. the site's language;
 * 4. the most wanted language that the browser accepts;
 * 5. English.
 *
 * Languages without words (words.h) are ignored.
 */
#ifndef SIGNPOST_SEARCHD_WEB_LANGUAGE_H
#define SIGNPOST_SEARCHD_WEB_LANGUAGE_H

#include "../exchange.h"
#include "words.h"

#include <signpost/reader.h>
#include <signpost/search.h>

#define SP_ACCEPTED_MAX 4

typedef struct sp_languages {
    const sp_words *asked;                     /* NULL: none or several */
    const sp_words *accepted[SP_ACCEPTED_MAX]; /* the most wanted first */
    size_t accepted_count;
} sp_languages;

/* Reads the languages of a request. `asked` may be NULL. */
void sp_languages_read(const sp_exchange *exchange, const sp_request *asked, sp_languages *out);

/* Reads an Accept-Language field (RFC 9110, 12.5.4). Unknown and refused languages are left out. */
void sp_languages_accept(sp_bytes field, sp_languages *out);

/* Appends what the choice depends on. Equal texts mean equal choices. */
void sp_languages_canonical(const sp_languages *languages, sp_str *out);

/* Returns the words for a page. `reader` may be NULL, if there is no index. */
const sp_words *sp_languages_choose(const sp_languages *languages, sp_reader *reader);

#endif
