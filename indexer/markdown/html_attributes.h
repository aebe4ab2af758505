// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Limits the attributes of HTML tags: libxml2 compares each attribute of a tag with all before it.
 * Any thread may use this.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_HTML_ATTRIBUTES_H
#define SIGNPOST_INDEXER_MARKDOWN_HTML_ATTRIBUTES_H

#include <signpost/text.h>

#define SP_HTML_ATTRIBUTES_MAX 256

/* Returns the piece without the further attributes of tags that have more than
   SP_HTML_ATTRIBUTES_MAX; line ends stay. The result is the piece itself, or it is in *copy. Sets
   copy->failed if memory is out. */
sp_bytes sp_html_limit_attributes(sp_bytes piece, sp_str *copy);

#endif
