// SPDX-License-Identifier: GPL-2.0-or-later
/* A library to preload (LD_PRELOAD): openat2 fails as on a kernel without it. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <sys/syscall.h>

__attribute__((visibility("default"))) long syscall(long number, ...);

long
syscall(long number, ...)
{
    long given[6];
    va_list arguments;
    if (number == SYS_openat2) {
        errno = ENOSYS;
        return -1;
    }
    va_start(arguments, number);
    for (int i = 0; i < 6; i++)
        given[i] = va_arg(arguments, long);
    va_end(arguments);
    long (*next)(long, ...);
    *(void **)&next = dlsym(RTLD_NEXT, "syscall");
    return next(number, given[0], given[1], given[2], given[3], given[4], given[5]);
}
