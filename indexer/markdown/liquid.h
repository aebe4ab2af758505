// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Liquid, Jekyll's template language, taken out of a post before Markdown is read.
 *
 * What Liquid would print is not known here, so its marks give no words: tags go, outputs leave
 * SP_LIQUID_MARK (in a URL it says that the address is the site's own; elsewhere it is dropped).
 * `{% raw %}` keeps its content, `{% comment %}` loses it, `{% highlight %}` becomes a fenced code
 * block. Newlines stay, so lines keep their numbers.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_LIQUID_H
#define SIGNPOST_INDEXER_MARKDOWN_LIQUID_H

#include <signpost/text.h>

/* U+FDD0, a noncharacter; never in clean text otherwise. */
#define SP_LIQUID_MARK "\xEF\xB7\x90"

/* Appends text without Liquid. Linear; an unclosed mark is text. */
void sp_liquid_strip(sp_str *out, sp_bytes text);

#endif
