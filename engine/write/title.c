// SPDX-License-Identifier: GPL-2.0-or-later
#include "title.h"

#include <signpost/schema.h>

#include <limits.h>

static bool
is_repeated(const sp_tokens *tokens, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (tokens->items[i].hash == tokens->items[index].hash)
            return true;
    }
    return false;
}

/* Only this many tokens are looked at, so that a title of thousands of words costs little. */
#define TOKENS_MAX 512

static unsigned char
count_stems(const sp_analyzer *analyzer, const sp_record *record, const sp_tokens *tokens,
            bool stop_words)
{
    unsigned count = 0;
    for (size_t i = 0; i < tokens->count && i < TOKENS_MAX && count < UCHAR_MAX; i++) {
        const sp_token *token = &tokens->items[i];
        if (token->end > sp_record_name(record).end)
            break;
        bool stop = sp_analyzer_is_stop_word(analyzer, sp_without_capitals(token->word));
        bool counts = token->form ? stop && sp_is_in_capitals(token->word) : stop_words || !stop;
        count += counts && !is_repeated(tokens, i);
    }
    return (unsigned char)count;
}

void
sp_title_add_length(sp_postings *postings, const sp_analyzer *analyzer, const sp_record *record,
                    const sp_tokens *tokens)
{
    unsigned char length = count_stems(analyzer, record, tokens, false);
    if (length == 0)
        length = count_stems(analyzer, record, tokens, true);
    if (record->kind == SP_KIND_RESOURCE)
        length = length <= UCHAR_MAX / 2 ? (unsigned char)(length * 2) : UCHAR_MAX;
    if (length > 0)
        sp_postings_set(postings, SP_SLOT_TITLE, (sp_bytes){(const char *)&length, 1});
}
