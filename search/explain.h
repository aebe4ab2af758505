// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints the explanations of --explain as text for a terminal. */
#ifndef SIGNPOST_SEARCH_EXPLAIN_H
#define SIGNPOST_SEARCH_EXPLAIN_H

#include <signpost/explain.h>

/* Appends lines that say why a hit has its rank, each indented by four columns. Replaces control
   characters in query words. */
void sp_explanation_print(const sp_explanation *explanation, sp_str *out);

#endif
