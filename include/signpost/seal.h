// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A sealed text ends in its own checksum (XXH64), so that a reader notices damage and missing ends.
 * For any thread.
 */
#ifndef SIGNPOST_SEAL_H
#define SIGNPOST_SEAL_H

#include <signpost/text.h>

/* Appends the checksum of the text to it. */
void sp_seal_append(sp_str *text);

/* Whether the checksum at the end of *text is right. Removes the checksum from *text if so. */
bool sp_seal_remove(sp_bytes *text);

#endif
