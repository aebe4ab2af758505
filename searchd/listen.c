// SPDX-License-Identifier: GPL-2.0-or-later
#include "listen.h"

#include <signpost/printable.h>
#include <signpost/url.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#ifdef HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

#define BACKLOG 511
#define UNIX_SCHEME "unix:"

static enum sp_status
fail(const char *address, const char *action, sp_error *err)
{
    return sp_fail(err, SP_IO, "cannot %s %s: %s", action, address, strerror(errno));
}

static void
name_listener(sp_listener *listener)
{
    struct sockaddr_storage address = {0};
    socklen_t len = sizeof address;
    char host[INET6_ADDRSTRLEN] = "?";
    if (getsockname(listener->fd, (struct sockaddr *)&address, &len) != 0)
        return;
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)&address;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)&address;
    const struct sockaddr_un *local = (const struct sockaddr_un *)(const void *)&address;
    if (address.ss_family == AF_INET) {
        inet_ntop(AF_INET, &v4->sin_addr, host, sizeof host);
        snprintf(listener->name, sizeof listener->name, "http://%s:%u/", host, ntohs(v4->sin_port));
    } else if (address.ss_family == AF_INET6) {
        inet_ntop(AF_INET6, &v6->sin6_addr, host, sizeof host);
        snprintf(listener->name, sizeof listener->name, "http://[%s]:%u/", host,
                 ntohs(v6->sin6_port));
    } else {
        char name[sizeof listener->name];
        snprintf(name, sizeof name, UNIX_SCHEME "%.*s", (int)sizeof local->sun_path,
                 local->sun_path);
        sp_printable_copy(listener->name, sizeof listener->name, name);
    }
}

static enum sp_status
add(sp_listeners *listeners, int fd, const char *path, sp_error *err)
{
    sp_listener *listener = &listeners->items[listeners->count];
    *listener = (sp_listener){.fd = fd, .path = path ? strdup(path) : NULL};
    if (path && !listener->path) {
        close(fd);
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    }
    name_listener(listener);
    listeners->count++;
    return SP_OK;
}

/* Whether the socket file exists and no process listens on it any more. */
static bool
is_abandoned(const struct sockaddr_un *address)
{
    struct stat stat;
    if (lstat(address->sun_path, &stat) != 0 || !S_ISSOCK(stat.st_mode))
        return false;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool refused = fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof *address) != 0 &&
                   errno == ECONNREFUSED;
    if (fd >= 0)
        close(fd);
    return refused;
}

static enum sp_status
add_unix(sp_listeners *listeners, const char *path, mode_t mode, sp_error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (path[0] == '\0' || strlen(path) >= sizeof address.sun_path)
        return sp_fail(err, SP_BAD_ARGUMENT, "the path of a Unix socket must have 1 to %zu bytes",
                       sizeof address.sun_path - 1);
    memcpy(address.sun_path, path, strlen(path) + 1);
    if (is_abandoned(&address))
        unlink(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return fail(path, "listen on", err);
    mode_t before = umask(0777 & ~mode); /* so that the file never has wider permissions */
    int bound = bind(fd, (const struct sockaddr *)&address, sizeof address);
    umask(before);
    if (bound != 0 || listen(fd, BACKLOG) != 0) {
        enum sp_status status = fail(path, "listen on", err);
        close(fd);
        return status;
    }
    return add(listeners, fd, path, err);
}

static enum sp_status
add_internet(sp_listeners *listeners, const struct addrinfo *info, const char *address,
             sp_error *err)
{
    const int yes = 1;
    int fd = socket(info->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return fail(address, "listen on", err);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (info->ai_family == AF_INET6) /* so that 0.0.0.0 and [::] can both be given */
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
    if (bind(fd, info->ai_addr, info->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
        enum sp_status status = fail(address, "listen on", err);
        close(fd);
        return status;
    }
    return add(listeners, fd, NULL, err);
}

/* Splits "host:port" or "[host]:port". Returns false for anything else. */
static bool
split(const char *address, char *host, size_t size, const char **port)
{
    const char *colon = strrchr(address, ':');
    size_t len = colon ? (size_t)(colon - address) : 0;
    uint32_t number;
    if (len == 0 || colon[1] == '\0' || !sp_port_read(sp_bytes_of(colon + 1), &number))
        return false;
    if (address[0] == '[' && address[len - 1] == ']') {
        address++;
        len -= 2;
    } else if (memchr(address, ':', len)) {
        return false; /* ambiguous: an IPv6 address needs brackets */
    }
    if (len == 0 || len >= size)
        return false;
    memcpy(host, address, len);
    host[len] = '\0';
    *port = colon + 1;
    return true;
}

enum sp_status
sp_listeners_add(sp_listeners *listeners, const char *address, mode_t socket_mode, sp_error *err)
{
    char host[256];
    const char *port;
    struct addrinfo *found, hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    if (listeners->count >= SP_LISTENERS_MAX)
        return sp_fail(err, SP_BAD_ARGUMENT, "more than %d addresses to listen on",
                       SP_LISTENERS_MAX);
    if (strncmp(address, UNIX_SCHEME, strlen(UNIX_SCHEME)) == 0)
        return add_unix(listeners, address + strlen(UNIX_SCHEME), socket_mode, err);
    if (!split(address, host, sizeof host, &port))
        return sp_fail(err, SP_BAD_ARGUMENT,
                       "--listen must be ADDRESS:PORT, [IPV6]:PORT or unix:PATH (got '%.100s')",
                       address);
    int failed = getaddrinfo(host, port, &hints, &found);
    if (failed != 0)
        return sp_fail(err, SP_IO, "cannot listen on %.100s: %s", address, gai_strerror(failed));
    enum sp_status status = SP_OK;
    for (const struct addrinfo *info = found; info && status == SP_OK; info = info->ai_next) {
        if (listeners->count < SP_LISTENERS_MAX)
            status = add_internet(listeners, info, address, err);
    }
    freeaddrinfo(found);
    return status;
}

enum sp_status
sp_listeners_inherit(sp_listeners *listeners, sp_error *err)
{
#ifdef HAVE_SYSTEMD
    int count = sd_listen_fds(1);
    for (int i = 0; i < count && listeners->count < SP_LISTENERS_MAX; i++) {
        int fd = SD_LISTEN_FDS_START + i;
        if (sd_is_socket(fd, AF_UNSPEC, SOCK_STREAM, 1) <= 0)
            return sp_fail(err, SP_BAD_ARGUMENT, "descriptor %d is not a listening socket", fd);
        fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
        enum sp_status status = add(listeners, fd, NULL, err);
        if (status != SP_OK)
            return status;
    }
#else
    (void)listeners, (void)err;
#endif
    return SP_OK;
}

void
sp_listeners_close(sp_listeners *listeners)
{
    for (size_t i = 0; i < listeners->count; i++) {
        close(listeners->items[i].fd);
        if (listeners->items[i].path)
            unlink(listeners->items[i].path);
        free(listeners->items[i].path);
    }
    listeners->count = 0;
}
