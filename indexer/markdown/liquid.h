// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Removes Liquid, Jekyll's template language, from a post before Markdown is read.
 *
 * The output of Liquid is unknown here, so its marks leave no words: tags are removed, and outputs
 * become SP_LIQUID_MARK. In a URL, this mark stands for an address of the site itself; elsewhere it
 * is dropped. The content of `{% raw %}` stays, that of `{% comment %}` is removed, `{% highlight
 * %}` becomes a fenced code block. Newlines stay, so lines keep their numbers.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_LIQUID_H
#define SIGNPOST_INDEXER_MARKDOWN_LIQUID_H

#include <signpost/text.h>

/* U+FDD0, a noncharacter; prepare.c replaces this character in posts, so that it always stands for
   Liquid. */
#define SP_LIQUID_MARK "\xEF\xB7\x90"

/* Appends text without Liquid, in linear time. An unclosed mark is text. */
void sp_liquid_strip(sp_str *out, sp_bytes text);

#endif
