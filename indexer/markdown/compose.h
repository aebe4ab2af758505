// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Compose: turns a stream of events (text, blocks, headings, links) into the text, sections, lines
 * and mentions of a post.
 *
 * The readers of Markdown and of raw HTML send the same events, so both get the same result: white
 * space collapses, text in inline marks joins the text around it, and blocks end with '\n'. A unit
 * is a list item, a paragraph or a table row. If a unit begins with a link, the description of the
 * link can extend to the end of the unit.
 *
 * An sp_compose belongs to one call of sp_markdown_read. The result is in the arena;
 * sp_compose_done frees the rest. Failures are remembered, and sp_compose_finish reports them.
 */
#ifndef SIGNPOST_INDEXER_MARKDOWN_COMPOSE_H
#define SIGNPOST_INDEXER_MARKDOWN_COMPOSE_H

#include "notes.h"

#define SP_NONE SIZE_MAX

/* Maximum length of a description, in bytes; longer descriptions are cut between two words. */
#define SP_DESCRIPTION_MAX 1000

/* The most bytes that the descriptions of a post can have together; if there are more, each is
   shortened to the same length. A sentence with a thousand links would otherwise be copied a
   thousand times. */
#define SP_DESCRIPTIONS_MAX (1 << 20)

enum { SP_UNITS_MAX = 256 };

typedef struct sp_compose {
    sp_arena *arena;
    sp_bytes site_host;
    sp_bytes lang; /* of the post; may be empty */
    sp_str text;
    uint32_t line; /* of the source, where the next text is */

    /* The open block. */
    size_t block;         /* where it starts */
    size_t line_words;    /* where its current line starts */
    size_t block_mention; /* its first mention */
    bool block_has_words, line_has_words;
    bool plain;      /* the block has text that is not bold */
    bool space;      /* append white space before the next character */
    bool gap;        /* it is white space that phrases do not cross */
    bool lines_part; /* line ends in text are gaps */
    bool block_line; /* the line of the block's first character is recorded */
    bool list_like;  /* begins with a link or label, or has hard breaks: lines may be entries */
    bool code;       /* links in it are ignored */
    unsigned strong; /* open bold marks */
    unsigned skip;   /* open elements with invisible text */

    /* The open link. */
    size_t link;         /* index of its mention, or SP_NONE */
    bool link_leads;     /* it begins a list item or a heading */
    bool in_link;        /* also true for links that are not mentions */
    size_t pending;      /* index of a mention that begins a line and may be an entry, or SP_NONE */
    size_t pending_line; /* where the line of `pending` starts */
    bool link_filled;    /* the link has text */

    /* The open description of a listed mention. */
    size_t described;      /* index of the mention, or SP_NONE */
    size_t described_unit; /* the unit that it begins */
    size_t units;
    size_t unit_start[SP_UNITS_MAX];

    sp_section *sections;
    size_t section_count, section_capacity;
    bool in_heading;
    bool heading_filled; /* the heading's text is complete, but the heading is not closed */
    uint32_t heading_index;
    uint32_t heading[7]; /* last heading of each level, index 0 unused */
    sp_line *lines;
    size_t line_count, line_capacity;
    sp_mention *mentions;
    size_t mention_count, mention_capacity;
    sp_notes *notes; /* NULL: not needed */
    bool inline_code;
} sp_compose;

void sp_compose_init(sp_compose *c, sp_arena *arena, sp_bytes site_host);
void sp_compose_done(sp_compose *c);

/* Appends text, any UTF-8. White space collapses; each '\n' increases c->line. */
void sp_compose_text(sp_compose *c, sp_bytes text);

/* Appends white space before the next word. */
void sp_compose_space(sp_compose *c);

/* Appends white space that phrases do not cross, as between the cells of a table, before the next
   word. In a heading and a link, it is ordinary white space. */
void sp_compose_gap(sp_compose *c);

/* Ends a line inside a paragraph. hard: the line ends with a hard line break. entry: the next line
   begins with a link, so a bold line before that line is a label and not running text. */
void sp_compose_break(sp_compose *c, bool hard, bool entry);

/* Ends the open block, if any. */
void sp_compose_block(sp_compose *c);

/* Units can contain units. Where a unit begins or ends, the open block ends, too. */
void sp_compose_unit_open(sp_compose *c);
void sp_compose_unit_close(sp_compose *c);

void sp_compose_strong(sp_compose *c, bool open);

/* level: 1 to 6. anchor: must live as long as the arena; "" if the heading has no anchor, or its
   anchor is not known yet. */
void sp_compose_heading_open(sp_compose *c, unsigned level, sp_bytes anchor);

/* Ends the heading, if one is open; the text of a heading ends with its first block that has text.
   anchor: replaces the anchor passed before, unless this one is empty. */
void sp_compose_heading_close(sp_compose *c, sp_bytes anchor);

/* url: as written, entities decoded. Only a link to a resource becomes a mention. */
void sp_compose_link_open(sp_compose *c, sp_bytes url);
void sp_compose_link_close(sp_compose *c);

/* Closes all open blocks and links, and sets the members of post. title: becomes the first block;
   if it is empty, the first level-1 heading becomes the title, or the fallback if there is no such
   heading. */
enum sp_status sp_compose_finish(sp_compose *c, sp_bytes title, sp_bytes fallback, sp_post *post,
                                 sp_error *err) SP_MUST_CHECK;

/* compose_links.c, for compose.c only */

/* Sets the description of each inline mention in the block that is about to end: the sentence that
   contains the mention. */
void sp_compose_describe_block(sp_compose *c);

/* Shortens descriptions if all together exceed SP_DESCRIPTIONS_MAX. */
void sp_compose_limit_descriptions(sp_compose *c);

/* Ends the open description of a listed mention at `end`. */
void sp_compose_describe_open(sp_compose *c, size_t end);

/* Makes the pending mention, if any, a listed one, because its line has no other text, or only a
   separator and a description. */
void sp_compose_confirm(sp_compose *c);

/* vague.c */

/* The text of a link to a resource. */
typedef struct sp_link_text {
    sp_bytes name;
    sp_bytes canonical; /* the URL's canonical form */
    sp_bytes lang;      /* of the post; may be empty */
    bool leads;         /* it begins a list item or a heading, which makes it a name sooner */
} sp_link_text;

/* Whether a link's text does not name its target: "here", "this talk", a bare URL. */
bool sp_is_vague_name(const sp_link_text *text);

/* openings.c, for vague.c only */

/* Whether a link's text is a few words of a sentence in the post's language, such as "our MVP" or
   "in PDF format". */
bool sp_is_part_of_sentence(const sp_link_text *text);

#endif
