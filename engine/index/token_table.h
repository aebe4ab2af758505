// SPDX-License-Identifier: GPL-2.0-or-later
/* One step over the spans of a token table, inline: passages and unpacking take it for each word.
 */
#ifndef SIGNPOST_ENGINE_INDEX_TOKEN_TABLE_H
#define SIGNPOST_ENGINE_INDEX_TOKEN_TABLE_H

#include <signpost/record.h>

#define SPAN_NIBBLE_MAX 15u

/* For sp_span_step: the rest of an escaped token, whose kind is given. */
bool sp_span_next_escaped(sp_bytes spans, sp_span_walk *walk, unsigned escape);

static inline bool
sp_span_step(sp_bytes spans, sp_span_walk *walk)
{
    if (walk->at >= spans.len)
        return false;
    unsigned byte = (unsigned char)spans.data[walk->at++];
    if ((byte & SPAN_NIBBLE_MAX) == 0)
        return sp_span_next_escaped(spans, walk, byte >> 4);
    walk->form = false;
    walk->start = walk->plain_end + (byte >> 4);
    walk->end = walk->start + (byte & SPAN_NIBBLE_MAX);
    walk->plain_end = walk->end;
    return true;
}

#endif
