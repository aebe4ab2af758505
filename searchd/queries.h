// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Admission of queries: which run now, which wait, and which are refused.
 *
 * At most `max_queries` queries run and at most `queue` wait; more are refused. One address holds
 * at most a quarter of both, and an IPv6 /48 network at most half, except for addresses of this
 * machine. Of the queries that wait, the next one to run is the one after which its address will
 * have used the least time; of one address the shortest query, and then the oldest. An address that
 * has been idle gets no credit for it, as in start-time fair queueing (Goyal, Vin and Cheng,
 * SIGCOMM 1996). A query waits at most as long as it may run, and only a fifth of this time once
 * queries have been waiting for half a second without a pause, because a queue that does not become
 * empty makes every reader wait in vain.
 *
 * A query whose answer another query is about to give does not count, and gets the same answer.
 * Equal queries wait in one place of the queue. Which of them runs is decided when a place is free,
 * so that the address that was the first to ask does not make the others wait for its share.
 *
 * A query that is not long runs in the thread that asks, because handing it to another thread can
 * cost 10 % of it. Queries of a kind that took more than 5 ms of late are handed to other threads,
 * so that libmicrohttpd's threads are not blocked.
 *
 * Any thread may use an sp_queries. A ticket belongs to its caller, and must stay in place until
 * it has left. The lock guards the lists of tickets and the times used, never a query.
 */
#ifndef SIGNPOST_SEARCHD_QUERIES_H
#define SIGNPOST_SEARCHD_QUERIES_H

#include "address.h"
#include "metrics.h"

typedef struct sp_queries sp_queries;

/* Kinds of queries, each of which costs about the same. */
enum sp_query_kind {
    SP_QUERY_SHORT,  /* text of fewer than SP_LONG_QUERY bytes */
    SP_QUERY_FACETS, /* the same, with facets */
    SP_QUERY_LONG,
    SP_QUERY_KINDS
};

#define SP_LONG_QUERY 256

typedef struct sp_ticket {
    sp_address client;
    enum sp_query_kind kind;
    uint32_t effort;  /* bytes of the query */
    uint64_t same[2]; /* a hash; equal for queries with the same answer */
    /* The rest is guarded by the lock. */
    uint64_t arrived, started;   /* sp_now_us */
    uint64_t cpu;                /* us of processor time that the thread had used at the start */
    size_t place;                /* in the table of times used */
    bool here;                   /* runs in the thread that asked */
    bool waited;                 /* was in the queue */
    struct sp_ticket *followers; /* want the same answer */
    struct sp_ticket *next;
} sp_ticket;

typedef struct sp_queries_options {
    uint32_t max_queries, queue;
    uint64_t timeout_us;       /* how long a query may run */
    void (*park)(sp_ticket *); /* called before another thread can get the ticket, with the lock */
    sp_metrics *metrics;
} sp_queries_options;

enum sp_query_verdict {
    SP_RUN,    /* run the query now, then call sp_queries_leave */
    SP_PARKED, /* another thread has the ticket, which the caller must not use any more */
    SP_REFUSE, /* answer 503 */
    SP_AGAIN,  /* ask again with may_park */
};

/* Returns NULL when out of memory. */
sp_queries *sp_queries_new(const sp_queries_options *options);
void sp_queries_free(sp_queries *queries);

/* Admits a query that has arrived. The caller has set the members of the ticket that are not
   guarded by the lock. Unless `may_park`, SP_AGAIN is returned instead of parking the ticket. */
enum sp_query_verdict sp_queries_ask(sp_queries *queries, sp_ticket *ticket, bool may_park);

/* Waits up to `wait_s` seconds for a ticket whose query may run; the caller runs it and calls
   sp_queries_leave. Returns NULL if there is none by then, or after sp_queries_end. */
sp_ticket *sp_queries_next(sp_queries *queries, uint32_t wait_s);

/* Ends a query: gives its place to one that waits. Returns the tickets that want the same answer,
   linked by `next`. */
sp_ticket *sp_queries_leave(sp_queries *queries, sp_ticket *ticket);

/* Like sp_queries_leave, for a query that was not run because its client is gone. Returns false,
   and does nothing, if other clients want the same answer. */
bool sp_queries_give_up(sp_queries *queries, sp_ticket *ticket);

/* Removes a ticket that has waited too long and returns it, or NULL if there is none. It does not
   leave. After sp_queries_end these are all tickets that wait, also for the answer of a query that
   runs in the thread that asked. */
sp_ticket *sp_queries_expired(sp_queries *queries);

/* From now on no ticket expires: the daemon finishes what waits. */
void sp_queries_drain(sp_queries *queries);

/* From now on every query is refused, and those that wait expire. */
void sp_queries_end(sp_queries *queries);

/* Whether sp_queries_end was called, and no ticket waits any more, except for the answer of a query
   that a caller of sp_queries_next runs. */
bool sp_queries_have_ended(sp_queries *queries);

#endif
