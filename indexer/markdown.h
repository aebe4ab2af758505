/*
 * Markdown to the text, sections and mentions of a post.
 *
 * cmark parses; raw HTML goes through libxml2's HTML parser; kramdown's and Liquid's own marks give
 * no words. Linear in the input: what would make cmark quadratic is refused first.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_H
#define SIGNPOST_INDEXER_MARKDOWN_H

#include <signpost/post.h>

typedef struct sp_markdown_input {
    sp_bytes path;       /* for messages */
    sp_bytes body;       /* the file without its front matter; any bytes */
    uint32_t first_line; /* of body in the file, 1-based */
    sp_bytes title; /* becomes the first block of the text; empty: first level-1 heading, if any */
    sp_bytes site_host; /* links to it are the site's own and no resources; may be empty */
} sp_markdown_input;

/* Fills text, title, sections, lines and mentions of *post from arena. SP_BAD_INPUT with line and
   column for what cannot be read (nesting too deep, NUL bytes ... what is not text). */
enum sp_status sp_markdown_read(const sp_markdown_input *input, sp_arena *arena, sp_post *post,
                                sp_error *err) SP_MUST_CHECK;

#endif
