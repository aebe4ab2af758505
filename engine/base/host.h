// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hosts of URLs that authors write. Private to engine/base; url.h declares what others use.
 */
#ifndef SIGNPOST_ENGINE_BASE_HOST_H
#define SIGNPOST_ENGINE_BASE_HOST_H

#include <signpost/text.h>

/* Whether the text can be a host: not too long, and without characters that would end a host
   or that a terminal obeys. */
bool sp_host_is_sound(sp_bytes host);

/* Whether the host is the reader's own machine: localhost, or an address of 127.0.0.0/8, 0.0.0.0,
   ::1 or :: in any spelling that browsers accept. */
bool sp_host_is_loopback(sp_bytes host);

#endif
