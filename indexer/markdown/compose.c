// SPDX-License-Identifier: GPL-2.0-or-later
#include "compose.h"

#include "engine/base/sentence.h"
#include "liquid.h"

#include <signpost/ascii.h>

void
sp_compose_init(sp_compose *c, sp_arena *arena, sp_bytes site_host)
{
    *c = (sp_compose){.arena = arena, .site_host = site_host, .line = 1};
    c->link = c->described = c->pending = SP_NONE;
    for (size_t i = 0; i < sizeof c->heading / sizeof *c->heading; i++)
        c->heading[i] = SP_NO_SECTION;
    c->sections = sp_arena_grow(arena, NULL, &c->section_capacity, 1, sizeof *c->sections);
    if (c->sections)
        c->sections[c->section_count++] =
            (sp_section){.parent = SP_NO_SECTION, .anchor = SP_LITERAL(""), .line = 1};
}

void
sp_compose_done(sp_compose *c)
{
    sp_str_done(&c->text);
}

static bool
is_empty(const sp_compose *c)
{
    return c->text.len == c->block;
}

static void
add_line(sp_compose *c, size_t offset)
{
    sp_line *lines =
        sp_arena_grow(c->arena, c->lines, &c->line_capacity, c->line_count + 1, sizeof *lines);
    if (!lines)
        return;
    c->lines = lines;
    if (c->line_count > 0 && lines[c->line_count - 1].offset == offset)
        c->line_count--;
    lines[c->line_count++] = (sp_line){(uint32_t)offset, c->line};
}

/* Records in the notes that the text from `start` to its current end is not prose. */
static void
add_non_prose(sp_compose *c, size_t start)
{
    sp_notes *notes = c->notes;
    sp_range *last =
        notes->non_prose_count > 0 ? &notes->non_prose[notes->non_prose_count - 1] : NULL;
    if (last && last->end + 1 >= start) {
        last->end = (uint32_t)c->text.len;
        return;
    }
    sp_range *non_prose = sp_arena_grow(c->arena, notes->non_prose, &notes->non_prose_capacity,
                                        notes->non_prose_count + 1, sizeof *non_prose);
    if (!non_prose)
        return;
    notes->non_prose = non_prose;
    non_prose[notes->non_prose_count++] = (sp_range){(uint32_t)start, (uint32_t)c->text.len};
}

/* Appends a word. The word must not contain white space. */
static void
append_word(sp_compose *c, sp_bytes word)
{
    if (c->space && !is_empty(c))
        sp_str_append_text(&c->text, c->gap ? SP_SENTENCE_BLANKS : " ");
    c->space = c->gap = false;
    if (!c->block_line || c->lines[c->line_count - 1].line != c->line)
        add_line(c, c->text.len);
    c->block_line = c->line_count > 0;
    if (c->in_link && !c->link_filled) {
        c->link_filled = true;
        if (c->link != SP_NONE)
            c->mentions[c->link].name.start = (uint32_t)c->text.len;
    }
    size_t start = c->text.len;
    sp_str_append(&c->text, word);
    if (c->notes && (c->code || c->inline_code || c->in_link))
        add_non_prose(c, start);
}

/* Whether text contains a letter, a digit, or a character beyond ASCII, except the general
   punctuation, arrows, dingbats and emoji that people put before list entries. */
static bool
has_words(sp_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (sp_ascii_is_alphanumeric((char)c))
            return true;
        if (c >= 0xC3 && c != 0xE2 && c != 0xEF && c != 0xF0)
            return true;
    }
    return false;
}

/* Whether the word is a separator between a link and its description. */
static bool
is_dash(sp_bytes word)
{
    return memchr("-:|", word.data[0], 3) ||
           sp_bytes_starts_with(word, SP_LITERAL("\xE2\x80\x93")) ||
           sp_bytes_starts_with(word, SP_LITERAL("\xE2\x80\x94"));
}

/* Updates the state of the open block after a word was appended. */
static void
update_block(sp_compose *c, sp_bytes word)
{
    bool words = has_words(word);
    if (c->strong == 0 && (words || !sp_bytes_equal(word, SP_LITERAL(":"))))
        c->plain = true;
    if (c->pending != SP_NONE && !c->in_link) {
        if (words)
            c->pending = SP_NONE;
        else if (is_dash(word))
            sp_compose_confirm(c);
    }
    c->block_has_words = c->block_has_words || words;
    c->line_has_words = c->line_has_words || words;
}

/* Length of the white space or control character at the start of text, or 0. */
static size_t
space_length(sp_bytes text)
{
    unsigned char c = (unsigned char)text.data[0];
    if (c <= ' ' || c == 0x7F)
        return 1;
    if (c == 0xC2 && text.len > 1 && (unsigned char)text.data[1] <= 0xA0)
        return 2;
    if (text.len < 3)
        return 0;
    unsigned char d = (unsigned char)text.data[1], e = (unsigned char)text.data[2];
    if (c == 0xE2 && d == 0x80 && (e <= 0x8A || e == 0xA8 || e == 0xA9 || e == 0xAF))
        return 3;
    return c == 0xE3 && d == 0x80 && e == 0x80 ? 3 : 0;
}

/* Length of the no-break, narrow or thin space at `at` that separates the thousands of a number, or
   0. It stays in the text, where the analyzer joins the number. */
static size_t
digit_space_length(sp_bytes text, size_t at)
{
    sp_bytes rest = sp_bytes_slice(text, at, text.len);
    size_t len = sp_bytes_starts_with(rest, SP_LITERAL("\xC2\xA0"))       ? 2
                 : sp_bytes_starts_with(rest, SP_LITERAL("\xE2\x80\xAF")) ? 3
                 : sp_bytes_starts_with(rest, SP_LITERAL("\xE2\x80\x89")) ? 3
                                                                          : 0;
    size_t digits = 0;
    if (len == 0 || at == 0 || !sp_ascii_is_digit(text.data[at - 1]))
        return 0;
    while (digits < 4 && len + digits < rest.len && sp_ascii_is_digit(rest.data[len + digits]))
        digits++;
    return digits == 3 ? len : 0;
}

static bool
is_space_at(sp_bytes text, size_t at)
{
    return space_length(sp_bytes_slice(text, at, text.len)) > 0 &&
           digit_space_length(text, at) == 0;
}

static size_t
word_length(sp_bytes text)
{
    size_t len = 0;
    while (len < text.len && !is_space_at(text, len) &&
           !(text.data[len] == SP_LIQUID_MARK[0] &&
             sp_bytes_starts_with(sp_bytes_slice(text, len, text.len), SP_LITERAL(SP_LIQUID_MARK))))
        len++;
    return len;
}

void
sp_compose_text(sp_compose *c, sp_bytes text)
{
    if (c->skip > 0 || c->text.failed || c->arena->failed)
        return;
    for (size_t at = 0; at < text.len;) {
        sp_bytes rest = sp_bytes_slice(text, at, text.len);
        size_t space = space_length(rest);
        size_t len = space ? 0 : word_length(rest);
        if (space) {
            c->space = true;
            c->gap |= c->lines_part && rest.data[0] == '\n';
            c->line += rest.data[0] == '\n';
        } else if (len == 0) {
            len = sizeof SP_LIQUID_MARK - 1;
        } else {
            sp_bytes word = sp_bytes_slice(rest, 0, len);
            append_word(c, word);
            update_block(c, word);
        }
        at += space + len;
    }
}

void
sp_compose_space(sp_compose *c)
{
    c->space = true;
}

void
sp_compose_gap(sp_compose *c)
{
    c->space = true;
    c->gap = !c->in_heading && !c->in_link;
}

static bool
is_label_so_far(const sp_compose *c)
{
    return !c->in_heading && !c->code && !is_empty(c) && !c->plain && c->block_has_words;
}

void
sp_compose_break(sp_compose *c, bool hard, bool entry)
{
    if (is_label_so_far(c) && c->strong == 0 && (hard || entry)) {
        sp_compose_block(c);
        return;
    }
    c->space = true;
    if (hard)
        sp_compose_gap(c);
    char last = is_empty(c) ? '\0' : c->text.data[c->text.len - 1];
    if (hard || last == ':')
        c->list_like = true;
    sp_compose_confirm(c);
    c->line_has_words = false;
    c->line_words = c->text.len;
}

/* Adds a section whose heading is the open block. */
static uint32_t
add_section(sp_compose *c, enum sp_section_kind kind)
{
    sp_section *sections = sp_arena_grow(c->arena, c->sections, &c->section_capacity,
                                         c->section_count + 1, sizeof *sections);
    if (!sections)
        return 0;
    c->sections = sections;
    uint32_t index = (uint32_t)c->section_count++;
    sections[index] = (sp_section){.kind = kind,
                                   .parent = SP_NO_SECTION,
                                   .heading = {(uint32_t)c->block, (uint32_t)c->block},
                                   .anchor = SP_LITERAL(""),
                                   .line = c->line};
    return index;
}

static uint32_t
innermost_heading(const sp_compose *c)
{
    uint32_t found = SP_NO_SECTION;
    for (size_t level = 1; level <= 6; level++) {
        if (c->heading[level] != SP_NO_SECTION &&
            (found == SP_NO_SECTION || c->heading[level] > found))
            found = c->heading[level];
    }
    return found;
}

static bool
is_one_link(const sp_compose *c)
{
    if (c->block_mention >= c->mention_count)
        return false;
    sp_range name = c->mentions[c->block_mention].name;
    return name.start == c->block && name.end == c->text.len;
}

/* Makes the block that is about to end a label if all of its text is bold. */
static void
end_label(sp_compose *c)
{
    if (!is_label_so_far(c) || is_one_link(c))
        return;
    uint32_t above = innermost_heading(c);
    uint32_t index = add_section(c, SP_SECTION_LABEL);
    sp_section *label = &c->sections[index];
    label->heading.end = (uint32_t)c->text.len;
    label->line = c->lines[c->line_count - 1].line;
    label->parent = above;
    label->level = 1;
    if (above != SP_NO_SECTION) {
        label->level = c->sections[above].level + 1;
        label->anchor = c->sections[above].anchor;
    }
    while (label->heading.end > label->heading.start + 1 &&
           c->text.data[label->heading.end - 1] == ':')
        label->heading.end--;
    for (size_t i = c->block_mention; i < c->mention_count; i++)
        c->mentions[i].section = index;
    sp_compose_describe_open(c, c->block);
}

static void
begin_block(sp_compose *c)
{
    c->block = c->line_words = c->text.len;
    c->block_mention = c->mention_count;
    c->block_has_words = c->line_has_words = c->plain = c->space = c->gap = false;
    c->block_line = c->list_like = c->code = c->lines_part = false;
    c->strong = c->skip = 0;
    c->pending = SP_NONE;
}

void
sp_compose_block(sp_compose *c)
{
    if (c->in_link && c->link_filled)
        sp_compose_link_close(c);
    if (!is_empty(c) && !c->text.failed && !c->arena->failed) {
        if (c->in_heading && !c->heading_filled) {
            c->sections[c->heading_index].heading.end = (uint32_t)c->text.len;
            c->heading_filled = true;
        }
        sp_compose_confirm(c);
        end_label(c);
        sp_compose_describe_block(c);
        if (c->described_unit == 0 &&
            !c->in_heading) /* a link in a heading is described by the text after it */
            sp_compose_describe_open(c, c->text.len);
        sp_str_append_char(&c->text, '\n');
    }
    size_t link = c->link;
    begin_block(c);
    if (c->in_link && link != SP_NONE)
        c->block_mention = link;
}

void
sp_compose_unit_open(sp_compose *c)
{
    sp_compose_block(c);
    if (c->units < SP_UNITS_MAX)
        c->unit_start[c->units] = c->text.len;
    c->units++;
}

void
sp_compose_unit_close(sp_compose *c)
{
    sp_compose_block(c);
    if (c->units == 0)
        return;
    c->units--;
    if (c->described != SP_NONE && c->described_unit > c->units)
        sp_compose_describe_open(c, c->text.len);
}

void
sp_compose_strong(sp_compose *c, bool open)
{
    if (open)
        c->strong++;
    else if (c->strong > 0)
        c->strong--;
}

void
sp_compose_heading_open(sp_compose *c, unsigned level, sp_bytes anchor)
{
    sp_compose_heading_close(c, (sp_bytes){"", 0});
    sp_compose_block(c);
    sp_compose_describe_open(c, c->text.len);
    uint32_t index = add_section(c, SP_SECTION_HEADING);
    if (c->arena->failed)
        return;
    sp_section *section = &c->sections[index];
    section->level = level;
    section->anchor = anchor;
    for (unsigned above = 1; above < level; above++) {
        uint32_t other = c->heading[above];
        if (other != SP_NO_SECTION && (section->parent == SP_NO_SECTION || other > section->parent))
            section->parent = other;
    }
    c->heading[level] = index;
    for (unsigned below = level + 1; below <= 6; below++)
        c->heading[below] = SP_NO_SECTION;
    c->in_heading = true;
    c->heading_filled = false;
    c->heading_index = index;
}

void
sp_compose_heading_close(sp_compose *c, sp_bytes anchor)
{
    if (!c->in_heading || c->arena->failed)
        return;
    if (c->in_link)
        sp_compose_link_close(c);
    sp_compose_block(c);
    if (anchor.len > 0)
        c->sections[c->heading_index].anchor = anchor;
    c->in_heading = false;
}

static void
set_bodies(sp_compose *c)
{
    for (size_t i = 0; i < c->section_count; i++) {
        sp_section *section = &c->sections[i];
        size_t start = section->heading.end;
        while (start > section->heading.start && start < c->text.len && c->text.data[start] != '\n')
            start++;
        if (section->heading.end > section->heading.start)
            start++;
        bool last = i + 1 == c->section_count;
        section->body.start = (uint32_t)start;
        section->body.end = last ? (uint32_t)c->text.len : c->sections[i + 1].heading.start;
    }
}

static sp_bytes
first_heading(const sp_compose *c)
{
    for (size_t i = 0; i < c->section_count; i++) {
        const sp_section *section = &c->sections[i];
        if (section->kind == SP_SECTION_HEADING && section->level == 1 &&
            section->heading.end > section->heading.start)
            return sp_bytes_slice(sp_str_bytes(&c->text), section->heading.start,
                                  section->heading.end);
    }
    return (sp_bytes){"", 0};
}

static void
shift(sp_range *range, uint32_t by)
{
    range->start += by;
    range->end += by;
}

/* Adds `by`, the length of the title before the text, to all offsets into the text. */
static void
shift_all(sp_compose *c, uint32_t by)
{
    for (size_t i = 0; i < c->section_count; i++) {
        shift(&c->sections[i].heading, by);
        shift(&c->sections[i].body, by);
    }
    for (size_t i = 0; i < c->line_count; i++)
        c->lines[i].offset += by;
    for (size_t i = 0; i < c->mention_count; i++) {
        shift(&c->mentions[i].name, by);
        shift(&c->mentions[i].description, by);
    }
    for (size_t i = 0; c->notes && i < c->notes->non_prose_count; i++)
        shift(&c->notes->non_prose[i], by);
}

/* Appends the title as a block, with its white space collapsed. */
static void
append_title(sp_str *out, sp_bytes title)
{
    sp_arena arena = {0};
    sp_compose c;
    sp_compose_init(&c, &arena, (sp_bytes){"", 0});
    SP_AUTO(sp_str_done) sp_str repaired = {0};
    sp_utf8_append_repaired(&repaired, title);
    sp_compose_text(&c, sp_str_bytes(&repaired));
    sp_str_append(out, sp_str_bytes(&c.text));
    out->failed = out->failed || c.text.failed || arena.failed || repaired.failed;
    if (out->len > 0)
        sp_str_append_char(out, '\n');
    sp_compose_done(&c);
    sp_arena_done(&arena);
}

static void
add_title_line(sp_compose *c)
{
    add_line(c, 0);
    if (c->line_count < 2 || c->arena->failed)
        return;
    sp_line last = c->lines[c->line_count - 1];
    memmove(c->lines + 1, c->lines, (c->line_count - 1) * sizeof *c->lines);
    c->lines[0] = last;
}

enum sp_status
sp_compose_finish(sp_compose *c, sp_bytes title, sp_bytes fallback, sp_post *post, sp_error *err)
{
    while (c->units > 0)
        sp_compose_unit_close(c);
    sp_compose_heading_close(c, (sp_bytes){"", 0});
    sp_compose_block(c);
    sp_compose_describe_open(c, c->text.len);
    sp_compose_limit_descriptions(c);
    set_bodies(c);
    uint32_t title_line = 1;
    SP_AUTO(sp_str_done) sp_str text = {0};
    append_title(&text, title.len > 0 ? title : first_heading(c));
    if (c->notes)
        c->notes->fallback_title = text.len == 0;
    if (text.len == 0)
        append_title(&text, fallback.len > 0 ? fallback : first_heading(c));
    uint32_t by = (uint32_t)text.len;
    sp_str_append(&text, sp_str_bytes(&c->text));
    text.failed |= c->text.failed;
    if (by > 0 && !text.failed && !c->arena->failed) {
        shift_all(c, by);
        c->line = title_line;
        add_title_line(c);
    }
    post->text = sp_arena_copy_str(c->arena, &text);
    post->title = (sp_range){0, by > 0 ? by - 1 : 0};
    post->sections = c->sections;
    post->section_count = c->section_count;
    post->lines = c->lines;
    post->line_count = c->line_count;
    post->mentions = c->mentions;
    post->mention_count = c->mention_count;
    return sp_arena_check(c->arena, err);
}
