// SPDX-License-Identifier: GPL-2.0-or-later
#undef _FORTIFY_SOURCE /* with it, <sys/socket.h> defines recv() inline for clang */
#include "receive.h"

#include <errno.h>
#include <sys/socket.h>

#define DROP_ROUNDS 64 /* so that a client that sends for ever does not keep a thread busy */

/* recv() has no argument for these. They are constant while threads receive. */
static struct {
    sp_connections *connections;
    uint64_t head_us;
} receiver;

void
sp_receive_set(sp_connections *connections, uint64_t head_us)
{
    receiver.connections = connections;
    receiver.head_us = head_us;
}

void
sp_receive_next(sp_connection *connection, uint64_t idle_us)
{
    bool part = sp_incoming_has_part(&connection->incoming);
    sp_connection_set_timeout(connection, part ? receiver.head_us : idle_us);
    atomic_store_explicit(&connection->waits, true, memory_order_relaxed);
}

/* Reads and drops what has arrived after a refused head. Returns what recvfrom returned last. */
static ssize_t
drop(int fd, int flags)
{
    char bytes[16384];
    ssize_t got = 1;
    for (int i = 0; i < DROP_ROUNDS && got > 0; i++)
        got = recvfrom(fd, bytes, sizeof bytes, flags, NULL, NULL);
    if (got > 0) {
        errno = EAGAIN;
        return -1;
    }
    return got;
}

/* Fills `out` with checked heads. Like recv(), it fills `out` only partly if the socket has no more
   bytes. libmicrohttpd relies on this: after a partial read, it waits for the next event of the
   socket. */
static ssize_t
receive(sp_connection *connection, char *out, size_t len, int flags)
{
    sp_incoming *incoming = &connection->incoming;
    size_t done = sp_incoming_take(incoming, out, len);
    bool more = true;
    while (more && done < len && !incoming->refused) {
        ssize_t got = recvfrom(connection->fd, out + done, len - done, flags, NULL, NULL);
        if (got <= 0)
            return done > 0 ? (ssize_t)done : got;
        more = (size_t)got == len - done;
        done += sp_incoming_add(incoming, out + done, (size_t)got);
        done += sp_incoming_take(incoming, out + done, len - done);
        more |= sp_incoming_has_part(incoming); /* to see the end of the stream after it */
    }
    if (incoming->held.failed) {
        errno = ENOMEM;
        return -1;
    }
    if (done > 0)
        return (ssize_t)done;
    if (incoming->refused)
        return drop(connection->fd, flags);
    errno = EAGAIN;
    return -1;
}

/* libmicrohttpd calls this definition. It is visible to libraries; those of the house are not. */
__attribute__((visibility("default"))) ssize_t
recv(int fd, void *buffer, size_t len, int flags)
{
    sp_connection *connection =
        receiver.connections ? sp_connections_find(receiver.connections, fd) : NULL;
    if (!connection)
        return recvfrom(fd, buffer, len, flags, NULL, NULL);
    ssize_t got = receive(connection, buffer, len, flags);
    int number = errno;
    connection->ended |= got == 0 || (got < 0 && number != EAGAIN && number != EINTR);
    if (!connection->busy && sp_incoming_has_part(&connection->incoming))
        sp_connection_shorten_timeout(connection, receiver.head_us);
    errno = number;
    return got;
}
