// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hosts of URLs that authors write. Private to engine/base; url.h declares what others use.
 */
#ifndef SIGNPOST_ENGINE_BASE_HOST_H
#define SIGNPOST_ENGINE_BASE_HOST_H

#include <signpost/text.h>

/* Whether the text can be a host: not too long, and without characters that would end a host. */
bool sp_host_is_sound(sp_bytes host);

/* Whether the host is the reader's own machine, in any spelling. */
bool sp_host_is_loopback(sp_bytes host);

#endif
