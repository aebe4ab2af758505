// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes HTML from templates. All values that are filled into a template are escaped, so that
 * callers cannot forget to escape a value.
 */
#ifndef SIGNPOST_SEARCHD_WEB_HTML_H
#define SIGNPOST_SEARCHD_WEB_HTML_H

#include "words.h"

#include <signpost/answer.h>

/* SP_HTML(out, "<a href=\"{}\">{}</a>", url, title): appends the template and replaces each {} by
   the next sp_bytes, escaped for text and quoted attributes. There must be as many {} as values. */
#define SP_HTML(out, template, ...)                                                                \
    sp_html_fill((out), (template), (const sp_bytes[]){__VA_ARGS__},                               \
                 sizeof((const sp_bytes[]){__VA_ARGS__}) / sizeof(sp_bytes))

void sp_html_fill(sp_str *out, const char *template, const sp_bytes *values, size_t count);

/* Returns a number with thousands separators, such as "12,345", in the arena. */
sp_bytes sp_html_number(sp_arena *arena, const sp_words *words, uint32_t number);

/* Returns the text of a key in the plural form for a number, which fills {n}: "12 guides". */
sp_bytes sp_html_count(sp_arena *arena, const sp_words *words, const char *key, uint32_t number);

/* Returns "2 May 2018" for "2018-05-02", and any other text unchanged. */
sp_bytes sp_html_date(sp_arena *arena, const sp_words *words, sp_bytes date);

/* Appends a link with marked text. If the URL is neither HTTP nor site-relative, appends only the
   text: an index may contain any URL, such as one that runs a script. `lang` may be empty. */
void sp_html_link(sp_str *out, sp_bytes url, const sp_marked *text, sp_bytes lang);

/* Appends a paragraph of marked text from the site. `lang` may be empty. */
void sp_html_text(sp_str *out, const sp_marked *text, sp_bytes lang);

#endif
