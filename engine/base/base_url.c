// SPDX-License-Identifier: GPL-2.0-or-later
#include "host.h"

#include <signpost/ascii.h>
#include <signpost/printable.h>
#include <signpost/url.h>

#include <arpa/inet.h>

/* The text after "http://" or "https://"; empty for any other text. */
static sp_bytes
after_scheme(sp_bytes text)
{
    static const sp_bytes schemes[] = {{"http://", 7}, {"https://", 8}};
    for (size_t i = 0; i < 2; i++) {
        size_t len = schemes[i].len;
        if (text.len > len && sp_bytes_equal_ascii_case(sp_bytes_slice(text, 0, len), schemes[i]))
            return sp_bytes_slice(text, len, text.len);
    }
    return (sp_bytes){0};
}

static bool
is_ipv6(sp_bytes host)
{
    char text[INET6_ADDRSTRLEN];
    struct in6_addr address;
    if (host.len < 2 || host.data[0] != '[' || host.data[host.len - 1] != ']' ||
        host.len - 2 >= sizeof text)
        return false;
    memcpy(text, host.data + 1, host.len - 2);
    text[host.len - 2] = '\0';
    return inet_pton(AF_INET6, text, &address) == 1;
}

/* Whether the text is a host, with a port or without one. */
static bool
is_authority(sp_bytes text)
{
    sp_bytes port = sp_bytes_after_last(text, ':');
    uint32_t number;
    if (port.len < text.len && !memchr(port.data, ']', port.len)) {
        text.len -= port.len + 1;
        if (port.len == 0 || !sp_port_read(port, &number))
            return false;
    }
    if (text.len > 0 && text.data[0] == '[')
        return is_ipv6(text);
    return sp_host_is_sound(text) && !memchr(text.data, '%', text.len) &&
           sp_bytes_find(text, SP_LITERAL(".."), 0) == SIZE_MAX;
}

static bool
is_path(sp_bytes text)
{
    if (sp_utf8_invalid(text) != SIZE_MAX)
        return false;
    for (size_t at = 0; at < text.len;) {
        uint32_t code;
        at += sp_utf8_decode(text, at, &code);
        if (code <= ' ' || sp_printable(code) != code ||
            (code < 0x80 && strchr("?#\"<>\\^`{|}", (int)code)))
            return false;
    }
    return true;
}

bool
sp_base_url_read(sp_bytes text, sp_bytes *out)
{
    sp_bytes rest = after_scheme(text);
    size_t end = sp_bytes_until(rest, "/");
    if (rest.len == 0 || !is_authority(sp_bytes_slice(rest, 0, end)) ||
        !is_path(sp_bytes_slice(rest, end, rest.len)))
        return false;
    while (text.data[text.len - 1] == '/')
        text.len--;
    *out = text;
    return true;
}
