// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/memory.h>

static _Thread_local size_t failures;

size_t
sp_memory_failures(void)
{
    return failures;
}

void
sp_memory_failed(void)
{
    failures++;
}

enum sp_status
sp_memory_check(size_t before, sp_error *err)
{
    return failures == before ? SP_OK : sp_fail(err, SP_NO_MEMORY, "out of memory");
}
