// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Completions: the terms by which suggestions are found, made and read back here.
 *
 * A completion is the folded text from one of its words to its end, so that what somebody types is
 * its prefix wherever in the text it begins; behind it stands what scores it, so that a walk over
 * the vocabulary is enough to rank:
 *
 *   folded text, SP_COMPLETION_GAP, kind ('p' title, 'r' name, 'h' heading or label, 'q' word
 *   pair), '0' from the first word on or '1' from a later one, '0'..'9' log2 of a resource's
 *   mentions
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

/* Bytes of folded text in a completion; it is cut there. */
#define SP_COMPLETION_MAX 60

typedef struct sp_completions {
    sp_bytes *items;
    size_t count, capacity;
} sp_completions;

/* All completions of a document, without prefix, from arena. tokens: of record->text. */
void sp_completions_list(const sp_analyzer *analyzer, const sp_record *record,
                         const sp_tokens *tokens, sp_arena *arena, sp_completions *out);

typedef struct sp_completion {
    sp_bytes text; /* folded */
    enum sp_completion_kind kind;
    bool inner;      /* begins within the text that it is of */
    unsigned weight; /* log2 of mentions */
} sp_completion;

/* False for what is no completion. */
bool sp_completion_read(sp_bytes term, sp_completion *out);

/* What of folded text a completion keeps: its first SP_COMPLETION_MAX bytes, whole characters. */
sp_bytes sp_completion_cut(sp_bytes folded);

/* Whether the completion's text is what `whole`, folded, says from one of its words on, and goes on
   as typed, folded too: what is typed may be longer than what a completion keeps. */
bool sp_completion_is_of(sp_bytes text, sp_bytes typed, sp_bytes whole);

#endif
