// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/post.h>

#include "engine/base/bound.h"

static bool
begins_at_or_before(const void *items, size_t index, const void *key)
{
    return ((const sp_line *)items)[index].offset <= *(const uint32_t *)key;
}

uint32_t
sp_line_at(const sp_line *lines, size_t count, uint32_t offset)
{
    size_t after = sp_lower_bound(lines, count, begins_at_or_before, &offset);
    return after > 0 ? lines[after - 1].line : 0;
}
