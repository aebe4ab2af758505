// SPDX-License-Identifier: GPL-2.0-or-later
/* Explanations in words, for a person at a terminal. */
#ifndef SIGNPOST_SEARCH_EXPLAIN_H
#define SIGNPOST_SEARCH_EXPLAIN_H

#include <signpost/explain.h>

/* Appends the lines that say why a hit stands where it does, each indented by four columns. Control
   characters of what was typed are replaced. */
void sp_explanation_print(const sp_explanation *explanation, sp_str *out);

#endif
