// SPDX-License-Identifier: GPL-2.0-or-later
#include "site_urls.h"

#include "indexer/posts/read_post.h"

#include <signpost/ascii.h>

#include <xxhash.h>

/* A site's pages that are not Markdown; further pages are ignored. */
#define OTHERS_MAX 5000

struct sp_site_url {
    uint64_t hash;
    uint32_t file;
};

/* What a hash stands for: the URL of a page, the first segment of a URL, or the fact that the site
   has a URL of one segment. */
enum { PAGE = 1, SEGMENT, SINGLE };

static void
append_decoded(sp_str *out, sp_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        int high =
            text.data[i] == '%' && i + 2 < text.len ? sp_ascii_hex_value(text.data[i + 1]) : -1;
        int low = high >= 0 ? sp_ascii_hex_value(text.data[i + 2]) : -1;
        if (low >= 0)
            i += 2;
        sp_str_append_char(out, low >= 0 ? (char)(high * 16 + low) : text.data[i]);
    }
}

void
sp_site_path_append(sp_str *out, sp_bytes path)
{
    size_t root = out->len;
    SP_AUTO(sp_str_done) sp_str decoded = {0};
    append_decoded(&decoded, path);
    out->failed |= decoded.failed;
    for (size_t start = 0, end; start < decoded.len; start = end + 1) {
        end = sp_bytes_find(sp_str_bytes(&decoded), SP_LITERAL("/"), start);
        end = end == SIZE_MAX ? decoded.len : end;
        sp_bytes segment = sp_bytes_slice(sp_str_bytes(&decoded), start, end);
        if (segment.len == 0 || sp_bytes_equal(segment, SP_LITERAL(".")))
            continue;
        if (sp_bytes_equal(segment, SP_LITERAL(".."))) {
            while (out->len > root && out->data[out->len - 1] != '/')
                out->len--;
            out->len -= out->len > root;
            continue;
        }
        if (out->len > root)
            sp_str_append_char(out, '/');
        sp_str_append(out, segment);
    }
}

sp_bytes
sp_site_path_stem(sp_bytes path)
{
    static const char *const ends[] = {".html", ".htm", ".markdown", ".md"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (sp_bytes_ends_with(path, sp_bytes_of(ends[i]))) {
            path.len -= strlen(ends[i]);
            break;
        }
    }
    if (sp_bytes_equal(sp_bytes_after_last(path, '/'), SP_LITERAL("index")))
        path.len -= strlen("index");
    while (path.len > 0 && path.data[path.len - 1] == '/')
        path.len--;
    return path;
}

static uint64_t
key_of(int kind, uint32_t site, sp_bytes path)
{
    return XXH64(path.data, path.len, (uint64_t)site * 4 + (uint64_t)kind);
}

static bool
has_hash(const void *items, uint32_t item, const void *key)
{
    return ((const struct sp_site_url *)items)[item].hash == *(const uint64_t *)key;
}

/* If several files have the same URL, it belongs to the first. */
static void
add(sp_site_urls *urls, uint64_t hash, uint32_t file)
{
    urls->items = sp_arena_grow(&urls->arena, urls->items, &urls->capacity, urls->count + 1,
                                sizeof *urls->items);
    if (!urls->items || !sp_table_reserve(&urls->table, urls->count + 1)) {
        sp_arena_fail(&urls->arena);
        return;
    }
    sp_table_slot *slot = sp_table_find(&urls->table, (uint32_t)hash, has_hash, urls->items, &hash);
    if (sp_table_has_item(slot))
        return;
    sp_table_fill(&urls->table, slot, (uint32_t)hash, (uint32_t)urls->count);
    urls->items[urls->count++] = (struct sp_site_url){hash, file};
}

static sp_bytes
first_segment(sp_bytes path)
{
    size_t slash = sp_bytes_find(path, SP_LITERAL("/"), 0);
    return slash == SIZE_MAX ? path : sp_bytes_slice(path, 0, slash);
}

/* Adds all URLs of a file, separated by spaces. */
static void
add_urls(sp_site_urls *urls, uint32_t site, sp_bytes list, uint32_t file)
{
    SP_AUTO(sp_str_done) sp_str path = {0};
    for (size_t start = 0, end; start < list.len; start = end + 1) {
        end = sp_bytes_find(list, SP_LITERAL(" "), start);
        end = end == SIZE_MAX ? list.len : end;
        sp_str_clear(&path);
        sp_site_path_append(&path, sp_bytes_slice(list, start, end));
        sp_bytes stem = sp_site_path_stem(sp_str_bytes(&path));
        sp_bytes segment = first_segment(stem);
        add(urls, key_of(PAGE, site, stem), file);
        if (segment.len < stem.len)
            add(urls, key_of(SEGMENT, site, segment), file);
        else if (stem.len > 0)
            add(urls, key_of(SINGLE, site, SP_LITERAL("")), file);
    }
    urls->arena.failed |= path.failed;
}

enum sp_status
sp_site_urls_open(const sp_files *files, sp_site_urls *out, sp_error *err)
{
    out->files = files;
    out->others_added = sp_arena_array(&out->arena, files->site_count, sizeof *out->others_added);
    for (size_t i = 0; i < files->count; i++)
        add_urls(out, files->items[i].site, files->items[i].urls, (uint32_t)i);
    return sp_arena_check(&out->arena, err);
}

void
sp_site_urls_done(sp_site_urls *urls)
{
    sp_arena_done(&urls->arena);
    sp_table_done(&urls->table);
    *urls = (sp_site_urls){0};
}

/* Adds a Jekyll site's pages that are not Markdown. Pages that cannot be read are skipped. */
static void
add_others(sp_site_urls *urls, uint32_t site)
{
    sp_scan scan = {0};
    sp_post_reader reader = {0};
    const sp_site *folder = urls->files->sites[site];
    urls->others_added[site] = true;
    if (!sp_site_is_jekyll(folder) || sp_site_scan_others(folder, &scan, NULL) != SP_OK)
        return;
    for (size_t i = 0; i < scan.count && i < OTHERS_MAX; i++) {
        sp_post post = {0};
        sp_site_page page;
        sp_arena_clear(&reader.arena);
        if (sp_post_load(&reader, folder, &scan.sources[i], NULL) == SP_OK &&
            sp_site_page_read(folder, &scan.sources[i], sp_str_bytes(&reader.content),
                              &reader.arena, &page, &post, NULL) == SP_OK)
            add_urls(urls, site, page.urls, SP_OTHER_PAGE);
    }
    sp_post_reader_done(&reader);
    sp_scan_done(&scan);
}

bool
sp_site_has_file(const sp_site *site, sp_bytes path)
{
    static const char *const ends[] = {".html",           ".htm",       ".md",          ".markdown",
                                       "/index.html",     "/index.htm", "/index.xhtml", "/index.md",
                                       "/index.markdown", "/index.php"};
    SP_AUTO(sp_str_done) sp_str name = {0};
    enum sp_site_entry entry = sp_site_find_entry(site, path);
    if (entry == SP_SITE_FILE || (entry == SP_SITE_FOLDER && !sp_site_is_jekyll(site)))
        return true;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        sp_str_clear(&name);
        sp_str_append(&name, path);
        sp_str_append_text(&name, path.len == 0 ? ends[i] + 1 : ends[i]);
        if (sp_site_find_entry(site, sp_str_bytes(&name)) == SP_SITE_FILE)
            return true;
    }
    return false;
}

static bool
find(const sp_site_urls *urls, uint64_t hash, uint32_t *file)
{
    sp_table_slot *slot = sp_table_find(&urls->table, (uint32_t)hash, has_hash, urls->items, &hash);
    if (!sp_table_has_item(slot))
        return false;
    *file = urls->items[sp_table_item(slot)].file;
    return true;
}

bool
sp_site_urls_find(sp_site_urls *urls, uint32_t site, sp_bytes path, uint32_t *file)
{
    uint64_t hash = key_of(PAGE, site, sp_site_path_stem(path));
    if (find(urls, hash, file))
        return true;
    if (!urls->others_added || urls->others_added[site])
        return false;
    add_others(urls, site);
    return find(urls, hash, file);
}

bool
sp_site_urls_has_segment(const sp_site_urls *urls, uint32_t site, sp_bytes path)
{
    uint32_t file;
    sp_bytes segment = first_segment(path);
    uint64_t hash = segment.len < path.len ? key_of(SEGMENT, site, segment)
                                           : key_of(SINGLE, site, SP_LITERAL(""));
    return find(urls, hash, &file);
}
