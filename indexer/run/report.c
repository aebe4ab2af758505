// SPDX-License-Identifier: GPL-2.0-or-later
#include "run.h"

#include <signpost/answer.h>

void
sp_run_report_done(sp_run_report *report)
{
    sp_arena_done(&report->arena);
    *report = (sp_run_report){0};
}

static void
put_problems(const sp_run_report *report, sp_str *out)
{
    sp_str_append_text(out, "\"errors\":[");
    for (size_t i = 0; i < report->problem_count; i++) {
        const sp_run_problem *problem = &report->problems[i];
        sp_str_append_text(out, i == 0 ? "{\"path\":" : ",{\"path\":");
        sp_json_string(out, problem->path);
        sp_str_append_format(out, ",\"line\":%u,\"column\":%u,\"message\":", problem->line,
                             problem->column);
        sp_json_string(out, problem->text);
        sp_str_append_char(out, '}');
    }
    sp_str_append_char(out, ']');
}

void
sp_run_report_print_json(const sp_run_report *report, sp_str *out)
{
    const sp_run_counts *posts = &report->posts, *resources = &report->resources;
    sp_str_append_text(out, "{\"revision\":");
    sp_json_string(out, report->revision);
    sp_str_append_format(out,
                         ",\"posts\":{\"added\":%zu,\"updated\":%zu,\"unchanged\":%zu,"
                         "\"removed\":%zu,\"failed\":%zu}",
                         posts->added, posts->updated, posts->unchanged, posts->removed,
                         posts->failed);
    sp_str_append_format(
        out, ",\"resources\":{\"added\":%zu,\"updated\":%zu,\"removed\":%zu,\"total\":%zu}",
        resources->added, resources->updated, resources->removed, resources->total);
    sp_str_append_format(out, ",\"files\":%zu,\"bytes\":%llu,\"seconds\":%.3f,", report->files,
                         (unsigned long long)report->bytes, report->seconds);
    put_problems(report, out);
    sp_str_append_text(out, ",\"warnings\":");
    sp_warnings_print_json(report->warnings, report->warning_count, out);
    if (report->previews)
        sp_run_changes_print_json(report->changes, report->change_count, out);
    if (report->judged)
        sp_judged_print_json(report->judged, out);
    sp_str_append_text(out, "}\n");
}
