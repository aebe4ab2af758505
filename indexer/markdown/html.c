// SPDX-License-Identifier: GPL-2.0-or-later
#include "html.h"

#include <signpost/ascii.h>

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>

#include <pthread.h>
#include <stdlib.h>

/* libxml2 searches all open elements for some end tags, so the number of tags in a part is limited.
   A part ends with the line in which it reaches PART_TAGS tags, and at the latest after
   PART_TAGS_MAX tags. */
#define PART_TAGS 512
#define PART_TAGS_MAX 1024

/* libxml2 compares each attribute of a tag with all before it. Their names and values are in an
   array of pointers, which has 22 elements at first and doubles: this allows 175 attributes. */
#define ATTRIBUTE_POINTERS_MAX 352

/* After each tag with more attributes, the rest of a part has to be copied again. So after this
   many of them, the parts of a block are short: they end at the first tag after this many bytes. */
#define DROPPED_TAGS_MAX 16
#define SHORT_PART 16384

/* The effect of a tag. Tags that are not listed have no effect: their text joins the text around
   it. */
enum tag { INLINE, BLOCK, UNIT, CELL, CODE, PRE, HEADING, STRONG, LINK, IMAGE, BREAK, SKIP };

static const struct tag_name {
    const char *name;
    enum tag tag;
} tags[] = {
    {"a", LINK},        {"address", BLOCK},    {"article", BLOCK},    {"aside", BLOCK},
    {"b", STRONG},      {"blockquote", BLOCK}, {"body", BLOCK},       {"br", BREAK},
    {"caption", BLOCK}, {"center", BLOCK},     {"code", CODE},        {"dd", UNIT},
    {"details", BLOCK}, {"dir", BLOCK},        {"div", BLOCK},        {"dl", BLOCK},
    {"dt", UNIT},       {"fieldset", BLOCK},   {"figcaption", BLOCK}, {"figure", BLOCK},
    {"footer", BLOCK},  {"form", BLOCK},       {"h1", HEADING},       {"h2", HEADING},
    {"h3", HEADING},    {"h4", HEADING},       {"h5", HEADING},       {"h6", HEADING},
    {"header", BLOCK},  {"hr", BLOCK},         {"html", BLOCK},       {"iframe", SKIP},
    {"img", IMAGE},     {"kbd", CODE},         {"legend", BLOCK},     {"li", UNIT},
    {"main", BLOCK},    {"menu", BLOCK},       {"nav", BLOCK},        {"ol", BLOCK},
    {"option", BLOCK},  {"p", UNIT},           {"pre", PRE},          {"samp", CODE},
    {"script", SKIP},   {"section", BLOCK},    {"strong", STRONG},    {"style", SKIP},
    {"summary", BLOCK}, {"svg", SKIP},         {"table", BLOCK},      {"tbody", BLOCK},
    {"td", CELL},       {"template", SKIP},    {"tfoot", BLOCK},      {"th", CELL},
    {"thead", BLOCK},   {"title", SKIP},       {"tr", UNIT},          {"ul", BLOCK},
};

static int
compare(const void *key, const void *item)
{
    return strcmp(key, ((const struct tag_name *)item)->name);
}

static enum tag
tag_of(const char *name)
{
    const struct tag_name *found =
        bsearch(name, tags, sizeof tags / sizeof *tags, sizeof *tags, compare);
    return found ? found->tag : INLINE;
}

static sp_bytes
attribute(const xmlChar **attributes, const char *name)
{
    for (size_t i = 0; attributes && attributes[i]; i += 2) {
        if (strcmp((const char *)attributes[i], name) == 0)
            return sp_bytes_of(attributes[i + 1] ? (const char *)attributes[i + 1] : "");
    }
    return (sp_bytes){"", 0};
}

static void
read_image(sp_compose *c, sp_bytes alt)
{
    uint32_t line = c->line;
    sp_compose_space(c);
    sp_compose_text(c, alt);
    sp_compose_space(c);
    c->line = line;
}

static void
open_block(sp_html *html, enum tag tag)
{
    if (tag == UNIT && !html->tag_only)
        sp_compose_unit_open(html->compose);
    else
        sp_compose_block(html->compose);
}

static void
open_heading(sp_html *html, const char *name, const xmlChar **attributes)
{
    sp_compose *c = html->compose;
    if (html->tag_only) { /* `<h1>` in running text is taken for text about HTML */
        sp_compose_space(c);
        return;
    }
    sp_compose_heading_open(c, (unsigned)(name[1] - '0'),
                            sp_arena_copy(c->arena, attribute(attributes, "id")));
}

/* Applies the effect of a start tag. A unit tag among inline tags only opens a block, because its
   end tag is read separately. */
static void
open_tag(sp_html *html, const char *name, const xmlChar **attributes)
{
    sp_compose *c = html->compose;
    enum tag tag = tag_of(name);
    if (tag == SKIP)
        c->skip++;
    if (c->skip > 0)
        return;
    switch (tag) {
    case UNIT:
    case BLOCK:
        open_block(html, tag);
        break;
    case CELL:
        sp_compose_gap(c);
        break;
    case PRE:
        sp_compose_block(c);
        c->code = c->lines_part = true;
        break;
    case CODE:
        c->code = true;
        break;
    case HEADING:
        open_heading(html, name, attributes);
        break;
    case STRONG:
        sp_compose_strong(c, true);
        break;
    case LINK:
        if (attribute(attributes, "href").len > 0)
            sp_compose_link_open(c, attribute(attributes, "href"));
        break;
    case IMAGE:
        read_image(c, attribute(attributes, "alt"));
        break;
    case BREAK:
        sp_compose_break(c, true, false);
        break;
    default:
        break;
    }
}

static void
close_block(sp_html *html, enum tag tag)
{
    if (tag == UNIT && !html->tag_only)
        sp_compose_unit_close(html->compose);
    else
        sp_compose_block(html->compose);
}

static void
close_tag(sp_html *html, const char *name)
{
    sp_compose *c = html->compose;
    enum tag tag = tag_of(name);
    if (c->skip > 0) {
        c->skip -= tag == SKIP;
        return;
    }
    switch (tag) {
    case UNIT:
    case BLOCK:
    case PRE:
        close_block(html, tag);
        break;
    case CELL:
        sp_compose_gap(c);
        break;
    case CODE:
        c->code = false;
        break;
    case HEADING:
        if (html->tag_only)
            sp_compose_space(c);
        else
            sp_compose_heading_close(c, (sp_bytes){"", 0});
        break;
    case STRONG:
        sp_compose_strong(c, false);
        break;
    case LINK:
        sp_compose_link_close(c);
        break;
    default:
        break;
    }
}

static void
find_line(sp_html *html)
{
    if (html->parser->input && html->parser->input->line > 0)
        html->compose->line = html->line + (uint32_t)html->parser->input->line - 1;
}

static void
on_start(void *context, const xmlChar *name, const xmlChar **attributes)
{
    sp_html *html = context;
    if (!html->tag_only)
        find_line(html);
    open_tag(html, (const char *)name, attributes);
}

static void
on_end(void *context, const xmlChar *name)
{
    sp_html *html = context;
    if (html->tag_only)
        return;
    close_tag(html, (const char *)name);
    find_line(html);
}

static void
on_text(void *context, const xmlChar *text, int len)
{
    sp_html *html = context;
    if (!html->tag_only && len > 0)
        sp_compose_text(html->compose, (sp_bytes){(const char *)text, (size_t)len});
}

/* libxml2's globals must be initialized before threads use it. */
static pthread_once_t library_once = PTHREAD_ONCE_INIT;

/* libxml2 would print messages about memory. */
static void
ignore_message(void *context, xmlErrorPtr message)
{
    (void)context, (void)message;
}

/* What this thread reads with libxml2. */
static _Thread_local sp_html *current;

/* Only libxml2 knows what it takes for a tag, so the attributes are limited where it makes room for
   them. */
static void *
reallocate(void *memory, size_t size)
{
    if (memory && current && current->parser && memory == (void *)current->parser->atts &&
        size > ATTRIBUTE_POINTERS_MAX * sizeof(xmlChar *)) {
        current->too_many_attributes = true;
        return sp_guarded_fail();
    }
    return sp_guarded_realloc(memory, size);
}

static void
prepare_library(void)
{
    xmlMemSetup(sp_guarded_free, sp_guarded_malloc, reallocate, sp_guarded_strdup);
    xmlInitParser();
}

static void
make_parser(sp_html *html)
{
    static const htmlSAXHandler handler = {
        .startElement = on_start,
        .endElement = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
    };
    xmlSetStructuredErrorFunc(NULL, ignore_message); /* for this thread */
    html->parser = htmlNewParserCtxt();
    if (html->parser)
        *html->parser->sax = handler;
}

/* libxml2 allocates nothing while a handler runs, so only its own functions are on the stack when
   an allocation fails. */
static void
parse_guarded(sp_html *html, sp_bytes piece)
{
    if (!html->parser)
        make_parser(html);
    html->failed = !html->parser;
    if (html->failed)
        return;
    htmlParserCtxtPtr parser = html->parser;
    parser->userData = html;
    htmlDocPtr document =
        htmlCtxtReadMemory(parser, piece.data, (int)piece.len, NULL, "UTF-8",
                           HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                               HTML_PARSE_NONET | HTML_PARSE_NOIMPLIED | HTML_PARSE_NODEFDTD);
    xmlFreeDoc(document);
}

void
sp_html_done(sp_html *html)
{
    if (!html->memory.blocks)
        return;
    if (html->parser)
        htmlFreeParserCtxt(html->parser);
    html->parser = NULL;
    xmlResetLastError(); /* it can own some of the memory */
    sp_guarded_done(&html->memory);
}

/* Leaves the tag that libxml2 was reading, and returns where the piece goes on. */
static size_t
skip_tag(sp_html *html, sp_bytes piece)
{
    const xmlParserInput *input = html->parser->input;
    size_t at = input->consumed + (size_t)(input->cur - input->base);
    size_t end = at < piece.len ? sp_bytes_find(piece, SP_LITERAL(">"), at) : SIZE_MAX;
    html->parser = NULL; /* sp_html_done frees it with all its memory */
    sp_html_done(html);
    return end == SIZE_MAX ? piece.len : end + 1;
}

/* Returns false if libxml2 was left before the end. */
static bool
parse_all(sp_html *html, sp_bytes piece)
{
    sp_guarded_begin(&html->memory);
    if (setjmp(html->memory.failed) != 0)
        return false;
    parse_guarded(html, piece);
    sp_guarded_leave(&html->memory);
    return true;
}

/* Returns how much of the piece was read: less than all after a tag with too many attributes. */
static size_t
parse(sp_html *html, sp_bytes piece)
{
    if (piece.len == 0 || piece.len > INT32_MAX || html->failed)
        return piece.len;
    pthread_once(&library_once, prepare_library);
    html->too_many_attributes = false;
    current = html;
    bool all = parse_all(html, piece);
    current = NULL;
    if (html->too_many_attributes)
        return skip_tag(html, piece);
    if (!all) {
        html->parser = NULL;
        html->failed = true;
    }
    return piece.len;
}

/* size: the part ends at the first tag after this many bytes, if it does not end before. */
static size_t
part_length(sp_bytes piece, size_t size)
{
    size_t seen = 0, at = 0;
    for (; at < piece.len; at++) {
        seen += piece.data[at] == '<';
        if (seen > PART_TAGS_MAX || (at > size && piece.data[at] == '<'))
            break;
        if (piece.data[at] == '\n' && seen > PART_TAGS)
            return at + 1;
    }
    return at;
}

static uint32_t
count_lines(sp_bytes text)
{
    uint32_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.data[i] == '\n';
    return count;
}

void
sp_html_block(sp_html *html, sp_bytes piece, uint32_t line)
{
    sp_compose *c = html->compose;
    size_t units = c->units, dropped = 0;
    sp_compose_block(c);
    html->tag_only = false;
    html->line = line;
    while (piece.len > 0) {
        size_t len = part_length(piece, dropped < DROPPED_TAGS_MAX ? piece.len : SHORT_PART);
        c->line = html->line;
        size_t end = parse(html, sp_bytes_slice(piece, 0, len));
        dropped += end < len;
        while (c->units > units)
            sp_compose_unit_close(c);
        sp_compose_link_close(c);
        sp_compose_heading_close(c, (sp_bytes){"", 0});
        sp_compose_block(c);
        html->line += count_lines(sp_bytes_slice(piece, 0, end));
        piece = sp_bytes_slice(piece, end, piece.len);
    }
}

/* Sets name to the tag's name in lower case. False if it is longer than all known names. */
static bool
read_name(sp_bytes tag, char name[16])
{
    size_t len = 0;
    while (len < tag.len && len < 15) {
        char c = sp_ascii_lower(tag.data[len]);
        if (!(sp_ascii_is_lower(c) || sp_ascii_is_digit(c)))
            break;
        name[len++] = c;
    }
    name[len] = '\0';
    return len > 0 && len < 15;
}

void
sp_html_inline(sp_html *html, sp_bytes tag)
{
    char name[16];
    bool end = sp_bytes_starts_with(tag, SP_LITERAL("</"));
    if (tag.len < 3 || !read_name(sp_bytes_slice(tag, end ? 2 : 1, tag.len), name))
        return;
    html->tag_only = true;
    if (end)
        close_tag(html, name);
    else if (memchr(tag.data, '=', tag.len))
        parse(html, tag);
    else
        open_tag(html, name, NULL);
}
