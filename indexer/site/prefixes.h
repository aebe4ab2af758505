// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A set of texts that can be asked which of them a given text begins with, in time that depends on
 * the length of the given text and not on the size of the set. Each text has numbered items: the
 * patterns, or the entries of `defaults`, that concern only paths which begin with this text.
 *
 * Zero-initialise a set; sp_prefixes_done frees it. Memory for the texts is borrowed. While a set
 * does not change, any thread may read it.
 */
#ifndef SIGNPOST_INDEXER_SITE_PREFIXES_H
#define SIGNPOST_INDEXER_SITE_PREFIXES_H

#include "engine/base/table.h"

#include <signpost/text.h>

typedef struct sp_prefixes {
    sp_table table;
    struct sp_prefix *items; /* the texts */
    uint32_t *next;          /* by item: 1 + the item of the same text that was added before it */
    size_t count, capacity;
    size_t next_capacity;
    uint32_t base; /* of the hashes */
} sp_prefixes;

void sp_prefixes_done(sp_prefixes *prefixes);

/* Adds an item for a text; items of all texts are numbered from 0 by the caller, each once. Returns
   false if memory is out. */
bool sp_prefixes_add(sp_prefixes *prefixes, sp_bytes text, uint32_t item);

/* Whether the set contains the text itself. */
bool sp_prefixes_has(const sp_prefixes *prefixes, sp_bytes text);

/* Sets *item to the item of the text itself that was added last. Returns false if there is none. */
bool sp_prefixes_find(const sp_prefixes *prefixes, sp_bytes text, uint32_t *item);

/* The items of all texts in the set that `text` begins with, one by one:
       for (sp_prefix_walk walk = {.text = path}; sp_prefixes_next(&set, &walk, &item);) */
typedef struct sp_prefix_walk {
    sp_bytes text;
    size_t len; /* of the next prefix to look up */
    uint32_t hash, item_plus_1;
} sp_prefix_walk;

bool sp_prefixes_next(const sp_prefixes *prefixes, sp_prefix_walk *walk, uint32_t *item);

#endif
