// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Completions: the terms from which suggestions are made.
 *
 * A completion is folded text from one of its words to its end, so that typed text is a prefix of
 * it even if the typed text begins in the middle of a title. The data for scoring follows the text
 * in the same term, so that suggestions are ranked by reading only the vocabulary:
 *
 *   folded text, SP_COMPLETION_GAP,
 *   kind: 'p' title, 'r' name of a resource, 'h' heading or label, 'q' pair of words,
 *   '0' if it begins with the first word of the text, '1' otherwise,
 *   '0' to '9': log2 of a resource's mentions
 */
#ifndef SIGNPOST_ENGINE_INDEX_COMPLETION_H
#define SIGNPOST_ENGINE_INDEX_COMPLETION_H

#include <signpost/analyzer.h>
#include <signpost/arena.h>
#include <signpost/record.h>

#define SP_COMPLETION_GAP '\x1f'

enum sp_completion_kind {
    SP_COMPLETION_TITLE = 'p',
    SP_COMPLETION_NAME = 'r',
    SP_COMPLETION_HEADING = 'h',
    SP_COMPLETION_PAIR = 'q'
};

/* The most bytes of folded text in a completion; longer text is cut. */
#define SP_COMPLETION_MAX 60

typedef struct sp_completions {
    sp_bytes *items;
    size_t count, capacity;
} sp_completions;

/* Lists all completions of a document, without prefix, in the arena. tokens: of record->text. */
void sp_completions_list(const sp_analyzer *analyzer, const sp_record *record,
                         const sp_tokens *tokens, sp_arena *arena, sp_completions *out);

typedef struct sp_completion {
    sp_bytes text; /* folded */
    enum sp_completion_kind kind;
    bool inner;      /* does not begin with the first word of its text */
    unsigned weight; /* log2 of mentions, at most 9 */
} sp_completion;

/* False if the term is not a completion. */
bool sp_completion_read(sp_bytes term, sp_completion *out);

/* The part of folded text that a completion keeps: whole characters, SP_COMPLETION_MAX bytes at
   most. */
sp_bytes sp_completion_cut(sp_bytes folded);

/* Whether `text` is a completion of the folded text `whole` that begins at a word from which
   `whole` continues with `typed` (folded). `typed` can be longer than a completion. */
bool sp_completion_is_of(sp_bytes text, sp_bytes typed, sp_bytes whole);

#endif
