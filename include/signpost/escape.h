// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Escaping text for HTML. A pure function, for any thread.
 */
#ifndef SIGNPOST_ESCAPE_H
#define SIGNPOST_ESCAPE_H

#include <signpost/text.h>

/* Appends the text, safe between tags and in quoted attributes: & < > " ' become entities,
   control characters except tab and newline become U+FFFD, and all other bytes are copied. */
void sp_html_escape(sp_str *out, sp_bytes text);

#endif
