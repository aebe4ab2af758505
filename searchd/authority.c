// SPDX-License-Identifier: GPL-2.0-or-later
#include "authority.h"

#include "address.h"

#include <signpost/ascii.h>
#include <signpost/url.h>

/* Whether text is a reg-name of letters, digits, "-._~" and percent-encoded bytes. */
static bool
is_name(sp_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (sp_ascii_is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~')
            continue;
        if (c != '%' || text.len - i < 3 || sp_ascii_hex_value(text.data[i + 1]) < 0 ||
            sp_ascii_hex_value(text.data[i + 2]) < 0)
            return false;
    }
    return text.len > 0;
}

static bool
is_ipv6(sp_bytes text)
{
    sp_address ignored;
    const char *first = memchr(text.data, ':', text.len);
    size_t rest = first ? text.len - (size_t)(first + 1 - text.data) : 0;
    return first && memchr(first + 1, ':', rest) && sp_address_read(text, &ignored);
}

bool
sp_authority_is_valid(sp_bytes text)
{
    uint32_t port;
    bool bracket = text.len > 0 && text.data[0] == '[';
    const char *end = text.len > 0 ? memchr(text.data, bracket ? ']' : ':', text.len) : NULL;
    size_t host = end ? (size_t)(end - text.data) : text.len;
    if (!bracket)
        return is_name(sp_bytes_slice(text, 0, host)) &&
               (!end || sp_port_read(sp_bytes_slice(text, host + 1, text.len), &port));
    if (!end || !is_ipv6(sp_bytes_slice(text, 1, host)))
        return false;
    sp_bytes rest = sp_bytes_slice(text, host + 1, text.len);
    return rest.len == 0 ||
           (rest.data[0] == ':' && sp_port_read(sp_bytes_slice(rest, 1, rest.len), &port));
}
