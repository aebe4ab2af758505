// SPDX-License-Identifier: GPL-2.0-or-later
#include "completion.h"

#include <signpost/ascii.h>

#include <stdlib.h>
#include <xxhash.h>

/* The most completions of one text. Each begins with another of its words. */
#define STARTS_MAX 6
/* How often a post must contain a pair of words for a completion. */
#define PAIR_MIN 2
#define WORD_MIN 2 /* bytes of each word in a pair */

sp_bytes
sp_completion_cut(sp_bytes text)
{
    return sp_utf8_cut(text, SP_COMPLETION_MAX);
}

static void
add_completion(sp_arena *arena, sp_completions *out, sp_bytes text, enum sp_completion_kind kind,
               bool inner, unsigned weight)
{
    SP_AUTO(sp_str_done) sp_str term = {0};
    sp_str_append(&term, text);
    sp_str_append_format(&term, "%c%c%c%u", SP_COMPLETION_GAP, (char)kind, inner ? '1' : '0',
                         weight < 9 ? weight : 9);
    out->items =
        sp_arena_grow(arena, out->items, &out->capacity, out->count + 1, sizeof *out->items);
    if (out->items)
        out->items[out->count++] = sp_arena_copy_str(arena, &term);
}

static sp_bytes
word_at(sp_bytes text, size_t at)
{
    const char *space = memchr(text.data + at, ' ', text.len - at);
    return sp_bytes_slice(text, at, space ? (size_t)(space - text.data) : text.len);
}

static void
add_text(const sp_analyzer *analyzer, sp_bytes text, enum sp_completion_kind kind, unsigned weight,
         sp_arena *arena, sp_completions *out)
{
    SP_AUTO(sp_str_done) sp_str folded = {0};
    unsigned starts = 0;
    sp_fold_append(&folded, text);
    arena->failed |= folded.failed;
    sp_bytes rest = sp_str_bytes(&folded);
    for (size_t at = 0; at < rest.len && starts < STARTS_MAX;) {
        sp_bytes word = word_at(rest, at);
        if (at == 0 || !sp_analyzer_is_stop_word(analyzer, word)) {
            add_completion(arena, out, sp_completion_cut(sp_bytes_slice(rest, at, rest.len)), kind,
                           at > 0, weight);
            starts++;
        }
        at += word.len + 1;
    }
}

/* Pairs of words */

struct pair {
    uint64_t hash;
    const sp_token *first, *second;
};

static bool
can_pair(const sp_analyzer *analyzer, const sp_token *token)
{
    sp_bytes word = token->word;
    return word.len >= WORD_MIN && !sp_ascii_is_digit(word.data[0]) &&
           !sp_analyzer_is_stop_word(analyzer, word);
}

static int
compare_pairs(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return a->first < b->first ? -1 : a->first > b->first;
}

static size_t
list_pairs(const sp_analyzer *analyzer, const sp_tokens *tokens, struct pair *pairs)
{
    size_t count = 0;
    const sp_token *before = NULL;
    for (size_t i = 0; i < tokens->count; i++) {
        const sp_token *token = &tokens->items[i];
        if (token->form)
            continue;
        bool good = can_pair(analyzer, token);
        if (good && before && before->position + 1 == token->position) {
            uint64_t hash = XXH3_64bits(before->word.data, before->word.len);
            hash = XXH3_64bits_withSeed(token->word.data, token->word.len, hash);
            pairs[count++] = (struct pair){hash, before, token};
        }
        before = good ? token : NULL;
    }
    qsort(pairs, count, sizeof *pairs, compare_pairs);
    return count;
}

static void
add_pairs(const sp_analyzer *analyzer, const sp_tokens *tokens, sp_arena *arena,
          sp_completions *out)
{
    struct pair *pairs = sp_arena_array(arena, tokens->count, sizeof *pairs);
    size_t count = pairs ? list_pairs(analyzer, tokens, pairs) : 0;
    for (size_t first = 0, end; first < count; first = end) {
        end = first + 1;
        while (end < count && pairs[end].hash == pairs[first].hash)
            end++;
        if (end - first < PAIR_MIN)
            continue;
        SP_AUTO(sp_str_done) sp_str text = {0};
        sp_str_append(&text, pairs[first].first->word);
        sp_str_append_char(&text, ' ');
        sp_str_append(&text, pairs[first].second->word);
        arena->failed |= text.failed;
        add_completion(arena, out, sp_completion_cut(sp_str_bytes(&text)), SP_COMPLETION_PAIR,
                       false, 0);
    }
}

static unsigned
log2_of(uint32_t number)
{
    unsigned log = 0;
    while (number > 1) {
        number /= 2;
        log++;
    }
    return log;
}

static sp_bytes
range_of(const sp_record *record, sp_range range)
{
    return sp_bytes_slice(record->text, range.start, range.end);
}

void
sp_completions_list(const sp_analyzer *analyzer, const sp_record *record, const sp_tokens *tokens,
                    sp_arena *arena, sp_completions *out)
{
    sp_bytes title = sp_record_name_text(record);
    if (record->kind == SP_KIND_RESOURCE) {
        add_text(analyzer, title, SP_COMPLETION_NAME, log2_of(record->mention_count), arena, out);
        return;
    }
    add_text(analyzer, title, SP_COMPLETION_TITLE, 0, arena, out);
    for (uint32_t i = 0; i < record->section_count; i++)
        add_text(analyzer, range_of(record, record->sections[i].heading), SP_COMPLETION_HEADING, 0,
                 arena, out);
    add_pairs(analyzer, tokens, arena, out);
}

bool
sp_completion_read(sp_bytes term, sp_completion *out)
{
    if (term.len < 4 || term.data[term.len - 4] != SP_COMPLETION_GAP)
        return false;
    const char *end = term.data + term.len;
    *out = (sp_completion){.text = sp_bytes_slice(term, 0, term.len - 4),
                           .kind = (enum sp_completion_kind)end[-3],
                           .inner = end[-2] == '1',
                           .weight = (unsigned)(end[-1] - '0')};
    return out->weight <= 9 && strchr("prhq", end[-3]) && end[-3] != '\0';
}

bool
sp_completion_is_of(sp_bytes text, sp_bytes typed, sp_bytes whole)
{
    for (size_t at = 0; at < whole.len; at += word_at(whole, at).len + 1) {
        sp_bytes rest = sp_bytes_slice(whole, at, whole.len);
        if (sp_bytes_starts_with(rest, typed) && sp_bytes_equal(sp_completion_cut(rest), text))
            return true;
    }
    return false;
}
