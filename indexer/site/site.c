// SPDX-License-Identifier: GPL-2.0-or-later
#define _XOPEN_SOURCE 700 /* realpath */
#include "site_private.h"

#include "engine/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONFIG_BYTES ((size_t)1 << 20)
#define CONFIG_DEPTH 32

static void
close_file(const int *file)
{
    if (*file >= 0)
        close(*file);
}

static enum sp_status
read_file(int folder, const char *path, size_t limit, sp_str *out, sp_error *err)
{
    switch (sp_file_read(folder, path, 0, limit, out)) {
    case SP_FILE_READ:
        return sp_str_check(out, err);
    case SP_FILE_NOT_REGULAR:
        return sp_fail_at(err, SP_BAD_INPUT, path, 0, 0, "not a regular file");
    case SP_FILE_TOO_LONG:
        return sp_fail_at(err, SP_BAD_INPUT, path, 0, 0, "longer than %zu bytes", limit);
    case SP_FILE_NOT_READ:
        return sp_fail_errno(err, errno, path, "cannot be read");
    case SP_FILE_NOT_OPENED:
        break;
    }
    return sp_fail_errno(err, errno, path, "cannot be opened");
}

enum sp_status
sp_site_read(const sp_site *site, sp_bytes path, size_t limit, sp_str *out, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str name = {0};
    sp_str_append(&name, path);
    if (sp_str_check(&name, err) != SP_OK)
        return SP_NO_MEMORY;
    return read_file(site->folder, path.len > 0 ? name.data : ".", limit, out, err);
}

sp_bytes
sp_join_path(sp_arena *arena, sp_bytes folder, sp_bytes name)
{
    size_t slash = folder.len > 0 && folder.data[folder.len - 1] != '/';
    char *path = sp_arena_alloc(arena, folder.len + slash + name.len + 1);
    if (!path)
        return SP_LITERAL("");
    if (folder.len > 0)
        memcpy(path, folder.data, folder.len);
    if (slash)
        path[folder.len] = '/';
    if (name.len > 0)
        memcpy(path + folder.len + slash, name.data, name.len);
    return (sp_bytes){path, folder.len + slash + name.len};
}

/* Sets *path to the path of the settings; empty if the folder has none. */
static enum sp_status
find_config(sp_site *site, const char *given, sp_bytes *path, sp_error *err)
{
    static const char *const names[] = {"_config.yml", "_config.yaml"};
    if (given) {
        *path = sp_arena_copy(&site->arena, sp_bytes_of(given));
        return sp_arena_check(&site->arena, err);
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        sp_bytes name = sp_join_path(&site->arena, site->root, sp_bytes_of(names[i]));
        struct stat about;
        if (sp_arena_check(&site->arena, err) != SP_OK)
            return SP_NO_MEMORY;
        if (stat(name.data, &about) == 0) {
            *path = name;
            return SP_OK;
        }
        if (errno != ENOENT)
            return sp_fail_errno(err, errno, name.data, "cannot be opened");
    }
    return SP_OK;
}

/* The setting `source` moves the site into a subfolder of the folder with the settings. */
static enum sp_status
enter_source(sp_site *site, const char *path, sp_error *err)
{
    const sp_yaml *node = sp_config_get(site, "source");
    sp_bytes source = sp_yaml_text(node);
    if (source.len == 0 || sp_bytes_equal(source, SP_LITERAL(".")))
        return SP_OK;
    if (source.data[0] == '/' || sp_bytes_find(source, SP_LITERAL(".."), 0) != SIZE_MAX)
        return sp_fail_at(err, SP_BAD_INPUT, path, node->line, node->column,
                          "source must be a folder inside the site (got \"%.*s\")",
                          (int)(source.len < 80 ? source.len : 80), source.data);
    site->root = sp_join_path(&site->arena, site->root, source);
    return sp_arena_check(&site->arena, err);
}

static enum sp_status
read_config(sp_site *site, const char *given, sp_str *text, sp_bytes *path, sp_error *err)
{
    static const sp_yaml_limits limits = {
        .bytes = CONFIG_BYTES, .depth = CONFIG_DEPTH, .aliases = true};
    enum sp_status status = find_config(site, given, path, err);
    if (status != SP_OK || path->len == 0)
        return status;
    site->jekyll = true;
    status = read_file(AT_FDCWD, path->data, CONFIG_BYTES, text, err);
    if (status != SP_OK)
        return status;
    status =
        sp_yaml_read(sp_str_bytes(text), path->data, 1, &limits, &site->arena, &site->config, err);
    return status == SP_OK ? enter_source(site, path->data, err) : status;
}

static enum sp_status
open_folder(sp_site *site, sp_error *err)
{
    site->folder = open(site->root.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (site->folder < 0)
        return sp_fail_errno(err, errno, site->root.data, "cannot be opened as a site");
    char *real = realpath(site->root.data, NULL);
    if (!real)
        return sp_fail_errno(err, errno, site->root.data, "cannot be opened as a site");
    site->real_root = sp_arena_copy(&site->arena, sp_bytes_of(real));
    free(real);
    return sp_arena_check(&site->arena, err);
}

static enum sp_status
open_site(sp_site *site, const char *root, const char *config, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_bytes path = SP_LITERAL("");
    site->root = sp_arena_copy(&site->arena, sp_bytes_of(root));
    enum sp_status status = sp_arena_check(&site->arena, err);
    if (status == SP_OK)
        status = read_config(site, config, &text, &path, err);
    if (status == SP_OK)
        status = open_folder(site, err);
    if (status == SP_OK)
        status = sp_config_apply(site, path.data, err);
    if (status == SP_OK)
        status = sp_arena_check(&site->arena, err);
    if (status == SP_OK)
        sp_config_hash_options(site);
    return status;
}

enum sp_status
sp_site_open(const char *root, const sp_site_options *options, sp_site **out, sp_error *err)
{
    sp_site *site = calloc(1, sizeof *site);
    if (!site)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    site->folder = -1;
    site->drafts = options->drafts;
    site->future = options->future;
    site->unpublished = options->unpublished;
    site->now = options->now;
    enum sp_status status = open_site(site, root, options->config, err);
    if (status != SP_OK) {
        sp_site_close(site);
        return status;
    }
    *out = site;
    return SP_OK;
}

void
sp_site_close(sp_site *site)
{
    if (!site)
        return;
    close_file(&site->folder);
    sp_arena_done(&site->arena);
    free(site);
}

bool
sp_site_is_jekyll(const sp_site *site)
{
    return site->jekyll;
}

sp_bytes
sp_site_title(const sp_site *site)
{
    return site->title;
}

sp_bytes
sp_site_url(const sp_site *site)
{
    return site->url;
}

sp_bytes
sp_site_baseurl(const sp_site *site)
{
    return site->baseurl;
}

sp_bytes
sp_site_lang(const sp_site *site)
{
    return site->lang;
}

const sp_ranking *
sp_site_ranking(const sp_site *site)
{
    return &site->ranking;
}

sp_bytes
sp_site_root(const sp_site *site)
{
    return site->real_root;
}

const sp_bytes *
sp_site_extensions(const sp_site *site, size_t *count)
{
    *count = site->extensions.count;
    return site->extensions.items;
}

uint64_t
sp_site_settings_hash(const sp_site *site)
{
    return site->hash;
}

const sp_yaml *
sp_site_config(const sp_site *site, const char *path)
{
    const sp_yaml *node = strncmp(path, "signpost.", 9) == 0 ? site->config : NULL;
    while (node && *path) {
        char name[128];
        size_t len = strcspn(path, ".");
        if (len >= sizeof name)
            return NULL;
        memcpy(name, path, len);
        name[len] = '\0';
        node = sp_yaml_get(node, name);
        path += len + (path[len] == '.');
    }
    return node;
}
