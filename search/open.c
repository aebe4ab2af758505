// SPDX-License-Identifier: GPL-2.0-or-later
#include "open.h"

enum sp_status
sp_search_open(const sp_search_options *options, sp_reader **out, sp_error *err)
{
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    sp_remotes remotes = {.arena = &arena};
    enum sp_status status = sp_remotes_read(&remotes, &options->sources, err);
    if (status != SP_OK)
        return status;
    const sp_databases databases = {.paths = options->sources.indexes.items,
                                    .count = options->sources.indexes.count,
                                    .remotes = remotes.items,
                                    .remote_count = remotes.count,
                                    .timeout_us = SP_REMOTE_TIMEOUT_US};
    return sp_reader_open_databases(&databases, out, err);
}
