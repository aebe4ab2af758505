// SPDX-License-Identifier: GPL-2.0-or-later
#include "hosts.h"

#include <signpost/schema.h>

sp_bytes
sp_host_without_top(sp_bytes host)
{
    size_t end = host.len;
    while (end > 0 && host.data[end - 1] != '.')
        end--;
    return sp_bytes_slice(host, 0, end > 0 ? end - 1 : host.len);
}

void
sp_hosts_add(sp_postings *postings, sp_bytes host)
{
    while (sp_bytes_find(host, SP_LITERAL("."), 0) != SIZE_MAX) {
        sp_postings_add_boolean(postings, SP_PREFIX_HOST, host);
        size_t dot = sp_bytes_find(host, SP_LITERAL("."), 0);
        host = sp_bytes_slice(host, dot + 1, host.len);
    }
}
