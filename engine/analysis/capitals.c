// SPDX-License-Identifier: GPL-2.0-or-later
#include "capitals.h"

#include "stop_words.h"

#include <signpost/ascii.h>

#include <utf8proc.h>

enum sp_letters_case
sp_letters_case_of(sp_bytes written)
{
    size_t capitals = 0;
    for (size_t at = 0; at < written.len;) {
        uint32_t code;
        at += sp_utf8_decode(written, at, &code);
        utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);
        if (category == UTF8PROC_CATEGORY_LL)
            return SP_CASE_OTHER;
        capitals += category == UTF8PROC_CATEGORY_LU;
    }
    return capitals < 2 ? SP_CASE_UNKNOWN : SP_CASE_CAPITALS;
}

bool
sp_capitals_form(sp_bytes text, const struct sp_word *word, struct sp_letters *marked)
{
    if (word->form || word->elided || word->folded.len < 2)
        return false;
    size_t letters = 0;
    for (uint32_t at = word->start; at < word->end; at++) {
        if (!sp_ascii_is_upper(text.data[at]) && text.data[at] != '.')
            return false;
        letters += text.data[at] != '.';
    }
    if (letters != word->folded.len || !sp_is_stop_word_of_any_language(word->folded))
        return false;
    *marked = (struct sp_letters){0};
    sp_letters_append(marked, SP_CAPITALS_MARK, strlen(SP_CAPITALS_MARK));
    sp_letters_append(marked, word->folded.data, word->folded.len);
    return true;
}

/* The case of the nearest word on one side that has a case, in the same block. The word at `index`
   has one and so ends the walks of others: all walks of a text together take linear time. */
static enum sp_letters_case
case_beside(sp_bytes text, const sp_token *tokens, size_t count, size_t index, bool after)
{
    uint32_t position = tokens[index].position;
    for (size_t i = after ? index + 1 : index; after ? i < count : i-- > 0; i += after) {
        const sp_token *token = &tokens[i];
        uint32_t gap = after ? token->position - position : position - token->position;
        if (token->form || token->start == tokens[index].start)
            continue;
        if (gap >= SP_BLOCK_GAP)
            break;
        position = token->position;
        enum sp_letters_case here =
            sp_letters_case_of(sp_bytes_slice(text, token->start, token->end));
        if (here != SP_CASE_UNKNOWN)
            return here;
    }
    return SP_CASE_UNKNOWN;
}

static bool
is_in_headline(sp_bytes text, const sp_token *tokens, size_t count, size_t index)
{
    enum sp_letters_case before = case_beside(text, tokens, count, index, false);
    if (before == SP_CASE_OTHER)
        return false;
    enum sp_letters_case after = case_beside(text, tokens, count, index, true);
    return after != SP_CASE_OTHER && (before == SP_CASE_CAPITALS || after == SP_CASE_CAPITALS);
}

size_t
sp_capitals_drop_headlines(sp_bytes text, sp_token *tokens, size_t count)
{
    size_t kept = 0; /* tokens that moved here stay behind as well, which is_in_headline allows */
    for (size_t i = 0; i < count; i++) {
        if (!sp_is_in_capitals(tokens[i].word) || !is_in_headline(text, tokens, count, i))
            tokens[kept++] = tokens[i];
    }
    return kept;
}
