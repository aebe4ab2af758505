// SPDX-License-Identifier: GPL-2.0-or-later
#include "site_checks_private.h"

static void
warn(sp_site_checks *checks, uint32_t index)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    const sp_files *files = checks->input->files;
    const sp_file *file = &files->items[index], *winner = &files->items[file->winner];
    sp_str_append_text(&text, "not indexed: the URL ");
    sp_quote(&text, sp_first_url(winner->urls));
    sp_str_append_text(&text, " belongs to ");
    sp_files_append_shown(files, winner->site, winner->source->path, &text);
    sp_site_checks_warn(checks, SP_SAME_URL, (sp_file_place){index, 1, 1}, &text);
}

enum sp_status
sp_check_urls(sp_site_checks *checks, sp_error *err)
{
    const sp_files *files = checks->input->files;
    for (uint32_t i = 0; i < files->count; i++) {
        if (files->items[i].outcome == SP_OVERWRITTEN && sp_site_checks_was_read(checks, i))
            warn(checks, i);
    }
    return sp_arena_check(&checks->arena, err);
}
