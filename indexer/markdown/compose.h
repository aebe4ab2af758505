// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Compose: a stream of events (text, blocks, headings, links) to the text, sections, lines and
 * mentions of a post.
 *
 * Both readers of a post drive it, the one of Markdown and the one of raw HTML, so that both come
 * out alike: white space collapses, inline marks join, blocks end with '\n'. A unit is what the
 * description of a link that leads it may span: a list item, a paragraph, a table row.
 *
 * Owned by one sp_markdown_read; everything that lasts is in the arena. Failures are sticky and
 * checked at the end.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_COMPOSE_H
#define SIGNPOST_INDEXER_MARKDOWN_COMPOSE_H

#include "notes.h"

#define SP_NONE SIZE_MAX

/* Longest description, in bytes; longer ones are cut at a word. */
#define SP_DESCRIPTION_MAX 1000

enum { SP_UNITS_MAX = 256 };

typedef struct sp_compose {
    sp_arena *arena;
    sp_bytes site_host;
    sp_str text;
    uint32_t line; /* of the source, for what comes next */

    /* The open block. */
    size_t block;         /* where it starts */
    size_t line_words;    /* where its present line starts */
    size_t block_mention; /* its first mention */
    bool block_has_words, line_has_words;
    bool plain;      /* has text that is not bold */
    bool space;      /* white space is due before the next character */
    bool block_line; /* its first character has been given a line */
    bool list_like;  /* its lines may be entries: it began with a link or a label, or hard breaks */
    bool code;       /* links in it do not count */
    unsigned strong; /* open bold marks */
    unsigned skip;   /* open elements whose text nobody sees */

    /* The open link. */
    size_t link;      /* its mention, or SP_NONE */
    bool in_link;     /* also true of links that are no mentions */
    size_t unbare;    /* a mention that begins a line and must prove to be all of it, or SP_NONE */
    size_t unbare_at; /* where that line begins */
    bool link_filled; /* the link has text */

    /* The open description of a listed mention. */
    size_t open;       /* the mention, or SP_NONE */
    size_t open_depth; /* the unit it leads */
    size_t units;
    size_t unit_start[SP_UNITS_MAX];

    sp_section *sections;
    size_t section_count, section_capacity;
    bool in_heading;
    bool heading_filled; /* its text is there, its close is not */
    uint32_t heading_index;
    uint32_t heading[7]; /* last heading of each level, index 0 unused */
    sp_line *lines;
    size_t line_count, line_capacity;
    sp_mention *mentions;
    size_t mention_count, mention_capacity;
    sp_notes *notes; /* NULL: nobody asks for them */
    bool inline_code;
} sp_compose;

void sp_compose_init(sp_compose *c, sp_arena *arena, sp_bytes site_host);
void sp_compose_done(sp_compose *c);

/* Words; any UTF-8. White space collapses; '\n' counts lines. */
void sp_compose_text(sp_compose *c, sp_bytes text);

/* White space between words. */
void sp_compose_space(sp_compose *c);

/* A line ends inside a paragraph. hard: because the writer said so. entry: what follows begins with
   a link, so that a bold line before it is a label and not running text. */
void sp_compose_break(sp_compose *c, bool hard, bool entry);

/* The open block, if any, ends. */
void sp_compose_block(sp_compose *c);

/* Units nest; each begins and ends a block. */
void sp_compose_unit_open(sp_compose *c);
void sp_compose_unit_close(sp_compose *c);

void sp_compose_strong(sp_compose *c, bool open);

/* level 1 to 6. anchor: lasting; "" if there is none or it is known only at the end. */
void sp_compose_heading_open(sp_compose *c, unsigned level, sp_bytes anchor);

/* A heading ends at its close or at the first block inside it that has text. anchor: replaces the
   one given before unless empty. Nothing happens without an open heading. */
void sp_compose_heading_close(sp_compose *c, sp_bytes anchor);

/* url: as written, entities decoded. Links that are no resources are passed over. */
void sp_compose_link_open(sp_compose *c, sp_bytes url);
void sp_compose_link_close(sp_compose *c);

/* Ends everything and hands the result to post. title: becomes the first block; empty: the first
   level-1 heading, if any, else the fallback. */
enum sp_status sp_compose_finish(sp_compose *c, sp_bytes title, sp_bytes fallback, sp_post *post,
                                 sp_error *err) SP_MUST_CHECK;

/* compose_links.c: */

/* Gives the mentions of the block that ends their sentences. */
void sp_compose_describe_block(sp_compose *c);

/* The open description ends at `end`. */
void sp_compose_describe_open(sp_compose *c, size_t end);

/* The mention that begins the present line is an entry of its own: nothing but a separator and what
   it separates follows. Nothing happens without such a mention. */
void sp_compose_confirm(sp_compose *c);

/* Whether a link's text names nothing: "here", "this talk", a bare URL. */
bool sp_vague_name(sp_bytes name, const sp_mention *mention);

#endif
