// SPDX-License-Identifier: GPL-2.0-or-later
#include "token_table.h"

#include <signpost/packing.h>

/* A token takes one byte: the high four bits are the gap since the end of the last token that is
   not a form, the low four bits are the length of the token. Length 0 is an escape: the high bits
   are the kind of escape, and a distance and a length follow as numbers (packing.h). Few words are
   longer than 15 bytes or more than 15 bytes apart, so with its 3-byte hash a word takes 4
   bytes. */
enum escape {
    ESCAPE_LONG, /* the distance is forward from the end of the last token that is not a form */
    ESCAPE_BACK, /* the distance is backward from there: pairs of Chinese characters overlap */
    ESCAPE_FORM  /* a form, at a distance backward from there */
};

static void
put_escaped(sp_str *spans, enum escape escape, uint32_t distance, uint32_t len)
{
    sp_str_append_char(spans, (char)(escape << 4));
    sp_pack_number(spans, distance);
    sp_pack_number(spans, len);
}

static void
put_span(sp_str *spans, const sp_token *token, uint32_t last_end)
{
    uint32_t len = token->end - token->start;
    if (token->form || token->start < last_end) {
        put_escaped(spans, token->form ? ESCAPE_FORM : ESCAPE_BACK, last_end - token->start, len);
        return;
    }
    uint32_t gap = token->start - last_end;
    if (gap <= SP_SPAN_NIBBLE_MAX && len <= SP_SPAN_NIBBLE_MAX)
        sp_str_append_char(spans, (char)(gap << 4 | len));
    else
        put_escaped(spans, ESCAPE_LONG, gap, len);
}

struct hash_bytes {
    char bytes[3];
};

static struct hash_bytes
pack_hash(uint32_t hash)
{
    return (struct hash_bytes){{(char)hash, (char)(hash >> 8), (char)(hash >> 16)}};
}

void
sp_token_hashes_append(sp_str *hashes, const sp_tokens *tokens)
{
    for (size_t i = 0; i < tokens->count; i++) {
        struct hash_bytes packed = pack_hash(tokens->items[i].hash);
        sp_str_append(hashes, (sp_bytes){packed.bytes, sizeof packed.bytes});
    }
}

void
sp_token_hashes_replace(sp_str *hashes, sp_bytes spans, uint32_t start, const sp_tokens *tokens)
{
    sp_span_walk walk = {0};
    size_t next = 0;
    for (size_t at = 0; next < tokens->count && sp_span_next(spans, &walk); at += 3) {
        const sp_token *token = &tokens->items[next];
        if (walk.start != start + token->start || walk.end != start + token->end)
            continue;
        struct hash_bytes packed = pack_hash(token->hash);
        memcpy(hashes->data + at, packed.bytes, sizeof packed.bytes);
        next++;
    }
}

void
sp_token_table_append(sp_str *hashes, sp_str *spans, const sp_tokens *tokens)
{
    uint32_t last_end = 0;
    sp_token_hashes_append(hashes, tokens);
    for (size_t i = 0; i < tokens->count; i++) {
        const sp_token *token = &tokens->items[i];
        put_span(spans, token, last_end);
        if (!token->form)
            last_end = token->end;
    }
}

bool
sp_span_next_escaped(sp_bytes spans, sp_span_walk *walk, unsigned escape)
{
    uint32_t distance, len;
    if (!sp_unpack_number_at(spans, &walk->at, &distance) ||
        !sp_unpack_number_at(spans, &walk->at, &len))
        return false;
    if (escape > ESCAPE_FORM || (escape != ESCAPE_LONG && distance > walk->plain_end))
        return false;
    walk->form = escape == ESCAPE_FORM;
    walk->start = walk->plain_end + (escape == ESCAPE_LONG ? distance : 0u - distance);
    walk->end = walk->start + len;
    if (!walk->form)
        walk->plain_end = walk->end;
    return true;
}
