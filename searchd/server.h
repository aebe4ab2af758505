// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What all threads of the daemon share: made before they start, gone after they have ended.
 * Counters and tables in it are atomic; all else is not written while they run.
 */
#ifndef SIGNPOST_SEARCHD_SERVER_H
#define SIGNPOST_SEARCHD_SERVER_H

#include "connections.h"
#include "limits.h"
#include "log.h"
#include "metrics.h"
#include "options.h"

#include <pthread.h>

typedef struct sp_server {
    const sp_searchd_options *options;
    sp_connections *connections;
    sp_limits *limits;
    sp_logs logs;
    sp_metrics metrics;
    uint64_t tag_seed;       /* of what entity tags depend on beside index and request */
    pthread_key_t worker;    /* sp_worker of the thread */
    sp_counter revision;     /* hash of the newest revision that a worker has seen; 0: none yet */
    sp_counter generation;   /* goes up with each */
    atomic_int index_status; /* enum sp_status that was last said on standard error */
} sp_server;

#endif
