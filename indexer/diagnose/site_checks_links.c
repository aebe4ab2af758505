// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Links inside the site that lead nowhere. Better to miss one than to blame one that works: what is
 * made by plug-ins and servers (feeds, archives, pages of lists) is left alone, and in a plain
 * tree, whose URLs are a guess, a link from the root counts only where other pages' URLs begin
 * alike.
 */
#include "site_checks_private.h"
#include "engine/base/bound.h"
#include "site_urls.h"
#include "engine/base/url.h"

#include <signpost/ascii.h>

#include <stdlib.h>

/* Bytes that a run reads and searches for anchors; then what it does not know it leaves alone. */
#define WORK_MAX ((size_t)256 << 20)
#define READING_WORK 16 /* reading a byte costs so much more than searching one */

struct check {
    sp_site_checks *diagnosis;
    sp_site_urls urls;
    sp_post_reader reader; /* holds the post that was read last for its anchors */
    uint32_t read;         /* number of its file, plus 1; 0: none */
    bool readable;         /* its anchors are known: it could be read, and nothing is included */
    sp_post post;
    size_t work;   /* bytes that were read and searched for anchors */
    uint32_t last; /* number of the file that was blamed last, plus 1 */
    size_t blamed; /* links of that file */
};

/* A link taken apart. */
struct target {
    const sp_found_link *link;
    const sp_file *file; /* that it stands in */
    sp_bytes path;       /* "" is the page itself */
    sp_bytes fragment;
    bool ok;       /* something is there */
    uint32_t page; /* which file, or SP_OTHER_PAGE */
};

static void
take_apart(struct target *target, sp_bytes url)
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

/* The pages of a long list: page2, page/2. */
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

/* Feeds, site maps and the like are made by plug-ins, archives and pages of lists too. */
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

/* The path without the site's baseurl; false when it does not begin with it. */
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

/* From the root of the site's host. */
static void
follow_from_root(struct check *check, struct target *target, sp_bytes path)
{
    uint32_t site = target->file->site;
    const sp_site *folder = check->urls.files->sites[site];
    sp_bytes below = path;
    bool is_guess = !sp_site_is_jekyll(folder) && target->path.data[0] == '/';
    target->ok = sp_site_urls_find(&check->urls, site, path, &target->page);
    if (target->ok)
        return;
    target->page = SP_OTHER_PAGE;
    target->ok = !strip_baseurl(folder, &below) || below.len == 0 || is_generated(below) ||
                 sp_site_has_file(folder, below) ||
                 (is_guess && !sp_site_urls_knows_segment(&check->urls, site, path));
}

/* Whether a path from a folder leads to something above the site. */
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

/* From the file's own place in the source, as on a forge that shows the files. */
static void
follow_source(struct check *check, struct target *target)
{
    SP_AUTO(sp_str_done) sp_str path = {0};
    SP_AUTO(sp_str_done) sp_str id = {0};
    const sp_files *files = check->urls.files;
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
    check->urls.arena.failed |= path.failed || id.failed;
}

static void
follow(struct check *check, struct target *target)
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
    check->urls.arena.failed |= path.failed;
    follow_from_root(check, target, sp_str_bytes(&path));
    if (!target->ok && target->path.data[0] != '/')
        follow_source(check, target);
}

/* Anchors */

static bool
was_noted(const sp_site_checks *diagnosis, uint32_t file, sp_bytes anchor)
{
    uint64_t hash = sp_anchor_hash(file, anchor);
    return sp_has_hash(diagnosis->anchors, diagnosis->anchor_count, hash);
}

/* What browsers, footnotes, scripts and layouts make of fragments. */
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
has_inclusions(sp_bytes content)
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
read_target(struct check *check, uint32_t number)
{
    enum sp_site_page_verdict verdict;
    const sp_files *files = check->urls.files;
    const sp_file *file = &files->items[number];
    if (check->read == number + 1)
        return;
    check->read = number + 1;
    check->work += (size_t)file->source->size * READING_WORK;
    check->readable = sp_post_read(&check->reader, files->sites[file->site], file->source, &verdict,
                                   &check->post, NULL) == SP_OK &&
                      verdict == SP_PAGE_PUBLISHED &&
                      !has_inclusions(sp_str_bytes(&check->reader.content));
}

/* Whether an element of raw HTML, or an attribute list, has the id at `at`. */
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

/* Whether the page has the anchor, as far as can be told. */
static bool
has_anchor(struct check *check, uint32_t number, sp_bytes anchor)
{
    if (was_noted(check->diagnosis, number, anchor))
        return true;
    if (check->work > WORK_MAX)
        return true;
    read_target(check, number);
    check->work += check->reader.content.len + check->post.section_count * sizeof(sp_section);
    for (size_t i = 0; check->readable && i < check->post.section_count; i++) {
        const sp_section *section = &check->post.sections[i];
        if (section->kind == SP_SECTION_HEADING && sp_bytes_equal(section->anchor, anchor))
            return true;
    }
    return !check->readable || has_given_id(sp_str_bytes(&check->reader.content), anchor);
}

static void
blame(struct check *check, enum sp_warning_kind kind, sp_file_place place, const sp_str *text)
{
    if (check->last != place.file + 1)
        check->blamed = 0;
    check->last = place.file + 1;
    check->blamed++;
    sp_site_checks_warn(check->diagnosis, kind, place, text);
}

static void
check_anchor(struct check *check, const struct target *target)
{
    SP_AUTO(sp_str_done) sp_str anchor = {0};
    SP_AUTO(sp_str_done) sp_str text = {0};
    if (target->page == SP_OTHER_PAGE || needs_no_anchor(target->fragment) ||
        check->urls.files->items[target->page].outcome != SP_INDEXED)
        return;
    sp_site_path_append(&anchor, target->fragment);
    if (anchor.failed || anchor.len == 0 || has_anchor(check, target->page, sp_str_bytes(&anchor)))
        return;
    if (target->path.len == 0) {
        sp_str_append_text(&text, "nothing on this page has the id ");
    } else {
        sp_quote(&text, target->path);
        sp_str_append_text(&text, " has nothing with the id ");
    }
    sp_quote(&text, sp_str_bytes(&anchor));
    blame(check, SP_BROKEN_ANCHOR, target->link->place, &text);
}

static void
check_link(struct check *check, const sp_found_link *link)
{
    const bool *on = check->diagnosis->options->on;
    struct target target = {
        .link = link, .file = &check->urls.files->items[link->place.file], .page = SP_OTHER_PAGE};
    if (check->last == link->place.file + 1 && check->blamed >= SP_WARNINGS_PER_POST)
        return;
    take_apart(&target, link->url);
    follow(check, &target);
    if (target.ok && on[SP_BROKEN_ANCHOR])
        check_anchor(check, &target);
    if (target.ok || !on[SP_BROKEN_LINK])
        return;
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_str_append_text(&text, "the site has no page ");
    sp_quote(&text, link->url);
    blame(check, SP_BROKEN_LINK, link->place, &text);
}

enum sp_status
sp_check_links(sp_site_checks *diagnosis, sp_error *err)
{
    struct check check = {.diagnosis = diagnosis};
    size_t inside = 0;
    for (size_t i = 0; i < diagnosis->link_count; i++)
        inside += diagnosis->links[i].resource == 0;
    if (inside == 0)
        return SP_OK;
    if (diagnosis->anchor_count > 0)
        qsort(diagnosis->anchors, diagnosis->anchor_count, sizeof *diagnosis->anchors,
              sp_compare_hashes);
    enum sp_status status = sp_site_urls_open(diagnosis->input->files, &check.urls, err);
    for (size_t i = 0; status == SP_OK && i < diagnosis->link_count; i++) {
        if (diagnosis->links[i].resource == 0)
            check_link(&check, &diagnosis->links[i]);
        status = sp_arena_check(&check.urls.arena, err);
    }
    sp_site_urls_done(&check.urls);
    sp_post_reader_done(&check.reader);
    return status;
}
