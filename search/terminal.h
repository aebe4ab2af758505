// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints an answer as text for a terminal. */
#ifndef SIGNPOST_SEARCH_TERMINAL_H
#define SIGNPOST_SEARCH_TERMINAL_H

#include <signpost/answer.h>

typedef struct sp_terminal {
    bool color;
    bool hyperlinks;   /* OSC 8; only with color */
    unsigned width;    /* columns */
    sp_bytes base_url; /* prefix of site-relative URLs, in hyperlinks only; borrowed */
} sp_terminal;

/* Finds out what the terminal on standard output supports. */
sp_terminal sp_terminal_detect(bool color);

/* Appends the hits and the related documents. */
void sp_terminal_print(const sp_terminal *terminal, const sp_answer *answer, sp_str *out);

/* Appends the notes for standard error: that nothing was found, that no document has every word,
   that the query was cut, or that a corrected query was answered. Appends nothing for an ordinary
   answer. */
void sp_terminal_print_notes(const sp_answer *answer, sp_str *out);

#endif
