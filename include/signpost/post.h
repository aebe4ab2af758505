// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A post: one Markdown file that the site would publish, read and taken apart, on its way from the
 * indexer's readers to the index's writer.
 *
 * All words of a post stand once, in `text`: valid UTF-8, the title first, then headings, labels
 * and body in the order of the file, each block closed by '\n' (so '\n' never stands inside a
 * block, and no passage need cross one); inside a block white space is single spaces. Everything
 * else refers to byte ranges of it. Memory belongs to the arena that the post was read into.
 */
#ifndef SIGNPOST_POST_H
#define SIGNPOST_POST_H

#include <signpost/arena.h>

/* [start, end) in bytes of sp_post.text; start == end is "none". */
typedef struct sp_range {
    uint32_t start, end;
} sp_range;

enum sp_section_kind {
    SP_SECTION_LEAD,    /* what stands before the first heading */
    SP_SECTION_HEADING, /* opened by a heading */
    SP_SECTION_LABEL /* opened by a bold-only paragraph: one level below the heading it is under */
};

#define SP_NO_SECTION UINT32_MAX

/* Sections partition the body: a section ends where the next begins, and sub-sections are not
   inside the range of their parent. */
typedef struct sp_section {
    enum sp_section_kind kind;
    unsigned level;   /* 1 to 6 as in HTML, label: level of its heading + 1, lead: 0 */
    uint32_t parent;  /* index of the section this one stands under, or SP_NO_SECTION */
    sp_range heading; /* its heading or label, without markup */
    sp_range body;    /* what follows it, up to the next section */
    sp_bytes anchor;  /* the id that Jekyll gives the heading; label: its heading's; "" if none */
    uint32_t line;    /* of the heading, 1-based in the file */
} sp_section;

/* text[offset...] comes from source line `line`, up to the next entry. Offsets ascend. */
typedef struct sp_line {
    uint32_t offset, line;
} sp_line;

/* The line of a byte of text; 0 where the lines do not say. */
uint32_t sp_line_at(const sp_line *lines, size_t count, uint32_t offset);

enum sp_mention_form {
    SP_MENTION_LISTED, /* leads a list item, a paragraph or a line of its own */
    SP_MENTION_INLINE  /* stands in running text */
};

/* A link to a resource. */
typedef struct sp_mention {
    sp_bytes url;         /* absolute, as written, with entities decoded */
    sp_bytes canonical;   /* same resource = same bytes; see url.h */
    sp_range name;        /* link text in sp_post.text */
    sp_range description; /* listed: rest of the item or paragraph; inline: its sentence */
    uint32_t section;     /* index of the section it stands in */
    uint32_t line;        /* 1-based in the file */
    enum sp_mention_form form;
    bool vague; /* the link text names nothing: "here", "this talk", a bare URL */
} sp_mention;

typedef struct sp_post {
    sp_bytes path; /* relative to the site's root, '/' between folders */
    sp_bytes url;  /* site-relative, begins with the site's baseurl */
    sp_bytes lang; /* BCP 47 primary tag, "en" if the site does not say */
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
