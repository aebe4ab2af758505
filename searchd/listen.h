// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The sockets that the daemon listens on: made from addresses, or handed over by systemd
 * (sd_listen_fds(3)).
 */
#ifndef SIGNPOST_SEARCHD_LISTEN_H
#define SIGNPOST_SEARCHD_LISTEN_H

#include <signpost/text.h>

#include <sys/types.h>

#define SP_LISTENERS_MAX 64

typedef struct sp_listener {
    int fd;
    char name[160]; /* "http://127.0.0.1:8080/" or "unix:PATH" */
    char *path;     /* of a Unix socket that this process made, to be removed; else NULL */
} sp_listener;

typedef struct sp_listeners {
    sp_listener items[SP_LISTENERS_MAX];
    size_t count;
} sp_listeners;

/* Listens on ADDRESS:PORT (every address that a name stands for) or unix:PATH. A socket file that
   nobody listens on is taken over. On failure what was added stays. */
enum sp_status sp_listeners_add(sp_listeners *listeners, const char *address, mode_t socket_mode,
                                sp_error *err) SP_MUST_CHECK;

/* Adds the sockets that systemd handed over; none, where there are none. */
enum sp_status sp_listeners_inherit(sp_listeners *listeners, sp_error *err) SP_MUST_CHECK;

/* Closes all, and removes the files of Unix sockets. */
void sp_listeners_close(sp_listeners *listeners);

#endif
