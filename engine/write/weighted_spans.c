// SPDX-License-Identifier: GPL-2.0-or-later
#include "weighted_spans.h"

void
sp_weighted_spans_add(sp_arena *arena, sp_weighted_spans *spans, uint32_t start, uint32_t wdf,
                      bool positions)
{
    spans->items = sp_arena_grow(arena, spans->items, &spans->capacity, spans->count + 1,
                                 sizeof(sp_weighted_span));
    if (spans->items)
        spans->items[spans->count++] = (sp_weighted_span){start, wdf, positions};
}
