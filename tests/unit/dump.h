// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints a post for people to read: one line for each block, section and mention. */
#ifndef SIGNPOST_TESTS_UNIT_DUMP_H
#define SIGNPOST_TESTS_UNIT_DUMP_H

#include <signpost/post.h>

static inline sp_bytes
dump_range(const sp_post *post, sp_range range)
{
    return sp_bytes_slice(post->text, range.start, range.end);
}

static inline uint32_t
dump_line_of(const sp_post *post, uint32_t offset)
{
    uint32_t line = 0;
    for (size_t i = 0; i < post->line_count && post->lines[i].offset <= offset; i++)
        line = post->lines[i].line;
    return line;
}

/* Prints `12 | words of the block`, where 12 is the line that the block begins on. */
static inline void
dump_blocks(sp_str *out, const sp_post *post)
{
    for (uint32_t at = 0; at < post->text.len;) {
        uint32_t end = (uint32_t)sp_bytes_find(post->text, SP_LITERAL("\n"), at);
        sp_str_append_format(out, "%u | ", dump_line_of(post, at));
        sp_str_append(out, sp_bytes_slice(post->text, at, end + 1));
        at = end + 1;
    }
}

/* Prints `h2 #anchor < parent: heading` for a heading, and the same with `label` for a label. The
   lead, the text before the first heading, is not printed. */
static inline void
dump_sections(sp_str *out, const sp_post *post)
{
    for (size_t i = 0; i < post->section_count; i++) {
        const sp_section *section = &post->sections[i];
        if (section->kind == SP_SECTION_LEAD)
            continue;
        const char *kind = section->kind == SP_SECTION_LABEL ? "label" : "h";
        sp_str_append_format(out, "%s%u #", kind, section->level);
        sp_str_append(out, section->anchor);
        if (section->parent != SP_NO_SECTION)
            sp_str_append_format(out, " < %u", section->parent);
        sp_str_append_text(out, ": ");
        sp_str_append(out, dump_range(post, section->heading));
        sp_str_append_char(out, '\n');
    }
}

/* Prints `* [name](canonical) @ section:line = description` for a mention. `-` instead of `*` means
   that the mention is in running text, and `?` after the name that the name is vague. */
static inline void
dump_mentions(sp_str *out, const sp_post *post)
{
    for (size_t i = 0; i < post->mention_count; i++) {
        const sp_mention *mention = &post->mentions[i];
        sp_str_append_text(out, mention->form == SP_MENTION_LISTED ? "* [" : "- [");
        sp_str_append(out, dump_range(post, mention->name));
        sp_str_append_text(out, mention->vague ? "]?(" : "](");
        sp_str_append(out, mention->canonical);
        sp_str_append_format(out, ") @ %u:%u", mention->section, mention->line);
        sp_bytes description = dump_range(post, mention->description);
        if (description.len > 0)
            sp_str_append_text(out, " = ");
        for (size_t at = 0; at < description.len; at++)
            sp_str_append_char(out, description.data[at] == '\n' ? '/' : description.data[at]);
        sp_str_append_char(out, '\n');
    }
}

static inline void
dump_post(sp_str *out, const sp_post *post)
{
    dump_blocks(out, post);
    dump_sections(out, post);
    dump_mentions(out, post);
}

#endif
