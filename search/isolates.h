// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Isolates: the marks of the bidirectional algorithm (Unicode Standard Annex #9) that keep the
 * direction of a piece of text from changing the order of the text around it.
 *
 * Texts in Hebrew, Arabic and Persian need isolates, so `search` prints them. A passage can begin
 * or end inside an isolate. Each text that `search` prints, and each line of it, therefore closes
 * the isolates that it opens.
 */
#ifndef SIGNPOST_SEARCH_ISOLATES_H
#define SIGNPOST_SEARCH_ISOLATES_H

#include <signpost/text.h>

#define SP_ISOLATES_MAX 8 /* open at once; more are replaced by U+FFFD */

/* Zeroed: none is open. */
typedef struct sp_isolates {
    uint32_t open[SP_ISOLATES_MAX];
    unsigned count;
} sp_isolates;

/* The character to print for one of a text. An isolate stays if it can be closed, and so do the
   marks that only give a direction to themselves (U+061C, U+200E, U+200F). An end without a start
   becomes U+FFFD, as do embeddings, overrides and control characters. */
uint32_t sp_isolates_take(sp_isolates *isolates, uint32_t code_point);

/* Appends what closes all open isolates. They stay recorded. */
void sp_isolates_append_ends(const sp_isolates *isolates, sp_str *out);

/* Appends what opens the recorded isolates again, on the next line. */
void sp_isolates_append_starts(const sp_isolates *isolates, sp_str *out);

#endif
