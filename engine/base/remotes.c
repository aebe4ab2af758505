// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/remotes.h>

#include "lines.h"

#include <signpost/ascii.h>
#include <signpost/url.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define HOST_MAX 253 /* bytes of a host name (RFC 1035) */

static bool
is_host(sp_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (!sp_ascii_is_alphanumeric(c) && c != '-' && c != '.' && c != '_')
            return false;
    }
    return text.len > 0 && text.len <= HOST_MAX;
}

static bool
split(sp_bytes name, sp_bytes *host, uint16_t *port)
{
    uint32_t number;
    sp_bytes digits = sp_bytes_after_last(name, ':');
    if (digits.len == name.len || !sp_port_read(digits, &number) || number == 0)
        return false;
    *host = sp_bytes_slice(name, 0, name.len - digits.len - 1);
    *port = (uint16_t)number;
    return is_host(*host);
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

/* failed: what getaddrinfo returned; EAI_SYSTEM leaves the reason in errno. */
static enum sp_status
fail(const char *host, int failed, sp_error *err)
{
    int reason = failed == EAI_MEMORY ? ENOMEM : failed == EAI_SYSTEM ? errno : 0;
    if (reason == ENOMEM)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    return sp_fail(err, SP_IO, "cannot find the host %s: %s", host,
                   reason != 0 ? strerror(reason) : gai_strerror(failed));
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
        return fail(host, failed, err);
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

void
sp_sources_settle(sp_sources *sources)
{
    if (!sources->indexes_given && sp_sources_connect(sources))
        sources->indexes.count = 0;
}

bool
sp_sources_connect(const sp_sources *sources)
{
    return sources->remotes.count > 0 || sources->remote_lists.count > 0;
}

enum sp_status
sp_remotes_read(sp_remotes *remotes, const sp_sources *sources, sp_error *err)
{
    const sp_texts *names = &sources->remotes, *lists = &sources->remote_lists;
    enum sp_status status = SP_OK;
    for (size_t i = 0; status == SP_OK && i < names->count; i++)
        status = add(remotes, sp_bytes_of(names->items[i]), err);
    for (size_t i = 0; status == SP_OK && i < lists->count; i++)
        status = add_list(remotes, lists->items[i], err);
    return status;
}
