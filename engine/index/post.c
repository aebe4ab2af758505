// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/post.h>

uint32_t
sp_line_at(const sp_line *lines, size_t count, uint32_t offset)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (lines[middle].offset <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? lines[low - 1].line : 0;
}
