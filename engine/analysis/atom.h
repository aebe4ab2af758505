// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An atom: letters and digits of the source without a break between them, folded.
 *
 * Apostrophes inside it vanish (`don't` is `dont`), a possessive `'s` is left out, and a number
 * keeps its point and loses its thousands' commas (`$1,500.50` is `1500.50`). What stands between
 * atoms is words.h's matter. Plain data, for any thread.
 */
#ifndef SIGNPOST_ENGINE_ANALYSIS_ATOM_H
#define SIGNPOST_ENGINE_ANALYSIS_ATOM_H

#include "fold.h"

#include <signpost/analyzer.h>

/* Folded bytes, cut before the first character that does not fit. */
struct sp_letters {
    size_t len;
    bool full;
    char data[SP_WORD_MAX];
};

struct sp_atom {
    size_t start, end; /* bytes of the source */
    size_t next;       /* where to go on: after a possessive, or what is silent */
    size_t letters;    /* characters */
    size_t digits;
    struct sp_letters folded;
};

void sp_letters_append(struct sp_letters *letters, const char *character, size_t len);
void sp_letters_append_all(struct sp_letters *letters, const struct sp_letters *more);
void sp_letters_append_folded(struct sp_letters *letters, const struct sp_folded *c);

/* Reads the atom that begins at `at`, where a letter or digit stands. elides: apostrophes end it.
 */
void sp_atom_read(sp_bytes text, size_t at, bool elides, struct sp_atom *out);

/* Offset after the possessive `'s` at `at`, or `at` if there is none. */
size_t sp_possessive_end(sp_bytes text, size_t at);

#endif
