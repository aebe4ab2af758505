// SPDX-License-Identifier: GPL-2.0-or-later
#include "language.h"

#include <signpost/ascii.h>

sp_bytes
sp_language_primary(sp_bytes tag)
{
    size_t end = 0;
    while (end < tag.len && tag.data[end] != '-' && tag.data[end] != '_')
        end++;
    return sp_bytes_slice(tag, 0, end);
}

size_t
sp_language_read(sp_bytes tag, char out[SP_LANGUAGE_MAX + 1])
{
    sp_bytes primary = sp_language_primary(tag);
    bool valid = primary.len <= SP_LANGUAGE_MAX;
    for (size_t i = 0; valid && i < primary.len; i++) {
        out[i] = sp_ascii_lower(primary.data[i]);
        valid = sp_ascii_is_letter(primary.data[i]);
    }
    size_t len = valid ? primary.len : 0;
    out[len] = '\0';
    return len;
}
