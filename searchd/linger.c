// SPDX-License-Identifier: GPL-2.0-or-later
#include "linger.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define LINGER_US 2000000 /* after this time the connection is cut off */

int
sp_linger_open(void)
{
    return epoll_create1(EPOLL_CLOEXEC);
}

bool
sp_linger_is_needed(const sp_connection *connection)
{
    int unread = 0;
    if (connection->ended)
        return false;
    return connection->incoming.refused || connection->incoming.held.len > 0 ||
           connection->exchanges < connection->incoming.heads ||
           (ioctl(connection->fd, FIONREAD, &unread) == 0 && unread > 0);
}

void
sp_linger_take(int epoll, sp_connections *all, sp_connection *connection)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    int copy = fcntl(connection->fd, F_DUPFD_CLOEXEC, 3);
    if (copy < 0 || !sp_connections_move(all, connection, copy, LINGER_US)) {
        sp_connections_release(all, connection);
        if (copy >= 0)
            close(copy);
        return;
    }
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, copy, &event) != 0) {
        sp_connections_release(all, connection);
        close(copy);
    }
}

static void
drop(int epoll, sp_connections *all, sp_connection *connection)
{
    char bytes[65536];
    int fd = connection->fd;
    ssize_t got = recvfrom(fd, bytes, sizeof bytes, MSG_DONTWAIT, NULL, NULL);
    if (got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR)))
        return;
    /* Closing the copy would not remove it from the epoll: the socket stays open until
       libmicrohttpd has closed its own descriptor. */
    epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL);
    sp_connections_release(all, connection);
    close(fd);
}

void
sp_linger_run(int epoll, sp_connections *all)
{
    struct epoll_event events[16];
    int count = epoll_wait(epoll, events, 16, 0);
    for (int i = 0; i < count; i++)
        drop(epoll, all, events[i].data.ptr);
}
