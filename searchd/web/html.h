// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * HTML, written so that what is not ours cannot be forgotten to be escaped: a page is made of
 * templates, and all that is put into one is escaped.
 */
#ifndef SIGNPOST_SEARCHD_WEB_HTML_H
#define SIGNPOST_SEARCHD_WEB_HTML_H

#include <signpost/answer.h>

/* SP_HTML(out, "<a href=\"{}\">{}</a>", url, title): appends the template with the sp_bytes that
   follow, escaped for text and quoted attributes, in the place of each {}. There must be as many
   {} as values. */
#define SP_HTML(out, template, ...)                                                                \
    sp_html_fill((out), (template), (const sp_bytes[]){__VA_ARGS__},                               \
                 sizeof((const sp_bytes[]){__VA_ARGS__}) / sizeof(sp_bytes))

void sp_html_fill(sp_str *out, const char *template, const sp_bytes *values, size_t count);

/* A number as text in the arena, its thousands apart: "12,345". */
sp_bytes sp_html_number(sp_arena *arena, uint32_t number);

/* "1 guide", "12 guides". */
sp_bytes sp_html_count(sp_arena *arena, uint32_t number, const char *one, const char *many);

/* "YYYY-MM-DD" as "2 May 2018"; what is no date as it is. */
sp_bytes sp_html_date(sp_arena *arena, sp_bytes date);

/* A link with the marked text in it; only the text where the URL is neither of HTTP nor relative to
   the site, for an index may hold anything. `lang` may be empty. */
void sp_html_link(sp_str *out, sp_bytes url, const sp_marked *text, sp_bytes lang);

/* A paragraph of the site's text. */
void sp_html_text(sp_str *out, const sp_marked *text, sp_bytes lang);

#endif
