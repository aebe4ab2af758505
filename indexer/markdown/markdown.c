// SPDX-License-Identifier: GPL-2.0-or-later
#include "markdown.h"

#include "anchor.h"
#include "compose.h"
#include "html.h"
#include "inlines.h"
#include "prepare.h"

#include <cmark.h>

/* Limited because cmark counts bytes in an int. */
#define BODY_MAX ((size_t)1 << 30)

struct walk {
    const sp_markdown_input *input;
    sp_arena *arena;
    sp_prepared prepared;
    sp_compose compose;
    sp_html html;
    sp_inlines inlines;
    sp_anchors anchors, old_anchors;
    sp_str raw; /* of the open heading */
};

/* While the post is read, line numbers are rows of the prepared text; map_lines replaces them by
   lines of the file. */
static uint32_t
row_of(cmark_node *node)
{
    int line = cmark_node_get_start_line(node);
    return line > 0 ? (uint32_t)line : 1;
}

static uint32_t
file_line(const struct walk *w, uint32_t row)
{
    const sp_prepared *prepared = &w->prepared;
    if (prepared->row_count == 0)
        return w->input->first_line;
    if (row > prepared->row_count)
        row = (uint32_t)prepared->row_count;
    return w->input->first_line + prepared->rows[row ? row - 1 : 0].origin - 1;
}

static void
map_lines(const struct walk *w, sp_post *post)
{
    sp_notes *notes = w->compose.notes;
    for (size_t i = post->title.end > 0 ? 1 : 0; i < post->line_count; i++)
        post->lines[i].line = file_line(w, post->lines[i].line);
    for (size_t i = 0; i < post->section_count; i++)
        post->sections[i].line = file_line(w, post->sections[i].line);
    for (size_t i = 0; i < post->mention_count; i++)
        post->mentions[i].line = file_line(w, post->mentions[i].line);
    for (size_t i = 0; notes && i < notes->link_count; i++)
        notes->links[i].line = file_line(w, notes->links[i].line);
    if (notes)
        notes->excess_line = file_line(w, notes->excess_line);
}

static sp_bytes
literal_of(cmark_node *node)
{
    const char *literal = cmark_node_get_literal(node);
    return sp_bytes_of(literal ? literal : "");
}

static sp_bytes
source_line(const struct walk *w, int line)
{
    return sp_prepared_line(&w->prepared, line > 0 ? (uint32_t)line : 0);
}

/* Whether a code block is fenced: the block's first line is a fence, and not a line of code. */
static bool
is_fenced(const struct walk *w, cmark_node *node)
{
    sp_bytes line = source_line(w, cmark_node_get_start_line(node));
    int column = cmark_node_get_start_column(node);
    if (column < 1 || (size_t)column > line.len)
        return false;
    char c = line.data[column - 1];
    return (c == '`' || c == '~') && literal_of(node).data[0] != c;
}

static void
read_code_block(struct walk *w, cmark_node *node)
{
    sp_compose *c = &w->compose;
    sp_compose_block(c);
    c->code = c->lines_part = true;
    c->line = row_of(node) + is_fenced(w, node);
    sp_compose_text(c, literal_of(node));
    sp_compose_block(c);
}

static bool
is_rule_row(sp_bytes line)
{
    bool dash = false;
    for (size_t i = 0; i < line.len; i++) {
        if (!memchr("|-:+= \t>", line.data[i], 8))
            return false;
        dash = dash || line.data[i] == '-';
    }
    return dash;
}

/* Whether a paragraph is a table: each line contains '|', and the paragraph begins with '|' or its
   second line is a rule. */
static bool
is_table(const struct walk *w, cmark_node *node)
{
    int first = cmark_node_get_start_line(node), last = cmark_node_get_end_line(node);
    for (int line = first; line <= last; line++) {
        sp_bytes text = source_line(w, line);
        if (text.len == 0 || !memchr(text.data, '|', text.len))
            return false;
    }
    int column = cmark_node_get_start_column(node);
    sp_bytes line = source_line(w, first);
    bool edge = column > 0 && (size_t)column <= line.len && line.data[column - 1] == '|';
    return edge || (last > first && is_rule_row(source_line(w, first + 1)));
}

static void
open_row(struct walk *w)
{
    sp_compose_unit_open(&w->compose);
    w->compose.plain = true; /* so that no cell becomes a label */
}

static void
enter_paragraph(struct walk *w, cmark_node *node)
{
    w->compose.line = row_of(node);
    w->inlines.table = is_table(w, node);
    w->inlines.line_start = true;
    if (w->inlines.table)
        open_row(w);
    else
        sp_compose_unit_open(&w->compose);
}

static void
leave_paragraph(struct walk *w)
{
    sp_compose_link_close(&w->compose);
    sp_compose_heading_close(&w->compose, (sp_bytes){"", 0});
    sp_compose_unit_close(&w->compose);
    w->inlines.table = false;
}

static void
read_break(struct walk *w, cmark_node *node, bool hard)
{
    cmark_node *next = cmark_node_next(node);
    bool entry = next && cmark_node_get_type(next) == CMARK_NODE_LINK;
    w->inlines.line_start = true;
    if (w->inlines.raw)
        sp_str_append_char(w->inlines.raw, ' ');
    if (w->inlines.table) {
        sp_compose_unit_close(&w->compose);
        open_row(w);
    } else {
        sp_compose_break(&w->compose, hard, entry);
    }
    w->compose.line++;
}

static bool
is_hashed(const struct walk *w, cmark_node *node)
{
    sp_bytes line = source_line(w, cmark_node_get_start_line(node));
    int column = cmark_node_get_start_column(node);
    return column > 0 && (size_t)column <= line.len && line.data[column - 1] == '#';
}

/* Whether kramdown, too, reads the node as a heading. In kramdown, an underlined heading has one
   line, and every heading has text; other headings of CommonMark are paragraphs. */
static bool
is_heading(const struct walk *w, cmark_node *node)
{
    if (!cmark_node_first_child(node))
        return false;
    if (is_hashed(w, node))
        return true;
    for (cmark_node *child = cmark_node_first_child(node); child; child = cmark_node_next(child)) {
        if (cmark_node_get_type(child) == CMARK_NODE_SOFTBREAK)
            return false;
    }
    return true;
}

static void
enter_heading(struct walk *w, cmark_node *node)
{
    if (!is_heading(w, node)) {
        enter_paragraph(w, node);
        return;
    }
    w->compose.line = row_of(node);
    sp_compose_heading_open(&w->compose, (unsigned)cmark_node_get_heading_level(node),
                            (sp_bytes){"", 0});
    sp_str_clear(&w->raw);
    w->inlines.raw = &w->raw;
}

/* Whether the heading is indented. In kramdown, `## x` is a heading only in the column where the
   content of its container begins. */
static bool
is_indented(const struct walk *w, cmark_node *node)
{
    cmark_node *parent = cmark_node_parent(node);
    cmark_node *first = cmark_node_first_child(parent);
    if (!is_hashed(w, node))
        return false;
    if (cmark_node_get_type(parent) == CMARK_NODE_DOCUMENT)
        return cmark_node_get_start_column(node) > 1;
    return cmark_node_get_type(parent) == CMARK_NODE_ITEM &&
           cmark_node_get_start_line(first) == cmark_node_get_start_line(parent) &&
           cmark_node_get_start_column(node) > cmark_node_get_start_column(first);
}

/* The id that Jekyll gives the heading. kramdown does not see an indented `## x` or a heading
   inside raw HTML, so these have no id and are not counted. */
static sp_bytes
anchor_of(struct walk *w, cmark_node *node)
{
    int first = cmark_node_get_start_line(node);
    bool hashed = is_hashed(w, node);
    sp_bytes given =
        sp_prepared_id_of(&w->prepared, (uint32_t)first, (uint32_t)(hashed ? first : first + 1));
    enum sp_heading_id_rule rule = w->prepared.rows[first - 1].rule;
    if (rule == SP_RULE_NONE || is_indented(w, node))
        return (sp_bytes){"", 0};
    if (given.len > 0)
        return given;
    sp_bytes raw = sp_str_bytes(&w->raw);
    if (rule == SP_RULE_OLD)
        return sp_anchors_next_old(&w->old_anchors, w->arena, raw);
    return sp_anchors_next(&w->anchors, w->arena, raw);
}

static void
leave_heading(struct walk *w, cmark_node *node)
{
    if (!is_heading(w, node)) {
        leave_paragraph(w);
        return;
    }
    sp_bytes anchor = anchor_of(w, node);
    w->inlines.raw = NULL;
    sp_compose_link_close(&w->compose);
    sp_compose_heading_close(&w->compose, anchor);
}

static void
enter_inline(struct walk *w, cmark_node *node)
{
    sp_compose *c = &w->compose;
    if (cmark_node_get_start_line(node) > 0)
        c->line = row_of(node);
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_TEXT:
        sp_inlines_text(&w->inlines, literal_of(node));
        break;
    case CMARK_NODE_CODE:
        sp_inlines_code(&w->inlines, literal_of(node));
        break;
    case CMARK_NODE_HTML_INLINE:
        sp_html_inline(&w->html, literal_of(node));
        break;
    case CMARK_NODE_SOFTBREAK:
        read_break(w, node, false);
        break;
    case CMARK_NODE_LINEBREAK:
        read_break(w, node, true);
        break;
    case CMARK_NODE_STRONG:
        sp_compose_strong(c, true);
        break;
    case CMARK_NODE_IMAGE:
        w->inlines.image++;
        break;
    case CMARK_NODE_LINK:
        sp_compose_link_open(c, sp_bytes_of(cmark_node_get_url(node)));
        break;
    default:
        break;
    }
}

static void
enter(struct walk *w, cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_ITEM:
        sp_compose_unit_open(&w->compose);
        break;
    case CMARK_NODE_PARAGRAPH:
        enter_paragraph(w, node);
        break;
    case CMARK_NODE_HEADING:
        enter_heading(w, node);
        break;
    case CMARK_NODE_CODE_BLOCK:
        read_code_block(w, node);
        break;
    case CMARK_NODE_HTML_BLOCK:
        sp_html_block(&w->html, literal_of(node), row_of(node));
        break;
    case CMARK_NODE_BLOCK_QUOTE:
    case CMARK_NODE_THEMATIC_BREAK:
        sp_compose_block(&w->compose);
        break;
    default:
        enter_inline(w, node);
    }
}

static void
leave(struct walk *w, cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_ITEM:
        sp_compose_unit_close(&w->compose);
        break;
    case CMARK_NODE_PARAGRAPH:
        leave_paragraph(w);
        break;
    case CMARK_NODE_HEADING:
        leave_heading(w, node);
        break;
    case CMARK_NODE_STRONG:
        sp_compose_strong(&w->compose, false);
        break;
    case CMARK_NODE_IMAGE:
        w->inlines.image--;
        break;
    case CMARK_NODE_LINK:
        sp_compose_link_close(&w->compose);
        break;
    default:
        break;
    }
}

static cmark_mem guarded = {sp_guarded_calloc, sp_guarded_realloc, sp_guarded_free};

/* Returns NULL when memory is out. */
static cmark_iter *
parse_document(sp_bytes text, sp_guarded *memory)
{
    sp_guarded_begin(memory);
    if (setjmp(memory->failed) != 0)
        return NULL;
    cmark_parser *parser = cmark_parser_new_with_mem(CMARK_OPT_SOURCEPOS, &guarded);
    cmark_parser_feed(parser, text.data, text.len);
    cmark_node *document = cmark_parser_finish(parser);
    cmark_parser_free(parser);
    cmark_iter *iter = cmark_iter_new(document);
    sp_guarded_leave(memory);
    return iter;
}

static enum sp_status
walk_document(struct walk *w, sp_error *err)
{
    SP_AUTO(sp_guarded_done) sp_guarded memory = {0}; /* of cmark's tree */
    cmark_iter *iter = parse_document(sp_str_bytes(&w->prepared.text), &memory);
    if (!iter)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    cmark_event_type event;
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (event == CMARK_EVENT_ENTER)
            enter(w, node);
        else
            leave(w, node);
    }
    bool failed = w->html.failed || w->raw.failed;
    return failed ? sp_fail(err, SP_NO_MEMORY, "out of memory") : SP_OK;
}

enum sp_status
sp_markdown_read(const sp_markdown_input *input, sp_arena *arena, sp_post *post, sp_error *err)
{
    if (input->body.len > BODY_MAX) {
        SP_AUTO(sp_str_done) sp_str path = {0};
        sp_str_append(&path, input->path);
        return sp_fail_at(err, SP_BAD_INPUT, path.data ? path.data : "", input->first_line, 1,
                          "text must not exceed %zu bytes (got %zu)", BODY_MAX, input->body.len);
    }
    struct walk w = {.input = input, .arena = arena};
    sp_compose_init(&w.compose, arena, input->site_host);
    w.compose.notes = input->notes;
    w.compose.lang = post->lang;
    if (input->notes)
        *input->notes = (sp_notes){0};
    w.html.compose = w.inlines.compose = &w.compose;
    enum sp_status status = sp_prepare(&w.prepared, input->body, arena, err);
    if (status == SP_OK)
        status = walk_document(&w, err);
    if (status == SP_OK)
        status = sp_compose_finish(&w.compose, input->title, input->fallback_title, post, err);
    if (status == SP_OK)
        map_lines(&w, post);
    sp_html_done(&w.html);
    sp_compose_done(&w.compose);
    sp_anchors_done(&w.anchors);
    sp_anchors_done(&w.old_anchors);
    sp_str_done(&w.raw);
    sp_prepared_done(&w.prepared);
    return status;
}
