// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Answers as JSON, in the form of the HTTP API and of `search --json`, and as HTML. Each function
 * appends one value, without a newline, and reports an allocation failure by out->failed.
 */
#ifndef SIGNPOST_ANSWER_JSON_H
#define SIGNPOST_ANSWER_JSON_H

#include <signpost/answer.h>
#include <signpost/explain.h>
#include <signpost/suggest.h>
#include <signpost/why_not.h>

/* answer_json.c */

void sp_answer_print_json(const sp_answer *answer, sp_str *out);

/* Appends the text, escaped for HTML, with <mark> around the marks. */
void sp_marked_print_html(const sp_marked *marked, sp_str *out);

/* explain_json.c */

void sp_explanation_print_json(const sp_explanation *explanation, sp_str *out);

/* suggest_json.c */

/* {"query","suggestions":[{"text","kind","url"}]} */
void sp_suggestions_print_json(const sp_suggestions *suggestions, sp_str *out);

/* The OpenSearch Suggestions extension 1.1: [query, [texts], [descriptions], [urls]]. `site` is put
   before URLs that begin with '/'. */
void sp_suggestions_print_opensearch(const sp_suggestions *suggestions, sp_bytes site, sp_str *out);

/* why_not_json.c */

void sp_why_not_print_json(const sp_why_not *why_not, sp_str *out);

#endif
