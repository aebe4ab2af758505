// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The databases that a program reads: --index DIR, --remote HOST:PORT and the files of
 * --remote-list.
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

/* The arguments of the options, as given. */
typedef struct sp_sources {
    sp_texts indexes; /* local ones */
    bool indexes_given;
    sp_texts remotes, remote_lists;
} sp_sources;

/* The rows of the options. `type`, the program's options, has a member `sources`. */
#define SP_OPTION_ROWS_SOURCES(type)                                                               \
    {.letter = 'i',                                                                                \
     .name = "index",                                                                              \
     .argument = "DIR",                                                                            \
     .kind = SP_OPTION_TEXTS,                                                                      \
     SP_OPTION_MEMBER(type, sources.indexes),                                                      \
     .given_offset = offsetof(type, sources.indexes_given),                                        \
     .environment = "SIGNPOST_INDEX",                                                              \
     .default_value = "index",                                                                     \
     .default_text = "$SIGNPOST_INDEX, else ./index",                                              \
     .help = "search the index in DIR; repeatable, several indexes are searched as one"},          \
        {.name = "remote",                                                                         \
         .argument = "HOST:PORT",                                                                  \
         .kind = SP_OPTION_TEXTS,                                                                  \
         SP_OPTION_MEMBER(type, sources.remotes),                                                  \
         .check = sp_remote_check,                                                                 \
         .help = "search the database that xapian-tcpsrv serves there; repeatable, also with "     \
                 "--index"},                                                                       \
    {                                                                                              \
        .name = "remote-list", .argument = "FILE", .kind = SP_OPTION_TEXTS,                        \
        SP_OPTION_MEMBER(type, sources.remote_lists),                                              \
        .help = "search the databases that FILE lists, one HOST:PORT per line; repeatable"         \
    }

/* Removes the default index if remote databases are given. For after the command line is read. */
void sp_sources_settle(sp_sources *sources);

/* Whether the program connects to other servers. */
bool sp_sources_connect(const sp_sources *sources);

/* SP_BAD_ARGUMENT if the argument of an option is not HOST:PORT. Does not resolve HOST. */
enum sp_status sp_remote_check(const sp_option *option, const char *argument,
                               sp_error *err) SP_MUST_CHECK;

/* Appends the remote databases in the given order: first --remote, then the lines of the files of
   --remote-list. In a file, empty lines and lines that begin with # are ignored. SP_BAD_INPUT
   for a name that is not HOST:PORT; SP_NOT_FOUND or SP_IO for a file that cannot be read or a host
   that cannot be resolved. Errors in a file have a path, a line and a column. libxapian 1.4
   connects by IPv4 only. */
enum sp_status sp_remotes_read(sp_remotes *remotes, const sp_sources *sources,
                               sp_error *err) SP_MUST_CHECK;

#endif
