// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses of clients from text. */
#ifndef SIGNPOST_TESTS_UNIT_CLIENT_ADDRESS_H
#define SIGNPOST_TESTS_UNIT_CLIENT_ADDRESS_H

#include "harness.h"

#include "searchd/address.h"

static inline sp_address
address(const char *text)
{
    sp_address read;
    if (!sp_address_read(sp_bytes_of(text), &read))
        fail_msg("no address: %s", text);
    return read;
}

#endif
