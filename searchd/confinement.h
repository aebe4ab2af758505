// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the daemon may do once its sockets and logs are open: read the indexes, append to its logs,
 * and nothing else. Called by the main thread before other threads start.
 *
 * An index may be replaced by turning a link. Therefore the daemon may read below the folder that
 * contains the index or a link in its path, and below the folder that contains the target of the
 * link. Logs may be moved and made again: the daemon may create and write files below the folders
 * of its logs, but not read or truncate them.
 */
#ifndef SIGNPOST_SEARCHD_CONFINEMENT_H
#define SIGNPOST_SEARCHD_CONFINEMENT_H

#include "listen.h"
#include "options.h"

/* Restricts the process. Prints one line to standard error for each of Landlock and seccomp that
   the kernel supports only partly or not at all. */
enum sp_status sp_searchd_confine(const sp_searchd_options *options, const sp_listeners *listeners,
                                  sp_error *err) SP_MUST_CHECK;

#endif
