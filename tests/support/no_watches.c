// SPDX-License-Identifier: GPL-2.0-or-later
/* A library to preload (LD_PRELOAD). inotify_add_watch succeeds SIGNPOST_WATCHES times, and then
   fails with ENOSPC. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

__attribute__((visibility("default"))) int inotify_add_watch(int fd, const char *path,
                                                             uint32_t mask);

int
inotify_add_watch(int fd, const char *path, uint32_t mask)
{
    static long left = -1;
    const char *given = getenv("SIGNPOST_WATCHES");
    if (left < 0)
        left = given ? atol(given) : 0;
    if (left-- <= 0) {
        left = 0;
        errno = ENOSPC;
        return -1;
    }
    int (*next)(int, const char *, uint32_t);
    *(void **)&next = dlsym(RTLD_NEXT, "inotify_add_watch");
    return next(fd, path, mask);
}
