// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE /* CLOCK_BOOTTIME */
#include "lock.h"

#include "engine/base/file.h"

#include <signpost/index_directory.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The lock file is opened this often, if it is removed before it is locked. */
#define ATTEMPTS 10

/* When a process began, in clock ticks since the machine was started; 0: unknown. The value is the
   22nd field of /proc/PID/stat, and the 20th after the process's name, which may contain any
   character and ends at the last ')'. */
static unsigned long long
start_ticks(long pid)
{
    char path[64], line[1024];
    snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return 0;
    ssize_t len = read(file, line, sizeof line - 1);
    close(file);
    line[len > 0 ? len : 0] = '\0';
    char *rest = strrchr(line, ')');
    for (int field = 0; rest && field < 20; field++)
        rest = strchr(rest + 1, ' ');
    return rest ? strtoull(rest, NULL, 10) : 0;
}

/* Writes text such as "process 123, since 2026-02-01 10:00:00". Leaves out the time if it is
   unknown, for instance because the process is in another container. */
static void
describe_holder(long pid, char *out, size_t size)
{
    struct tm when;
    struct timespec now, up;
    char date[32];
    unsigned long long ticks = start_ticks(pid);
    long ticks_per_second = sysconf(_SC_CLK_TCK);
    int len = snprintf(out, size, "process %ld", pid);
    if (ticks == 0 || ticks_per_second <= 0 || clock_gettime(CLOCK_REALTIME, &now) != 0 ||
        clock_gettime(CLOCK_BOOTTIME, &up) != 0)
        return;
    time_t began = now.tv_sec - up.tv_sec + (time_t)(ticks / (unsigned long long)ticks_per_second);
    if (localtime_r(&began, &when) && strftime(date, sizeof date, "%Y-%m-%d %H:%M:%S", &when) > 0)
        snprintf(out + len, size - (size_t)len, ", since %s", date);
}

static enum sp_status
fail_locked(int file, const char *directory, sp_error *err)
{
    struct flock region = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    char holder[96];
    if (fcntl(file, F_GETLK, &region) != 0 || region.l_type == F_UNLCK || region.l_pid <= 0)
        return sp_fail_at(err, SP_LOCKED, directory, 0, 0, "locked by another run");
    describe_holder((long)region.l_pid, holder, sizeof holder);
    return sp_fail_at(err, SP_LOCKED, directory, 0, 0, "locked by another run (%s)", holder);
}

/* Whether another process has locked the file for writing. Users who can only read it cannot. */
static bool
is_locked_by_writer(int file)
{
    struct flock region = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(file, F_GETLK, &region) == 0 && region.l_type == F_WRLCK;
}

/* Whether other users can open the file, or have opened it, although no writer uses it. Earlier
   versions, and libxapian, make lock files that everybody can read. */
static bool
is_open_to_others(int file)
{
    struct stat about;
    return fstat(file, &about) == 0 && (about.st_mode & 077) != 0 && !is_locked_by_writer(file);
}

/* Puts a new file in the place of one that is open to others. A new mode would not do: a process
   that has opened the file can still lock it. */
static bool
replace(int folder, const char *path, sp_bytes content)
{
    SP_AUTO(sp_str_done) sp_str new = {0};
    sp_str_append_format(&new, "%s.new", path);
    if (new.failed) {
        errno = ENOMEM;
        return false;
    }
    (void)unlinkat(folder, new.data, 0);
    int file = openat(folder, new.data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return false;
    bool replaced = sp_file_write_all(file, content) && fsync(file) == 0 &&
                    renameat(folder, new.data, folder, path) == 0;
    int number = errno;
    close(file);
    if (!replaced)
        (void)unlinkat(folder, new.data, 0);
    errno = number;
    return replaced;
}

/* Opens the lock file. */
static enum sp_status
open_lock(int folder, const char *directory, int *out, sp_error *err)
{
    struct stat about;
    int file = openat(folder, SP_LOCK_FILE,
                      O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
    if (file < 0)
        return sp_fail_errno(err, errno, directory, "cannot create the lock");
    enum sp_status status = SP_OK;
    if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode))
        status = sp_fail_at(err, SP_IO, directory, 0, 0,
                            "cannot lock the index: '" SP_LOCK_FILE "' is not a regular file");
    if (status == SP_OK)
        *out = file;
    else
        close(file);
    return status;
}

static enum sp_status
lock(int file, const char *directory, sp_error *err)
{
    struct flock region = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(file, F_SETLK, &region) == 0)
        return SP_OK;
    return errno == EACCES || errno == EAGAIN
               ? fail_locked(file, directory, err)
               : sp_fail_errno(err, errno, directory, "cannot lock the index");
}

/* Reads the lock file. Returns false, with errno set, if it cannot be read. */
static bool
read_content(int file, sp_str *out)
{
    char part[4096];
    ssize_t got = 0;
    while (!out->failed && (got = pread(file, part, sizeof part, (off_t)out->len)) > 0)
        sp_str_append(out, (sp_bytes){part, (size_t)got});
    if (out->failed)
        errno = ENOMEM;
    return got >= 0 && !out->failed;
}

static bool
has_mark(const sp_str *content)
{
    return sp_bytes_starts_with(sp_str_bytes(content), SP_LITERAL(SP_LOCK_MARK));
}

/* Writes the mark, unless the file has it. The mark is synced because without an index it alone
   shows that the directory is ours. */
static enum sp_status
mark(int file, const char *directory, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str content = {0};
    static const char text[] = SP_LOCK_MARK;
    if (!read_content(file, &content))
        return sp_fail_errno(err, errno, directory, "cannot read the lock file");
    if (has_mark(&content))
        return SP_OK;
    if (ftruncate(file, 0) == 0 && lseek(file, 0, SEEK_SET) == 0 &&
        sp_file_write_all(file, (sp_bytes){text, sizeof text - 1}) && fdatasync(file) == 0)
        return SP_OK;
    return sp_fail_errno(err, errno, directory, "cannot write the lock file");
}

bool
sp_lock_close_to_others(int folder, const char *database)
{
    SP_AUTO(sp_str_done) sp_str path = {0};
    sp_str_append_format(&path, "%s/" SP_DATABASE_LOCK, database);
    int file = path.failed ? -1
                           : openat(folder, path.data,
                                    O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (file < 0)
        return false;
    bool closed = !is_open_to_others(file) || replace(folder, path.data, SP_LITERAL(""));
    close(file);
    return closed;
}

bool
sp_lock_is_in_place(int folder, int file)
{
    struct stat ours, there;
    return fstat(file, &ours) == 0 &&
           fstatat(folder, SP_LOCK_FILE, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
           ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

/* Sets *again if the lock file was replaced or removed, so that another one must be locked. Whether
   a file that is open to others is in place is asked last: another run that replaces the file has
   it locked until then. */
static enum sp_status
lock_and_mark(int folder, int file, const char *directory, bool *again, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str content = {0};
    enum sp_status status = lock(file, directory, err);
    bool open = is_open_to_others(file);
    bool in_place = sp_lock_is_in_place(folder, file);
    *again = !in_place || open;
    if (open && in_place)
        return read_content(file, &content) && replace(folder, SP_LOCK_FILE, sp_str_bytes(&content))
                   ? SP_OK
                   : sp_fail_errno(err, errno, directory, "cannot keep other users from the lock");
    return status == SP_OK && !*again ? mark(file, directory, err) : status;
}

enum sp_status
sp_lock_acquire(int folder, const char *directory, int *out, sp_error *err)
{
    for (int i = 0; i < ATTEMPTS; i++) {
        int file = -1;
        enum sp_status status = open_lock(folder, directory, &file, err);
        if (status != SP_OK)
            return status;
        bool again;
        status = lock_and_mark(folder, file, directory, &again, err);
        if (status == SP_OK && !again) {
            *out = file;
            return SP_OK;
        }
        close(file);
        if (status != SP_OK)
            return status;
    }
    return sp_fail_at(err, SP_IO, directory, 0, 0, "the lock file was removed again and again");
}

bool
sp_lock_list_folder(int file, const char *name)
{
    SP_AUTO(sp_str_done) sp_str line = {0};
    sp_str_append_format(&line, "%s\n", name);
    return !line.failed && lseek(file, 0, SEEK_END) >= 0 &&
           sp_file_write_all(file, sp_str_bytes(&line)) && fdatasync(file) == 0;
}

bool
sp_lock_each_folder(int file, void (*visit)(void *context, const char *name), void *context)
{
    SP_AUTO(sp_str_done) sp_str content = {0};
    if (!read_content(file, &content) || !has_mark(&content))
        return false;
    for (char *name = content.data + sizeof SP_LOCK_MARK - 1, *end; (end = strchr(name, '\n'));
         name = end + 1) {
        *end = '\0';
        visit(context, name);
    }
    return true;
}

void
sp_lock_clear(int file)
{
    (void)!ftruncate(file, sizeof SP_LOCK_MARK - 1);
}
