// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Admission of queries: which run now, which wait, and which are refused.
 *
 * At most `max_queries` queries run and at most `queue` wait; more are refused. One address holds at
 * most a quarter of both, and an IPv6 /48 network at most half, except for addresses of this
 * machine. Of the queries that wait, the next one to run is of the address that has used the least
 * time; of one address the query with the least effort, and then the oldest. (The times used are
 * those of start-time fair queueing: Goyal, Vin and Cheng, SIGCOMM 1996.) A query waits at most as
 * long as it may run, and only 300 ms once queries have been waiting for half a second without a
 * pause, because a queue that does not become empty makes every reader wait in vain.
 *
 * A query with little effort runs in the thread that asks, because handing it to another thread
 * costs about as much as 2 % of it. For a second after such a query took more than 5 ms, all queries
 * are handed to other threads, so that no thread of libmicrohttpd is blocked.
 *
 * Any thread may use an sp_queries. A ticket belongs to its caller, and must stay in place until
 * it has left. The lock guards the lists of tickets and the times used, never a query.
 */
#ifndef SIGNPOST_SEARCHD_QUERIES_H
#define SIGNPOST_SEARCHD_QUERIES_H

#include "address.h"
#include "metrics.h"

typedef struct sp_queries sp_queries;

/* A query with less effort than this may run in the thread that asks. */
#define SP_LITTLE_EFFORT 256

typedef struct sp_ticket {
    sp_address client;
    uint32_t effort;  /* bytes of the query, and more for facets */
    uint64_t arrived; /* sp_now_us */
    /* The rest is guarded by the lock. */
    uint64_t started, cpu; /* us: sp_now_us, and the thread's processor time */
    size_t place;          /* in the table of times used */
    bool parked;           /* another thread may take the ticket */
    struct sp_ticket *next;
} sp_ticket;

typedef struct sp_queries_limits {
    uint32_t max_queries, queue;
    uint64_t timeout_us; /* how long a query may run */
} sp_queries_limits;

enum sp_query_verdict {
    SP_RUN,    /* run the query now, then call sp_queries_leave */
    SP_PARK,   /* prepare for being answered by another thread, then call sp_queries_park */
    SP_REFUSE, /* answer 503 */
};

/* Borrows metrics until sp_queries_free. Returns NULL when out of memory. */
sp_queries *sp_queries_new(const sp_queries_limits *limits, sp_metrics *metrics);
void sp_queries_free(sp_queries *queries);

/* Admits a query that has arrived. The caller has set the first three members of the ticket. */
enum sp_query_verdict sp_queries_ask(sp_queries *queries, sp_ticket *ticket);

/* Gives the ticket to sp_queries_next or sp_queries_expired, in other threads. */
void sp_queries_park(sp_queries *queries, sp_ticket *ticket);

/* Ends a query: gives its place to one that waits. */
void sp_queries_leave(sp_queries *queries, sp_ticket *ticket);

/* Waits up to `wait_ms` for a parked ticket whose query may run. Returns NULL if there is none by
   then, or after sp_queries_end. */
sp_ticket *sp_queries_next(sp_queries *queries, uint32_t wait_ms);

/* Removes and returns a ticket that has waited too long, or any that waits after sp_queries_end;
   NULL if there is none. Such a ticket does not leave. */
sp_ticket *sp_queries_expired(sp_queries *queries);

/* From now on no ticket expires: the daemon finishes what waits. */
void sp_queries_drain(sp_queries *queries);

/* From now on every query is refused, and those that wait expire. */
void sp_queries_end(sp_queries *queries);

/* Whether sp_queries_end was called, and no query waits any more. */
bool sp_queries_has_ended(sp_queries *queries);

#endif
