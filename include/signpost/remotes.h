// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The remote databases of a program: --remote HOST:PORT and the files of --remote-list.
 *
 * An index never names a remote database; only the person who starts a program does. Names are
 * resolved when the list is made. For one thread.
 */
#ifndef SIGNPOST_REMOTES_H
#define SIGNPOST_REMOTES_H

#include <signpost/command_line.h>

#include <stdint.h>

/* A database that xapian-tcpsrv serves. */
typedef struct sp_remote {
    const char *name; /* HOST:PORT as given, for messages */
    const char *host; /* an IPv4 address */
    uint16_t port;
} sp_remote;

typedef struct sp_remotes {
    sp_remote *items;
    size_t count, capacity;
    sp_arena *arena; /* owns all strings; set by the caller */
} sp_remotes;

/* SP_BAD_ARGUMENT if the argument of an option is not HOST:PORT. Does not resolve HOST. */
enum sp_status sp_remote_check(const sp_option *option, const char *argument,
                               sp_error *err) SP_MUST_CHECK;

/* Appends the remote databases in the given order: first `names`, then the lines of the files
   `lists`. In a file, empty lines and lines that begin with # are ignored. SP_BAD_INPUT
   for a name that is not HOST:PORT; SP_NOT_FOUND or SP_IO for a file that cannot be read or a host
   that cannot be resolved. Errors in a file have a path, a line and a column. libxapian 1.4
   connects by IPv4 only. */
enum sp_status sp_remotes_read(sp_remotes *remotes, const sp_texts *names, const sp_texts *lists,
                               sp_error *err) SP_MUST_CHECK;

#endif
