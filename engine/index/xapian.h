// SPDX-License-Identifier: GPL-2.0-or-later
/* Converts between the engine's types and those of the binding (xapian-c.h). For any thread. */
#ifndef SIGNPOST_ENGINE_INDEX_XAPIAN_H
#define SIGNPOST_ENGINE_INDEX_XAPIAN_H

#include <signpost/text.h>

#include <xapian-c.h>

static inline xc_bytes
to_xc(sp_bytes bytes)
{
    return (xc_bytes){bytes.data, bytes.len};
}

static inline sp_bytes
from_xc(xc_bytes bytes)
{
    return (sp_bytes){bytes.data, bytes.len};
}

static inline xc_bytes
str_to_xc(const sp_str *str)
{
    return to_xc(sp_str_bytes(str));
}

/* Fails with the engine's status that corresponds to the binding's, and with the text of the cause.
   path: that of the index, which is left out if the text begins with it; or NULL. */
enum sp_status sp_fail_xapian(sp_error *err, xc_status status, const xc_error *cause,
                              const char *path);

#endif
