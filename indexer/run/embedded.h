// SPDX-License-Identifier: GPL-2.0-or-later
/* Files of the source tree that are compiled into the program (cmake/embed.cmake). */
#ifndef SIGNPOST_INDEXER_RUN_EMBEDDED_H
#define SIGNPOST_INDEXER_RUN_EMBEDDED_H

#include <stddef.h>

extern const unsigned char sp_default_synonyms[]; /* default-synonyms.txt */
extern const size_t sp_default_synonyms_len;

#endif
