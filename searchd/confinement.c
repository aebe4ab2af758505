// SPDX-License-Identifier: GPL-2.0-or-later
#include "confinement.h"

#include <signpost/confine.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LINKS_MAX 16 /* links in a path that lead to other links */

struct allowed {
    sp_arena *arena;
    sp_confined_path *items;
    size_t count, capacity;
};

static void
allow(struct allowed *allowed, const char *path, unsigned access)
{
    allowed->items = sp_arena_grow(allowed->arena, allowed->items, &allowed->capacity,
                                   allowed->count + 1, sizeof *allowed->items);
    char *copy = allowed->items ? sp_arena_alloc(allowed->arena, strlen(path) + 1) : NULL;
    if (!copy)
        return; /* the arena has recorded it */
    memcpy(copy, path, strlen(path) + 1);
    allowed->items[allowed->count++] = (sp_confined_path){.path = copy, .access = access};
}

/* Cuts the last component off. Leaves "/" of "/x", and "." of "x". */
static void
cut_last(char *path)
{
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/')
        len--;
    while (len > 0 && path[len - 1] != '/')
        len--;
    while (len > 1 && path[len - 1] == '/')
        len--;
    if (len == 0)
        // NOLINTNEXTLINE(clang-analyzer-security.insecureAPI.strcpy): a constant
        strcpy(path, ".");
    else
        path[len] = '\0';
}

/* Allows access below the folder that contains the path. If the folder does not exist, allows it
   below the first folder above it that exists. Never allows access below the root: then only the
   path itself. */
static void
allow_folder(struct allowed *allowed, const char *path, unsigned access)
{
    char folder[PATH_MAX];
    struct stat stat;
    snprintf(folder, sizeof folder, "%s", path);
    do
        cut_last(folder);
    while (lstat(folder, &stat) != 0 && strcmp(folder, "/") != 0 && strcmp(folder, ".") != 0);
    allow(allowed, strcmp(folder, "/") == 0 ? path : folder, access);
}

/* Reads the target of a link, relative to the same folder as the path of the link. Returns false if
   the path is not that of a link. */
static bool
read_link(const char *path, char target[PATH_MAX])
{
    char text[PATH_MAX];
    ssize_t len = readlink(path, text, sizeof text - 1);
    if (len < 0)
        return false;
    text[len] = '\0';
    snprintf(target, PATH_MAX, "%s", text[0] == '/' ? "" : path);
    if (text[0] != '/')
        cut_last(target);
    size_t used = strlen(target);
    return (size_t)snprintf(target + used, PATH_MAX - used, "%s%s", used > 0 ? "/" : "", text) <
           PATH_MAX - used;
}

/* Allows reading below the folder of a path, and below those of the links in it and of their
   targets. */
static void
allow_index(struct allowed *allowed, const char *path, int links)
{
    char part[PATH_MAX], target[PATH_MAX];
    for (size_t i = 1; path[i - 1] != '\0' && i < PATH_MAX; i++) {
        if ((path[i] != '/' && path[i] != '\0') || path[i - 1] == '/')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (links < LINKS_MAX && read_link(part, target)) {
            allow_index(allowed, target, links + 1);
            allow_folder(allowed, part, SP_MAY_READ);
        }
    }
    allow_folder(allowed, path, SP_MAY_READ);
}

/* Allows reading below the folder of the index itself, which the path may name as "..". */
static void
allow_real(struct allowed *allowed, const char *path)
{
    char real[PATH_MAX];
    if (realpath(path, real))
        allow_folder(allowed, real, SP_MAY_READ);
}

/* Allows creating and appending in the folder of a log, and of a log that is a link, in the folder
   that it leads to. A log that is not a regular file is not rotated: allows writing to this file
   only, not to all devices beside it. */
static void
allow_log(struct allowed *allowed, const char *path)
{
    char real[PATH_MAX];
    struct stat about;
    bool named = realpath(path, real) != NULL;
    if (stat(path, &about) == 0 && !S_ISREG(about.st_mode)) {
        if (named) /* a pipe without a name is not restricted */
            allow(allowed, real, SP_MAY_APPEND);
    } else {
        allow_folder(allowed, named ? real : path, SP_MAY_APPEND);
    }
}

static void
allow_all(struct allowed *allowed, const sp_searchd_options *options, const sp_listeners *listeners)
{
    const char *const logs[] = {options->access_log, options->query_log};
    for (size_t i = 0; i < options->sources.indexes.count; i++) {
        allow_index(allowed, options->sources.indexes.items[i], 0);
        allow_real(allowed, options->sources.indexes.items[i]);
    }
    for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
        if (logs[i] && strcmp(logs[i], "-") != 0)
            allow_log(allowed, logs[i]);
    }
    for (size_t i = 0; i < listeners->count; i++) {
        if (listeners->items[i].path)
            allow_folder(allowed, listeners->items[i].path, SP_MAY_REMOVE);
    }
    allow(allowed, "/dev/null", SP_MAY_READ); /* the spare descriptor of serve.c */
}

static void
confine_files(const struct allowed *allowed, bool connects)
{
    const char *missing;
    switch (sp_confine_files(allowed->items, allowed->count, connects, &missing)) {
    case SP_CONFINED:
        break;
    case SP_CONFINED_PARTLY:
        fprintf(stderr, "searchd: this version of the kernel does not restrict %s (Landlock)\n",
                missing);
        break;
    case SP_NOT_SUPPORTED:
        fputs("searchd: the kernel does not restrict access to files (Landlock)\n", stderr);
        break;
    case SP_NOT_CONFINED:
        perror("searchd: cannot restrict access to files (Landlock)");
    }
}

enum sp_status
sp_searchd_confine(const sp_searchd_options *options, const sp_listeners *listeners, sp_error *err)
{
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    struct allowed allowed = {.arena = &arena};
    bool connects = sp_sources_connect(&options->sources);
    if (!sp_confine_is_built())
        return SP_OK;
    tzset(); /* the log needs the time zone, which is in a file */
    allow_all(&allowed, options, listeners);
    if (arena.failed)
        return sp_arena_check(&arena, err);
    confine_files(&allowed, connects);
    if (sp_confine_calls(connects ? SP_CALLS_CLIENT : SP_CALLS_NO_SOCKETS) != SP_CONFINED)
        fputs("searchd: the kernel does not restrict system calls (seccomp)\n", stderr);
    return SP_OK;
}
