// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE /* flock, CLOCK_BOOTTIME */
#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

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

static enum sp_status
lock(int folder, int file, const char *directory, sp_error *err)
{
    struct flock region = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(file, F_SETLK, &region) != 0)
        return errno == EACCES || errno == EAGAIN
                   ? fail_locked(file, directory, err)
                   : sp_fail_errno(err, errno, directory, "cannot lock the index");
    if (flock(folder, LOCK_EX | LOCK_NB) == 0)
        return SP_OK;
    if (errno == EWOULDBLOCK)
        return sp_fail_at(err, SP_LOCKED, directory, 0, 0,
                          "locked by another run, though its lock file was removed");
    return sp_fail_errno(err, errno, directory, "cannot lock the index");
}

enum sp_status
sp_lock_acquire(int folder, const char *directory, int *out, sp_error *err)
{
    int file = openat(folder, SP_LOCK_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (file < 0)
        return sp_fail_errno(err, errno, directory, "cannot create the lock");
    enum sp_status status = lock(folder, file, directory, err);
    if (status == SP_OK)
        *out = file;
    else
        close(file);
    return status;
}
