// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE /* O_PATH, syscall */
#include "beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Links in one path, as the kernel's own limit. */
#define LINKS_MAX 40

/* Resolving links to names */

struct resolution {
    const sp_beneath *folder;
    sp_str done; /* names without a link among them, relative to the folder */
    sp_str rest; /* what comes after them */
    size_t at;   /* how much of `rest` was taken */
    unsigned links;
};

static void
resolution_done(struct resolution *resolution)
{
    sp_str_done(&resolution->done);
    sp_str_done(&resolution->rest);
}

static bool
fail(int number)
{
    errno = number;
    return false;
}

static sp_bytes
rest_of(const struct resolution *resolution)
{
    return sp_bytes_slice(sp_str_bytes(&resolution->rest), resolution->at, resolution->rest.len);
}

/* Puts the beginning of a path before what is left of it. */
static bool
continue_with(struct resolution *resolution, sp_bytes beginning)
{
    sp_str rest = {0};
    sp_str_append(&rest, beginning);
    if (resolution->at < resolution->rest.len)
        sp_str_append_char(&rest, '/');
    sp_str_append(&rest, rest_of(resolution));
    sp_str_done(&resolution->rest);
    resolution->rest = rest;
    resolution->at = 0;
    return rest.failed ? fail(ENOMEM) : true;
}

/* Returns the next name of a path that is not ".", or empty bytes at the end. Moves *at past it. */
static sp_bytes
next_name(sp_bytes path, size_t *at)
{
    for (;;) {
        while (*at < path.len && path.data[*at] == '/')
            ++*at;
        size_t start = *at;
        while (*at < path.len && path.data[*at] != '/')
            ++*at;
        sp_bytes name = sp_bytes_slice(path, start, *at);
        if (!sp_bytes_equal(name, SP_LITERAL(".")))
            return name;
    }
}

/* If an absolute path begins with the names of the folder's path, goes on from the folder. */
static bool
enter_below(struct resolution *resolution, sp_bytes folder)
{
    sp_bytes path = sp_str_bytes(&resolution->rest), wanted;
    size_t at = 0, folder_at = 0;
    while ((wanted = next_name(folder, &folder_at)).len > 0) {
        if (!sp_bytes_equal(next_name(path, &at), wanted))
            return false;
    }
    sp_str rest = {0};
    sp_str_append(&rest, sp_bytes_slice(path, at, path.len));
    sp_str_done(&resolution->rest);
    sp_str_clear(&resolution->done);
    resolution->rest = rest;
    resolution->at = 0;
    return true;
}

/* `rest` is an absolute path. Only its text is compared: looking at a path outside the folder could
   mount a file system of another machine, and would tell whether a file exists there. */
static bool
enter(struct resolution *resolution)
{
    const sp_beneath *folder = resolution->folder;
    bool inside = enter_below(resolution, folder->real) ||
                  (folder->given.len > 0 && enter_below(resolution, folder->given));
    return inside ? true : fail(EXDEV);
}

/* Returns the path without its last name and the slash before it; empty at the top. */
static sp_bytes
parent_of(sp_bytes path)
{
    size_t len = path.len - sp_bytes_after_last(path, '/').len;
    return sp_bytes_slice(path, 0, len - (len > 0));
}

/* Takes the rest's names that are "..", and returns how many there are. */
static size_t
take_ups(struct resolution *resolution)
{
    size_t count = 0, at = resolution->at;
    while (sp_bytes_equal(next_name(sp_str_bytes(&resolution->rest), &at), SP_LITERAL(".."))) {
        resolution->at = at;
        count++;
    }
    return count;
}

/* Above the folder, all names of its real path are left before the path is compared again. */
static bool
go_up(struct resolution *resolution)
{
    sp_str *done = &resolution->done;
    sp_bytes above = parent_of(resolution->folder->real);
    if (done->len == 0) {
        for (size_t ups = take_ups(resolution); ups > 0; ups--)
            above = parent_of(above);
        return continue_with(resolution, above) && enter(resolution);
    }
    done->data[done->len = parent_of(sp_str_bytes(done)).len] = '\0';
    return true;
}

/* Appends a name, and goes where it leads if it is a link that is to be followed. */
static bool
go_down(struct resolution *resolution, sp_bytes name, bool follow)
{
    char target[PATH_MAX];
    sp_str *done = &resolution->done;
    size_t before = done->len;
    if (before > 0)
        sp_str_append_char(done, '/');
    sp_str_append(done, name);
    if (done->failed)
        return fail(ENOMEM);
    if (!follow)
        return true;
    ssize_t len = readlinkat(resolution->folder->file, done->data, target, sizeof target);
    if (len < 0)
        return errno == EINVAL; /* not a link */
    if (len == 0 || len == PATH_MAX || ++resolution->links > LINKS_MAX)
        return fail(len == 0 ? ENOENT : ELOOP);
    done->data[done->len = before] = '\0';
    return continue_with(resolution, (sp_bytes){target, (size_t)len}) &&
           (target[0] != '/' || enter(resolution));
}

static sp_bytes
take_name(struct resolution *resolution)
{
    sp_bytes rest = rest_of(resolution);
    size_t slash = sp_bytes_find(rest, SP_LITERAL("/"), 0);
    size_t end = slash == SIZE_MAX ? rest.len : slash;
    resolution->at += end + (slash != SIZE_MAX);
    return sp_bytes_slice(rest, 0, end);
}

static bool
is_last(const struct resolution *resolution)
{
    sp_bytes rest = rest_of(resolution);
    while (rest.len > 0 && rest.data[0] == '/')
        rest = sp_bytes_slice(rest, 1, rest.len);
    return rest.len == 0;
}

/* follow: whether the last name is followed if it is a link. */
static bool
resolve(struct resolution *resolution, const char *path, bool follow)
{
    if (strlen(path) >= PATH_MAX)
        return fail(ENAMETOOLONG);
    sp_str_append_text(&resolution->rest, path);
    sp_str_append_text(&resolution->done, "");
    if (path[0] == '/' && !enter(resolution))
        return false;
    while (resolution->at < resolution->rest.len) {
        sp_bytes name = take_name(resolution);
        bool good = true;
        if (sp_bytes_equal(name, SP_LITERAL("..")))
            good = go_up(resolution);
        else if (name.len > 0 && !sp_bytes_equal(name, SP_LITERAL(".")))
            good = go_down(resolution, name, follow || !is_last(resolution));
        if (!good)
            return false;
    }
    return resolution->rest.failed || resolution->done.failed ? fail(ENOMEM) : true;
}

/* Opening */

static int
open_by_kernel(int folder, const char *path, int flags)
{
    struct open_how how = {.flags = (unsigned)flags, .resolve = RESOLVE_BENEATH};
    return (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
}

/* Opens a path name by name, without following a link. */
static int
open_names(int folder, const char *path, int flags)
{
    int at = folder;
    for (const char *slash; (slash = strchr(path, '/')) != NULL; path = slash + 1) {
        char name[NAME_MAX + 1];
        size_t len = (size_t)(slash - path);
        if (len > NAME_MAX) {
            errno = ENAMETOOLONG;
            len = 0;
        }
        memcpy(name, path, len);
        name[len] = '\0';
        int next = len > 0 ? openat(at, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
        if (at != folder)
            sp_close(at);
        if (next < 0)
            return -1;
        at = next;
    }
    int file = openat(at, path, flags | O_NOFOLLOW);
    if (at != folder)
        sp_close(at);
    return file;
}

static int
open_by_names(const sp_beneath *folder, const char *path, int flags)
{
    SP_AUTO(resolution_done) struct resolution resolution = {.folder = folder};
    if (!resolve(&resolution, path, !(flags & O_NOFOLLOW)))
        return -1;
    const char *names = resolution.done.len > 0 ? resolution.done.data : ".";
    return open_names(folder->file, names, flags);
}

int
sp_beneath_open(const sp_beneath *folder, const char *path, int flags)
{
    if (!(flags & O_PATH)) /* the only flag that openat2 allows with few others */
        flags |= O_NONBLOCK | O_NOCTTY;
    flags |= O_CLOEXEC;
    int file = open_by_kernel(folder->file, path[0] ? path : ".", flags);
    /* EXDEV: also for an absolute link into the folder. EAGAIN: something was renamed meanwhile.
       ENOSYS: Linux before 5.6. EPERM: a seccomp filter that does not know openat2. */
    if (file < 0 && (errno == EXDEV || errno == EAGAIN || errno == ENOSYS || errno == EPERM))
        file = open_by_names(folder, path, flags);
    return file;
}

bool
sp_beneath_stat(const sp_beneath *folder, const char *path, int flags, struct stat *about)
{
    int file = sp_beneath_open(folder, path, O_PATH | flags);
    bool found = file >= 0 && fstat(file, about) == 0;
    if (file >= 0)
        sp_close(file);
    return found;
}

enum sp_file_result
sp_beneath_read(const sp_beneath *folder, const char *path, size_t max, sp_str *out,
                struct stat *about)
{
    int file = sp_beneath_open(folder, path, O_RDONLY);
    if (file < 0)
        return errno == ENXIO ? SP_FILE_NOT_REGULAR : SP_FILE_NOT_OPENED;
    enum sp_file_result result = sp_file_read_open(file, max, out, about);
    sp_close(file);
    return result;
}

bool
sp_beneath_resolve(const sp_beneath *folder, const char *path, sp_str *out)
{
    SP_AUTO(resolution_done) struct resolution resolution = {.folder = folder};
    if (!resolve(&resolution, path, true))
        return false;
    sp_str_append(out, sp_str_bytes(&resolution.done));
    return true;
}

bool
sp_is_beneath_path(sp_bytes path)
{
    if (path.len > 0 && path.data[0] == '/')
        return false;
    for (size_t start = 0, end; start <= path.len; start = end + 1) {
        end = sp_bytes_find(path, SP_LITERAL("/"), start);
        end = end == SIZE_MAX ? path.len : end;
        if (sp_bytes_equal(sp_bytes_slice(path, start, end), SP_LITERAL("..")))
            return false;
    }
    return true;
}
