// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints the answer of --why-not as text for a terminal. */
#ifndef SIGNPOST_SEARCH_WHY_NOT_H
#define SIGNPOST_SEARCH_WHY_NOT_H

#include <signpost/why_not.h>

/* Appends lines, each with a line feed. Replaces control characters in query words and URLs. */
void sp_why_not_print(const sp_why_not *answer, sp_str *out);

#endif
