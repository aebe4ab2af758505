// SPDX-License-Identifier: GPL-2.0-or-later
#include "summary.h"

static const char *
plural(size_t count)
{
    return count == 1 ? "" : "s";
}

/* Appends "(2 added, 1 removed)", or nothing. */
static void
append_changes(const sp_run_counts *counts, sp_str *out)
{
    const struct {
        size_t count;
        const char *what;
    } changes[] = {
        {counts->added, "added"}, {counts->updated, "updated"}, {counts->removed, "removed"}};
    const char *before = " (";
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        if (changes[i].count == 0)
            continue;
        sp_str_append_format(out, "%s%zu %s", before, changes[i].count, changes[i].what);
        before = ", ";
    }
    if (before[0] == ',')
        sp_str_append_char(out, ')');
}

static void
append_counts(const sp_run_counts *counts, const char *what, sp_str *out)
{
    sp_str_append_format(out, "%zu %s%s", counts->total, what, plural(counts->total));
    append_changes(counts, out);
}

static void
append_failed(const sp_run_report *report, sp_str *out)
{
    size_t failed = report->error_count - report->synonym_error_count, kept = 0;
    if (report->synonym_error_count > 0)
        sp_str_append_format(out, "; %zu mistake%s in the synonyms", report->synonym_error_count,
                             plural(report->synonym_error_count));
    for (size_t i = 0; i < report->error_count; i++)
        kept += report->errors[i].kept;
    if (failed > 0)
        sp_str_append_format(out, "; %zu file%s could not be indexed", failed, plural(failed));
    if (kept == 0)
        return;
    if (kept < failed)
        sp_str_append_format(out,
                             kept == 1
                                 ? "; the last good version of %zu of them stays in the index"
                                 : "; the last good versions of %zu of them stay in the index",
                             kept);
    else
        sp_str_append_text(out, kept == 1 ? "; its last good version stays in the index"
                                          : "; their last good versions stay in the index");
}

void
sp_summary_append(const sp_run_report *report, bool dry_run, sp_str *out)
{
    if (report->published || report->changed)
        sp_str_append_text(out, dry_run ? "would index " : "indexed ");
    else
        sp_str_append_text(out, dry_run ? "nothing would change: " : "nothing changed: ");
    append_counts(&report->posts, "post", out);
    sp_str_append_text(out, ", ");
    append_counts(&report->resources, "resource", out);
    sp_str_append_format(out, " in %.2f s", report->seconds);
    append_failed(report, out);
    sp_str_append_char(out, '\n');
}

void
sp_summary_append_details(const sp_run_report *report, sp_str *out)
{
    sp_str_append_format(out, "%zu file%s read, %llu bytes; revision ", report->files,
                         plural(report->files), (unsigned long long)report->bytes);
    sp_str_append(out, report->revision);
    sp_str_append_format(out, ", %s\n", report->published ? "published" : "nothing to publish");
}
