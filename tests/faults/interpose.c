// SPDX-License-Identifier: GPL-2.0-or-later
/* Preloaded into a program (LD_PRELOAD), this library counts the calls that change files below a
   folder and makes one of them fail, or kills the program at that call.

     FAULT_BELOW  the folder, absolute; without it nothing is counted
     FAULT_LOG    file to which a line is appended for each counted call: its name and the path
     FAULT_AT     number of the call that fails, counted from 1
     FAULT_HOW    ENOSPC or EIO: the call fails; SHORT: a write writes half, any other call fails
                  with EIO; KILL: SIGKILL instead of the call; STOP: SIGSTOP before the call
     FAULT_READS  if set, the calls that read files below the folder are counted, and no others
     FAULT_STAYS  if set, later calls fail too: those that take space (ENOSPC), or all (EIO) */

#define _GNU_SOURCE
#undef _FORTIFY_SOURCE /* would make some of these functions inline */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

/* Declares `real`, the function that this library replaces. It is looked up at the first call. If
   two threads look it up at the same time, both find the same address. */
#define REAL(type, name, ...)                                                                      \
    static type (*real)(__VA_ARGS__);                                                              \
    if (!real)                                                                                     \
    *(void **)&real = dlsym(RTLD_NEXT, name)

enum verdict { GO_ON, FAIL, SHORTEN };

static atomic_long calls;

/* Appends a line to FAULT_LOG. Makes system calls directly, because calls of libc functions would
   be counted. */
static void
note(const char *name, const char *path)
{
    char line[PATH_MAX + 64];
    const char *log = getenv("FAULT_LOG");
    int file =
        log ? (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND, 0666) : -1;
    if (file < 0)
        return;
    int len = snprintf(line, sizeof line, "%s %s\n", name, path);
    if (len > 0)
        (void)!syscall(SYS_write, file, line, len);
    syscall(SYS_close, file);
}

static bool
is_below(const char *path)
{
    const char *folder = getenv("FAULT_BELOW");
    size_t len = folder ? strlen(folder) : 0;
    return len > 0 && strncmp(path, folder, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

static bool
takes_space(const char *name)
{
    static const char *const names[] = {"write", "pwrite", "fsync",  "fdatasync",
                                        "open",  "mkdir",  "rename", "ftruncate"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) == 0)
            return true;
    }
    return false;
}

static enum verdict
judge(const char *name, const char *how)
{
    if (strcmp(how, "KILL") == 0)
        kill(getpid(), SIGKILL);
    if (strcmp(how, "STOP") == 0)
        kill(getpid(), SIGSTOP);
    if (strcmp(how, "SHORT") == 0 && strstr(name, "write"))
        return SHORTEN;
    if (strcmp(how, "STOP") == 0)
        return GO_ON;
    errno = strcmp(how, "ENOSPC") == 0 ? ENOSPC : EIO;
    return FAIL;
}

static enum verdict
count(const char *name, const char *path)
{
    int kept = errno;
    bool reads = strcmp(name, "read") == 0 || strcmp(name, "pread") == 0;
    if (reads != (getenv("FAULT_READS") != NULL) || !is_below(path))
        return GO_ON;
    long number = atomic_fetch_add(&calls, 1) + 1;
    note(name, path);
    errno = kept;
    const char *at = getenv("FAULT_AT"), *how = getenv("FAULT_HOW");
    if (!at || !how || number < atol(at))
        return GO_ON;
    if (number == atol(at))
        return judge(name, how);
    if (!getenv("FAULT_STAYS") || (strcmp(how, "ENOSPC") == 0 && !takes_space(name)))
        return GO_ON;
    return judge(name, how);
}

/* Counts a call on a descriptor. The kernel reports the path of the file, so it does not matter how
   the file was opened. */
static enum verdict
count_file(const char *name, int file)
{
    char link[64], path[PATH_MAX];
    int kept = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t len = readlink(link, path, sizeof path - 1);
    errno = kept;
    if (len < 0)
        return GO_ON;
    path[len] = '\0';
    return count(name, path);
}

/* Splits "/proc/self/fd/N/name", which libxapian uses for the files of an open folder. */
static void
split_descriptor(int *folder, const char **path)
{
    int number, len = 0;
    if (sscanf(*path, "/proc/self/fd/%d/%n", &number, &len) != 1 || len == 0)
        return;
    *folder = number;
    *path += len;
}

static enum verdict
count_path(const char *name, int folder, const char *path)
{
    char link[64], whole[2 * PATH_MAX];
    int kept = errno;
    ssize_t len = 0;
    split_descriptor(&folder, &path);
    if (path[0] != '/' && folder == AT_FDCWD) {
        len = getcwd(whole, PATH_MAX) ? (ssize_t)strlen(whole) : -1;
    } else if (path[0] != '/') {
        snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
        len = readlink(link, whole, PATH_MAX);
    }
    errno = kept;
    if (len < 0)
        return GO_ON;
    snprintf(whole + len, sizeof whole - (size_t)len, len > 0 ? "/%s" : "%s", path);
    return count(name, whole);
}

/* Writing */

EXPORT ssize_t
write(int file, const void *bytes, size_t len)
{
    REAL(ssize_t, "write", int, const void *, size_t);
    enum verdict verdict = count_file("write", file);
    return verdict == FAIL ? -1 : real(file, bytes, verdict == SHORTEN ? len / 2 : len);
}

static ssize_t
write_at(int file, const void *bytes, size_t len, off_t offset)
{
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off_t);
    enum verdict verdict = count_file("pwrite", file);
    return verdict == FAIL ? -1 : real(file, bytes, verdict == SHORTEN ? len / 2 : len, offset);
}

EXPORT ssize_t
pwrite(int file, const void *bytes, size_t len, off_t offset)
{
    return write_at(file, bytes, len, offset);
}

EXPORT ssize_t
pwrite64(int file, const void *bytes, size_t len, off64_t offset)
{
    return write_at(file, bytes, len, offset);
}

EXPORT int
fsync(int file)
{
    REAL(int, "fsync", int);
    return count_file("fsync", file) == GO_ON ? real(file) : -1;
}

EXPORT int
fdatasync(int file)
{
    REAL(int, "fdatasync", int);
    return count_file("fdatasync", file) == GO_ON ? real(file) : -1;
}

EXPORT int
ftruncate(int file, off_t len)
{
    REAL(int, "ftruncate", int, off_t);
    return count_file("ftruncate", file) == GO_ON ? real(file, len) : -1;
}

EXPORT int
ftruncate64(int file, off64_t len)
{
    return ftruncate(file, len);
}

/* Reading */

EXPORT ssize_t
read(int file, void *bytes, size_t len)
{
    REAL(ssize_t, "read", int, void *, size_t);
    return count_file("read", file) == GO_ON ? real(file, bytes, len) : -1;
}

static ssize_t
read_at(int file, void *bytes, size_t len, off_t offset)
{
    REAL(ssize_t, "pread64", int, void *, size_t, off_t);
    return count_file("pread", file) == GO_ON ? real(file, bytes, len, offset) : -1;
}

EXPORT ssize_t
pread(int file, void *bytes, size_t len, off_t offset)
{
    return read_at(file, bytes, len, offset);
}

EXPORT ssize_t
pread64(int file, void *bytes, size_t len, off64_t offset)
{
    return read_at(file, bytes, len, offset);
}

/* Closes the file even if the call is made to fail, as Linux does. */
EXPORT int
close(int file)
{
    REAL(int, "close", int);
    enum verdict verdict = count_file("close", file);
    int kept = errno, closed = real(file);
    errno = verdict == GO_ON ? errno : kept;
    return verdict == GO_ON ? closed : -1;
}

/* Names */

EXPORT int
rename(const char *from, const char *to)
{
    REAL(int, "rename", const char *, const char *);
    return count_path("rename", AT_FDCWD, to) == GO_ON ? real(from, to) : -1;
}

EXPORT int
renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    REAL(int, "renameat", int, const char *, int, const char *);
    return count_path("rename", to_folder, to) == GO_ON ? real(from_folder, from, to_folder, to)
                                                        : -1;
}

EXPORT int
mkdir(const char *path, mode_t mode)
{
    REAL(int, "mkdir", const char *, mode_t);
    return count_path("mkdir", AT_FDCWD, path) == GO_ON ? real(path, mode) : -1;
}

EXPORT int
mkdirat(int folder, const char *path, mode_t mode)
{
    REAL(int, "mkdirat", int, const char *, mode_t);
    return count_path("mkdir", folder, path) == GO_ON ? real(folder, path, mode) : -1;
}

EXPORT int
unlink(const char *path)
{
    REAL(int, "unlink", const char *);
    return count_path("unlink", AT_FDCWD, path) == GO_ON ? real(path) : -1;
}

EXPORT int
rmdir(const char *path)
{
    REAL(int, "rmdir", const char *);
    return count_path("rmdir", AT_FDCWD, path) == GO_ON ? real(path) : -1;
}

EXPORT int
unlinkat(int folder, const char *path, int flags)
{
    REAL(int, "unlinkat", int, const char *, int);
    return count_path("unlink", folder, path) == GO_ON ? real(folder, path, flags) : -1;
}

/* Opening for writing: all functions of libc that do so */

static int
open_at(int folder, const char *path, int flags, mode_t mode)
{
    REAL(int, "openat", int, const char *, int, ...);
    bool writes = (flags & O_ACCMODE) != O_RDONLY;
    if (writes && count_path("open", folder, path) != GO_ON)
        return -1;
    return real(folder, path, flags, mode);
}

static mode_t
mode_after(int flags, va_list rest)
{
    bool has_mode = (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
    return has_mode ? va_arg(rest, mode_t) : 0;
}

#define OPEN(name)                                                                                 \
    EXPORT int name(const char *path, int flags, ...)                                              \
    {                                                                                              \
        va_list rest;                                                                              \
        va_start(rest, flags);                                                                     \
        mode_t mode = mode_after(flags, rest);                                                     \
        va_end(rest);                                                                              \
        return open_at(AT_FDCWD, path, flags, mode);                                               \
    }

#define OPENAT(name)                                                                               \
    EXPORT int name(int folder, const char *path, int flags, ...)                                  \
    {                                                                                              \
        va_list rest;                                                                              \
        va_start(rest, flags);                                                                     \
        mode_t mode = mode_after(flags, rest);                                                     \
        va_end(rest);                                                                              \
        return open_at(folder, path, flags, mode);                                                 \
    }

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int folder, const char *path, int flags);
int __openat64_2(int folder, const char *path, int flags);

EXPORT int
__open_2(const char *path, int flags)
{
    return open_at(AT_FDCWD, path, flags, 0);
}

EXPORT int
__open64_2(const char *path, int flags)
{
    return open_at(AT_FDCWD, path, flags, 0);
}

EXPORT int
__openat_2(int folder, const char *path, int flags)
{
    return open_at(folder, path, flags, 0);
}

EXPORT int
__openat64_2(int folder, const char *path, int flags)
{
    return open_at(folder, path, flags, 0);
}
