// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A resource: a thing that posts link to, gathered from all its mentions on its way from the
 * indexer to the index's writer. Memory is whoever's fills it; the writer only reads it.
 */
#ifndef SIGNPOST_RESOURCE_H
#define SIGNPOST_RESOURCE_H

#include <signpost/post.h>

/* The part of a post that a mention stands in; mentions of one section share one. */
typedef struct sp_context {
    const struct sp_context *outer; /* label: its heading's, for the prose; else NULL */
    sp_bytes title;                 /* of the post */
    sp_bytes topics;                /* tags and categories of the post, each ending in '\n' */
    sp_bytes link;                  /* URL of the post with the section's anchor, site-relative */
    sp_bytes date;                  /* of the post, or "" */
    sp_bytes lang;
    sp_bytes *breadcrumb; /* headings and label, outermost first */
    uint32_t breadcrumb_count;
    sp_bytes prose; /* what the section says beside its listed links, in blocks as in post.h */
    sp_line *lines; /* of prose */
    uint32_t line_count;
    uint32_t line; /* of the section's heading */
} sp_context;

typedef struct sp_resource_mention {
    const sp_context *context;
    sp_bytes name;        /* link text; may be empty */
    sp_bytes description; /* may be empty */
    uint32_t line;
    enum sp_mention_form form;
    bool vague; /* the name names nothing and is never shown as the resource's */
} sp_resource_mention;

typedef struct sp_resource {
    sp_bytes canonical; /* what makes it one resource */
    sp_bytes url;       /* what is shown and followed: as most mentions write it */
    const sp_resource_mention
        *mentions; /* at least one; in the order of posts, a section's together */
    uint32_t mention_count;
} sp_resource;

#endif
