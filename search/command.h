// SPDX-License-Identifier: GPL-2.0-or-later
/* The commands of `search`: answering a query and evaluating an index. */
#ifndef SIGNPOST_SEARCH_COMMAND_H
#define SIGNPOST_SEARCH_COMMAND_H

#include "options.h"

/* Writes the answer to standard output, and notes and errors to standard error. Returns the exit
   status of the program: 0 if something was found or evaluated, 1 if nothing was found, 2 after an
   error. */
int sp_command_run(const sp_search_options *options);

#endif
