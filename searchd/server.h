// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The state that all threads of the daemon share. The main thread creates it before the others
 * start and frees it after they have ended. Counters and tables are atomic; nothing else is written
 * while the threads run.
 */
#ifndef SIGNPOST_SEARCHD_SERVER_H
#define SIGNPOST_SEARCHD_SERVER_H

#include "queries.h"
#include "connections.h"
#include "rates.h"
#include "log.h"
#include "metrics.h"
#include "options.h"
#include "verifier.h"

#include <pthread.h>
#include <signpost/remotes.h>

typedef struct sp_server {
    const sp_searchd_options *options;
    sp_remotes remotes; /* of --remote and --remote-list */
    sp_connections *connections;
    sp_rates *rates;
    sp_queries *queries;
    int lingering; /* sp_linger_open */
    sp_logs logs;
    sp_verifier *verifier; /* NULL: --no-verify */
    sp_metrics metrics;
    sp_process process;
    uint64_t query_seed;     /* random, for the hashes of equal queries */
    uint64_t tag_seed;       /* hash of version and options, which entity tags depend on */
    pthread_key_t worker;    /* sp_worker of the thread */
    sp_counter revision;     /* hash of the newest revision that a worker has seen; 0: none yet */
    sp_counter generation;   /* increases with each new revision and each verdict of the verifier */
    sp_counter retry_at;     /* sp_now_us from which remote databases are asked again; 0: at once */
    atomic_int index_status; /* enum sp_status last reported on standard error */
} sp_server;

#endif
