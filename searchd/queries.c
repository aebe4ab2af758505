// SPDX-License-Identifier: GPL-2.0-or-later
#include "queries.h"

#include <signpost/clock.h>

#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>
#include <xxhash.h>

#define PLACES 4096 /* size of the table of times used */

/* A query of so much processor time, or so much time in all, should not have blocked its thread.
   All figures are in microseconds. */
#define SLOW_CPU 5000
#define SLOW_WALL 100000
#define SLOW_FOR 1000000 /* that queries are handed over after it */
#define STANDING 500000  /* without a pause, after which the queue is too long */
/* A query may then wait for this part of the time that it may run. */
#define STANDING_PART 5

struct sp_queries {
    sp_queries_options options;
    uint64_t key; /* of the hash of addresses */
    pthread_mutex_t lock;
    pthread_cond_t may_run;
    sp_ticket *running;           /* in the threads that asked, or taken by sp_queries_next */
    sp_ticket *granted, *waiting; /* oldest first; granted: may run, and counts as running */
    uint32_t running_count, waiting_count;
    uint64_t standing; /* sp_now_us since when queries have been waiting; 0: none waits */
    /* sp_now_us until which queries of a kind do not run in the thread that asks */
    uint64_t slow_until[SP_QUERY_KINDS];
    uint64_t average[SP_QUERY_KINDS]; /* us of processor time that the last queries took */
    uint64_t used[PLACES];            /* us of processor time, by address */
    uint64_t floor; /* no address counts as having used less: what the address of the query
                              that was the last to start had used */
    bool draining, ended;
};

sp_queries *
sp_queries_new(const sp_queries_options *options)
{
    sp_queries *queries = calloc(1, sizeof *queries);
    pthread_condattr_t monotonic;
    if (!queries)
        return NULL;
    queries->options = *options;
    if (getrandom(&queries->key, sizeof queries->key, 0) != (ssize_t)sizeof queries->key)
        queries->key = (uint64_t)(uintptr_t)queries;
    pthread_mutex_init(&queries->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&queries->may_run, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return queries;
}

void
sp_queries_free(sp_queries *queries)
{
    if (!queries)
        return;
    pthread_cond_destroy(&queries->may_run);
    pthread_mutex_destroy(&queries->lock);
    free(queries);
}

/* Locks, and returns the time. All times here are read with the lock: while a thread waits for it,
   others store later times, and differences of times are unsigned. */
static uint64_t
lock(sp_queries *queries)
{
    pthread_mutex_lock(&queries->lock);
    return sp_now_us();
}

/* Lists */

static void
append(sp_ticket **list, sp_ticket *ticket)
{
    while (*list)
        list = &(*list)->next;
    ticket->next = NULL;
    *list = ticket;
}

static bool
take_out(sp_ticket **list, const sp_ticket *ticket)
{
    while (*list && *list != ticket)
        list = &(*list)->next;
    if (!*list)
        return false;
    *list = ticket->next;
    return true;
}

/* The share of an address */

static void
count_list(const sp_ticket *list, const sp_address *client, uint32_t *same, uint32_t *site)
{
    sp_address key = sp_address_limit_key(client), site_key = sp_address_site_key(client);
    for (; list; list = list->next) {
        sp_address other = sp_address_limit_key(&list->client);
        sp_address other_site = sp_address_site_key(&list->client);
        *same += sp_address_equal(&key, &other);
        *site += sp_address_equal(&site_key, &other_site);
    }
}

static uint32_t
at_least_one(uint32_t count)
{
    return count > 0 ? count : 1;
}

/* Whether a quarter of `max` and, for its /48 network, half are not yet in the lists. */
static bool
is_within_share(const sp_ticket *list, const sp_ticket *second, const sp_address *client,
                uint32_t max)
{
    uint32_t same = 0, site = 0;
    if (sp_address_is_local(client))
        return true;
    count_list(list, client, &same, &site);
    count_list(second, client, &same, &site);
    return same < at_least_one(max / 4) && site < at_least_one(max / 2);
}

static bool
may_run(const sp_queries *queries, const sp_ticket *ticket)
{
    return queries->running_count < queries->options.max_queries &&
           is_within_share(queries->running, queries->granted, &ticket->client,
                           queries->options.max_queries);
}

/* Running */

/* Processor time of this thread, in microseconds. */
static uint64_t
cpu_now_us(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) != 0)
        return 0;
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static uint64_t
used(const sp_queries *queries, const sp_ticket *ticket)
{
    uint64_t time = queries->used[ticket->place];
    return time > queries->floor ? time : queries->floor;
}

static void
start(sp_queries *queries, sp_ticket *ticket, sp_ticket **list, uint64_t now)
{
    queries->floor = used(queries, ticket);
    queries->running_count++;
    sp_count(&queries->options.metrics->queries_running, 1);
    ticket->started = now;
    ticket->cpu = cpu_now_us();
    append(list, ticket);
}

static void
stop_waiting(sp_queries *queries, sp_ticket *ticket)
{
    take_out(&queries->waiting, ticket);
    queries->waiting_count--;
    sp_discount(&queries->options.metrics->queries_waiting, 1);
    if (queries->waiting_count == 0)
        queries->standing = 0;
}

/* The time that the address will have used after the query, if the query takes as long as others of
   its kind. */
static uint64_t
expected(const sp_queries *queries, const sp_ticket *ticket)
{
    return used(queries, ticket) + queries->average[ticket->kind];
}

static bool
comes_first(const sp_queries *queries, const sp_ticket *a, const sp_ticket *b)
{
    uint64_t after_a = expected(queries, a), after_b = expected(queries, b);
    return after_a < after_b || (after_a == after_b && a->effort < b->effort);
}

/* The ticket, if it may run and comes before `best`, or else `best`. */
static sp_ticket *
better(const sp_queries *queries, sp_ticket *ticket, sp_ticket *best)
{
    bool first = !best || comes_first(queries, ticket, best);
    return first && may_run(queries, ticket) ? ticket : best;
}

/* Makes a follower the first of the equal queries. The other tickets follow it, in the same
   order. */
static void
lead(sp_ticket *first, sp_ticket *follower)
{
    take_out(&first->followers, follower);
    first->next = first->followers;
    first->followers = NULL;
    follower->followers = first;
    follower->waited = true;
}

/* Gives free places to queries that wait. Of equal queries, the one runs that comes first: they
   must not wait because the address that was the first to ask has no share left. */
static void
grant(sp_queries *queries, uint64_t now)
{
    while (queries->running_count < queries->options.max_queries) {
        sp_ticket *first = NULL, *best = NULL;
        for (sp_ticket *each = queries->waiting; each; each = each->next) {
            sp_ticket *before = best;
            best = better(queries, each, best);
            for (sp_ticket *other = each->followers; other; other = other->next)
                best = better(queries, other, best);
            first = best != before ? each : first;
        }
        if (!best)
            return;
        stop_waiting(queries, first);
        if (best != first)
            lead(first, best);
        start(queries, best, &queries->granted, now);
        pthread_cond_signal(&queries->may_run);
    }
}

/* Waiting */

static enum sp_query_verdict
refuse(sp_queries *queries, enum sp_query_refusal why)
{
    sp_count(&queries->options.metrics->queries_refused[why], 1);
    return SP_REFUSE;
}

static enum sp_query_verdict
wait_in_queue(sp_queries *queries, sp_ticket *ticket, bool may_park, uint64_t now)
{
    if (queries->waiting_count >= queries->options.queue)
        return refuse(queries, SP_REFUSED_FULL);
    if (!is_within_share(queries->waiting, NULL, &ticket->client, queries->options.queue))
        return refuse(queries, SP_REFUSED_ADDRESS);
    if (!may_park)
        return SP_AGAIN;
    ticket->waited = true;
    append(&queries->waiting, ticket);
    sp_count(&queries->options.metrics->queries_waiting, 1);
    if (queries->waiting_count++ == 0)
        queries->standing = now;
    return SP_PARKED;
}

static sp_ticket *
find_same(sp_ticket *list, const sp_ticket *ticket)
{
    while (list && (list->same[0] != ticket->same[0] || list->same[1] != ticket->same[1]))
        list = list->next;
    return list;
}

/* Returns the query that will give the same answer, or NULL. */
static sp_ticket *
find_first(sp_queries *queries, const sp_ticket *ticket)
{
    sp_ticket *first = find_same(queries->running, ticket);
    if (!first)
        first = find_same(queries->granted, ticket);
    if (!first)
        first = find_same(queries->waiting, ticket);
    return first;
}

/* Whether a query has been running for too long in the thread that asked. */
static bool
is_blocked(const sp_queries *queries, uint64_t now)
{
    const sp_ticket *each = queries->running;
    while (each && !(each->here && now - each->started > SLOW_CPU))
        each = each->next;
    return each != NULL;
}

static bool
may_run_here(const sp_queries *queries, const sp_ticket *ticket, uint64_t now)
{
    return ticket->kind != SP_QUERY_LONG && now >= queries->slow_until[ticket->kind] &&
           queries->average[ticket->kind] < SLOW_CPU && !is_blocked(queries, now);
}

static enum sp_query_verdict
ask(sp_queries *queries, sp_ticket *ticket, bool may_park, uint64_t now)
{
    sp_ticket *first = find_first(queries, ticket);
    if (queries->ended)
        return refuse(queries, SP_REFUSED_FULL);
    if (first && may_park) {
        append(&first->followers, ticket);
        sp_count(&queries->options.metrics->queries_shared, 1);
        grant(queries, now); /* if the first one waits, the address of this one may have a share */
        return SP_PARKED;
    }
    if (first)
        return SP_AGAIN;
    if (!may_run(queries, ticket))
        return wait_in_queue(queries, ticket, may_park, now);
    ticket->here = may_run_here(queries, ticket, now);
    if (ticket->here) {
        start(queries, ticket, &queries->running, now);
        return SP_RUN;
    }
    if (!may_park)
        return SP_AGAIN;
    start(queries, ticket, &queries->granted, now);
    pthread_cond_signal(&queries->may_run);
    return SP_PARKED;
}

enum sp_query_verdict
sp_queries_ask(sp_queries *queries, sp_ticket *ticket, bool may_park)
{
    sp_address key = sp_address_limit_key(&ticket->client);
    ticket->place = XXH64(key.bytes, sizeof key.bytes, queries->key ^ key.family) % PLACES;
    ticket->followers = NULL;
    ticket->waited = false;
    ticket->arrived = lock(queries);
    enum sp_query_verdict verdict = ask(queries, ticket, may_park, ticket->arrived);
    if (verdict == SP_PARKED)
        queries->options.park(ticket);
    pthread_mutex_unlock(&queries->lock);
    return verdict;
}

/* Only a query that `ran` tells how long its kind takes. */
static sp_ticket *
leave(sp_queries *queries, sp_ticket *ticket, bool ran, uint64_t now)
{
    uint64_t cpu = cpu_now_us() - ticket->cpu, *average = &queries->average[ticket->kind];
    take_out(&queries->running, ticket);
    queries->running_count--;
    sp_discount(&queries->options.metrics->queries_running, 1);
    queries->used[ticket->place] = used(queries, ticket) + cpu;
    if (ran)
        *average = (*average * 7 + cpu) / 8;
    if (ran && (cpu > SLOW_CPU || now - ticket->started > SLOW_WALL))
        queries->slow_until[ticket->kind] = now + SLOW_FOR;
    grant(queries, now);
    return ticket->followers;
}

sp_ticket *
sp_queries_leave(sp_queries *queries, sp_ticket *ticket)
{
    uint64_t now = lock(queries);
    sp_ticket *followers = leave(queries, ticket, true, now);
    pthread_mutex_unlock(&queries->lock);
    return followers;
}

bool
sp_queries_give_up(sp_queries *queries, sp_ticket *ticket)
{
    uint64_t now = lock(queries);
    bool alone = ticket->followers == NULL;
    if (alone) {
        leave(queries, ticket, false, now);
        refuse(queries, SP_REFUSED_GONE);
    }
    pthread_mutex_unlock(&queries->lock);
    return alone;
}

/* Taking tickets */

sp_ticket *
sp_queries_next(sp_queries *queries, uint32_t wait_s)
{
    struct timespec until;
    int timed_out = 0;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait_s;
    pthread_mutex_lock(&queries->lock);
    while (!queries->granted && !queries->ended && timed_out == 0)
        timed_out = pthread_cond_timedwait(&queries->may_run, &queries->lock, &until);
    sp_ticket *ticket = queries->granted;
    if (ticket) {
        take_out(&queries->granted, ticket);
        append(&queries->running, ticket);
        ticket->started = sp_now_us();
        ticket->cpu = cpu_now_us();
    }
    pthread_mutex_unlock(&queries->lock);
    return ticket;
}

static uint64_t
longest_wait(const sp_queries *queries, uint64_t now)
{
    uint64_t limit = queries->options.timeout_us;
    bool stands = queries->standing > 0 && now - queries->standing > STANDING;
    if (queries->ended)
        return 0;
    if (queries->draining)
        return UINT64_MAX;
    return stands ? limit / STANDING_PART : limit;
}

/* Removes the first of equal queries from the queue. If there are others, the next takes its
   place. */
static void
remove_first(sp_queries *queries, sp_ticket *ticket)
{
    sp_ticket *heir = ticket->followers, **place = &queries->waiting;
    if (!heir) {
        stop_waiting(queries, ticket);
        return;
    }
    while (*place != ticket)
        place = &(*place)->next;
    heir->followers = heir->next;
    heir->next = ticket->next;
    heir->waited = true;
    *place = heir;
}

/* A query in a thread of libmicrohttpd that others wait for, or NULL. */
static sp_ticket *
find_followed(const sp_queries *queries)
{
    sp_ticket *each = queries->running;
    while (each && !(each->here && each->followers))
        each = each->next;
    return each;
}

static sp_ticket *
find_late(const sp_queries *queries, uint64_t now)
{
    uint64_t limit = longest_wait(queries, now);
    sp_ticket *each = queries->waiting;
    while (each && now - each->arrived < limit)
        each = each->next;
    return each;
}

sp_ticket *
sp_queries_expired(sp_queries *queries)
{
    uint64_t now = lock(queries);
    sp_ticket *ticket = find_late(queries, now);
    sp_ticket *followed = queries->ended && !ticket ? find_followed(queries) : NULL;
    if (ticket) {
        remove_first(queries, ticket);
    } else if (followed) {
        ticket = followed->followers;
        take_out(&followed->followers, ticket);
    }
    if (ticket) {
        ticket->next = ticket->followers = NULL;
        refuse(queries, SP_REFUSED_LATE);
    }
    pthread_mutex_unlock(&queries->lock);
    return ticket;
}

void
sp_queries_drain(sp_queries *queries)
{
    pthread_mutex_lock(&queries->lock);
    queries->draining = true;
    pthread_mutex_unlock(&queries->lock);
}

void
sp_queries_end(sp_queries *queries)
{
    pthread_mutex_lock(&queries->lock);
    queries->ended = true;
    pthread_cond_broadcast(&queries->may_run);
    pthread_mutex_unlock(&queries->lock);
}

bool
sp_queries_have_ended(sp_queries *queries)
{
    pthread_mutex_lock(&queries->lock);
    bool ended =
        queries->ended && !queries->granted && !queries->waiting && !find_followed(queries);
    pthread_mutex_unlock(&queries->lock);
    return ended;
}
