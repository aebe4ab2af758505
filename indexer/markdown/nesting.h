// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Nesting limiter: limits nesting in Markdown, so that the parser takes linear time.
 *
 * cmark 0.30.2 takes quadratic time for deeply nested lists and quotes and for many unclosed
 * images, and reads an unclosed raw element to the end of the file. Each line goes through the
 * limiter before it goes to cmark: marks beyond the limits, which no real post reaches, become
 * plain text, and no word is lost.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_NESTING_H
#define SIGNPOST_INDEXER_MARKDOWN_NESTING_H

#include "finder.h"

/* Limits: indentation in columns, container marks on a line, images in a paragraph. */
#define SP_NESTING_INDENT 100
#define SP_NESTING_MARKS 40
#define SP_NESTING_IMAGES 400

enum { SP_NESTING_CLOSERS = 8 };

typedef struct sp_nesting_limiter {
    sp_str *out;
    sp_bytes text; /* the whole text; its lines are slices of it */
    size_t images; /* since the last blank line */
    sp_finder closers[SP_NESTING_CLOSERS], upper_closers[SP_NESTING_CLOSERS];
} sp_nesting_limiter;

/* Appends a line without its '\n'. Lines must be slices of limiter->text, in order. */
void sp_nesting_limiter_append(sp_nesting_limiter *limiter, sp_bytes line);

#endif
