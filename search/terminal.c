// SPDX-License-Identifier: GPL-2.0-or-later
#include "terminal.h"

#include <signpost/printable.h>
#include <signpost/query.h>
#include <signpost/url.h>

#include "explain.h"
#include "engine/base/characters.h"
#include "isolates.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

#define WIDTH_MAX 100 /* columns; longer lines are hard to read */
#define WIDTH_MIN 20
#define WIDTH_UNKNOWN 80
#define INDENT 4

#define RESET "\033[0m"
#define BOLD "\033[1m"
#define DIM "\033[2m"
#define TITLE "\033[1;34m"
#define MARK "\033[1;31m"
#define ADDRESS "\033[32m"

static bool
environment_has(const char *name)
{
    const char *value = getenv(name);
    return value && *value;
}

/* Whether the terminal supports hyperlinks. A program cannot ask a terminal, but some terminals
   that support hyperlinks name themselves in the environment. */
static bool
has_hyperlinks(void)
{
    const char *vte = getenv("VTE_VERSION"), *program = getenv("TERM_PROGRAM"),
               *terminal = getenv("TERM");
    static const char *const programs[] = {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper"};
    if ((vte && atoi(vte) >= 5000) || environment_has("WT_SESSION") ||
        environment_has("KITTY_WINDOW_ID") || environment_has("KONSOLE_VERSION"))
        return true;
    for (size_t i = 0; program && i < sizeof programs / sizeof *programs; i++) {
        if (strcmp(program, programs[i]) == 0)
            return true;
    }
    return terminal &&
           (strstr(terminal, "kitty") || strstr(terminal, "foot") || strstr(terminal, "alacritty"));
}

static unsigned
terminal_width(void)
{
    struct winsize size;
    const char *columns = getenv("COLUMNS");
    unsigned width = WIDTH_UNKNOWN;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        width = size.ws_col;
    else if (columns && atoi(columns) > 0)
        width = (unsigned)atoi(columns);
    if (width > WIDTH_MAX)
        width = WIDTH_MAX;
    return width < WIDTH_MIN ? WIDTH_MIN : width;
}

sp_terminal
sp_terminal_detect(bool color)
{
    return (sp_terminal){.color = color,
                         .hyperlinks = color && isatty(STDOUT_FILENO) && has_hyperlinks(),
                         .width = terminal_width()};
}

static void
style(const sp_terminal *terminal, sp_str *out, const char *code)
{
    if (terminal->color)
        sp_str_append_text(out, code);
}

static unsigned
columns_of(uint32_t code_point)
{
    int width = utf8proc_charwidth((utf8proc_int32_t)code_point);
    return width > 0 ? (unsigned)width : 0;
}

/* Appends the character at `at`, or its replacement, and returns its length in the text. */
static size_t
put_character(sp_str *out, sp_bytes text, size_t at, sp_isolates *isolates, unsigned *columns)
{
    uint32_t c;
    size_t len = sp_utf8_decode(text, at, &c);
    c = sp_isolates_take(isolates, c);
    sp_utf8_append(out, c);
    *columns += columns_of(c);
    return len;
}

/* Appends a text of a post. */
static void
put_text(sp_str *out, sp_bytes text)
{
    unsigned columns = 0;
    sp_isolates isolates = {0};
    for (size_t at = 0; at < text.len;)
        at += put_character(out, text, at, &isolates, &columns);
    sp_isolates_append_ends(&isolates, out);
}

static void
put_number(sp_str *out, uint32_t number, const char *one, const char *many)
{
    sp_str_append_format(out, "%u %s", number, number == 1 ? one : many);
}

static void
indent(sp_str *out)
{
    sp_str_append_format(out, "%*s", INDENT, "");
}

/* State of the line wrapping: words are printed one by one, and styles begin and end at the byte
   offsets of the marks. */
struct wrap_state {
    const sp_terminal *terminal;
    sp_str *out;
    const sp_marked *text;
    const char *base; /* style of unmarked text */
    unsigned column, width;
    uint32_t next_mark;
    bool inside; /* a mark */
    sp_isolates isolates;
};

static void
switch_style(struct wrap_state *wrap, size_t offset)
{
    const sp_marked *text = wrap->text;
    if (wrap->inside && offset >= text->marks[wrap->next_mark].end) {
        style(wrap->terminal, wrap->out, RESET);
        style(wrap->terminal, wrap->out, wrap->base);
        wrap->inside = false;
        wrap->next_mark++;
    }
    if (!wrap->inside && wrap->next_mark < text->mark_count &&
        offset >= text->marks[wrap->next_mark].start) {
        style(wrap->terminal, wrap->out, MARK);
        wrap->inside = true;
    }
}

/* The width of the word at `at`, with these isolates open, and its end: a blank, or a place where
   a script without blanks can be divided. */
static unsigned
word_columns(sp_isolates isolates, sp_bytes text, size_t at, size_t *end)
{
    unsigned columns = 0;
    size_t start = at;
    while (at < text.len && text.data[at] != ' ' && (at == start || !sp_can_divide_at(text, at))) {
        uint32_t c;
        at += sp_utf8_decode(text, at, &c);
        columns += columns_of(sp_isolates_take(&isolates, c));
    }
    *end = at;
    return columns;
}

static void
put_word(struct wrap_state *wrap, size_t start, size_t end)
{
    for (size_t i = start; i < end;) {
        switch_style(wrap, i);
        i += put_character(wrap->out, wrap->text->text, i, &wrap->isolates, &wrap->column);
    }
}

/* Continues on the next line. */
static void
end_line(struct wrap_state *wrap)
{
    sp_isolates_append_ends(&wrap->isolates, wrap->out);
    sp_str_append_char(wrap->out, '\n');
    indent(wrap->out);
    sp_isolates_append_starts(&wrap->isolates, wrap->out);
    wrap->column = INDENT;
}

/* Prints text that begins in `column`, wrapped to lines of at most `width` columns. */
static void
put_marked(const sp_terminal *terminal, sp_str *out, const sp_marked *text, const char *base,
           unsigned column, unsigned width)
{
    struct wrap_state wrap = {.terminal = terminal,
                              .out = out,
                              .text = text,
                              .base = base,
                              .column = column,
                              .width = width};
    sp_bytes bytes = text->text;
    style(terminal, out, base);
    for (size_t start = 0, end; start < bytes.len;
         start = end + (end < bytes.len && bytes.data[end] == ' ')) {
        unsigned columns = word_columns(wrap.isolates, bytes, start, &end);
        bool blank = start > 0 && bytes.data[start - 1] == ' ';
        if (start > 0 && wrap.column + blank + columns > wrap.width) {
            end_line(&wrap);
        } else if (blank) {
            switch_style(&wrap, start - 1);
            sp_str_append_char(out, ' ');
            wrap.column++;
        }
        put_word(&wrap, start, end);
    }
    sp_isolates_append_ends(&wrap.isolates, out);
    style(terminal, out, RESET);
}

/* Begins a hyperlink if the terminal supports hyperlinks and the link has a complete URL. */
static void
hyperlink(const sp_terminal *terminal, sp_str *out, sp_bytes url)
{
    if (!terminal->hyperlinks || (!sp_url_is_absolute(url) && terminal->base_url.len == 0))
        return;
    sp_str_append_text(out, "\033]8;;");
    if (url.len > 0 && !sp_url_is_absolute(url))
        sp_printable_append(out, terminal->base_url);
    sp_printable_append(out, url);
    sp_str_append_text(out, "\033\\");
}

static void
close_hyperlink(const sp_terminal *terminal, sp_str *out)
{
    if (terminal->hyperlinks)
        sp_str_append_text(out, "\033]8;;\033\\");
}

static sp_bytes
best_link(const sp_hit *hit)
{
    bool deep = hit->kind == SP_KIND_POST && (hit->passage_count > 0 || hit->section.data);
    return deep ? hit->at : hit->url;
}

static void
put_title(const sp_terminal *terminal, const sp_hit *hit, uint32_t number, sp_str *out)
{
    sp_str_append_format(out, "%2u. ", number);
    hyperlink(terminal, out, best_link(hit));
    put_marked(terminal, out, &hit->title, TITLE, INDENT, terminal->width);
    close_hyperlink(terminal, out);
    sp_str_append_char(out, '\n');
}

static void
put_address(const sp_terminal *terminal, const sp_hit *hit, sp_str *out)
{
    indent(out);
    style(terminal, out, ADDRESS);
    sp_printable_append(out, best_link(hit));
    style(terminal, out, RESET);
    style(terminal, out, DIM);
    if (hit->date.len > 0) {
        sp_str_append_text(out, "  ");
        put_text(out, hit->date);
    }
    if (hit->kind == SP_KIND_RESOURCE) {
        sp_str_append_text(out, "  resource, mentioned ");
        put_number(out, hit->mention_count, "time", "times");
    }
    sp_str_append_text(out, hit->pinned ? "  pinned" : "");
    style(terminal, out, RESET);
    sp_str_append_char(out, '\n');
}

static void
put_breadcrumb(const sp_terminal *terminal, sp_bytes page, const sp_bytes *heading, uint32_t count,
               sp_str *out)
{
    SP_AUTO(sp_str_done) sp_str joined = {0};
    if (page.len == 0 && count == 0)
        return;
    put_text(&joined, page);
    for (uint32_t i = 0; i < count; i++) {
        sp_str_append_text(&joined, joined.len > 0 ? " \xE2\x80\xBA " : "");
        put_text(&joined, heading[i]);
    }
    const sp_marked text = {.text = sp_str_bytes(&joined)};
    indent(out);
    put_marked(terminal, out, &text, BOLD, INDENT, terminal->width);
    sp_str_append_char(out, '\n');
}

/* Returns the title of the post that the passage of a resource is from. */
static sp_bytes
page_of(const sp_hit *hit, const sp_passage *passage)
{
    const sp_answer_mention *mention = sp_hit_mention_at(hit, passage->url);
    return mention ? mention->title : (sp_bytes){0};
}

static void
put_passage(const sp_terminal *terminal, sp_bytes page, const sp_passage *passage, sp_str *out)
{
    put_breadcrumb(terminal, page, passage->heading, passage->heading_count, out);
    indent(out);
    put_marked(terminal, out, &passage->text, "", INDENT, terminal->width);
    sp_str_append_char(out, '\n');
}

/* Prints the headings of the section by which a resource without passages matches, but only once
   for neighbours that match by the same section. */
static void
put_section(const sp_terminal *terminal, const sp_hit *hit, sp_str *out)
{
    const sp_answer_mention *mention = sp_hit_mention_at(hit, hit->at);
    if (hit->passage_count > 0 || hit->grouped || !mention)
        return;
    if (hit->opening)
        put_passage(terminal, mention->title, hit->opening, out);
    else
        put_breadcrumb(terminal, mention->title, hit->at_heading, hit->at_heading_count, out);
}

static bool
contains(sp_bytes text, sp_bytes part)
{
    return sp_bytes_find(text, part, 0) != SIZE_MAX;
}

/* Prints the description of a resource, unless it is already shown. */
static void
put_description(const sp_terminal *terminal, const sp_hit *hit, sp_str *out)
{
    sp_bytes text = hit->description.text;
    const sp_passage *first = hit->passage_count > 0 ? &hit->passages[0] : hit->opening;
    bool again = hit->described_above ||
                 (first && (contains(first->text.text, text) || contains(text, first->text.text)));
    if (text.len == 0 || again)
        return;
    indent(out);
    put_marked(terminal, out, &hit->description, "", INDENT, terminal->width);
    sp_str_append_char(out, '\n');
}

static void
put_missing(const sp_terminal *terminal, const sp_hit *hit, sp_str *out)
{
    if (hit->missing_count == 0)
        return;
    indent(out);
    style(terminal, out, DIM);
    sp_str_append_text(out, "without: ");
    for (uint32_t i = 0; i < hit->missing_count; i++) {
        sp_str_append_text(out, i > 0 ? ", " : "");
        put_text(out, hit->missing[i]);
    }
    style(terminal, out, RESET);
    sp_str_append_char(out, '\n');
}

/* Prints where words of the query are that the hit does not show otherwise. */
static void
put_elsewhere(const sp_terminal *terminal, const sp_hit *hit, sp_str *out)
{
    static const char *const labels[SP_ELSEWHERE_COUNT] = {[SP_ELSEWHERE_URL] = "in the address: ",
                                                           [SP_ELSEWHERE_TAG] = "in the tag: ",
                                                           [SP_ELSEWHERE_CATEGORY] =
                                                               "in the category: "};
    for (uint32_t i = 0; i < hit->elsewhere_count; i++) {
        const char *label = labels[hit->elsewhere[i].field];
        indent(out);
        style(terminal, out, DIM);
        sp_str_append_text(out, label);
        style(terminal, out, RESET);
        put_marked(terminal, out, &hit->elsewhere[i].text, "", INDENT + (unsigned)strlen(label),
                   terminal->width);
        sp_str_append_char(out, '\n');
    }
}

static void
put_hit(const sp_terminal *terminal, const sp_hit *hit, uint32_t number, sp_str *out)
{
    put_title(terminal, hit, number, out);
    put_address(terminal, hit, out);
    put_missing(terminal, hit, out);
    put_elsewhere(terminal, hit, out);
    put_section(terminal, hit, out);
    put_description(terminal, hit, out);
    for (uint32_t i = hit->passages_from; i < hit->passage_count; i++)
        put_passage(terminal, page_of(hit, &hit->passages[i]), &hit->passages[i], out);
    style(terminal, out, hit->explanation ? DIM : "");
    if (hit->explanation)
        sp_explanation_print(hit->explanation, out);
    style(terminal, out, hit->explanation ? RESET : "");
}

/* Prints related documents without numbers and passages, because they are not hits of the query. */
static void
put_related(const sp_terminal *terminal, const sp_answer *answer, sp_str *out)
{
    if (answer->related_count == 0)
        return;
    sp_str_append_text(out, answer->hit_count > 0 ? "\n" : "");
    style(terminal, out, DIM);
    sp_str_append_text(out, "related results that contain none of your words:");
    style(terminal, out, RESET);
    sp_str_append_char(out, '\n');
    for (uint32_t i = 0; i < answer->related_count; i++) {
        const sp_hit *hit = &answer->related[i];
        indent(out);
        hyperlink(terminal, out, hit->url);
        put_marked(terminal, out, &hit->title, TITLE, INDENT, terminal->width);
        close_hyperlink(terminal, out);
        sp_str_append_char(out, '\n');
        put_address(terminal, hit, out);
    }
}

void
sp_terminal_print(const sp_terminal *terminal, const sp_answer *answer, sp_str *out)
{
    for (uint32_t i = 0; i < answer->hit_count; i++) {
        if (i > 0 && !answer->hits[i].grouped)
            sp_str_append_char(out, '\n');
        put_hit(terminal, &answer->hits[i], answer->offset + i + 1, out);
    }
    put_related(terminal, answer, out);
}

void
sp_terminal_print_notes(const sp_answer *answer, sp_str *out)
{
    if (answer->truncated)
        sp_str_append_format(
            out, "search: only the first %d bytes and %d words of the query were read\n",
            SP_QUERY_BYTES_MAX, SP_QUERY_WORDS_MAX);
    if (answer->corrected.data) {
        sp_str_append_text(out, "search: showing results for ");
        sp_printable_append(out, answer->corrected);
        sp_str_append_text(out, " instead\n");
    }
    if (answer->did_you_mean.data) {
        sp_str_append_text(out, "search: did you mean ");
        sp_printable_append(out, answer->did_you_mean);
        sp_str_append_text(out, "?\n");
    }
    if (answer->hit_count == 0 && (answer->limit > 0 || sp_answer_found(answer) == 0))
        sp_str_append_text(out, sp_answer_found(answer) > 0 ? "search: no results past the offset\n"
                                                            : "search: nothing found\n");
    else if (answer->relaxed)
        sp_str_append_text(out, "search: no result has all the words; these have some of them\n");
}
