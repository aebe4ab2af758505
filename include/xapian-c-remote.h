// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * xapian-c-remote.h: remote databases and stub files, for programs that were told to open them.
 *
 * An index is data, so xc_reader_open opens local databases only. Here the caller allows more. No
 * flag makes libxapian run a program: stub lines that name one are always refused. The conventions
 * are those of xapian-c.h.
 */
#ifndef XAPIAN_C_REMOTE_H
#define XAPIAN_C_REMOTE_H

#include "xapian-c.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a reader may also open; flags to combine with `|`. */
enum {
    XC_ALLOW_REMOTE = 1, /* databases that a server reads (xapian-tcpsrv) */
    XC_ALLOW_STUBS = 2   /* stub files, and directories with any XAPIANDB: their lines `auto PATH`,
                            `glass PATH` and `remote HOST:PORT` name databases anywhere */
};

/* A database that xapian-tcpsrv serves. libxapian connects by IPv4 and without encryption. */
typedef struct xc_remote {
    const char *host;
    uint16_t port;
} xc_remote;

#define XC_CHOICE_MAX 32 /* bytes of the name of a folder, with its NUL */

typedef struct xc_reader_options {
    unsigned allow;           /* XC_ALLOW_...; 0: only local indexes, as in xc_reader_open_many */
    const xc_remote *remotes; /* opened after the paths; need XC_ALLOW_REMOTE */
    size_t remote_count;
    uint32_t timeout_ms;      /* for a server to connect or to reply; 0: 10,000. Opening all servers
                                 may take four times as long. */
    const char *revision_key; /* metadata key whose value changes with the content of a database;
                                 may be NULL. If a server answers a new connection with another
                                 value, it was given another index, and the reader moves there. */
    /* Chooses the database that the reader opens for a path, by its number from 0. Returns a number
     * that another choice does not have, or 0: the database that the path leads to. If `folder` is
     * not NULL, sets *folder to a new descriptor of the database's folder, which the reader closes
     * (or to -1, with errno), and copies to `name` (XC_CHOICE_MAX bytes) what the folder is called
     * in the directory at the path, or "" if it is that directory. Each refresh asks, and moves if
     * the number has changed. The thread that uses the reader calls it. May be NULL. */
    uint64_t (*choose)(void *context, size_t number, int *folder, char *name);
    void *choose_context;
} xc_reader_options;

/* Opens the indexes at the paths and the remote databases as one. Opening a remote database makes
 * libxapian ignore SIGPIPE in the whole process. xc_reader_refresh asks each server for a later
 * commit and, twice a second, by a new connection whether it was given another index. */
XC_CHECKED xc_status xc_reader_open_with(const char *const *paths, size_t count,
                                         const xc_reader_options *options, xc_reader **out,
                                         xc_error *err);

/* Limits the time for which calls may wait for servers, from now on: a call waits for a reply only
 * if options.timeout_ms ends within `timeout_us` microseconds from now, and otherwise fails with
 * XC_TIMEOUT. 0: no limit. Has no effect on local indexes. */
XC_API void xc_reader_set_timeout(xc_reader *reader, uint64_t timeout_us);

/* Makes the next refresh ask by new connections, because another reader has found another index. */
XC_API void xc_reader_doubt(xc_reader *reader);

/* Whether one of the databases is remote. */
XC_API bool xc_reader_is_remote(const xc_reader *reader);

/* The number of databases that the reader reads as one. */
XC_API size_t xc_reader_database_count(const xc_reader *reader);

/* Like xc_reader_metadata, which reads the first database, for the database `index` (from 0). */
XC_CHECKED xc_status xc_reader_database_metadata(xc_reader *reader, size_t index, xc_bytes key,
                                                 xc_bytes *value, xc_error *err);

#ifdef __cplusplus
}
#endif

#endif
