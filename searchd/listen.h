// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The sockets that the daemon listens on: opened for the addresses of the command line, or passed
 * by systemd (sd_listen_fds(3)). Used by the main thread only.
 */
#ifndef SIGNPOST_SEARCHD_LISTEN_H
#define SIGNPOST_SEARCHD_LISTEN_H

#include <signpost/text.h>

#include <sys/types.h>

#define SP_LISTENERS_MAX 64

typedef struct sp_listener {
    int fd;
    char name[160]; /* "http://127.0.0.1:8080/" or "unix:PATH" */
    char *path;     /* file of a Unix socket that this process created and must remove; else NULL */
} sp_listener;

typedef struct sp_listeners {
    sp_listener items[SP_LISTENERS_MAX];
    size_t count;
} sp_listeners;

/* Listens on ADDRESS:PORT or unix:PATH. If ADDRESS is a host name, listens on all addresses of the
   host. Replaces a socket file that no process listens on. After a failure, the listeners added
   before the failure remain. */
enum sp_status sp_listeners_add(sp_listeners *listeners, const char *address, mode_t socket_mode,
                                sp_error *err) SP_MUST_CHECK;

/* Adds the sockets that systemd passed, if any. */
enum sp_status sp_listeners_inherit(sp_listeners *listeners, sp_error *err) SP_MUST_CHECK;

/* Closes all sockets and removes the files of Unix sockets. */
void sp_listeners_close(sp_listeners *listeners);

#endif
