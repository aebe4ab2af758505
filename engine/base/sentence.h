// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where sentences end.
 *
 * The analyzer leaves a gap in positions there, the matching of phrases in records stops there, and
 * passages and descriptions begin and end there, so all of them ask this module.
 *
 * A full stop, an exclamation mark or a question mark ends a sentence if a blank follows, directly
 * or after closing quotation marks and brackets, and then no lower-case letter. A full stop does
 * not end a sentence after an initial ("J. Smith", "U.S."), an abbreviation ("Dr.", "No. 5") or a
 * number of one or two digits that can be a German ordinal ("am 3. Oktober", but not "version 2.
 * Released"). The marks of other scripts, such as U+3002, end a sentence whatever follows them. A
 * line end always ends a sentence. So do two spaces for the words around them: texts of posts have
 * them only between cells and lines. Pure functions, for any thread.
 */
#ifndef SIGNPOST_ENGINE_BASE_SENTENCE_H
#define SIGNPOST_ENGINE_BASE_SENTENCE_H

#include <signpost/text.h>

/* Separates words that are not in one sentence, inside a block. */
#define SP_SENTENCE_BLANKS "  "

/* The bytes that can be the last one of a sentence: of a mark, or of a quotation mark or bracket
   after it. */
extern const bool sp_sentence_last_bytes[256];

/* The part of sp_sentence_ends_at for a place after such a byte. */
bool sp_sentence_ends_after_mark(sp_bytes text, size_t at);

/* Whether a sentence ends at `at`: after its marks, before the blank that follows them. text: valid
   UTF-8. */
static inline bool
sp_sentence_ends_at(sp_bytes text, size_t at)
{
    if (at >= text.len || text.data[at] == '\n')
        return true;
    return at > 0 && sp_sentence_last_bytes[(unsigned char)text.data[at - 1]] &&
           sp_sentence_ends_after_mark(text, at);
}

/* The part of sp_sentence_ends_between for words with more than one byte between them. */
bool sp_sentence_ends_in(sp_bytes text, size_t from, size_t to);

/* Whether two words are in different sentences or blocks; [from, to) is the text between them. */
static inline bool
sp_sentence_ends_between(sp_bytes text, size_t from, size_t to)
{
    if (to <= from + 1) /* most words: a single blank */
        return to == from + 1 && text.data[from] == '\n';
    return sp_sentence_ends_in(text, from, to);
}

#endif
