// SPDX-License-Identifier: GPL-2.0-or-later
/* The host of a resource, for search. */
#ifndef SIGNPOST_ENGINE_WRITE_HOSTS_H
#define SIGNPOST_ENGINE_WRITE_HOSTS_H

#include "postings.h"

/* The host without its top-level domain: `climateaction.tech` is not about `tech`. */
sp_bytes sp_host_without_top(sp_bytes host);

/* Adds the host and each parent domain that contains a dot, so that `site:fb.com` finds
   research.fb.com. */
void sp_hosts_add(sp_postings *postings, sp_bytes host);

#endif
