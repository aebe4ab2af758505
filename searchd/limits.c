// SPDX-License-Identifier: GPL-2.0-or-later
#include "limits.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/random.h>
#include <xxhash.h>

#define SLOTS 16384 /* size of the table of times */

struct sp_limits {
    const sp_searchd_options *options;
    uint64_t key;
    _Atomic uint64_t due[SLOTS]; /* us; when the next request is due at the steady rate */
};

sp_limits *
sp_limits_new(const sp_searchd_options *options)
{
    sp_limits *limits = calloc(1, sizeof *limits);
    if (!limits)
        return NULL;
    limits->options = options;
    if (getrandom(&limits->key, sizeof limits->key, 0) != (ssize_t)sizeof limits->key)
        limits->key = (uint64_t)(uintptr_t)limits;
    return limits;
}

void
sp_limits_free(sp_limits *limits)
{
    free(limits);
}

bool
sp_limits_is_proxy(const sp_limits *limits, const sp_address *address)
{
    for (size_t i = 0; i < limits->options->proxy_count; i++) {
        if (sp_network_has(&limits->options->proxies[i], address))
            return true;
    }
    return false;
}

sp_address
sp_limits_client(const sp_limits *limits, const sp_address *peer, sp_bytes forwarded)
{
    sp_address client = *peer;
    while (forwarded.len > 0 && sp_limits_is_proxy(limits, &client)) {
        sp_bytes last = sp_bytes_after_last(forwarded, ',');
        forwarded.len -= last.len < forwarded.len ? last.len + 1 : last.len;
        if (!sp_address_read(sp_bytes_trim(last), &client))
            break; /* no valid address: all clients of this proxy share a limit */
    }
    return client;
}

uint32_t
sp_limits_count(sp_limits *limits, const sp_address *client, uint64_t now)
{
    const sp_searchd_options *options = limits->options;
    if (options->rate == 0 || (!options->rate_local && sp_address_is_local(client)))
        return 0;
    sp_address key = sp_address_limit_key(client);
    uint64_t interval = 1000000 / options->rate, tolerance = interval * (options->burst - 1);
    uint64_t hash = XXH64(key.bytes, sizeof key.bytes, limits->key);
    _Atomic uint64_t *slot = &limits->due[(hash ^ key.family) % SLOTS];
    uint64_t due = atomic_load_explicit(slot, memory_order_relaxed), next;
    do {
        next = (due > now ? due : now) + interval;
        if (due > now && due - now > tolerance)
            return (uint32_t)((due - now - tolerance) / 1000000) + 1;
    } while (!atomic_compare_exchange_weak_explicit(slot, &due, next, memory_order_relaxed,
                                                    memory_order_relaxed));
    return 0;
}
