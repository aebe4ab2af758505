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

/* Whether every subtag has one to eight ASCII letters or digits. */
static bool
is_well_formed(sp_bytes tag)
{
    size_t length = 0;
    for (size_t i = 0; i < tag.len; i++) {
        bool gap = tag.data[i] == '-' || tag.data[i] == '_';
        if (gap ? length == 0 : !sp_ascii_is_alphanumeric(tag.data[i]) || length == 8)
            return false;
        length = gap ? 0 : length + 1;
    }
    return length > 0 && tag.len <= SP_LANGUAGE_TAG_MAX;
}

void
sp_language_append_tag(sp_str *out, sp_bytes tag)
{
    char primary[SP_LANGUAGE_MAX + 1];
    if (sp_language_read(tag, primary) == 0)
        return;
    if (!is_well_formed(tag))
        tag = sp_language_primary(tag);
    for (size_t i = 0; i < tag.len; i++)
        sp_str_append_char(out, tag.data[i] == '_' ? '-' : tag.data[i]);
}

void
sp_language_append_folded(sp_str *out, sp_bytes tag)
{
    for (size_t i = 0; i < tag.len; i++)
        sp_str_append_char(out, tag.data[i] == '_' ? '-' : sp_ascii_lower(tag.data[i]));
}

bool
sp_language_equal(sp_bytes a, sp_bytes b)
{
    size_t same = 0;
    a = sp_language_primary(a);
    b = sp_language_primary(b);
    while (same < a.len && same < b.len &&
           sp_ascii_lower(a.data[same]) == sp_ascii_lower(b.data[same]))
        same++;
    return same == a.len && same == b.len;
}
