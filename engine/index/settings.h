// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes index settings to the metadata of the index. */
#ifndef SIGNPOST_ENGINE_INDEX_SETTINGS_H
#define SIGNPOST_ENGINE_INDEX_SETTINGS_H

#include <signpost/index_settings.h>

#include <xapian-c.h>

/* Sets the metadata; the caller commits. */
xc_status sp_settings_write(xc_writer *writer, const sp_index_settings *settings, xc_error *cause);

#endif
