// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE /* copy_file_range */

#include "copy.h"

#include "engine/base/file.h"

#include <signpost/index_directory.h>
#include <signpost/sums.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_SIZE ((size_t)256 * 1024)
#define COPY_AT_ONCE ((size_t)64 << 20)

struct copy_context {
    const char *from, *to;
    int source, target; /* folders */
    const atomic_bool *cancel;
};

static enum sp_status
fail_here(const struct copy_context *copy, const char *what, sp_error *err)
{
    return sp_fail_errno(err, errno, copy->to, what);
}

static bool
copy_by_read_and_write(const struct copy_context *copy, int from, int to)
{
    char *buffer = malloc(BUFFER_SIZE);
    ssize_t got = -1;
    while (buffer && ((got = read(from, buffer, BUFFER_SIZE)) > 0 || (got < 0 && errno == EINTR))) {
        if (sp_check_cancel(copy->cancel, NULL) != SP_OK ||
            (got > 0 && !sp_file_write_all(to, (sp_bytes){buffer, (size_t)got}))) {
            got = -1;
            break;
        }
    }
    free(buffer);
    return got == 0;
}

/* Whether copy_file_range is not supported between these file systems. */
static bool
is_unsupported(int number)
{
    return number == EXDEV || number == EINVAL || number == ENOSYS || number == EOPNOTSUPP ||
           number == EPERM;
}

/* Lets the kernel copy the file, which shares blocks if the file system can. On some file systems,
   copy_file_range ends early without an error, so the rest is copied with read and write. */
static enum sp_status
copy_content(const struct copy_context *copy, int from, int to, sp_error *err)
{
    ssize_t put;
    do {
        put = copy_file_range(from, NULL, to, NULL, COPY_AT_ONCE, 0);
    } while ((put > 0 || (put < 0 && errno == EINTR)) &&
             sp_check_cancel(copy->cancel, NULL) == SP_OK);
    if ((put >= 0 || is_unsupported(errno)) && copy_by_read_and_write(copy, from, to) &&
        fsync(to) == 0)
        return SP_OK;
    enum sp_status status = fail_here(copy, "cannot copy the index", err);
    enum sp_status cancelled = sp_check_cancel(copy->cancel, err);
    return cancelled != SP_OK ? cancelled : status;
}

static enum sp_status
copy_file(const struct copy_context *copy, const char *name, sp_error *err)
{
    enum sp_status status = SP_OK;
    int from = openat(copy->source, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (from < 0)
        return sp_fail_errno(err, errno, copy->from, "cannot read the index");
    int to = openat(copy->target, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (to < 0)
        status = fail_here(copy, "cannot copy the index", err);
    else
        status = copy_content(copy, from, to, err);
    if (to >= 0)
        close(to);
    close(from);
    return status;
}

static bool
is_wanted(const struct copy_context *copy, const char *name)
{
    struct stat about;
    return strcmp(name, SP_DATABASE_LOCK) != 0 &&
           fstatat(copy->source, name, &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(about.st_mode);
}

static enum sp_status
copy_files(const struct copy_context *copy, sp_error *err)
{
    int fd = openat(copy->source, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = fd >= 0 ? fdopendir(fd) : NULL;
    if (!entries) {
        if (fd >= 0)
            sp_close(fd);
        return sp_fail_errno(err, errno, copy->from, "cannot read the index");
    }
    enum sp_status status = SP_OK;
    for (struct dirent *entry; status == SP_OK && (entry = readdir(entries));) {
        status = sp_check_cancel(copy->cancel, err);
        if (status == SP_OK && is_wanted(copy, entry->d_name))
            status = copy_file(copy, entry->d_name, err);
    }
    closedir(entries);
    if (status == SP_OK && fsync(copy->target) != 0)
        status = fail_here(copy, "cannot copy the index", err);
    return status;
}

/* A commit replaces the version file last. Until then, the blocks that the file points to do not
   change. */
static enum sp_status
copy_settled(const struct copy_context *copy, sp_error *err)
{
    sp_glass_version before, after;
    enum sp_status status = sp_glass_version_read_open(copy->source, copy->from, &before, err);
    if (status == SP_OK)
        status = copy_files(copy, err);
    if (status == SP_OK)
        status = sp_glass_version_read_open(copy->source, copy->from, &after, err);
    if (status == SP_OK && !sp_glass_version_equal(&before, &after))
        status = sp_fail_at(err, SP_STALE, copy->from, 0, 0, "the index changed while it was read");
    return status;
}

enum sp_status
sp_database_copy(const char *from, const char *to, const atomic_bool *cancel, sp_error *err)
{
    struct copy_context copy = {.from = from, .to = to, .target = -1, .cancel = cancel};
    enum sp_status status;
    copy.source = open(from, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (copy.source < 0)
        return sp_fail_errno(err, errno, from, "cannot read the index");
    if (mkdir(to, 0777) == 0)
        copy.target = open(to, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (copy.target >= 0)
        status = copy_settled(&copy, err);
    else
        status = fail_here(&copy, "cannot copy the index", err);
    if (copy.target >= 0)
        close(copy.target);
    close(copy.source);
    return status;
}

enum sp_status
sp_folder_sync(const char *folder, sp_error *err)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    enum sp_status status =
        synced ? SP_OK : sp_fail_errno(err, errno, folder, "cannot write the new index");
    if (fd >= 0)
        close(fd);
    return status;
}
