// SPDX-License-Identifier: GPL-2.0-or-later
#include "rates.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/random.h>
#include <xxhash.h>

#define SLOTS 16384 /* size of the table of times */
#define SITE_SEED 48

struct sp_rates {
    const sp_searchd_options *options;
    uint64_t key;
    _Atomic uint64_t due[SLOTS]; /* us; when the next request is due at the steady rate */
};

sp_rates *
sp_rates_new(const sp_searchd_options *options)
{
    sp_rates *rates = calloc(1, sizeof *rates);
    if (!rates)
        return NULL;
    rates->options = options;
    if (getrandom(&rates->key, sizeof rates->key, 0) != (ssize_t)sizeof rates->key)
        rates->key = (uint64_t)(uintptr_t)rates;
    return rates;
}

void
sp_rates_free(sp_rates *rates)
{
    free(rates);
}

bool
sp_rates_is_proxy(const sp_rates *rates, const sp_address *address)
{
    for (size_t i = 0; i < rates->options->proxy_count; i++) {
        if (sp_network_has(&rates->options->proxies[i], address))
            return true;
    }
    return false;
}

sp_address
sp_rates_client(const sp_rates *rates, const sp_address *peer, sp_bytes forwarded)
{
    sp_address client = *peer;
    while (forwarded.len > 0 && sp_rates_is_proxy(rates, &client)) {
        sp_bytes last = sp_bytes_after_last(forwarded, ',');
        forwarded.len -= last.len < forwarded.len ? last.len + 1 : last.len;
        if (!sp_address_read(sp_bytes_trim(last), &client))
            break; /* no valid address: all clients of this proxy share a limit */
    }
    return client;
}

/* Counts a request of a network, which may send `burst` requests at once and then one every
   `interval` microseconds. `seed` distinguishes networks of different sizes with the same first
   address. Returns the microseconds that are missing; 0: the request is within the limit. */
static uint64_t
count_network(sp_rates *rates, const sp_address *network, uint64_t seed, uint64_t interval,
              uint64_t burst, uint64_t now)
{
    uint64_t tolerance = interval * (burst - 1);
    uint64_t hash = XXH64(network->bytes, sizeof network->bytes, rates->key ^ seed);
    _Atomic uint64_t *slot = &rates->due[(hash ^ network->family) % SLOTS];
    uint64_t due = atomic_load_explicit(slot, memory_order_relaxed), next;
    do {
        next = (due > now ? due : now) + interval;
        if (due > now && due - now > tolerance)
            return due - now - tolerance;
    } while (!atomic_compare_exchange_weak_explicit(slot, &due, next, memory_order_relaxed,
                                                    memory_order_relaxed));
    return 0;
}

uint32_t
sp_rates_count(sp_rates *rates, const sp_address *client, uint64_t now)
{
    const sp_searchd_options *options = rates->options;
    if (options->rate == 0 || (!options->rate_local && sp_address_is_local(client)))
        return 0;
    sp_address key = sp_address_limit_key(client), site = sp_address_site_key(client);
    uint64_t interval = 1000000 / options->rate;
    uint64_t missing = count_network(rates, &key, 0, interval, options->burst, now);
    if (missing == 0 && client->family == SP_ADDRESS_IPV6)
        missing = count_network(rates, &site, SITE_SEED, 1000000 / (options->rate * SP_SITE_SHARE),
                                (uint64_t)options->burst * SP_SITE_SHARE, now);
    return missing == 0 ? 0 : (uint32_t)(missing / 1000000) + 1;
}
