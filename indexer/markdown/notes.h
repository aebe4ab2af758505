// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Notes: what the Markdown of a post says that no reader is shown, and that only diagnostics ask
 * for. Taken while a post is read, where they are asked for; all of it is in the arena that the
 * post was read into.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_NOTES_H
#define SIGNPOST_INDEXER_MARKDOWN_NOTES_H

#include <signpost/post.h>

#define SP_NO_MENTION UINT32_MAX

/* A link, to a resource or inside the site. Links in code are none. */
typedef struct sp_link {
    sp_bytes url;     /* as written, entities decoded; with SP_LIQUID_MARK where Liquid stood */
    uint32_t line;    /* 1-based in the file */
    uint32_t mention; /* index of the post's mention that it is, or SP_NO_MENTION */
} sp_link;

typedef struct sp_notes {
    sp_link *links; /* in the order of the file */
    size_t link_count, link_capacity;
    sp_range *terse; /* of the post's text: code and link texts, which are no prose; ascending */
    size_t terse_count, terse_capacity;
    bool fallback_title; /* the post has neither a title nor a level-1 heading */
} sp_notes;

#endif
