// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line of searchd. */
#ifndef SIGNPOST_SEARCHD_OPTIONS_H
#define SIGNPOST_SEARCHD_OPTIONS_H

#include "address.h"

#include <signpost/arena.h>

#include <sys/types.h>

/* A list of texts from the command line, which outlives it. */
typedef struct sp_texts {
    const char **items;
    size_t count, capacity;
} sp_texts;

typedef struct sp_daemon_options {
    sp_texts indexes;   /* at least one */
    sp_texts addresses; /* to listen on; at least one */
    sp_texts origins;   /* that other sites' pages may ask from; "*" is any */
    sp_network *proxies;
    size_t proxy_count, proxy_capacity;
    const char *base_url;
    const char *access_log, *query_log; /* NULL: none; "-": standard output */
    mode_t socket_mode;

    uint32_t threads;
    uint32_t max_connections;
    uint32_t max_per_address; /* 0: no limit */
    uint32_t rate, burst;     /* requests a second, and at once; rate 0: no limit */
    bool per_address_local;   /* the limit holds for this machine's own addresses too */
    bool rate_local;          /* likewise */
    uint32_t header_timeout;  /* seconds */
    uint32_t idle_timeout;    /* seconds */
    uint32_t write_timeout;   /* seconds */
    uint32_t drain_timeout;   /* seconds */
    uint32_t query_timeout;   /* milliseconds */
    uint32_t cache;           /* MiB over all threads */

    sp_arena arena;
} sp_daemon_options;

/* False if the program is to end with *exit_code, having said why. */
bool sp_daemon_options_read(int argc, char **argv, sp_daemon_options *out, int *exit_code);
void sp_daemon_options_done(sp_daemon_options *options);

#endif
