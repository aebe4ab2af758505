// SPDX-License-Identifier: GPL-2.0-or-later
#include "origin.h"

#include <signpost/ascii.h>
#include <signpost/url.h>

#include <arpa/inet.h>
#include <stdio.h>

static bool
consists_of(sp_bytes text, const char *others)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (!sp_ascii_is_lower(c) && !sp_ascii_is_digit(c) && (c == '\0' || !strchr(others, c)))
            return false;
    }
    return text.len > 0;
}

/* Pages of files have no origin that could be named. */
static bool
is_scheme(sp_bytes scheme)
{
    return consists_of(scheme, "+-.") && sp_ascii_is_lower(scheme.data[0]) &&
           !sp_bytes_equal(scheme, SP_LITERAL("file"));
}

/* Whether the text is an address in the form in which `family` prints it. */
static bool
is_printed_address(int family, sp_bytes text)
{
    char copy[INET6_ADDRSTRLEN], printed[INET6_ADDRSTRLEN];
    unsigned char address[sizeof(struct in6_addr)];
    if (text.len >= sizeof copy)
        return false;
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    return inet_pton(family, copy, address) == 1 &&
           inet_ntop(family, address, printed, sizeof printed) && strcmp(copy, printed) == 0;
}

static bool
ends_in_number(sp_bytes host)
{
    if (host.len > 0 && host.data[host.len - 1] == '.')
        host.len--;
    sp_bytes last = sp_bytes_after_last(host, '.');
    for (size_t i = 0; i < last.len; i++) {
        if (!sp_ascii_is_digit(last.data[i]))
            return sp_bytes_starts_with(last, SP_LITERAL("0x"));
    }
    return last.len > 0;
}

/* A host whose last label is a number is an IPv4 address to browsers. */
static bool
is_host(sp_bytes host)
{
    if (host.len > 2 && host.data[0] == '[' && host.data[host.len - 1] == ']')
        return is_printed_address(AF_INET6, sp_bytes_slice(host, 1, host.len - 1));
    if (!consists_of(host, "-._") || host.data[0] == '.' ||
        sp_bytes_find(host, SP_LITERAL(".."), 0) != SIZE_MAX)
        return false;
    return !ends_in_number(host) || is_printed_address(AF_INET, host);
}

static bool
is_port(sp_bytes port, sp_bytes scheme)
{
    static const struct {
        const char *scheme, *port;
    } defaults[] = {{"http", "80"}, {"https", "443"}, {"ws", "80"}, {"wss", "443"}, {"ftp", "21"}};
    uint32_t number;
    if (port.len == 0 || (port.data[0] == '0' && port.len > 1) || !sp_port_read(port, &number))
        return false;
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++) {
        if (sp_bytes_equal(scheme, sp_bytes_of(defaults[i].scheme)) &&
            sp_bytes_equal(port, sp_bytes_of(defaults[i].port)))
            return false;
    }
    return true;
}

bool
sp_origin_can_match(sp_bytes origin)
{
    size_t mark = sp_bytes_find(origin, SP_LITERAL("://"), 0);
    if (mark == SIZE_MAX)
        return false;
    sp_bytes scheme = sp_bytes_slice(origin, 0, mark);
    sp_bytes host = sp_bytes_slice(origin, mark + 3, origin.len);
    sp_bytes port = sp_bytes_after_last(host, ':');
    bool has_port = port.len < host.len && !memchr(port.data, ']', port.len);
    if (has_port)
        host.len -= port.len + 1;
    return is_scheme(scheme) && is_host(host) && (!has_port || is_port(port, scheme));
}
