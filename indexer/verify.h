// SPDX-License-Identifier: GPL-2.0-or-later
/* indexer --verify. */
#ifndef SIGNPOST_INDEXER_VERIFY_H
#define SIGNPOST_INDEXER_VERIFY_H

#include "options.h"

/* Verifies the index and prints the result. Returns the exit code. */
int sp_verify_command(const sp_indexer_options *options);

#endif
