// SPDX-License-Identifier: GPL-2.0-or-later
#include "console.h"

#include "preview.h"
#include "progress.h"
#include "replace.h"
#include "summary.h"

#include <signpost/printable.h>

#include <errno.h>
#include <stdio.h>

static bool
wants_bar(const sp_indexer_options *options)
{
    if (options->progress == SP_AUTOMATIC)
        return options->verbosity >= 0 && sp_progress_has_terminal();
    return options->progress == SP_ALWAYS;
}

enum sp_status
sp_console_run(const sp_indexer_options *options, sp_run_progress *progress, sp_run_report *report,
               sp_error *err)
{
    sp_progress_bar *bar = wants_bar(options) ? sp_progress_bar_start(progress) : NULL;
    sp_run_options run = options->run;
    run.list_left_out = options->verbosity > 0;
    run.list_acronyms = options->report != NULL;
    enum sp_status status = sp_run(&run, progress, report, err);
    sp_progress_bar_stop(bar);
    return status;
}

static void
print_error(const sp_run_error *error)
{
    SP_AUTO(sp_str_done) sp_str path = {0};
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_printable_append(&path, error->path);
    sp_printable_append(&text, error->text);
    const char *name = sp_str_bytes(&path).data, *message = sp_str_bytes(&text).data;
    if (error->line > 0)
        fprintf(stderr, "%s:%u:%u: %s\n", name, error->line, error->column, message);
    else
        fprintf(stderr, "indexer: %s: %s\n", name, message);
}

void
sp_console_errors(const sp_run_report *report)
{
    for (size_t i = 0; i < report->error_count; i++)
        print_error(&report->errors[i]);
}

void
sp_console_left_out(const sp_run_report *report)
{
    for (size_t i = 0; i < report->left_out_count; i++) {
        SP_AUTO(sp_str_done) sp_str path = {0};
        sp_printable_append(&path, report->left_out[i].path);
        fprintf(stderr, "%s: %s\n", sp_str_bytes(&path).data, report->left_out[i].reason);
    }
}

void
sp_console_warnings(const sp_indexer_options *options, const sp_run_report *report)
{
    SP_AUTO(sp_str_done) sp_str lines = {0};
    sp_warnings_print(report->warnings, report->warning_count, options->verbosity < 0, &lines);
    if (!lines.failed && lines.len > 0)
        fwrite(lines.data, 1, lines.len, stderr);
}

void
sp_console_drops(const sp_indexer_options *options, const sp_run_report *report)
{
    if (report->refused)
        sp_preview_print_drops(stderr, report->gate, options->verbosity > 0);
}

void
sp_console_failure(const sp_error *err)
{
    char line[SP_ERROR_LINE_MAX];
    fprintf(stderr, "%s%s\n", err->line > 0 ? "" : "indexer: ", sp_error_line(err, line));
}

/* Reports that the report could not be written. */
static void
print_report_failure(const sp_indexer_options *options, const char *reason)
{
    SP_AUTO(sp_str_done) sp_str path = {0};
    sp_printable_append(&path, sp_bytes_of(options->report));
    fprintf(stderr, "indexer: cannot write the report to %s: %s\n", sp_str_bytes(&path).data,
            reason);
}

static bool
reports_to_stdout(const sp_indexer_options *options)
{
    return options->report && strcmp(options->report, "-") == 0;
}

void
sp_console_preview(const sp_indexer_options *options, const sp_run_report *report)
{
    if (report->previews && options->verbosity >= 0)
        sp_preview_print(reports_to_stdout(options) ? stderr : stdout, report,
                         options->verbosity > 0);
}

void
sp_console_summary(const sp_indexer_options *options, const sp_run_report *report)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    if (options->verbosity < 0)
        return;
    sp_summary_append(report, options->run.dry_run, &text);
    if (options->verbosity > 0)
        sp_summary_append_details(report, &text);
    if (!text.failed)
        fputs(text.data, reports_to_stdout(options) ? stderr : stdout);
}

bool
sp_console_can_report(const sp_indexer_options *options)
{
    if (!options->report || reports_to_stdout(options))
        return true;
    FILE *file = fopen(options->report, "a");
    if (file && fclose(file) == 0)
        return true;
    print_report_failure(options, strerror(errno));
    return false;
}

bool
sp_console_report(const sp_indexer_options *options, const sp_run_report *report)
{
    SP_AUTO(sp_str_done) sp_str json = {0};
    sp_error err;
    if (!options->report || !report->revision.data)
        return true;
    sp_run_report_print_json(report, &json);
    enum sp_status status = sp_str_check(&json, &err);
    if (status == SP_OK && !reports_to_stdout(options))
        status = sp_replace_file(options->report, sp_str_bytes(&json), &err);
    else if (status == SP_OK &&
             (fwrite(json.data, 1, json.len, stdout) != json.len || fflush(stdout) != 0))
        status = sp_fail_errno(&err, errno, NULL, "cannot be written");
    if (status != SP_OK)
        print_report_failure(options, err.text);
    return status == SP_OK;
}

int
sp_console_exit_code(enum sp_status status, const sp_run_report *report)
{
    bool faults = report->error_count > 0 || report->fatal_warning_count > 0;
    if (status == SP_OK)
        return faults ? 1 : 0;
    if (report->refused || (status == SP_BAD_INPUT && faults)) /* --require, --strict */
        return 1;
    return sp_status_exit_code(status);
}
