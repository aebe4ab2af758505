// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The field weights of a document's text: a list of spans that together cover the text. A span ends
 * where the next one begins. Plain data from an arena.
 */
#ifndef SIGNPOST_ENGINE_WRITE_WEIGHTED_SPANS_H
#define SIGNPOST_ENGINE_WRITE_WEIGHTED_SPANS_H

#include <signpost/arena.h>

typedef struct sp_weighted_span {
    uint32_t start; /* byte offset in the text */
    uint32_t wdf;   /* of each word */
    bool positions; /* the words are indexed with their positions */
} sp_weighted_span;

typedef struct sp_weighted_spans {
    sp_weighted_span *items; /* in order of start */
    size_t count, capacity;
} sp_weighted_spans;

/* Appends a span. The list is allocated from the arena, which remembers when memory is out. */
void sp_weighted_spans_add(sp_arena *arena, sp_weighted_spans *spans, uint32_t start, uint32_t wdf,
                           bool positions);

#endif
