// SPDX-License-Identifier: GPL-2.0-or-later
#include "connections.h"

#include <signpost/clock.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

struct sp_connections {
    const sp_connection_limits *limits;
    /* Guards `open` and `next` of all connections, changes of `by_fd`, and `free`. Also keeps other
       threads from closing a socket while sp_connections_reap or _drain shuts it down. */
    pthread_mutex_t lock;
    sp_connection *places;
    _Atomic(sp_connection *) *by_fd;
    size_t fd_count;
    sp_connection *free;
    _Atomic uint32_t count;
};

static size_t
highest_fd(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return 1 << 20;
    return (size_t)limit.rlim_cur;
}

sp_connections *
sp_connections_new(const sp_connection_limits *limits)
{
    sp_connections *all = calloc(1, sizeof *all);
    if (!all)
        return NULL;
    all->limits = limits;
    pthread_mutex_init(&all->lock, NULL);
    all->fd_count = highest_fd();
    all->by_fd = calloc(all->fd_count, sizeof *all->by_fd);
    all->places = calloc(limits->max, sizeof *all->places);
    if (!all->by_fd || !all->places) {
        sp_connections_free(all);
        return NULL;
    }
    for (uint32_t i = limits->max; i-- > 0;) {
        all->places[i].next = all->free;
        all->free = &all->places[i];
    }
    return all;
}

void
sp_connections_free(sp_connections *all)
{
    if (!all)
        return;
    for (uint32_t i = 0; all->places && i < all->limits->max; i++)
        sp_str_done(&all->places[i].exchange.target);
    pthread_mutex_destroy(&all->lock);
    free(all->places);
    free(all->by_fd);
    free(all);
}

static bool
is_limited(const sp_connection_limits *limits, const sp_address *address)
{
    if (limits->max_per_address == 0 || (!limits->local_too && sp_address_is_local(address)))
        return false;
    for (size_t i = 0; i < limits->proxy_count; i++) {
        if (sp_network_has(&limits->proxies[i], address))
            return false;
    }
    return true;
}

static bool
has_too_many(const sp_connections *all, const sp_address *address)
{
    uint64_t count = 0, site_count = 0, max = all->limits->max_per_address;
    sp_address key = sp_address_limit_key(address), site_key = sp_address_site_key(address);
    if (!is_limited(all->limits, address))
        return false;
    for (uint32_t i = 0; i < all->limits->max; i++) {
        if (!all->places[i].open)
            continue;
        sp_address other = sp_address_limit_key(&all->places[i].address);
        sp_address other_site = sp_address_site_key(&all->places[i].address);
        count += sp_address_equal(&other, &key);
        site_count += sp_address_equal(&other_site, &site_key);
    }
    return count >= max || site_count >= max * SP_SITE_SHARE;
}

/* The caller has the lock. Does nothing if release_stale was earlier. */
static void
release(sp_connections *all, sp_connection *connection)
{
    if (!connection->open)
        return;
    sp_incoming_done(&connection->incoming);
    connection->exchanges = 0;
    connection->busy = connection->ended = false;
    all->by_fd[connection->fd] = NULL;
    connection->open = false;
    connection->next = all->free;
    all->free = connection;
    atomic_fetch_sub(&all->count, 1);
}

/* Releases the connection whose descriptor was this one: another socket has it now. */
static void
release_stale(sp_connections *all, int fd)
{
    if ((size_t)fd < all->fd_count && all->by_fd[fd])
        release(all, all->by_fd[fd]);
}

/* The inode of a socket; 0 if the descriptor is not that of a socket. */
static uint64_t
socket_inode(int fd)
{
    struct stat about;
    return fstat(fd, &about) == 0 && S_ISSOCK(about.st_mode) ? about.st_ino : 0;
}

/* Whether the socket was closed without a notification. Its number may belong to another file or
   socket now, such as a reader's connection to a remote database. */
static bool
is_stale(const sp_connection *connection)
{
    uint64_t inode = socket_inode(connection->fd);
    return inode == 0 || inode != connection->inode;
}

static sp_connection *
open_place(sp_connections *all, int fd, const sp_address *address, uint64_t timeout_us)
{
    sp_connection *place = all->free;
    all->free = place->next;
    place->fd = fd;
    place->inode = socket_inode(fd);
    place->address = *address;
    place->open = true;
    place->lingers = false;
    atomic_store_explicit(&place->waits, false, memory_order_relaxed);
    atomic_store_explicit(&place->arrives, true, memory_order_relaxed);
    sp_connection_set_timeout(place, timeout_us);
    all->by_fd[fd] = place;
    atomic_fetch_add(&all->count, 1);
    return place;
}

enum sp_admission
sp_connections_admit(sp_connections *all, int fd, const sp_address *address, uint64_t timeout_us,
                     sp_connection **out)
{
    enum sp_admission verdict = SP_FULL;
    pthread_mutex_lock(&all->lock);
    release_stale(all, fd);
    if (all->free && (size_t)fd < all->fd_count)
        verdict = has_too_many(all, address) ? SP_ADDRESS_FULL : SP_ADMITTED;
    if (verdict == SP_ADMITTED)
        *out = open_place(all, fd, address, timeout_us);
    pthread_mutex_unlock(&all->lock);
    return verdict;
}

sp_connection *
sp_connections_find(sp_connections *all, int fd)
{
    return (size_t)fd < all->fd_count ? atomic_load(&all->by_fd[fd]) : NULL;
}

void
sp_connections_release(sp_connections *all, sp_connection *connection)
{
    pthread_mutex_lock(&all->lock);
    release(all, connection);
    pthread_mutex_unlock(&all->lock);
}

void
sp_connection_set_timeout(sp_connection *connection, uint64_t timeout_us)
{
    uint64_t deadline = timeout_us == UINT64_MAX ? timeout_us : sp_now_us() + timeout_us;
    atomic_store_explicit(&connection->deadline, deadline, memory_order_relaxed);
}

bool
sp_connections_move(sp_connections *all, sp_connection *connection, int fd, uint64_t timeout_us)
{
    if ((size_t)fd >= all->fd_count)
        return false;
    pthread_mutex_lock(&all->lock);
    release_stale(all, fd);
    all->by_fd[connection->fd] = NULL;
    all->by_fd[fd] = connection;
    connection->fd = fd;
    connection->lingers = true;
    sp_connection_set_timeout(connection, timeout_us);
    pthread_mutex_unlock(&all->lock);
    return true;
}

void
sp_connection_shorten_timeout(sp_connection *connection, uint64_t timeout_us)
{
    uint64_t deadline = sp_now_us() + timeout_us;
    if (atomic_load_explicit(&connection->deadline, memory_order_relaxed) > deadline)
        atomic_store_explicit(&connection->deadline, deadline, memory_order_relaxed);
}

/* Whether the client has closed its end, and everything before has been read. Forgets a connection
   that is still open: the end will be an event of its own. */
static bool
has_ended(sp_connection *connection)
{
    char byte;
    if (!atomic_load_explicit(&connection->waits, memory_order_relaxed))
        return false;
    atomic_store(&connection->waits, false); /* before the look: the thread may set it again */
    ssize_t got = recvfrom(connection->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT, NULL, NULL);
    if (got > 0)
        atomic_store(&connection->waits, true);
    return got == 0;
}

uint32_t
sp_connections_reap(sp_connections *all)
{
    uint32_t reaped = 0;
    uint64_t now = sp_now_us();
    pthread_mutex_lock(&all->lock);
    for (uint32_t i = 0; i < all->limits->max; i++) {
        sp_connection *connection = &all->places[i];
        if (!connection->open)
            continue;
        bool ended = has_ended(connection);
        bool late = atomic_load_explicit(&connection->deadline, memory_order_relaxed) <= now;
        if ((ended || late) && is_stale(connection)) {
            release(all, connection);
            continue;
        }
        if (ended)
            shutdown(connection->fd, SHUT_RD); /* an event, after which libmicrohttpd reads */
        if (!late)
            continue;
        reaped += !connection->lingers;
        sp_connection_set_timeout(connection, UINT64_MAX);
        shutdown(connection->fd, SHUT_RDWR);
    }
    pthread_mutex_unlock(&all->lock);
    return reaped;
}

void
sp_connections_drain(sp_connections *all, bool patient)
{
    pthread_mutex_lock(&all->lock);
    for (uint32_t i = 0; i < all->limits->max; i++) {
        sp_connection *connection = &all->places[i];
        bool arrives = atomic_load_explicit(&connection->arrives, memory_order_relaxed);
        if (!connection->open || (patient && arrives))
            continue;
        if (is_stale(connection))
            release(all, connection);
        else
            shutdown(connection->fd, SHUT_RD);
    }
    pthread_mutex_unlock(&all->lock);
}

uint32_t
sp_connections_count(const sp_connections *all)
{
    return atomic_load(&all->count);
}
