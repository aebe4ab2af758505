// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Notes: facts about the Markdown of a post that only diagnostics need. The Markdown reader records
 * notes if the caller passes an sp_notes; their memory belongs to the arena of the post.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_NOTES_H
#define SIGNPOST_INDEXER_MARKDOWN_NOTES_H

#include <signpost/post.h>

#define SP_NO_MENTION UINT32_MAX

/* The most mentions that are kept of a post. More links are a generated list or an attack, and each
   resource costs as much as a short post. */
#define SP_MENTIONS_MAX 5000

/* A link to a resource or inside the site. Links in code do not count. */
typedef struct sp_link {
    sp_bytes url;     /* as written, entities decoded; SP_LIQUID_MARK in place of Liquid */
    uint32_t line;    /* 1-based in the file */
    uint32_t mention; /* index of its mention in the post, or SP_NO_MENTION */
} sp_link;

typedef struct sp_notes {
    sp_link *links; /* in the order of the file */
    size_t link_count, link_capacity;
    sp_range *non_prose; /* ranges of the post's text that are code or link texts; ascending */
    size_t non_prose_count, non_prose_capacity;
    size_t excess_mentions; /* mentions beyond SP_MENTIONS_MAX, which are left out */
    uint32_t excess_line;   /* of the first of them */
    bool fallback_title;    /* the post has neither a title nor a level-1 heading */
} sp_notes;

#endif
