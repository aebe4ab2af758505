// SPDX-License-Identifier: GPL-2.0-or-later
#include "address.h"

#include <signpost/ascii.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>

#define IPV4_OFFSET 12 /* offset of the IPv4 address in an IPv4-mapped IPv6 address */

static void
set_ipv4(sp_address *out, const void *bytes)
{
    *out = (sp_address){.family = SP_ADDRESS_IPV4, .bytes = {[10] = 0xff, [11] = 0xff}};
    memcpy(out->bytes + IPV4_OFFSET, bytes, 4);
}

static void
set_ipv6(sp_address *out, const void *bytes)
{
    if (IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)bytes)) {
        set_ipv4(out, (const uint8_t *)bytes + IPV4_OFFSET);
        return;
    }
    *out = (sp_address){.family = SP_ADDRESS_IPV6};
    memcpy(out->bytes, bytes, sizeof out->bytes);
}

sp_address
sp_address_of(const struct sockaddr *from)
{
    sp_address address = {.family = SP_ADDRESS_UNIX};
    if (from->sa_family == AF_INET)
        set_ipv4(&address, &((const struct sockaddr_in *)(const void *)from)->sin_addr);
    else if (from->sa_family == AF_INET6)
        set_ipv6(&address, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr);
    return address;
}

/* Strips the port and brackets of "1.2.3.4:80", "[::1]" and "[::1]:80". Text with several colons is
   an IPv6 address without a port. */
static sp_bytes
without_port(sp_bytes text)
{
    const char *first = memchr(text.data, ':', text.len);
    if (text.len > 0 && text.data[0] == '[') {
        const char *end = memchr(text.data, ']', text.len);
        return end ? (sp_bytes){text.data + 1, (size_t)(end - text.data) - 1} : text;
    }
    if (first && !memchr(first + 1, ':', text.len - (size_t)(first + 1 - text.data)))
        return (sp_bytes){text.data, (size_t)(first - text.data)};
    return text;
}

bool
sp_address_read(sp_bytes text, sp_address *out)
{
    char copy[INET6_ADDRSTRLEN];
    struct in_addr ipv4;
    struct in6_addr ipv6;
    if (text.len == 0)
        return false;
    text = without_port(text);
    if (text.len == 0 || text.len >= sizeof copy || memchr(text.data, '\0', text.len))
        return false;
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    if (inet_pton(AF_INET, copy, &ipv4) == 1)
        set_ipv4(out, &ipv4);
    else if (inet_pton(AF_INET6, copy, &ipv6) == 1)
        set_ipv6(out, &ipv6);
    else
        return false;
    return true;
}

void
sp_address_print(const sp_address *address, char out[SP_ADDRESS_TEXT_MAX])
{
    if (address->family == SP_ADDRESS_IPV4)
        inet_ntop(AF_INET, address->bytes + IPV4_OFFSET, out, SP_ADDRESS_TEXT_MAX);
    else if (address->family == SP_ADDRESS_IPV6)
        inet_ntop(AF_INET6, address->bytes, out, SP_ADDRESS_TEXT_MAX);
    else
        snprintf(out, SP_ADDRESS_TEXT_MAX, "unix:");
}

bool
sp_address_is_local(const sp_address *address)
{
    if (address->family == SP_ADDRESS_IPV4)
        return address->bytes[IPV4_OFFSET] == 127;
    if (address->family == SP_ADDRESS_IPV6)
        return IN6_IS_ADDR_LOOPBACK((const struct in6_addr *)(const void *)address->bytes);
    return true;
}

/* Reduces an IPv6 address to its first `bytes` bytes. */
static sp_address
reduce(const sp_address *address, size_t bytes)
{
    sp_address key = *address;
    if (key.family == SP_ADDRESS_IPV6)
        memset(key.bytes + bytes, 0, sizeof key.bytes - bytes);
    return key;
}

sp_address
sp_address_limit_key(const sp_address *address)
{
    return reduce(address, 8);
}

sp_address
sp_address_site_key(const sp_address *address)
{
    return reduce(address, 6);
}

bool
sp_address_equal(const sp_address *a, const sp_address *b)
{
    return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static bool
read_bits(sp_bytes text, unsigned max, unsigned *out)
{
    unsigned bits = 0;
    if (text.len == 0 || text.len > 3)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (!sp_ascii_is_digit(text.data[i]))
            return false;
        bits = bits * 10 + (unsigned)(text.data[i] - '0');
    }
    *out = bits;
    return bits <= max;
}

bool
sp_network_read(sp_bytes text, sp_network *out)
{
    sp_network network = {.bits = 128};
    sp_bytes bits = sp_bytes_after_last(text, '/');
    if (sp_bytes_equal(text, SP_LITERAL("unix"))) {
        *out = network;
        return true;
    }
    if (bits.len < text.len) {
        text.len -= bits.len + 1;
        if (!sp_address_read(text, &network.address))
            return false;
        unsigned mapped = network.address.family == SP_ADDRESS_IPV4 ? 96 : 0;
        if (!read_bits(bits, 128 - mapped, &network.bits))
            return false;
        network.bits += mapped;
    } else if (!sp_address_read(text, &network.address)) {
        return false;
    }
    *out = network;
    return true;
}

bool
sp_network_has(const sp_network *network, const sp_address *address)
{
    unsigned bytes = network->bits / 8, rest = network->bits % 8;
    if (network->address.family != address->family ||
        memcmp(network->address.bytes, address->bytes, bytes) != 0)
        return false;
    unsigned differ =
        rest == 0 ? 0U : network->address.bytes[bytes] ^ (unsigned)address->bytes[bytes];
    return differ >> (8 - rest) == 0;
}
