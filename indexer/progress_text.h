// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text of progress: a bar that fits into a number of columns, and plain lines. Each function
 * replaces the contents of `out` and prints nothing.
 */
#ifndef SIGNPOST_INDEXER_PROGRESS_TEXT_H
#define SIGNPOST_INDEXER_PROGRESS_TEXT_H

#include "indexer/run/run.h"

typedef struct sp_progress_state {
    enum sp_phase phase;
    size_t done, total; /* total 0: unknown */
    double seconds;     /* since the phase began */
    bool has_rate;      /* rate (steps a second) and left (seconds) are known */
    double rate, left;
} sp_progress_state;

/* Makes a line of at most `columns` columns: "reading posts [####....] 40/80 20/s 2 s left", or for
   resources "gathering resources [####....] 50 % 2 s left". If there is less room, drops the rate,
   then the bar, then the time left, and at last cuts the text. */
void sp_progress_text_bar(const sp_progress_state *state, size_t columns, sp_str *out);

/* "reading posts: 40 of 80, 20/s, 2 s left". */
void sp_progress_text_line(const sp_progress_state *state, sp_str *out);

/* The line at the end of a phase: "reading posts: 80 in 4.1 s". */
void sp_progress_text_end(const sp_progress_state *state, sp_str *out);

#endif
