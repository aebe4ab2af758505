// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finder: "where is the next X?" asked at ever later places of one text, in time linear over all
 * questions. What is nowhere ahead is searched for once.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_FINDER_H
#define SIGNPOST_INDEXER_MARKDOWN_FINDER_H

#include <signpost/text.h>

typedef struct sp_finder {
    sp_bytes text, needle;
    size_t next; /* the answer, while asked */
    bool asked;
} sp_finder;

/* Offset of the first needle at or after `from`, or SIZE_MAX. `from` never goes back. */
static inline size_t
sp_finder_next(sp_finder *finder, size_t from)
{
    if (!finder->asked || finder->next < from) {
        finder->next = sp_bytes_find(finder->text, finder->needle, from);
        finder->asked = true;
    }
    return finder->next;
}

#endif
