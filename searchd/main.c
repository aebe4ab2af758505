// SPDX-License-Identifier: GPL-2.0-or-later
/* searchd: answers queries over HTTP from an index of `indexer`. Reads the command line, opens logs
   and listeners, and then serves. */

#include "confinement.h"
#include "query_threads.h"
#include "serve.h"
#include "worker.h"

#include <signpost/printable.h>

#include <malloc.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <xxhash.h>

/* Descriptors that are not connections: listeners, logs and epolls, a folder of each index that the
   verifier holds open, and the files and sockets of each reader. A reader that checks a remote
   database has a second socket. */
#define OTHER_FILES 32
#define FILES_PER_READER 13
#define SOCKETS_PER_REMOTE 2

/* Raises the limit of open files as far as possible, and lowers max_connections to the number of
   connections that the limit allows. */
static void
fit_connections(sp_searchd_options *options, size_t remote_count)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return;
    files.rlim_cur = files.rlim_max < 1 << 20 ? files.rlim_max : 1 << 20;
    if (setrlimit(RLIMIT_NOFILE, &files) != 0 && getrlimit(RLIMIT_NOFILE, &files) != 0)
        return;
    rlim_t others = OTHER_FILES + (rlim_t)options->sources.indexes.count +
                    (rlim_t)(options->threads + options->max_queries) *
                        (FILES_PER_READER * (rlim_t)options->sources.indexes.count +
                         SOCKETS_PER_REMOTE * (rlim_t)remote_count);
    rlim_t room = files.rlim_cur > others + 8 ? files.rlim_cur - others : 8;
    if (options->max_connections > room)
        options->max_connections = (uint32_t)room;
}

static enum sp_status
open_listeners(const sp_searchd_options *options, sp_listeners *listeners, sp_error *err)
{
    enum sp_status status = sp_listeners_inherit(listeners, err);
    if (status != SP_OK || listeners->count > 0)
        return status;
    for (size_t i = 0; status == SP_OK && i < options->addresses.count; i++)
        status =
            sp_listeners_add(listeners, options->addresses.items[i], options->socket_mode, err);
    return status;
}

/* Entity tags depend on the program version and on the options that answers depend on. */
static uint64_t
make_tag_seed(const sp_searchd_options *options)
{
    uint64_t version = XXH3_64bits(SIGNPOST_VERSION, sizeof SIGNPOST_VERSION);
    uint64_t base = XXH3_64bits_withSeed(options->base_url, strlen(options->base_url), version);
    return XXH3_64bits_withSeed(options->title, strlen(options->title), base);
}

static enum sp_status
run(const sp_searchd_options *options, const sp_remotes *remotes, sp_error *err)
{
    static sp_server server; /* too large for the stack */
    static sp_listeners listeners;
    const sp_connection_limits limits = {.max = options->max_connections,
                                         .max_per_address = options->max_per_address,
                                         .local_too = options->per_address_local,
                                         .proxies = options->proxies,
                                         .proxy_count = options->proxy_count};
    const sp_queries_options query_options = {.max_queries = options->max_queries,
                                              .queue = options->queue,
                                              .timeout_us = (uint64_t)options->query_timeout * 1000,
                                              .park = sp_query_park,
                                              .metrics = &server.metrics};
    server.options = options;
    server.remotes = *remotes;
    server.tag_seed = make_tag_seed(options);
    if (getrandom(&server.query_seed, sizeof server.query_seed, 0) < 0)
        server.query_seed = (uint64_t)(uintptr_t)&limits;
    server.connections = sp_connections_new(&limits);
    server.rates = sp_rates_new(options);
    server.queries = sp_queries_new(&query_options);
    sp_serve_prepare_signals();
    enum sp_status status =
        sp_logs_open(options->access_log, options->query_log, &server.logs, err);
    if (!server.connections || !server.rates || !server.queries ||
        sp_worker_key_create(&server) != 0)
        status = sp_fail(err, SP_NO_MEMORY, "out of memory");
    if (status == SP_OK)
        status = open_listeners(options, &listeners, err);
    sp_serve_block_signals();
    sp_process_open(&server.process);
    if (status == SP_OK)
        status = sp_searchd_confine(options, &listeners, err);
    if (status == SP_OK && !options->no_verify)
        status =
            sp_verifier_start(&options->sources.indexes, &server.generation, &server.verifier, err);
    if (status == SP_OK)
        status = sp_serve(&server, &listeners, err);
    sp_verifier_stop(server.verifier);
    sp_listeners_close(&listeners);
    sp_process_close(&server.process);
    sp_logs_close(&server.logs);
    sp_queries_free(server.queries);
    sp_rates_free(server.rates);
    sp_connections_free(server.connections);
    return status;
}

/* Makes glibc return large blocks, which belong to an answer or a query, to the system. By default
   glibc raises the threshold for large blocks over time, and then takes such blocks from its heaps,
   which fragments the heaps. */
static void
keep_memory_small(void)
{
    mallopt(M_MMAP_THRESHOLD, 128 * 1024);
    mallopt(M_TRIM_THRESHOLD, 128 * 1024);
}

int
main(int argc, char **argv)
{
    sp_searchd_options options;
    sp_error err;
    char line[SP_ERROR_LINE_MAX];
    int code;
    keep_memory_small();
    if (sp_searchd_options_read(argc, argv, &options, &code)) {
        sp_remotes remotes = {.arena = &options.arena};
        enum sp_status status = sp_remotes_read(&remotes, &options.sources, &err);
        fit_connections(&options, remotes.count);
        if (status == SP_OK)
            status = run(&options, &remotes, &err);
        if (status != SP_OK)
            fprintf(stderr, "searchd: %s\n", sp_error_line(&err, line));
        code = sp_status_exit_code(status);
    }
    sp_searchd_options_done(&options);
    return code;
}
