// SPDX-License-Identifier: GPL-2.0-or-later
#include "report.h"

#include <signpost/json.h>

void
sp_run_report_done(sp_run_report *report)
{
    sp_arena_done(&report->arena);
    *report = (sp_run_report){0};
}

static void
put_errors(const sp_run_report *report, sp_str *out)
{
    sp_json_open_array(out, "errors");
    for (size_t i = 0; i < report->error_count; i++) {
        const sp_run_error *error = &report->errors[i];
        sp_json_open_object(out, NULL);
        sp_json_text(out, "path", error->path);
        sp_json_uint(out, "line", error->line);
        sp_json_uint(out, "column", error->column);
        sp_json_text(out, "message", error->text);
        sp_json_close_object(out);
    }
    sp_json_close_array(out);
}

static void
put_counts(const sp_run_report *report, sp_str *out)
{
    const sp_run_counts *posts = &report->posts, *resources = &report->resources;
    sp_json_open_object(out, "posts");
    sp_json_uint(out, "added", posts->added);
    sp_json_uint(out, "updated", posts->updated);
    sp_json_uint(out, "unchanged", posts->unchanged);
    sp_json_uint(out, "removed", posts->removed);
    sp_json_uint(out, "failed", posts->failed);
    sp_json_close_object(out);
    sp_json_open_object(out, "resources");
    sp_json_uint(out, "added", resources->added);
    sp_json_uint(out, "updated", resources->updated);
    sp_json_uint(out, "removed", resources->removed);
    sp_json_uint(out, "total", resources->total);
    sp_json_close_object(out);
}

static void
put_acronyms(const sp_run_report *report, sp_str *out)
{
    sp_json_open_array(out, "acronyms");
    for (size_t i = 0; i < report->acronym_count; i++) {
        sp_json_open_object(out, NULL);
        sp_json_text(out, "acronym", report->acronyms[i].acronym);
        sp_json_text(out, "words", report->acronyms[i].words);
        sp_json_uint(out, "posts", report->acronyms[i].posts);
        sp_json_close_object(out);
    }
    sp_json_close_array(out);
}

void
sp_run_report_print_json(const sp_run_report *report, sp_str *out)
{
    sp_json_open_object(out, NULL);
    sp_json_text_or_null(out, "revision", report->revision);
    put_counts(report, out);
    sp_json_uint(out, "files", report->files);
    sp_json_uint(out, "bytes", report->bytes);
    sp_json_fixed(out, "seconds", report->seconds, 3);
    put_errors(report, out);
    sp_json_key(out, "warnings");
    sp_warnings_print_json(report->warnings, report->warning_count, out);
    if (!report->previews)
        put_acronyms(report, out);
    if (report->previews) {
        sp_json_key(out, "changes");
        sp_run_changes_print_json(report->changes, report->change_count, out);
    }
    if (report->gate) {
        sp_json_key(out, "judged");
        sp_gate_report_print_json(report->gate, out);
    }
    sp_json_close_object(out);
    sp_str_append_char(out, '\n');
}
