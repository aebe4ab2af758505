// SPDX-License-Identifier: GPL-2.0-or-later
/* What an index says of itself, into its metadata. */
#ifndef SIGNPOST_ENGINE_INDEX_SETTINGS_H
#define SIGNPOST_ENGINE_INDEX_SETTINGS_H

#include <signpost/index_settings.h>

#include <xapian-c.h>

/* Without a commit. */
xc_status sp_settings_write(xc_writer *writer, const sp_index_settings *settings, xc_error *cause);

#endif
