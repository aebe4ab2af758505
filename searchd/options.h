// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line of `searchd`. */
#ifndef SIGNPOST_SEARCHD_OPTIONS_H
#define SIGNPOST_SEARCHD_OPTIONS_H

#include "address.h"

#include <signpost/remotes.h>

#include <sys/types.h>

typedef struct sp_searchd_options {
    sp_sources sources;
    sp_texts addresses; /* to listen on; at least one */
    sp_texts origins;   /* sites whose pages may call the API; "*" is any */
    sp_network *proxies;
    size_t proxy_count, proxy_capacity;
    const char *base_url, *title;       /* "" if not given */
    const char *access_log, *query_log; /* NULL: none; "-": standard output */
    mode_t socket_mode;
    bool no_verify;

    uint32_t threads;
    uint32_t max_connections;
    uint32_t max_per_address; /* 0: no limit */
    uint32_t rate, burst;     /* requests per second, and at once; rate 0: no limit */
    bool per_address_local;   /* max_per_address also limits this machine's own addresses */
    bool rate_local;          /* the same for rate */
    uint32_t header_timeout;  /* seconds */
    uint32_t idle_timeout;    /* seconds */
    uint32_t write_timeout;   /* seconds */
    uint32_t drain_timeout;   /* seconds */
    uint32_t query_timeout;   /* milliseconds */
    uint32_t max_queries;     /* that run at once */
    uint32_t queue;           /* that wait */
    uint32_t cache;           /* MiB over all threads */

    sp_arena arena;
} sp_searchd_options;

/* Reads the command line. *out borrows the strings of argv; free it with sp_searchd_options_done,
   also on failure. Returns false if the program must end with *exit_code, because of --help,
   --version or a mistake; the help, version or error message has then been printed. */
bool sp_searchd_options_read(int argc, char **argv, sp_searchd_options *out, int *exit_code);
void sp_searchd_options_done(sp_searchd_options *options);

#endif
