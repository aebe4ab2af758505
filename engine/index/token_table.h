// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The token table of a record (record.h): for each token of the text, the hash of its stem and its
 * byte range.
 *
 * Reading is inline because passages and the unpacking of records take one step for each word.
 * Pure functions, for any thread.
 */
#ifndef SIGNPOST_ENGINE_INDEX_TOKEN_TABLE_H
#define SIGNPOST_ENGINE_INDEX_TOKEN_TABLE_H

#include <signpost/analyzer.h>
#include <signpost/record.h>

#define SP_SPAN_NIBBLE_MAX 15u

/* Appends the tokens to the two parts of a table, sp_record.hashes and sp_record.spans. */
void sp_token_table_append(sp_str *hashes, sp_str *spans, const sp_tokens *tokens);

/* Appends the hashes alone: of the same tokens, stemmed in another language. */
void sp_token_hashes_append(sp_str *hashes, const sp_tokens *tokens);

/* Replaces the hashes of a table where it has the same tokens: a part of the text, which begins at
   `start`, stemmed in another language. */
void sp_token_hashes_replace(sp_str *hashes, sp_bytes spans, uint32_t start,
                             const sp_tokens *tokens);

/* The state of a walk over spans; it begins zeroed. */
typedef struct sp_span_walk {
    size_t at;           /* offset in spans */
    uint32_t start, end; /* byte range of the current token in the text */
    uint32_t plain_end;  /* end of the last token that is not a form */
    bool form;           /* the current token is a joined form of the words before it */
} sp_span_walk;

/* The part of sp_span_next for a token that does not fit into one byte. */
bool sp_span_next_escaped(sp_bytes spans, sp_span_walk *walk, unsigned escape);

/* Moves to the next token. False after the last one, and where the table is damaged. */
static inline bool
sp_span_next(sp_bytes spans, sp_span_walk *walk)
{
    if (walk->at >= spans.len)
        return false;
    unsigned byte = (unsigned char)spans.data[walk->at++];
    if ((byte & SP_SPAN_NIBBLE_MAX) == 0)
        return sp_span_next_escaped(spans, walk, byte >> 4);
    walk->form = false;
    walk->start = walk->plain_end + (byte >> 4);
    walk->end = walk->start + (byte & SP_SPAN_NIBBLE_MAX);
    walk->plain_end = walk->end;
    return true;
}

#endif
