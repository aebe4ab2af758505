// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Restricts what the calling process may do from now on, so that an attacker who takes over the
 * process gains little. Nothing can lift the restrictions. What is refused fails with EACCES or
 * EPERM and does not end the process.
 *
 * Call the functions from the main thread before other threads start: the restrictions apply to the
 * calling thread and to the threads and processes that it starts. Programs that are built with
 * sanitizers or to count coverage are not restricted, because these read /proc and write files.
 */
#ifndef SIGNPOST_CONFINE_H
#define SIGNPOST_CONFINE_H

#include <signpost/text.h>

enum sp_confined_access {
    SP_MAY_READ = 1,   /* files and folders */
    SP_MAY_APPEND = 2, /* create files, and write to files without truncating them */
    SP_MAY_REMOVE = 4, /* remove files */
};

/* A file, or a folder with everything below it. Borrowed. */
typedef struct sp_confined_path {
    const char *path;
    unsigned access; /* of enum sp_confined_access */
} sp_confined_path;

enum sp_confined {
    SP_CONFINED,
    SP_CONFINED_PARTLY, /* the kernel supports less */
    SP_NOT_SUPPORTED,   /* the kernel or the build does not support it at all */
    SP_NOT_CONFINED,    /* a call failed, and nothing is restricted; sp_confine_files sets errno */
};

/* Whether the build restricts processes at all. */
bool sp_confine_is_built(void);

/* Refuses to open, create, change or remove any file that is not listed (Landlock). Open
   descriptors stay usable. Paths that do not exist are ignored. Also refuses to listen on other TCP
   ports, to connect by TCP unless `connects`, and to send signals to other processes. If the kernel
   supports only part of this, `*missing` is set to words for what it does not restrict. */
enum sp_confined sp_confine_files(const sp_confined_path *paths, size_t count, bool connects,
                                  const char **missing);

enum sp_confined_calls {
    SP_CALLS_NO_PROGRAMS, /* new programs and processes, tracing, administration of the system */
    SP_CALLS_CLIENT,      /* also sockets that listen, and changes of attributes, times and sizes of
                             files */
    SP_CALLS_NO_SOCKETS,  /* also new sockets, except Unix sockets, and connecting any socket */
};

/* Refuses system calls (seccomp). Each value refuses what those before it refuse. The process can
   never gain privileges again. */
enum sp_confined sp_confine_calls(enum sp_confined_calls calls);

#endif
