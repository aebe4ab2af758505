// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Guard: keeps the Markdown parser's time linear.
 *
 * cmark 0.30.2 takes quadratic time over deep nesting of lists and quotes and over many unclosed
 * images, and reads a raw element that nobody closes to the end of the file. Lines pass through
 * here on their way to it: what goes beyond any honest post is made plain text, and no word is
 * lost.
 */
#ifndef SIGNPOST_INDEXER_GUARD_H
#define SIGNPOST_INDEXER_GUARD_H

#include "finder.h"

/* Deepest indentation in columns, most container marks on one line, most images in a paragraph. */
#define SP_GUARD_INDENT 100
#define SP_GUARD_MARKS 40
#define SP_GUARD_IMAGES 400

enum { SP_GUARD_CLOSERS = 8 };

typedef struct sp_guard {
    sp_str *out;
    sp_bytes text; /* the whole, of which the lines are slices */
    size_t images; /* since the last blank line */
    sp_finder closers[SP_GUARD_CLOSERS], upper_closers[SP_GUARD_CLOSERS];
} sp_guard;

/* Appends a line (without '\n', a slice of guard->text, each after the one before). */
void sp_guard_append(sp_guard *guard, sp_bytes line);

#endif
