// SPDX-License-Identifier: GPL-2.0-or-later
#include "near.h"

/* Own block, block before the list, first block of the section, first block of the heading. */
#define BLOCKS_MAX 4

/* A block that is cut to fewer bytes than this says too little. */
#define PIECE_MIN 40

/* A long block is cut to begin this many bytes before the link. */
#define BEFORE_LINK (SP_NEAR_MAX / 2)

static bool
is_blank(char c)
{
    return c == ' ' || c == '\n';
}

/* The first block in the range that has more than blanks; empty if there is none. */
static sp_range
first_block(const sp_post *post, uint32_t start, uint32_t end)
{
    while (start < end && is_blank(post->text.data[start]))
        start++;
    const char *newline = start < end ? memchr(post->text.data + start, '\n', end - start) : NULL;
    uint32_t stop = newline ? (uint32_t)(newline - post->text.data) : end;
    while (stop > start && is_blank(post->text.data[stop - 1]))
        stop--;
    return (sp_range){start, stop};
}

void
sp_near_begin(sp_near *near, const sp_post *post)
{
    *near = (sp_near){.post = post, .section = SP_NO_SECTION};
}

static void
enter_section(sp_near *near, uint32_t section)
{
    sp_range body = near->post->sections[section].body;
    near->section = section;
    near->first = near->block = first_block(near->post, body.start, body.end);
    near->intro = (sp_range){0};
    near->listed = false;
}

/* Moves to the block that contains the offset. */
static void
move_to(sp_near *near, uint32_t offset)
{
    uint32_t end = near->post->sections[near->section].body.end;
    while (near->block.end < offset && near->block.start < near->block.end) {
        if (!near->listed)
            near->intro = near->block;
        near->listed = false;
        near->block = first_block(near->post, near->block.end, end);
    }
}

struct prose {
    const sp_post *post;
    sp_arena *arena;
    sp_str text;
    sp_line lines[BLOCKS_MAX];
    sp_range ranges[BLOCKS_MAX];
    uint32_t count;
    size_t max;
};

/* Cuts the range to `room` bytes at the ends of words; the offset `keep` stays in it. */
static sp_range
cut(const sp_post *post, sp_range range, uint32_t keep, size_t room)
{
    const char *text = post->text.data;
    uint32_t start = range.start;
    if (range.end - range.start <= room)
        return range;
    if (keep > start + BEFORE_LINK) {
        start = keep - BEFORE_LINK;
        while (start < keep && !is_blank(text[start - 1]))
            start++;
    }
    if (range.end - start <= room)
        return (sp_range){start, range.end};
    uint32_t end = start + (uint32_t)room;
    while (end > start && !is_blank(text[end]))
        end--;
    if (end == start) /* one long word, or text without blanks */
        end = start + (uint32_t)sp_utf8_cut(sp_bytes_slice(post->text, start, range.end), room).len;
    return (sp_range){start, end};
}

static void
add_block(struct prose *prose, sp_range block, uint32_t keep)
{
    size_t room = prose->max > prose->text.len ? prose->max - prose->text.len : 0;
    for (uint32_t i = 0; i < prose->count; i++) {
        if (prose->ranges[i].start == block.start)
            return;
    }
    if (block.start == block.end || (room < PIECE_MIN && block.end - block.start > room))
        return;
    sp_range part = cut(prose->post, block, keep, room);
    if (part.start == part.end)
        return;
    uint32_t line = sp_line_at(prose->post->lines, prose->post->line_count, part.start);
    prose->lines[prose->count] = (sp_line){(uint32_t)prose->text.len, line};
    prose->ranges[prose->count++] = block;
    sp_str_append(&prose->text, sp_bytes_slice(prose->post->text, part.start, part.end));
    sp_str_append_char(&prose->text, '\n');
}

static void
fill(const sp_near *near, const sp_mention *mention, size_t max, sp_arena *arena,
     sp_resource_mention *out)
{
    const sp_post *post = near->post;
    const sp_section *section = &post->sections[mention->section];
    struct prose prose = {.post = post, .arena = arena, .max = max};
    if (mention->form == SP_MENTION_LISTED)
        add_block(&prose, near->intro, near->intro.start);
    else if (mention->name.start >= near->block.start)
        add_block(&prose, near->block, mention->name.start);
    if (mention->form != SP_MENTION_LISTED || near->first.start != near->block.start)
        add_block(&prose, near->first, near->first.start);
    if (section->kind == SP_SECTION_LABEL && section->parent != SP_NO_SECTION) {
        sp_range body = post->sections[section->parent].body;
        sp_range first = first_block(post, body.start, body.end);
        add_block(&prose, first, first.start);
    }
    out->prose = sp_arena_copy_str(arena, &prose.text);
    out->lines = sp_arena_array(arena, prose.count, sizeof *out->lines);
    out->line_count = out->lines ? prose.count : 0;
    for (uint32_t i = 0; i < out->line_count; i++)
        out->lines[i] = prose.lines[i];
    sp_str_done(&prose.text);
}

void
sp_near_visit(sp_near *near, const sp_mention *mention, size_t max, sp_arena *arena,
              sp_resource_mention *out)
{
    if (near->section != mention->section)
        enter_section(near, mention->section);
    move_to(near, mention->name.start);
    near->listed |= mention->form == SP_MENTION_LISTED;
    if (out)
        fill(near, mention, max, arena, out);
}
