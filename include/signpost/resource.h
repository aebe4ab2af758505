// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A resource (the target of links in posts), as the indexer passes it to the index's writer:
 * gathered from all its mentions. The code that fills it owns the memory; the writer only reads it.
 */
#ifndef SIGNPOST_RESOURCE_H
#define SIGNPOST_RESOURCE_H

#include <signpost/post.h>

/* The section of a post that contains a mention. Mentions in one section share it. */
typedef struct sp_context {
    sp_bytes title;            /* of the post */
    sp_bytes tags, categories; /* of the post; each of them ends in '\n' */
    sp_bytes link;             /* site-relative URL of the post, with the section's anchor */
    sp_bytes date;             /* of the post, or "" */
    sp_bytes lang;
    sp_bytes *breadcrumb; /* headings and label, outermost first */
    uint32_t breadcrumb_count;
    uint32_t line; /* of the section's heading */
} sp_context;

/* The URL of the post. The posts of a site have different URLs, so it identifies the post. */
static inline sp_bytes
sp_context_page(const sp_context *context)
{
    size_t end = sp_bytes_find(context->link, SP_LITERAL("#"), 0);
    return sp_bytes_slice(context->link, 0, end == SIZE_MAX ? context->link.len : end);
}

typedef struct sp_resource_mention {
    const sp_context *context;
    sp_bytes name;        /* link text; may be empty */
    sp_bytes description; /* may be empty */
    sp_bytes prose;       /* near the link (indexer/run/near.h): blocks that end in '\n' */
    sp_line *lines;       /* of prose */
    uint32_t line_count;
    uint32_t line;
    enum sp_mention_form form;
    bool vague; /* the link text is not a name (post.h) and never becomes the resource's name */
} sp_resource_mention;

typedef struct sp_resource {
    sp_bytes canonical; /* identifies the resource (url.h) */
    sp_bytes url;       /* shown and followed: the spelling that most posts use */
    /* In the order of posts; mentions in one post are adjacent, and so are those in one section. */
    const sp_resource_mention *mentions;
    uint32_t mention_count; /* at least 1 */
} sp_resource;

#endif
