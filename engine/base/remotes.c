// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/remotes.h>

#include "lines.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define HOST_MAX 253 /* bytes of a host name (RFC 1035) */
#define PORT_MAX 65535
#define PORT_DIGITS_MAX 5

/* A port from 1 to 65535 in digits; 0 for any other text. */
static uint16_t
read_port(sp_bytes text)
{
    unsigned long port = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9' || text.len > PORT_DIGITS_MAX)
            return 0;
        port = port * 10 + (unsigned long)(text.data[i] - '0');
    }
    return port <= PORT_MAX ? (uint16_t)port : 0;
}

static bool
is_host(sp_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '.' && c != '_')
            return false;
    }
    return text.len > 0 && text.len <= HOST_MAX;
}

static bool
split(sp_bytes name, sp_bytes *host, uint16_t *port)
{
    size_t colon = name.len;
    while (colon > 0 && name.data[colon - 1] != ':')
        colon--;
    *host = sp_bytes_slice(name, 0, colon > 0 ? colon - 1 : 0);
    *port = read_port(sp_bytes_slice(name, colon, name.len));
    return *port > 0 && is_host(*host);
}

enum sp_status
sp_remote_check(const sp_option *option, const char *argument, sp_error *err)
{
    sp_bytes host;
    uint16_t port;
    if (split(sp_bytes_of(argument), &host, &port))
        return SP_OK;
    return sp_fail(err, SP_BAD_ARGUMENT,
                   "--%s must be HOST:PORT, a name or an IPv4 address and a port (got '%.200s')",
                   option->name, argument);
}

/* Sets *out to the IPv4 address of a host, in the arena. */
static enum sp_status
resolve(sp_arena *arena, const char *host, const char **out, sp_error *err)
{
    char text[INET_ADDRSTRLEN] = "";
    struct addrinfo *found = NULL;
    const struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
    int failed = getaddrinfo(host, NULL, &hints, &found);
    if (failed != 0)
        return sp_fail(err, SP_IO, "cannot find the host %s: %s", host, gai_strerror(failed));
    const struct sockaddr_in *address = (const struct sockaddr_in *)(const void *)found->ai_addr;
    inet_ntop(AF_INET, &address->sin_addr, text, sizeof text);
    freeaddrinfo(found);
    *out = sp_arena_copy(arena, sp_bytes_of(text)).data;
    return sp_arena_check(arena, err);
}

static enum sp_status
add(sp_remotes *remotes, sp_bytes given, sp_error *err)
{
    sp_bytes host;
    uint16_t port;
    sp_bytes name = sp_arena_copy(remotes->arena, given); /* ends in NUL */
    enum sp_status status = sp_arena_check(remotes->arena, err);
    if (status != SP_OK)
        return status;
    if (!split(name, &host, &port))
        return sp_fail(err, SP_BAD_INPUT,
                       "expected HOST:PORT, a name or an IPv4 address and a port (got '%.200s')",
                       name.data);
    sp_remote remote = {.name = name.data, .port = port};
    sp_bytes host_text = sp_arena_copy(remotes->arena, host);
    sp_remote *items = sp_arena_grow(remotes->arena, remotes->items, &remotes->capacity,
                                     remotes->count + 1, sizeof *items);
    status = sp_arena_check(remotes->arena, err);
    if (status == SP_OK)
        status = resolve(remotes->arena, host_text.data, &remote.host, err);
    if (status != SP_OK)
        return status;
    remotes->items = items;
    items[remotes->count++] = remote;
    return SP_OK;
}

static enum sp_status
add_line(void *context, const sp_file_line *line, sp_error *err)
{
    sp_error cause;
    sp_bytes name = sp_bytes_trim(line->text);
    if (name.len == 0 || name.data[0] == '#')
        return SP_OK;
    enum sp_status status = add(context, name, &cause);
    if (status == SP_OK || status == SP_NO_MEMORY)
        return status;
    unsigned column = (unsigned)(name.data - line->text.data) + 1;
    return sp_fail_at(err, status, line->path, line->number, column, "%s", cause.text);
}

static enum sp_status
add_list(sp_remotes *remotes, const char *path, sp_error *err)
{
    size_t before = remotes->count;
    enum sp_status status =
        sp_lines_read(remotes->arena, path, "the list of remote databases", add_line, remotes, err);
    if (status == SP_OK && remotes->count == before)
        return sp_fail_at(err, SP_BAD_INPUT, path, 0, 0, "no remote database is listed");
    return status;
}

enum sp_status
sp_remotes_read(sp_remotes *remotes, const sp_texts *names, const sp_texts *lists, sp_error *err)
{
    enum sp_status status = SP_OK;
    for (size_t i = 0; status == SP_OK && i < names->count; i++)
        status = add(remotes, sp_bytes_of(names->items[i]), err);
    for (size_t i = 0; status == SP_OK && i < lists->count; i++)
        status = add_list(remotes, lists->items[i], err);
    return status;
}
