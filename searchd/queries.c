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
#define SLOW_FOR 1000000     /* that queries are handed over after it */
#define STANDING 500000      /* without a pause, after which the queue is too long */
#define STANDING_WAIT 300000 /* that a query may wait then */

struct sp_queries {
    sp_queries_limits limits;
    sp_metrics *metrics;
    uint64_t key; /* of the hash of addresses */
    pthread_mutex_t lock;
    pthread_cond_t parked;
    sp_ticket *running;           /* in the threads that asked, or taken by sp_queries_next */
    sp_ticket *granted, *waiting; /* oldest first; granted: may run, and counts as running */
    uint32_t running_count, waiting_count;
    uint64_t standing;     /* sp_now_us since when queries have been waiting; 0: none waits */
    uint64_t slow_until;   /* sp_now_us until which no query runs in the thread that asks */
    uint64_t used[PLACES]; /* us, by address: the time of its queries, and at least `floor` then */
    uint64_t floor;        /* the time used by the address whose query was the last to start */
    bool draining, ended;
};

sp_queries *
sp_queries_new(const sp_queries_limits *limits, sp_metrics *metrics)
{
    sp_queries *queries = calloc(1, sizeof *queries);
    pthread_condattr_t monotonic;
    if (!queries)
        return NULL;
    queries->limits = *limits;
    queries->metrics = metrics;
    if (getrandom(&queries->key, sizeof queries->key, 0) != (ssize_t)sizeof queries->key)
        queries->key = (uint64_t)(uintptr_t)queries;
    pthread_mutex_init(&queries->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&queries->parked, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return queries;
}

void
sp_queries_free(sp_queries *queries)
{
    if (!queries)
        return;
    pthread_cond_destroy(&queries->parked);
    pthread_mutex_destroy(&queries->lock);
    free(queries);
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
    return queries->running_count < queries->limits.max_queries &&
           is_within_share(queries->running, queries->granted, &ticket->client,
                           queries->limits.max_queries);
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
    sp_count(&queries->metrics->queries_running, 1);
    ticket->started = now;
    ticket->cpu = cpu_now_us();
    append(list, ticket);
}

static void
stop_waiting(sp_queries *queries, sp_ticket *ticket)
{
    take_out(&queries->waiting, ticket);
    queries->waiting_count--;
    sp_discount(&queries->metrics->queries_waiting, 1);
    if (queries->waiting_count == 0)
        queries->standing = 0;
}

static bool
comes_first(const sp_queries *queries, const sp_ticket *a, const sp_ticket *b)
{
    uint64_t used_a = used(queries, a), used_b = used(queries, b);
    return used_a < used_b || (used_a == used_b && a->effort < b->effort);
}

/* Gives free places to queries that wait. */
static void
grant(sp_queries *queries, uint64_t now)
{
    while (queries->running_count < queries->limits.max_queries) {
        sp_ticket *best = NULL;
        for (sp_ticket *each = queries->waiting; each; each = each->next) {
            if (may_run(queries, each) && (!best || comes_first(queries, each, best)))
                best = each;
        }
        if (!best)
            return;
        stop_waiting(queries, best);
        start(queries, best, &queries->granted, now);
        pthread_cond_signal(&queries->parked);
    }
}

/* Waiting */

static enum sp_query_verdict
refuse(sp_queries *queries, enum sp_query_refusal why)
{
    sp_count(&queries->metrics->queries_refused[why], 1);
    return SP_REFUSE;
}

static enum sp_query_verdict
wait_in_queue(sp_queries *queries, sp_ticket *ticket, uint64_t now)
{
    if (queries->waiting_count >= queries->limits.queue)
        return refuse(queries, SP_REFUSED_FULL);
    if (!is_within_share(queries->waiting, NULL, &ticket->client, queries->limits.queue))
        return refuse(queries, SP_REFUSED_ADDRESS);
    append(&queries->waiting, ticket);
    sp_count(&queries->metrics->queries_waiting, 1);
    if (queries->waiting_count++ == 0)
        queries->standing = now;
    return SP_PARK;
}

static enum sp_query_verdict
ask(sp_queries *queries, sp_ticket *ticket, uint64_t now)
{
    if (queries->ended)
        return refuse(queries, SP_REFUSED_FULL);
    if (!may_run(queries, ticket))
        return wait_in_queue(queries, ticket, now);
    if (ticket->effort < SP_LITTLE_EFFORT && now >= queries->slow_until) {
        start(queries, ticket, &queries->running, now);
        return SP_RUN;
    }
    start(queries, ticket, &queries->granted, now);
    return SP_PARK;
}

enum sp_query_verdict
sp_queries_ask(sp_queries *queries, sp_ticket *ticket)
{
    sp_address key = sp_address_limit_key(&ticket->client);
    uint64_t now = sp_now_us();
    ticket->place = XXH64(key.bytes, sizeof key.bytes, queries->key ^ key.family) % PLACES;
    ticket->parked = false;
    pthread_mutex_lock(&queries->lock);
    enum sp_query_verdict verdict = ask(queries, ticket, now);
    pthread_mutex_unlock(&queries->lock);
    return verdict;
}

void
sp_queries_park(sp_queries *queries, sp_ticket *ticket)
{
    pthread_mutex_lock(&queries->lock);
    ticket->parked = true;
    pthread_cond_signal(&queries->parked);
    pthread_mutex_unlock(&queries->lock);
}

void
sp_queries_leave(sp_queries *queries, sp_ticket *ticket)
{
    uint64_t now = sp_now_us(), cpu = cpu_now_us() - ticket->cpu;
    pthread_mutex_lock(&queries->lock);
    uint64_t took = now - ticket->started;
    take_out(&queries->running, ticket);
    queries->running_count--;
    sp_discount(&queries->metrics->queries_running, 1);
    queries->used[ticket->place] = used(queries, ticket) + took;
    if (ticket->effort < SP_LITTLE_EFFORT && (cpu > SLOW_CPU || took > SLOW_WALL))
        queries->slow_until = now + SLOW_FOR;
    grant(queries, now);
    pthread_mutex_unlock(&queries->lock);
}

/* Taking parked tickets */

static sp_ticket *
first_granted(sp_queries *queries)
{
    sp_ticket *ticket = queries->granted;
    while (ticket && !ticket->parked)
        ticket = ticket->next;
    return ticket;
}

sp_ticket *
sp_queries_next(sp_queries *queries, uint32_t wait_ms)
{
    struct timespec until;
    int timed_out = 0;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait_ms / 1000;
    pthread_mutex_lock(&queries->lock);
    sp_ticket *ticket = first_granted(queries);
    while (!ticket && !(queries->ended && !queries->granted) && timed_out == 0) {
        timed_out = pthread_cond_timedwait(&queries->parked, &queries->lock, &until);
        ticket = first_granted(queries);
    }
    if (ticket) {
        take_out(&queries->granted, ticket);
        append(&queries->running, ticket);
        ticket->cpu = cpu_now_us();
    }
    pthread_mutex_unlock(&queries->lock);
    return ticket;
}

static uint64_t
longest_wait(const sp_queries *queries, uint64_t now)
{
    uint64_t limit = queries->limits.timeout_us;
    bool stands = queries->standing > 0 && now - queries->standing > STANDING;
    if (queries->ended)
        return 0;
    if (queries->draining)
        return UINT64_MAX;
    return stands && limit > STANDING_WAIT ? STANDING_WAIT : limit;
}

sp_ticket *
sp_queries_expired(sp_queries *queries)
{
    uint64_t now = sp_now_us();
    pthread_mutex_lock(&queries->lock);
    uint64_t limit = longest_wait(queries, now);
    sp_ticket *ticket = queries->waiting;
    while (ticket && (!ticket->parked || now - ticket->arrived < limit))
        ticket = ticket->next;
    if (ticket) {
        stop_waiting(queries, ticket);
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
    pthread_cond_broadcast(&queries->parked);
    pthread_mutex_unlock(&queries->lock);
}

bool
sp_queries_has_ended(sp_queries *queries)
{
    pthread_mutex_lock(&queries->lock);
    bool ended = queries->ended && !queries->granted && !queries->waiting;
    pthread_mutex_unlock(&queries->lock);
    return ended;
}
