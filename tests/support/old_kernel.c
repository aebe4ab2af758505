// SPDX-License-Identifier: GPL-2.0-or-later
/* A library to preload (LD_PRELOAD), for programs that should believe in an older kernel: openat2
   does not exist, and Landlock has the version $SIGNPOST_LANDLOCK. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>

__attribute__((visibility("default"))) long syscall(long number, ...);

static long
fail(int number)
{
    errno = number;
    return -1;
}

long
syscall(long number, ...)
{
    long given[6];
    va_list arguments;
    const char *landlock = getenv("SIGNPOST_LANDLOCK");
    va_start(arguments, number);
    for (int i = 0; i < 6; i++)
        given[i] = va_arg(arguments, long);
    va_end(arguments);
    if (number == SYS_openat2)
        return fail(ENOSYS);
    if (landlock && number == SYS_landlock_create_ruleset &&
        given[0] == 0) /* asks for the version */
        return atol(landlock) > 0 ? atol(landlock) : fail(EOPNOTSUPP);
    long (*next)(long, ...);
    *(void **)&next = dlsym(RTLD_NEXT, "syscall");
    return next(number, given[0], given[1], given[2], given[3], given[4], given[5]);
}
