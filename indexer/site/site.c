// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE /* get_current_dir_name, realpath */
#include "site_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONFIG_BYTES ((size_t)1 << 20)
#define CONFIG_DEPTH 32

static void
close_folder(sp_beneath *folder)
{
    if (folder->file >= 0)
        close(folder->file);
    folder->file = -1;
}

/* shown: the path in messages. */
static enum sp_status
fail_of_file(enum sp_file_result result, const char *shown, size_t limit, sp_error *err)
{
    switch (result) {
    case SP_FILE_NOT_REGULAR:
        return sp_fail_at(err, SP_BAD_INPUT, shown, 0, 0, "not a regular file");
    case SP_FILE_TOO_LONG:
        return sp_fail_at(err, SP_BAD_INPUT, shown, 0, 0, "longer than %zu bytes", limit);
    case SP_FILE_NOT_READ:
        return sp_fail_errno(err, errno, shown, "cannot be read");
    case SP_FILE_READ:
    case SP_FILE_NOT_OPENED:
        break;
    }
    if (errno == EXDEV)
        return sp_fail_at(err, SP_BAD_INPUT, shown, 0, 0,
                          "symbolic link to a file outside the site");
    return sp_fail_errno(err, errno, shown, "cannot be opened");
}

static enum sp_status
read_beneath(const sp_beneath *folder, const char *path, const char *shown, size_t limit,
             sp_str *out, struct stat *about, sp_error *err)
{
    enum sp_file_result result = sp_beneath_read(folder, path, limit, out, about);
    return result == SP_FILE_READ ? sp_str_check(out, err)
                                  : fail_of_file(result, shown, limit, err);
}

enum sp_status
sp_site_read(const sp_site *site, sp_bytes path, size_t limit, sp_str *out, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str name = {0};
    sp_str_append(&name, path);
    sp_str_append_text(&name, "");
    if (sp_str_check(&name, err) != SP_OK)
        return SP_NO_MEMORY;
    return read_beneath(&site->folder, name.data, name.data, limit, out, NULL, err);
}

static bool
is_as_listed(const sp_source *source, const struct stat *about)
{
    sp_source now = {0};
    sp_source_set_stat(&now, about);
    return source->device == now.device && source->inode == now.inode && source->size == now.size &&
           source->mtime_ns == now.mtime_ns && source->ctime_ns == now.ctime_ns;
}

enum sp_status
sp_site_read_source(const sp_site *site, const sp_source *source, size_t limit, sp_str *out,
                    bool *as_listed, sp_error *err)
{
    struct stat about = {0};
    enum sp_status status =
        read_beneath(&site->folder, source->path.data, source->path.data, limit, out, &about, err);
    *as_listed = is_as_listed(source, &about);
    return status;
}

enum sp_status
sp_site_read_at_root(const sp_site *site, sp_bytes path, size_t limit, sp_str *out, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str name = {0}, shown = {0};
    sp_str_append(&name, path);
    sp_str_append_text(&name, "");
    sp_site_append_shown(site, path, &shown);
    if (sp_str_check(&name, err) != SP_OK || sp_str_check(&shown, err) != SP_OK)
        return SP_NO_MEMORY;
    return read_beneath(&site->given, name.data, shown.data, limit, out, NULL, err);
}

bool
sp_site_find_real_path(const sp_site *site, sp_bytes path, sp_str *out)
{
    SP_AUTO(sp_str_done) sp_str name = {0};
    SP_AUTO(sp_str_done) sp_str names = {0};
    sp_str_append(&name, path);
    if (name.failed || path.len == 0 || !sp_beneath_resolve(&site->given, name.data, &names))
        return false;
    sp_str_append(out, site->given.real);
    sp_str_append_char(out, '/');
    sp_str_append(out, sp_str_bytes(&names));
    return !names.failed && !out->failed;
}

void
sp_site_append_shown(const sp_site *site, sp_bytes path, sp_str *out)
{
    if (!sp_bytes_equal(site->shown, SP_LITERAL("."))) {
        sp_str_append(out, site->shown);
        sp_str_append_text(out, sp_bytes_ends_with(site->shown, SP_LITERAL("/")) ? "" : "/");
    }
    sp_str_append(out, path);
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

/* Sets *name to the name of the settings in the site's folder, or NULL if it has none. A link to
   nothing counts, too: without settings, all Markdown files would be published. */
static enum sp_status
find_config(const sp_site *site, const char **name, sp_error *err)
{
    static const char *const names[] = {"_config.yml", "_config.yaml"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct stat about;
        *name = names[i];
        if (fstatat(site->given.file, names[i], &about, AT_SYMLINK_NOFOLLOW) == 0)
            return SP_OK;
        if (errno != ENOENT) {
            SP_AUTO(sp_str_done) sp_str shown = {0};
            int number = errno;
            sp_site_append_shown(site, sp_bytes_of(names[i]), &shown);
            return sp_fail_errno(err, number, shown.data, "cannot be opened");
        }
    }
    *name = NULL;
    return SP_OK;
}

/* Reads the settings. `given` names a file that the caller of sp_site_open has chosen, anywhere. */
static enum sp_status
load_config(sp_site *site, const char *given, sp_str *text, sp_bytes *path, sp_error *err)
{
    const char *name = NULL;
    if (given) {
        *path = sp_arena_copy(&site->arena, sp_bytes_of(given));
        enum sp_file_result result = sp_file_read(AT_FDCWD, given, 0, CONFIG_BYTES, text);
        site->jekyll = true;
        return result == SP_FILE_READ ? sp_str_check(text, err)
                                      : fail_of_file(result, given, CONFIG_BYTES, err);
    }
    enum sp_status status = find_config(site, &name, err);
    if (status != SP_OK || !name)
        return status;
    site->jekyll = true;
    *path = sp_join_path(&site->arena, site->root, sp_bytes_of(name));
    if (sp_arena_check(&site->arena, err) != SP_OK)
        return SP_NO_MEMORY;
    return read_beneath(&site->given, name, path->data, CONFIG_BYTES, text, NULL, err);
}

static enum sp_status
read_config(sp_site *site, const char *given, sp_str *text, sp_bytes *path, sp_error *err)
{
    static const sp_yaml_limits limits = {
        .bytes = CONFIG_BYTES, .depth = CONFIG_DEPTH, .aliases = true};
    enum sp_status status = load_config(site, given, text, path, err);
    if (status != SP_OK || path->len == 0)
        return status;
    return sp_yaml_read(sp_str_bytes(text), path->data, 1, &limits, &site->arena, &site->config,
                        err);
}

/* Appends the names of a path to an absolute path without `.` and `..`. */
static void
append_names(sp_str *out, sp_bytes path)
{
    for (size_t start = 0, end; start < path.len; start = end + 1) {
        end = sp_bytes_find(path, SP_LITERAL("/"), start);
        end = end == SIZE_MAX ? path.len : end;
        sp_bytes name = sp_bytes_slice(path, start, end);
        if (sp_bytes_equal(name, SP_LITERAL(".."))) {
            out->len -= sp_bytes_after_last(sp_str_bytes(out), '/').len;
            out->len -= out->len > 0;
        } else if (name.len > 0 && !sp_bytes_equal(name, SP_LITERAL("."))) {
            sp_str_append_char(out, '/');
            sp_str_append(out, name);
        }
    }
}

/* Returns the absolute path of the site as users see it, with the links above the site. Returns ""
   if this path leads elsewhere, which is possible if it has `..` after a link. */
static sp_bytes
find_given_path(sp_site *site)
{
    SP_AUTO(sp_str_done) sp_str path = {0};
    struct stat own, found;
    if (site->root.data[0] != '/') {
        char *here = get_current_dir_name(); /* $PWD, if that is true */
        if (!here && errno == ENOMEM)
            sp_arena_fail(&site->arena);
        append_names(&path, sp_bytes_of(here ? here : ""));
        free(here);
    }
    append_names(&path, site->root);
    sp_str_append_text(&path, "");
    bool same = !path.failed && fstat(site->given.file, &own) == 0 &&
                stat(path.data, &found) == 0 && own.st_dev == found.st_dev &&
                own.st_ino == found.st_ino;
    return same ? sp_arena_copy_str(&site->arena, &path) : SP_LITERAL("");
}

/* Opens the folder that the user has given. */
static enum sp_status
open_given(sp_site *site, sp_error *err)
{
    site->given.file = open(site->root.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    char *real = site->given.file < 0 ? NULL : realpath(site->root.data, NULL);
    if (!real)
        return sp_fail_errno(err, errno, site->root.data, "cannot be opened as a site");
    site->given.real = sp_arena_copy(&site->arena, sp_bytes_of(real));
    free(real);
    site->given.given = find_given_path(site);
    return sp_arena_check(&site->arena, err);
}

static enum sp_status
fail_of_source(const sp_yaml *node, const char *path, int number, sp_error *err)
{
    sp_error cause;
    if (number == EXDEV)
        return sp_fail_at(err, SP_BAD_INPUT, path, node->line, node->column,
                          "source is a symbolic link to a folder outside the site");
    enum sp_status status = sp_fail_errno(&cause, number, NULL, "source cannot be opened");
    return sp_fail_at(err, status, path, node->line, node->column, "%s", cause.text);
}

/* The setting `source` moves the site into a subfolder of the folder with the settings. */
static enum sp_status
enter_source(sp_site *site, const char *path, sp_error *err)
{
    const sp_yaml *node = sp_config_get(site, "source");
    SP_AUTO(sp_str_done) sp_str inner = {0};
    sp_bytes source = sp_yaml_text(node);
    enum sp_status status = sp_config_check_path(node, "source", "a folder", path, err);
    if (status != SP_OK)
        return status;
    site->folder.file = sp_beneath_open(&site->given, source.data, O_RDONLY | O_DIRECTORY);
    if (site->folder.file < 0 || !sp_beneath_resolve(&site->given, source.data, &inner))
        return node ? fail_of_source(node, path, errno, err)
                    : sp_fail_errno(err, errno, site->root.data, "cannot be opened as a site");
    if (source.len > 0 && !sp_bytes_equal(source, SP_LITERAL(".")))
        site->root = sp_join_path(&site->arena, site->root, source);
    site->folder.real = site->given.real;
    if (inner.len > 0)
        site->folder.real = sp_join_path(&site->arena, site->given.real, sp_str_bytes(&inner));
    if (site->given.given.len > 0)
        site->folder.given = sp_join_path(&site->arena, site->given.given, source);
    return inner.failed ? sp_str_check(&inner, err) : sp_arena_check(&site->arena, err);
}

static enum sp_status
open_site(sp_site *site, const char *root, const char *config, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_bytes path = SP_LITERAL("");
    site->root = site->shown = sp_arena_copy(&site->arena, sp_bytes_of(root));
    enum sp_status status = sp_arena_check(&site->arena, err);
    if (status == SP_OK)
        status = open_given(site, err);
    if (status == SP_OK)
        status = read_config(site, config, &text, &path, err);
    if (status == SP_OK)
        status = enter_source(site, path.data, err);
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
    site->given.file = site->folder.file = -1;
    site->drafts = options->drafts;
    site->future = options->future;
    site->unpublished = options->unpublished;
    site->now = options->now;
    site->cancel = options->cancel;
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
    close_folder(&site->given);
    close_folder(&site->folder);
    sp_patterns_done(&site->include);
    sp_patterns_done(&site->exclude);
    sp_prefixes_done(&site->default_paths);
    sp_prefixes_done(&site->default_globs);
    sp_arena_done(&site->arena);
    free(site);
}

bool
sp_site_is_cancelled(const sp_site *site)
{
    return site->cancel && atomic_load_explicit(site->cancel, memory_order_relaxed);
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
    return sp_bytes_of(site->primary_lang);
}

const sp_ranking *
sp_site_ranking(const sp_site *site)
{
    return &site->ranking;
}

sp_bytes
sp_site_root(const sp_site *site)
{
    return site->folder.real;
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
