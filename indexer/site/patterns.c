// SPDX-License-Identifier: GPL-2.0-or-later
#include "patterns.h"

#include "glob.h"

void
sp_patterns_done(sp_patterns *patterns)
{
    sp_prefixes_done(&patterns->texts);
    sp_prefixes_done(&patterns->globs);
}

bool
sp_patterns_add(sp_patterns *patterns, sp_arena *arena, sp_bytes pattern)
{
    uint32_t item = (uint32_t)patterns->count;
    sp_bytes literal = sp_glob_literal(pattern);
    sp_bytes *items = sp_arena_grow(arena, patterns->items, &patterns->capacity,
                                    patterns->count + 1, sizeof *items);
    if (!items || !sp_prefixes_add(&patterns->texts, pattern, item))
        return false;
    patterns->items = items;
    items[patterns->count++] = pattern;
    if (literal.len == pattern.len)
        return true;
    patterns->glob_count++;
    return sp_prefixes_add(&patterns->globs, literal, item);
}

bool
sp_patterns_have(const sp_patterns *patterns, sp_bytes pattern)
{
    return sp_prefixes_has(&patterns->texts, pattern);
}

bool
sp_patterns_match(const sp_patterns *patterns, sp_bytes slashed, bool folder, uint64_t *steps)
{
    uint32_t item;
    sp_bytes path = sp_bytes_slice(slashed, 0, slashed.len - 1);
    sp_prefix_walk walk = {.text = path};
    if (sp_prefixes_next(&patterns->texts, &walk, &item) ||
        (folder && sp_prefixes_has(&patterns->texts, slashed)))
        return true;
    for (walk = (sp_prefix_walk){.text = path}; sp_prefixes_next(&patterns->globs, &walk, &item);) {
        if (sp_glob_take(steps, 1) && sp_glob_match(patterns->items[item], path, steps))
            return true;
    }
    return false;
}
