// SPDX-License-Identifier: GPL-2.0-or-later
/* Opening what the command line names: indexes and remote databases, as one. For one thread. */
#ifndef SIGNPOST_SEARCH_OPEN_H
#define SIGNPOST_SEARCH_OPEN_H

#include "options.h"

#include <signpost/reader.h>

/* Microseconds that opening and one query may wait for remote databases. */
#define SP_REMOTE_TIMEOUT_US 10000000

/* The caller closes *out. Fails like sp_reader_open_databases and sp_remotes_read. */
enum sp_status sp_search_open(const sp_search_options *options, sp_reader **out,
                              sp_error *err) SP_MUST_CHECK;

#endif
