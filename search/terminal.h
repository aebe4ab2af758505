// SPDX-License-Identifier: GPL-2.0-or-later
/* An answer for a person at a terminal. */
#ifndef SIGNPOST_SEARCH_TERMINAL_H
#define SIGNPOST_SEARCH_TERMINAL_H

#include <signpost/answer.h>

typedef struct sp_terminal {
    bool color;
    bool hyperlinks;   /* OSC 8; needs color */
    unsigned width;    /* columns */
    sp_bytes base_url; /* before site-relative URLs in hyperlinks only */
} sp_terminal;

/* What the terminal behind standard output can do. */
sp_terminal sp_terminal_detect(bool color);

/* Appends text without what a terminal would obey. */
void sp_terminal_put_text(sp_str *out, sp_bytes text);

void sp_terminal_print(const sp_terminal *terminal, const sp_answer *answer, sp_str *out);

/* What the reader should know beside the hits, for standard error: nothing found, not every word,
   cut short, another query than the one typed. Nothing if there is nothing to say. */
void sp_terminal_print_notes(const sp_answer *answer, sp_str *out);

#endif
