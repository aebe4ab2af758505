// SPDX-License-Identifier: GPL-2.0-or-later
#include "serve.h"

#include "linger.h"
#include "query_threads.h"
#include "receive.h"
#include "response.h"
#include "route.h"

#include <signpost/clock.h>
#include <signpost/printable.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

#define SECOND ((uint64_t)1000000)
#define TICK_MS 100
#define LAST_ANSWERS (SECOND / 5) /* for the answers of queries that were parked until the end */
#define ARRIVAL (SECOND / 2)      /* for requests that are arriving when the daemon begins to end */
/* Bytes that libmicrohttpd may use for a connection. Every head that request_head.h accepts must
   fit. */
#define CONNECTION_MEMORY ((size_t)64 * 1024)
#define STACK_SIZE ((size_t)1024 * 1024)

/* libmicrohttpd 0.9.75 fetches at most this many events at once. If a thread gets exactly this
   many, it waits for more events before it handles any. A thread with fewer sockets cannot get this
   many events. */
#define EVENTS_AT_ONCE 128

struct serve_state {
    sp_server *server;
    sp_listeners *listeners;
    struct MHD_Daemon **daemons; /* one per thread */
    sp_query_threads *query_threads;
    unsigned count, next; /* next % count: the daemon that gets the next connection */
    uint64_t woken;       /* sp_now_us of the last wake_threads */
    int epoll, signals;
    int spare; /* descriptor to close when the process has no descriptor left */
    bool end;
};

static void
notify(const char *state)
{
#ifdef HAVE_SYSTEMD
    sd_notify(0, state);
#else
    (void)state;
#endif
}

/* Callbacks of libmicrohttpd, in its threads */

static void
connection_changed(void *context, struct MHD_Connection *http, void **socket_context,
                   enum MHD_ConnectionNotificationCode what)
{
    sp_server *server = context;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(http, MHD_CONNECTION_INFO_CONNECTION_FD);
        *socket_context = sp_connections_find(server->connections, info->connect_fd);
    } else if (*socket_context) {
        sp_connection *connection = *socket_context;
        *socket_context = NULL;
        if (sp_linger_is_needed(connection))
            sp_linger_take(server->lingering, server->connections, connection);
        else
            sp_connections_release(server->connections, connection);
    }
}

static sp_connection *
connection_of(struct MHD_Connection *http)
{
    return MHD_get_connection_info(http, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

/* Called when the request line has arrived. */
static void *
exchange_begins(void *context, const char *target, struct MHD_Connection *http)
{
    sp_server *server = context;
    sp_connection *connection = connection_of(http);
    sp_incoming *incoming = &connection->incoming;
    sp_exchange *exchange = &connection->exchange;
    bool refused = incoming->refused && strcmp(target, SP_REFUSED_TARGET) == 0;
    *exchange = (sp_exchange){.http = http,
                              .target = exchange->target,
                              .peer = connection->address,
                              .client = connection->address,
                              .refusal = refused ? &incoming->problem : NULL,
                              .began = sp_now_us()};
    sp_connection_set_timeout(connection, server->options->header_timeout * SECOND);
    sp_request_begin(exchange, refused ? sp_str_bytes(&incoming->line) : sp_bytes_of(target));
    connection->exchanges++;
    connection->busy = true;
    return exchange;
}

/* libmicrohttpd has a request that did not pass through recv() of receive.c: the program was linked
   in a way that does not bind the calls of libmicrohttpd to this function. */
static enum MHD_Result
reject_unchecked(void)
{
    static atomic_flag said = ATOMIC_FLAG_INIT;
    if (!atomic_flag_test_and_set(&said))
        fprintf(stderr, "searchd: libmicrohttpd does not call recv() of searchd, so no request can "
                        "be checked or answered\n");
    return MHD_NO;
}

static enum MHD_Result
exchange_goes_on(void *context, struct MHD_Connection *http, const char *url, const char *method,
                 const char *version, const char *upload, size_t *upload_size, void **state)
{
    sp_server *server = context;
    sp_exchange *exchange = *state;
    sp_connection *connection = connection_of(http);
    (void)url, (void)upload, (void)upload_size;
    if (connection->exchanges > connection->incoming.heads)
        return reject_unchecked();
    /* libmicrohttpd calls this after the head and again after the request. A response to the first
       call would end the connection, so the second call answers. A query that another thread runs
       is parked in the third call and answered in the fourth: after a call without a response
       libmicrohttpd does not read, and the client may have shut down writing. */
    if (!exchange->method) {
        exchange->method = method;
        exchange->version = version;
        return MHD_YES;
    }
    sp_connection_set_timeout(connection, UINT64_MAX);
    enum sp_progress progress = sp_route_answer(server, exchange);
    if (progress == SP_ELSEWHERE)
        return MHD_YES;
    sp_connection_set_timeout(connection, server->options->write_timeout * SECOND);
    return progress == SP_QUEUED ? MHD_YES : MHD_NO;
}

static void
exchange_ended(void *context, struct MHD_Connection *http, void **state,
               enum MHD_RequestTerminationCode how)
{
    sp_server *server = context;
    sp_connection *connection = connection_of(http);
    (void)how;
    if (!*state)
        return;
    sp_route_ended(server, *state);
    *state = NULL;
    connection->busy = false;
    sp_receive_next(connection, server->options->idle_timeout * SECOND);
}

static struct MHD_Daemon *
start_daemon(sp_server *server)
{
    const sp_searchd_options *options = server->options;
    unsigned flags =
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME;
    return MHD_start_daemon(
        flags, 0, NULL, NULL, exchange_goes_on, server, MHD_OPTION_URI_LOG_CALLBACK,
        exchange_begins, server, MHD_OPTION_NOTIFY_COMPLETED, exchange_ended, server,
        MHD_OPTION_NOTIFY_CONNECTION, connection_changed, server, MHD_OPTION_CONNECTION_LIMIT,
        options->max_connections + 8, MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY,
        MHD_OPTION_THREAD_STACK_SIZE, STACK_SIZE, MHD_OPTION_END);
}

static enum sp_status
start_daemons(struct serve_state *state, sp_error *err)
{
    unsigned threads = state->server->options->threads;
    char what[64];
    state->daemons = calloc(threads, sizeof(struct MHD_Daemon *));
    if (!state->daemons)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    for (; state->count < threads; state->count++) {
        errno = EAGAIN; /* in case libmicrohttpd does not set it */
        state->daemons[state->count] = start_daemon(state->server);
        if (!state->daemons[state->count]) {
            int number = errno;
            snprintf(what, sizeof what, "cannot start HTTP thread %u of %u", state->count + 1,
                     threads);
            return sp_fail_errno(err, number, NULL, what);
        }
    }
    return SP_OK;
}

static void
stop_daemons(struct serve_state *state)
{
    for (unsigned i = 0; i < state->count; i++)
        MHD_stop_daemon(state->daemons[i]);
    free(state->daemons);
}

/* Wakes every thread of libmicrohttpd. Gives each a connection that the peer closes immediately,
   which causes an event. */
static void
wake_threads(struct serve_state *state)
{
    const struct sockaddr nobody = {.sa_family = AF_UNIX};
    for (unsigned i = 0; i < state->count; i++) {
        int pair[2];
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) != 0)
            return;
        MHD_add_connection(state->daemons[i], pair[0], &nobody, sizeof nobody.sa_family);
        close(pair[1]);
    }
}

/* Accepting */

/* If the daemon closed a socket with unread bytes, the kernel would reset the connection, which can
   destroy the response. A connection without a place cannot linger (linger.h). */
static void
drop_unread(int fd)
{
    char bytes[4096];
    ssize_t got = 1;
    for (int i = 0; i < 16 && got > 0; i++)
        got = recvfrom(fd, bytes, sizeof bytes, MSG_DONTWAIT, NULL, NULL);
}

static void
refuse(struct serve_state *state, int fd, enum sp_rejection why, const char *text)
{
    sp_problem problem;
    sp_problem_busy(&problem, text);
    sp_response_raw(fd, &problem);
    drop_unread(fd);
    close(fd);
    sp_count(&state->server->metrics.rejected[why], 1);
}

static void
take(struct serve_state *state, int fd, const struct sockaddr_storage *from, socklen_t len)
{
    sp_server *server = state->server;
    const struct sockaddr *address = (const struct sockaddr *)from;
    sp_address client = sp_address_of(address);
    sp_connection *connection;
    switch (sp_connections_admit(server->connections, fd, &client,
                                 server->options->header_timeout * SECOND, &connection)) {
    case SP_FULL:
        refuse(state, fd, SP_REJECTED_FULL, "too many connections");
        return;
    case SP_ADDRESS_FULL:
        refuse(state, fd, SP_REJECTED_ADDRESS, "too many connections from your address");
        return;
    case SP_ADMITTED:
        break;
    }
    sp_count(&server->metrics.connections, 1);
    struct MHD_Daemon *daemon = state->daemons[state->next++ % state->count];
    if (MHD_add_connection(daemon, fd, address, len) != MHD_YES) /* libmicrohttpd closed fd */
        sp_connections_release(server->connections, connection);
}

/* The process has no free descriptor. Closes the spare one, so that a client can be accepted and
   refused instead of waiting in vain. */
static void
accept_without_files(struct serve_state *state, int listener)
{
    close(state->spare);
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0)
        refuse(state, fd, SP_REJECTED_FILES, "too many connections");
    state->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static bool
is_out_of_files(int number)
{
    return number == EMFILE || number == ENFILE;
}

/* Accepts at most `max` connections, so that the main loop can do its other work in between. */
static void
accept_some(struct serve_state *state, int listener, int max)
{
    for (int i = 0; i < max; i++) {
        struct sockaddr_storage from = {.ss_family = AF_UNIX};
        socklen_t len = sizeof from;
        int fd = accept4(listener, (struct sockaddr *)&from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0)
            take(state, fd, &from, len);
        else if (is_out_of_files(errno))
            accept_without_files(state, listener);
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            return;
    }
}

/* The loop */

static void
reopen_logs(struct serve_state *state)
{
    sp_error err;
    char line[SP_ERROR_LINE_MAX];
    notify("RELOADING=1");
    if (sp_logs_reopen(&state->server->logs, &err) != SP_OK)
        fprintf(stderr, "searchd: %s\n", sp_error_line(&err, line));
    notify("READY=1");
}

static void
take_signal(struct serve_state *state)
{
    struct signalfd_siginfo signal;
    if (read(state->signals, &signal, sizeof signal) != (ssize_t)sizeof signal)
        return;
    if (signal.ssi_signo == SIGHUP)
        reopen_logs(state);
    else
        state->end = true;
}

static void
reap(struct serve_state *state)
{
    uint32_t reaped = sp_connections_reap(state->server->connections);
    if (reaped > 0)
        sp_count(&state->server->metrics.rejected[SP_REJECTED_SLOW], reaped);
}

static void
run_tick(struct serve_state *state)
{
    uint64_t now = sp_now_us();
    reap(state);
    sp_query_expire(state->server);
    if (now - state->woken < TICK_MS * 1000 ||
        sp_connections_count(state->server->connections) + 2 < EVENTS_AT_ONCE)
        return;
    state->woken = now;
    wake_threads(state);
}

static void
loop(struct serve_state *state)
{
    struct epoll_event events[16];
    while (!state->end) {
        int count = epoll_wait(state->epoll, events, 16, TICK_MS);
        for (int i = 0; i < count; i++) {
            if (events[i].data.fd == state->signals)
                take_signal(state);
            else if (events[i].data.fd == state->server->lingering)
                sp_linger_run(state->server->lingering, state->server->connections);
            else
                accept_some(state, events[i].data.fd, 64);
        }
        run_tick(state);
    }
}

/* Waits until all connections have ended, but not longer than `timeout` microseconds. Calls
   sp_connections_drain repeatedly, because libmicrohttpd misses the end of a stream if the end
   arrives in the same event as the data before it. */
static void
wait_for_connections(struct serve_state *state, uint64_t timeout)
{
    sp_connections *connections = state->server->connections;
    uint64_t begin = sp_now_us(), end = begin + timeout;
    for (;;) {
        sp_connections_drain(connections, sp_now_us() < begin + ARRIVAL);
        if (sp_connections_count(connections) == 0 || sp_now_us() >= end)
            return;
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
        sp_linger_run(state->server->lingering, connections);
        run_tick(state);
    }
}

/* Shuts down. First accepts the waiting connections, and answers their requests and those in
   flight. */
static void
drain(struct serve_state *state)
{
    sp_server *server = state->server;
    notify("STOPPING=1");
    sp_queries_drain(server->queries);
    for (size_t i = 0; i < state->listeners->count; i++)
        accept_some(state, state->listeners->items[i].fd, 1000);
    sp_listeners_close(state->listeners);
    wait_for_connections(state, server->options->drain_timeout * SECOND);
}

static bool
watch(struct serve_state *state, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    return epoll_ctl(state->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

static void
fill_signals(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGTERM);
    sigaddset(signals, SIGINT);
    sigaddset(signals, SIGHUP);
}

void
sp_serve_prepare_signals(void)
{
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
}

void
sp_serve_block_signals(void)
{
    sigset_t signals;
    fill_signals(&signals);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    signal(SIGHUP, SIG_DFL); /* a signal that is ignored does not reach a signalfd */
}

static bool
open_loop(struct serve_state *state)
{
    sigset_t signals;
    fill_signals(&signals);
    state->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    state->epoll = epoll_create1(EPOLL_CLOEXEC);
    state->signals = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    state->server->lingering = sp_linger_open();
    bool good = state->epoll >= 0 && state->signals >= 0 && state->server->lingering >= 0 &&
                watch(state, state->signals) && watch(state, state->server->lingering);
    for (size_t i = 0; good && i < state->listeners->count; i++)
        good = watch(state, state->listeners->items[i].fd);
    return good;
}

static void
close_loop(struct serve_state *state)
{
    const int fds[] = {state->spare, state->epoll, state->signals, state->server->lingering};
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++) {
        if (fds[i] >= 0)
            close(fds[i]);
    }
}

enum sp_status
sp_serve(sp_server *server, sp_listeners *listeners, sp_error *err)
{
    struct serve_state state = {.server = server, .listeners = listeners};
    enum sp_status status = SP_OK;
    sp_receive_set(server->connections, server->options->header_timeout * SECOND);
    if (!open_loop(&state))
        status = sp_fail_errno(err, errno, NULL, "cannot wait for connections");
    else
        status = sp_query_threads_start(server, &state.query_threads, err);
    if (status == SP_OK)
        status = start_daemons(&state, err);
    if (status == SP_OK) {
        for (size_t i = 0; i < listeners->count; i++)
            fprintf(stderr, "searchd: listening on %s\n", listeners->items[i].name);
        notify("READY=1");
        loop(&state);
        drain(&state);
    }
    sp_query_threads_stop(state.query_threads); /* MHD_stop_daemon requires that none is parked */
    if (status == SP_OK)
        wait_for_connections(&state, LAST_ANSWERS);
    stop_daemons(&state);
    sp_receive_set(NULL, 0);
    close_loop(&state);
    return status;
}
