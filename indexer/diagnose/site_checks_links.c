// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Links inside the site that lead nowhere. It is better to miss a broken link than to warn about a
 * link that works: pages that plug-ins and servers generate (feeds, archives, pages of lists) count
 * as present; in a plain tree, where URLs are guessed, a link that begins with a slash is checked
 * only if the URL of another page begins with the same segment.
 */
#include "site_checks_private.h"

#include "site_urls.h"
#include "engine/base/bound.h"

#include <signpost/ascii.h>
#include <signpost/url.h>

#include <stdlib.h>

/* Maximum work of a run that looks for anchors in pages; after that, unknown anchors count as
   present. */
#define WORK_MAX ((size_t)256 << 20)
#define READING_WORK 16 /* cost of reading a byte; searching a byte costs 1 */

struct link_state {
    sp_site_checks *checks;
    sp_site_urls urls;
    sp_post_reader reader; /* holds the last post that was read for its anchors */
    uint32_t read;         /* number of the file that was read last, plus 1; 0: none */
    bool readable;         /* its anchors are known: it was read, and includes no other text */
    sp_post post;
    size_t work;          /* bytes searched, plus READING_WORK times the bytes read */
    uint32_t last_warned; /* number of the last file that got a warning, plus 1 */
    size_t warned;        /* warnings of that file */
};

/* A link, its parts, and its target. */
struct target {
    const sp_found_link *link;
    const sp_file *file; /* the file with the link */
    sp_bytes path;       /* "" for the page itself */
    sp_bytes fragment;
    bool ok;       /* the target exists */
    uint32_t page; /* its file number, or SP_OTHER_PAGE */
};

static void
parse_link(struct target *target, sp_bytes url)
{
    sp_url parsed;
    if (sp_url_parse(url, &parsed)) {
        target->path = parsed.path.len > 0 ? parsed.path : SP_LITERAL("/");
        target->fragment = parsed.fragment;
        return;
    }
    size_t fragment = sp_bytes_find(url, SP_LITERAL("#"), 0);
    sp_bytes rest = sp_bytes_slice(url, 0, fragment == SIZE_MAX ? url.len : fragment);
    target->fragment =
        fragment == SIZE_MAX ? SP_LITERAL("") : sp_bytes_slice(url, fragment + 1, url.len);
    size_t query = sp_bytes_find(rest, SP_LITERAL("?"), 0);
    target->path = query == SIZE_MAX ? rest : sp_bytes_slice(rest, 0, query);
}

static sp_bytes
folder_of(sp_bytes path)
{
    return sp_bytes_slice(path, 0, path.len - sp_bytes_after_last(path, '/').len);
}

static sp_bytes
first_url(const sp_file *file)
{
    size_t blank = sp_bytes_find(file->urls, SP_LITERAL(" "), 0);
    return blank == SIZE_MAX ? file->urls : sp_bytes_slice(file->urls, 0, blank);
}

static void
append_joined(sp_str *out, sp_bytes folder, sp_bytes path)
{
    SP_AUTO(sp_str_done) sp_str joined = {0};
    sp_str_append(&joined, folder);
    sp_str_append_char(&joined, '/');
    sp_str_append(&joined, path);
    sp_site_path_append(out, sp_str_bytes(&joined));
    out->failed |= joined.failed;
}

static bool
is_number(sp_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!sp_ascii_is_digit(text.data[i]))
            return false;
    }
    return text.len > 0;
}

/* Whether the path is one page of a list that is split into pages: page2, page/2. */
static bool
is_page_of_list(sp_bytes path)
{
    sp_bytes last = sp_bytes_after_last(path, '/');
    sp_bytes above = sp_bytes_slice(path, 0, path.len - last.len);
    if (sp_bytes_starts_with(last, SP_LITERAL("page")))
        return is_number(sp_bytes_slice(last, 4, last.len));
    return is_number(last) && (sp_bytes_equal(above, SP_LITERAL("page/")) ||
                               sp_bytes_ends_with(above, SP_LITERAL("/page/")));
}

/* Whether plug-ins usually generate such a page: feeds, site maps, archives, pages of lists. */
static bool
is_generated(sp_bytes path)
{
    static const char *const ends[] = {".xml", ".json", ".rss", ".atom",       ".ics",
                                       ".txt", ".css",  ".js",  ".webmanifest"};
    static const char *const folders[] = {"tag",     "tags",     "category", "categories",
                                          "archive", "archives", "author",   "authors",
                                          "topics",  "feed",     "rss",      "search"};
    size_t slash = sp_bytes_find(path, SP_LITERAL("/"), 0);
    sp_bytes first = sp_bytes_slice(path, 0, slash == SIZE_MAX ? path.len : slash);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (sp_bytes_ends_with(path, sp_bytes_of(ends[i])))
            return true;
    }
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        if (sp_bytes_equal(first, sp_bytes_of(folders[i])))
            return true;
    }
    return is_page_of_list(path);
}

/* Removes the site's baseurl from the path. False if the path does not begin with it. */
static bool
strip_baseurl(const sp_site *site, sp_bytes *path)
{
    SP_AUTO(sp_str_done) sp_str base = {0};
    sp_site_path_append(&base, sp_site_baseurl(site));
    if (base.len == 0)
        return true;
    if (!sp_bytes_starts_with(*path, sp_str_bytes(&base)) ||
        (path->len > base.len && path->data[base.len] != '/'))
        return false;
    *path = sp_bytes_slice(*path, base.len + (path->len > base.len), path->len);
    return true;
}

/* Resolves a path from the root of the site's host. */
static void
resolve_from_root(struct link_state *state, struct target *target, sp_bytes path)
{
    uint32_t site = target->file->site;
    const sp_site *folder = state->urls.files->sites[site];
    sp_bytes below = path;
    bool is_guess = !sp_site_is_jekyll(folder) && target->path.data[0] == '/';
    target->ok = sp_site_urls_find(&state->urls, site, path, &target->page);
    if (target->ok)
        return;
    target->page = SP_OTHER_PAGE;
    target->ok = !strip_baseurl(folder, &below) || below.len == 0 || is_generated(below) ||
                 sp_site_has_file(folder, below) ||
                 (is_guess && !sp_site_urls_has_segment(&state->urls, site, path));
}

/* Whether a path relative to a folder leads above the site. */
static bool
leaves_site(sp_bytes folder, sp_bytes path)
{
    size_t depth = 0;
    for (size_t i = 0; i < folder.len; i++)
        depth += folder.data[i] == '/';
    for (; sp_bytes_starts_with(path, SP_LITERAL("../")); depth--) {
        if (depth == 0)
            return true;
        path = sp_bytes_slice(path, 3, path.len);
    }
    return false;
}

/* Resolves a path relative to the source file, as code hosts do that show Markdown files. */
static void
resolve_in_source(struct link_state *state, struct target *target)
{
    SP_AUTO(sp_str_done) sp_str path = {0};
    SP_AUTO(sp_str_done) sp_str id = {0};
    const sp_files *files = state->urls.files;
    const sp_source *source = target->file->source;
    append_joined(&path, folder_of(source->path), target->path);
    const sp_site *site = files->sites[target->file->site];
    target->ok = sp_site_has_file(site, sp_str_bytes(&path)) ||
                 (!sp_site_is_jekyll(site) && leaves_site(folder_of(source->path), target->path));
    size_t prefix = target->file->id.len - source->path.len;
    if (target->file->id.len < source->path.len)
        return;
    sp_str_append(&id, sp_bytes_slice(target->file->id, 0, prefix));
    sp_str_append(&id, sp_str_bytes(&path));
    const sp_file *found = sp_files_find(files, sp_str_bytes(&id));
    target->page = found ? (uint32_t)(found - files->items) : SP_OTHER_PAGE;
    state->urls.arena.failed |= path.failed || id.failed;
}

static void
resolve(struct link_state *state, struct target *target)
{
    SP_AUTO(sp_str_done) sp_str path = {0};
    if (target->path.len == 0) {
        target->ok = true;
        target->page = target->link->place.file;
        return;
    }
    if (target->path.data[0] == '/')
        sp_site_path_append(&path, target->path);
    else
        append_joined(&path, folder_of(first_url(target->file)), target->path);
    state->urls.arena.failed |= path.failed;
    resolve_from_root(state, target, sp_str_bytes(&path));
    if (!target->ok && target->path.data[0] != '/')
        resolve_in_source(state, target);
}

/* Anchors */

static bool
is_known_anchor(const sp_site_checks *checks, uint32_t file, sp_bytes anchor)
{
    uint64_t hash = sp_anchor_hash(file, anchor);
    return sp_has_hash(checks->anchors, checks->anchor_count, hash);
}

/* Whether browsers, footnotes, scripts or layouts handle the fragment. */
static bool
needs_no_anchor(sp_bytes fragment)
{
    static const char *const known[] = {"top",      "content", "main",    "main-content",
                                        "comments", "toc",     "respond", "disqus_thread"};
    if (fragment.len == 0 || strchr("/!:?=", fragment.data[0]) ||
        sp_bytes_starts_with(fragment, SP_LITERAL("fn")))
        return true;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (sp_bytes_equal(fragment, sp_bytes_of(known[i])))
            return true;
    }
    return false;
}

static bool
has_includes(sp_bytes content)
{
    static const char *const marks[] = {"{% include", "{%- include", "{% for",  "{%- for",
                                        "{% render",  "{{ content",  "<script", "{{<",
                                        "{{%",        "{% toc",      "[[toc]]"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (sp_bytes_find(content, sp_bytes_of(marks[i]), 0) != SIZE_MAX)
            return true;
    }
    return false;
}

static void
read_target(struct link_state *state, uint32_t number)
{
    enum sp_site_page_verdict verdict;
    const sp_files *files = state->urls.files;
    const sp_file *file = &files->items[number];
    if (state->read == number + 1)
        return;
    state->read = number + 1;
    state->work += (size_t)file->source->size * READING_WORK;
    state->readable = sp_post_read(&state->reader, files->sites[file->site], file->source, &verdict,
                                   &state->post, NULL) == SP_OK &&
                      verdict == SP_PAGE_PUBLISHED &&
                      !has_includes(sp_str_bytes(&state->reader.content));
}

/* Whether the text at `at` is the id of raw HTML or of an attribute list. */
static bool
is_given_id(sp_bytes content, size_t at, size_t len)
{
    size_t before = at, after = at + len;
    if (before > 0 && strchr("\"'", content.data[before - 1]))
        before--;
    while (before > 0 && content.data[before - 1] == ' ')
        before--;
    if (after < content.len && !strchr("\"' >}\n\r.:/", content.data[after]))
        return false;
    if (before > 0 && content.data[before - 1] == '=') {
        sp_bytes name = sp_bytes_trim(sp_bytes_slice(content, 0, before - 1));
        return sp_bytes_ends_with(name, SP_LITERAL("id")) ||
               sp_bytes_ends_with(name, SP_LITERAL("ID")) ||
               sp_bytes_ends_with(name, SP_LITERAL("name"));
    }
    if (at == 0 || content.data[at - 1] != '#')
        return false;
    while (at > 0 && content.data[at - 1] != '{' && content.data[at - 1] != '\n' &&
           content.data[at - 1] != '(')
        at--;
    return at > 0 && content.data[at - 1] == '{';
}

static bool
has_given_id(sp_bytes content, sp_bytes anchor)
{
    size_t at = sp_bytes_find(content, anchor, 0);
    while (at != SIZE_MAX) {
        if (is_given_id(content, at, anchor.len))
            return true;
        at = sp_bytes_find(content, anchor, at + 1);
    }
    return false;
}

/* Whether the page has the anchor; true if its anchors are unknown. */
static bool
has_anchor(struct link_state *state, uint32_t number, sp_bytes anchor)
{
    if (is_known_anchor(state->checks, number, anchor))
        return true;
    if (state->work > WORK_MAX)
        return true;
    read_target(state, number);
    state->work += state->reader.content.len + state->post.section_count * sizeof(sp_section);
    for (size_t i = 0; state->readable && i < state->post.section_count; i++) {
        const sp_section *section = &state->post.sections[i];
        if (section->kind == SP_SECTION_HEADING && sp_bytes_equal(section->anchor, anchor))
            return true;
    }
    return !state->readable || has_given_id(sp_str_bytes(&state->reader.content), anchor);
}

static void
warn(struct link_state *state, enum sp_warning_kind kind, sp_file_place place, const sp_str *text)
{
    if (state->last_warned != place.file + 1)
        state->warned = 0;
    state->last_warned = place.file + 1;
    state->warned++;
    sp_site_checks_warn(state->checks, kind, place, text);
}

static void
check_anchor(struct link_state *state, const struct target *target)
{
    SP_AUTO(sp_str_done) sp_str anchor = {0};
    SP_AUTO(sp_str_done) sp_str text = {0};
    if (target->page == SP_OTHER_PAGE || needs_no_anchor(target->fragment) ||
        state->urls.files->items[target->page].outcome != SP_INDEXED)
        return;
    sp_site_path_append(&anchor, target->fragment);
    if (anchor.failed || anchor.len == 0 || has_anchor(state, target->page, sp_str_bytes(&anchor)))
        return;
    if (target->path.len == 0) {
        sp_str_append_text(&text, "no element of this page has the id ");
    } else {
        sp_quote(&text, target->path);
        sp_str_append_text(&text, " has no element with the id ");
    }
    sp_quote(&text, sp_str_bytes(&anchor));
    warn(state, SP_BROKEN_ANCHOR, target->link->place, &text);
}

static void
check_link(struct link_state *state, const sp_found_link *link)
{
    const bool *on = state->checks->options->on;
    struct target target = {
        .link = link, .file = &state->urls.files->items[link->place.file], .page = SP_OTHER_PAGE};
    if (state->last_warned == link->place.file + 1 && state->warned >= SP_WARNINGS_PER_POST)
        return;
    parse_link(&target, link->url);
    resolve(state, &target);
    if (target.ok && on[SP_BROKEN_ANCHOR])
        check_anchor(state, &target);
    if (target.ok || !on[SP_BROKEN_LINK])
        return;
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_str_append_text(&text, "the site has no page ");
    sp_quote(&text, link->url);
    warn(state, SP_BROKEN_LINK, link->place, &text);
}

enum sp_status
sp_check_links(sp_site_checks *checks, sp_error *err)
{
    struct link_state state = {.checks = checks};
    size_t inside = 0;
    for (size_t i = 0; i < checks->link_count; i++)
        inside += checks->links[i].resource == 0;
    if (inside == 0)
        return SP_OK;
    if (checks->anchor_count > 0)
        qsort(checks->anchors, checks->anchor_count, sizeof *checks->anchors, sp_compare_hashes);
    enum sp_status status = sp_site_urls_open(checks->input->files, &state.urls, err);
    for (size_t i = 0; status == SP_OK && i < checks->link_count; i++) {
        if (checks->links[i].resource == 0)
            check_link(&state, &checks->links[i]);
        status = sp_arena_check(&state.urls.arena, err);
    }
    sp_site_urls_done(&state.urls);
    sp_post_reader_done(&state.reader);
    return status;
}
