// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finder: searches one text for the next occurrence of a string, from offsets that never decrease.
 * All searches together take linear time, because the finder keeps the last result, and also
 * remembers that nothing was found.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_FINDER_H
#define SIGNPOST_INDEXER_MARKDOWN_FINDER_H

#include <signpost/text.h>

typedef struct sp_finder {
    sp_bytes text, needle;
    size_t next; /* the last result, if `searched` */
    bool searched;
} sp_finder;

/* Returns the offset of the first occurrence of the needle at or after `from`, or SIZE_MAX if it
   does not occur there. `from` must not decrease. */
static inline size_t
sp_finder_next(sp_finder *finder, size_t from)
{
    if (!finder->searched || finder->next < from) {
        finder->next = sp_bytes_find(finder->text, finder->needle, from);
        finder->searched = true;
    }
    return finder->next;
}

#endif
