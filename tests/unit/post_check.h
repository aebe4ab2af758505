// SPDX-License-Identifier: GPL-2.0-or-later
/* Checks the promises that post.h makes about every post. */
#ifndef SIGNPOST_TESTS_UNIT_POST_CHECK_H
#define SIGNPOST_TESTS_UNIT_POST_CHECK_H

#include "harness.h"

#include <signpost/post.h>

/* Checks that an offset is not inside a character. */
static inline void
check_boundary(const sp_post *post, uint32_t at)
{
    assert_true(at <= post->text.len);
    if (at < post->text.len)
        assert_true(((unsigned char)post->text.data[at] & 0xC0) != 0x80);
}

static inline void
check_range(const sp_post *post, sp_range range)
{
    assert_true(range.start <= range.end);
    check_boundary(post, range.start);
    check_boundary(post, range.end);
}

static inline void
check_text(const sp_post *post)
{
    sp_bytes text = post->text;
    assert_true(sp_utf8_invalid(text) == SIZE_MAX);
    assert_true(text.len == 0 || text.data[text.len - 1] == '\n');
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i], before = i > 0 ? text.data[i - 1] : '\n';
        assert_true((unsigned char)c >= ' ' || c == '\n');
        assert_true(c != 0x7F);
        if (c == ' ')
            assert_true(before != '\n' && (before != ' ' || text.data[i - 2] != ' '));
        if (c == '\n')
            assert_true(before != ' ' && before != '\n');
    }
    check_range(post, post->title);
    assert_int_equal(post->title.start, 0);
    if (post->title.end > 0)
        assert_true(text.data[post->title.end] == '\n');
}

static inline void
check_sections(const sp_post *post)
{
    uint32_t at = post->title.end > 0 ? post->title.end + 1 : 0;
    assert_true(post->section_count >= 1);
    assert_int_equal(post->sections[0].kind, SP_SECTION_LEAD);
    for (size_t i = 0; i < post->section_count; i++) {
        const sp_section *section = &post->sections[i];
        check_range(post, section->heading);
        check_range(post, section->body);
        assert_int_equal(section->heading.start, at);
        assert_true(section->body.start >= section->heading.end);
        assert_true(section->parent == SP_NO_SECTION || section->parent < i);
        assert_true(section->kind == SP_SECTION_LEAD || section->level >= 1);
        assert_true(section->level <= 7);
        at = section->body.end;
    }
    assert_int_equal(at, post->text.len);
}

/* An upper bound of the lines of a body: CR LF counts as two. */
static inline uint32_t
count_lines(sp_bytes body)
{
    uint32_t lines = 1;
    for (size_t i = 0; i < body.len; i++)
        lines += body.data[i] == '\n' || body.data[i] == '\r';
    return lines;
}

static inline void
check_lines(const sp_post *post, uint32_t first_line, uint32_t last_line)
{
    assert_true(post->text.len == 0 || (post->line_count > 0 && post->lines[0].offset == 0));
    for (size_t i = 0; i < post->line_count; i++) {
        check_boundary(post, post->lines[i].offset);
        assert_true(i == 0 || post->lines[i].offset > post->lines[i - 1].offset);
        bool title = i == 0 && post->title.end > 0;
        assert_true(title || post->lines[i].line >= first_line);
        assert_true(post->lines[i].line <= last_line);
    }
}

static inline void
check_mentions(const sp_post *post)
{
    for (size_t i = 0; i < post->mention_count; i++) {
        const sp_mention *mention = &post->mentions[i];
        check_range(post, mention->name);
        check_range(post, mention->description);
        assert_true(mention->section < post->section_count);
        assert_true(mention->description.end - mention->description.start <= 1200 ||
                    mention->name.end > mention->description.start + 1000);
        assert_true(sp_bytes_starts_with(mention->canonical, SP_LITERAL("https://")));
        assert_true(sp_bytes_starts_with(mention->url, SP_LITERAL("http")));
        assert_true(sp_utf8_invalid(mention->canonical) == SIZE_MAX);
    }
}

static inline void
check_post(const sp_post *post, uint32_t first_line, uint32_t last_line)
{
    check_text(post);
    check_sections(post);
    check_lines(post, first_line, last_line);
    check_mentions(post);
}

#endif
