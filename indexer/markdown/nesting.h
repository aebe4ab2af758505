// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Guard: keeps the Markdown parser's time linear.
 *
 * cmark 0.30.2 takes quadratic time over deep nesting of lists and quotes and over many unclosed
 * images, and reads a raw element that nobody closes to the end of the file. Lines pass through
 * here on their way to it: what goes beyond any honest post is made plain text, and no word is
 * lost.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_NESTING_H
#define SIGNPOST_INDEXER_MARKDOWN_NESTING_H

#include "finder.h"

/* Deepest indentation in columns, most container marks on one line, most images in a paragraph. */
#define SP_NESTING_INDENT 100
#define SP_NESTING_MARKS 40
#define SP_NESTING_IMAGES 400

enum { SP_NESTING_CLOSERS = 8 };

typedef struct sp_nesting_limiter {
    sp_str *out;
    sp_bytes text; /* the whole, of which the lines are slices */
    size_t images; /* since the last blank line */
    sp_finder closers[SP_NESTING_CLOSERS], upper_closers[SP_NESTING_CLOSERS];
} sp_nesting_limiter;

/* Appends a line (without '\n', a slice of guard->text, each after the one before). */
void sp_nesting_limiter_append(sp_nesting_limiter *guard, sp_bytes line);

#endif
