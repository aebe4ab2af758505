// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Removes Liquid, Jekyll's template language, from a post before Markdown is read.
 *
 * The output of Liquid is unknown here, so its marks become no words: tags are removed, outputs
 * become SP_LIQUID_MARK (in a URL, it means an address of the site itself; elsewhere it is
 * dropped). The content of `{% raw %}` stays, that of `{% comment %}` is removed, `{% highlight %}`
 * becomes a fenced code block. Newlines stay, so lines keep their numbers.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_LIQUID_H
#define SIGNPOST_INDEXER_MARKDOWN_LIQUID_H

#include <signpost/text.h>

/* U+FDD0, a noncharacter; prepare.c replaces it where a post contains it. */
#define SP_LIQUID_MARK "\xEF\xB7\x90"

/* Appends text without Liquid, in linear time. An unclosed mark is text. */
void sp_liquid_strip(sp_str *out, sp_bytes text);

#endif
