// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An atom: consecutive letters and digits of the text, folded.
 *
 * Apostrophes inside it are removed (`don't` becomes `dont`). An apostrophe after an elided word
 * separates it from the next (`l'école`, `dell'arte`), in all languages, because a query is not
 * always read in the language of the text. A possessive `'s` is left out. A number keeps its
 * decimal point but not its thousands separators (`$1,500.50` becomes `1500.50`).
 * words.h handles the characters between atoms. Plain data, for any thread.
 */
#ifndef SIGNPOST_ENGINE_ANALYSIS_ATOM_H
#define SIGNPOST_ENGINE_ANALYSIS_ATOM_H

#include "fold.h"

#include <signpost/analyzer.h>

/* Folded text, cut before the first character that does not fit. */
struct sp_letters {
    size_t len;
    bool full;
    char data[SP_WORD_MAX];
};

struct sp_atom {
    size_t start, end; /* byte range in the text */
    size_t next;       /* offset to continue at, after a possessive and silent characters */
    bool elided;       /* a short word whose vowel is dropped: the `l` of `l'école` */
    size_t letters;    /* number of characters */
    size_t digits;
    struct sp_letters folded;
};

void sp_letters_append(struct sp_letters *letters, const char *character, size_t len);
void sp_letters_append_all(struct sp_letters *letters, const struct sp_letters *more);
void sp_letters_append_folded(struct sp_letters *letters, const struct sp_folded *c);

/* Reads the atom that begins with the letter or digit at `at`. An elided atom ends after its
   apostrophe. */
void sp_atom_read(sp_bytes text, size_t at, struct sp_atom *out);

/* The offset after the possessive `'s` at `at`; without one, `at` itself. */
size_t sp_possessive_end(sp_bytes text, size_t at);

#endif
