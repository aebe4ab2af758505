// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A post: one Markdown file of the site, parsed, on its way from the indexer's readers to the
 * index's writer.
 *
 * `text` holds all words of the post once, as valid UTF-8: first the title, then headings, labels
 * and body in the order of the file. Every block of text ends with '\n', and a block contains no
 * other '\n', so that passages can stay within a block. White space inside a block is reduced to
 * single spaces, except a fixed space between the thousands of a number, and two spaces between the
 * cells of a table, lines of code and lines that a hard break ends: phrases do not cross them.
 * Ranges are byte ranges of `text`. The arena that the post was read into owns the memory.
 */
#ifndef SIGNPOST_POST_H
#define SIGNPOST_POST_H

#include <signpost/arena.h>

/* Bytes [start, end) of sp_post.text; start == end means "none". */
typedef struct sp_range {
    uint32_t start, end;
} sp_range;

enum sp_section_kind {
    SP_SECTION_LEAD,    /* the text before the first heading */
    SP_SECTION_HEADING, /* begins with a heading */
    SP_SECTION_LABEL    /* begins with a paragraph in bold; one level below its heading */
};

#define SP_NO_SECTION UINT32_MAX

/* Sections partition the body: a section ends where the next one begins, and the range of a parent
   does not include its sub-sections. */
typedef struct sp_section {
    enum sp_section_kind kind;
    unsigned level;   /* 1 to 6 as in HTML; label: that of its heading + 1; lead: 0 */
    uint32_t parent;  /* index of the section that contains this one, or SP_NO_SECTION */
    sp_range heading; /* the heading or label, without markup */
    sp_range body;    /* the text after it, up to the next section */
    sp_bytes anchor;  /* the id that Jekyll gives the heading; label: that of its heading; or "" */
    uint32_t line;    /* of the heading, 1-based in the file */
} sp_section;

/* From `offset` up to the next entry, text comes from line `line` of the file. Offsets ascend. */
typedef struct sp_line {
    uint32_t offset, line;
} sp_line;

/* The line that the byte at `offset` comes from; 0 if unknown. */
uint32_t sp_line_at(const sp_line *lines, size_t count, uint32_t offset);

enum sp_mention_form {
    SP_MENTION_LISTED, /* the link begins a list item, a paragraph or a line */
    SP_MENTION_INLINE  /* the link is in running text */
};

/* A link to a resource. */
typedef struct sp_mention {
    sp_bytes url;         /* absolute, as written, with entities decoded */
    sp_bytes canonical;   /* equal for all links to one resource (url.h) */
    sp_range name;        /* the link text */
    sp_range description; /* listed: the rest of the item or paragraph; inline: the sentence */
    uint32_t section;     /* index of the section that contains the link */
    uint32_t line;        /* 1-based in the file */
    enum sp_mention_form form;
    bool vague; /* the link text does not name the resource: "here", "this talk", a bare URL */
} sp_mention;

typedef struct sp_post {
    sp_bytes path; /* relative to the site's root, '/' between folders */
    sp_bytes url;  /* site-relative, begins with the site's baseurl */
    sp_bytes lang; /* BCP 47 primary tag; "en" if the site gives none */
    sp_bytes date; /* "YYYY-MM-DD" in the site's time zone, or "" */
    int64_t time;  /* seconds since 1970, 0 without a date */
    sp_bytes *categories, *tags;
    size_t category_count, tag_count;

    sp_bytes text;
    sp_range title; /* always at the start of text */
    sp_section *sections;
    size_t section_count; /* at least one */
    sp_line *lines;
    size_t line_count;
    sp_mention *mentions; /* in the order of the file */
    size_t mention_count;
} sp_post;

#endif
