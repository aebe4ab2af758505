// SPDX-License-Identifier: GPL-2.0-or-later
#include "query_threads.h"

#include "route.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

/* An idle thread closes its reader after this time, so that it does not keep files of a replaced
   index. */
#define IDLE_S 10
#define STACK_SIZE ((size_t)1024 * 1024)

struct sp_query_threads {
    sp_server *server;
    uint32_t count;
    pthread_t threads[];
};

static sp_exchange *
exchange_of(sp_ticket *ticket)
{
    return (sp_exchange *)(void *)((char *)ticket - offsetof(sp_exchange, ticket));
}

/* Whether the client has closed its connection. Reading cannot tell, because the daemon shuts down
   reading itself before it ends. */
static bool
has_gone(sp_exchange *exchange)
{
    struct tcp_info info;
    socklen_t size = sizeof info;
    const union MHD_ConnectionInfo *connection =
        MHD_get_connection_info(exchange->http, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct pollfd watched = {.fd = connection->connect_fd};
    if (poll(&watched, 1, 0) > 0 && (watched.revents & (POLLERR | POLLHUP)))
        return true;
    return getsockopt(watched.fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
           info.tcpi_state != TCP_ESTABLISHED;
}

void
sp_query_park(sp_ticket *ticket)
{
    MHD_suspend_connection(exchange_of(ticket)->http);
}

static void
resume(sp_exchange *exchange)
{
    exchange->stage = SP_STAGE_DONE;
    MHD_resume_connection(exchange->http);
}

/* Answers the exchanges of a list of tickets alike: with a copy of `made` or, if it is NULL, with
   the problem. */
static void
answer_all(sp_ticket *tickets, const sp_cached *made, const sp_problem *problem)
{
    while (tickets) {
        sp_exchange *exchange = exchange_of(tickets);
        tickets = tickets->next; /* before its connection goes on */
        exchange->made = made ? sp_cached_copy(made) : NULL;
        if (made && !exchange->made)
            sp_problem_busy(&exchange->problem, "out of memory");
        else if (!made)
            exchange->problem = *problem;
        resume(exchange);
    }
}

void
sp_query_leave(sp_server *server, sp_exchange *exchange, const sp_cached *made,
               const sp_problem *problem)
{
    answer_all(sp_queries_leave(server->queries, &exchange->ticket), made, problem);
}

static void
run(sp_server *server, sp_exchange *exchange)
{
    if (exchange->ticket.waited && has_gone(exchange) &&
        sp_queries_give_up(server->queries, &exchange->ticket)) {
        /* It may have shut down writing only. */
        sp_problem_busy(&exchange->problem, "the client has closed the connection");
    } else {
        sp_worker *worker = sp_worker_get(server);
        if (worker)
            sp_worker_share_records(worker, server->options->max_queries);
        exchange->stage = SP_STAGE_QUERY;
        sp_route_query(server, exchange);
        sp_query_leave(server, exchange, exchange->made, &exchange->problem);
    }
    resume(exchange);
}

static void *
serve_queries(void *context)
{
    sp_server *server = context;
    while (!sp_queries_have_ended(server->queries)) {
        sp_ticket *ticket = sp_queries_next(server->queries, IDLE_S);
        if (ticket)
            run(server, exchange_of(ticket));
        else
            sp_worker_drop(server);
    }
    return NULL;
}

enum sp_status
sp_query_threads_start(sp_server *server, sp_query_threads **out, sp_error *err)
{
    uint32_t count = server->options->max_queries;
    sp_query_threads *threads = malloc(sizeof *threads + count * sizeof(pthread_t));
    pthread_attr_t attributes;
    char what[64];
    int number = 0;
    if (!threads)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    *threads = (sp_query_threads){.server = server};
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    while (number == 0 && threads->count < count) {
        number =
            pthread_create(&threads->threads[threads->count], &attributes, serve_queries, server);
        threads->count += number == 0;
    }
    pthread_attr_destroy(&attributes);
    *out = threads;
    if (number == 0)
        return SP_OK;
    snprintf(what, sizeof what, "cannot start query thread %u of %u", threads->count + 1, count);
    return sp_fail_errno(err, number, NULL, what);
}

void
sp_query_expire(sp_server *server)
{
    sp_problem problem;
    sp_problem_busy(&problem, "too many queries are waiting");
    for (sp_ticket *late; (late = sp_queries_expired(server->queries));)
        answer_all(late, NULL, &problem);
}

void
sp_query_threads_stop(sp_query_threads *threads)
{
    if (!threads)
        return;
    sp_queries_end(threads->server->queries);
    while (!sp_queries_have_ended(threads->server->queries)) {
        sp_query_expire(threads->server);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    for (uint32_t i = 0; i < threads->count; i++)
        pthread_join(threads->threads[i], NULL);
    free(threads);
}
