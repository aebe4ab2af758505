// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_private.h"

/* Why the file was left out, or NULL if it was not or was not read. */
static const char *
reason_of(const sp_file *file, bool full)
{
    if (file->outcome == SP_OVERWRITTEN && (full || file->changed))
        return "not indexed: another page has the same URL";
    if (file->outcome == SP_LEFT_OUT && file->verdict != SP_PAGE_PUBLISHED)
        return sp_site_page_verdict_text(file->verdict);
    return NULL;
}

enum sp_status
sp_run_list_left_out(const sp_files *files, bool full, sp_arena *arena, sp_left_out **out,
                     size_t *count, sp_error *err)
{
    size_t capacity = 0;
    for (size_t i = 0; i < files->count; i++) {
        const sp_file *file = &files->items[i];
        SP_AUTO(sp_str_done) sp_str path = {0};
        const char *reason = reason_of(file, full);
        if (!reason)
            continue;
        *out = sp_arena_grow(arena, *out, &capacity, *count + 1, sizeof **out);
        if (!*out)
            break;
        sp_files_append_shown(files, file->site, file->source->path, &path);
        (*out)[(*count)++] =
            (sp_left_out){.path = sp_arena_copy_str(arena, &path), .reason = reason};
    }
    return sp_arena_check(arena, err);
}
