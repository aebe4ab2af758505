/* indexer: sites to an index. What it prints, and how it ends. */

#include "options.h"
#include "preview.h"
#include "progress.h"
#include "summary.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>

static sp_run_progress progress;

static void
interrupt(int signal)
{
    (void)signal;
    atomic_store(&progress.cancel, true);
}

/* A second signal ends the program at once; the index is as it was all the same. */
static void
catch_signals(void)
{
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND | SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static bool
wants_bar(const sp_options *options)
{
    if (options->progress == SP_AUTOMATIC)
        return options->verbosity >= 0 && sp_progress_has_terminal();
    return options->progress == SP_ALWAYS;
}

static void
print_problem(const char *path, unsigned line, unsigned column, const char *text)
{
    SP_AUTO(sp_str_done) sp_str printable = {0};
    sp_str_append_text(&printable, path);
    if (printable.len > 0 && !printable.failed)
        sp_make_printable(printable.data);
    const char *name = printable.len > 0 ? printable.data : "";
    if (line > 0)
        fprintf(stderr, "%s:%u:%u: %s\n", name, line, column, text);
    else
        fprintf(stderr, "indexer: %s: %s\n", name, text);
}

static void
print_problems(const sp_run_report *report)
{
    for (size_t i = 0; i < report->problem_count; i++) {
        const sp_run_problem *problem = &report->problems[i];
        print_problem(problem->path.data, problem->line, problem->column, problem->text.data);
    }
}

static void
print_warnings(const sp_options *options, const sp_run_report *report)
{
    SP_AUTO(sp_str_done) sp_str lines = {0};
    sp_warnings_print(report->warnings, report->warning_count, options->verbosity < 0, &lines);
    if (!lines.failed && lines.len > 0)
        fwrite(lines.data, 1, lines.len, stderr);
}

static void
print_failure(const sp_error *err)
{
    if (err->path[0] == '\0')
        fprintf(stderr, "indexer: %s\n", err->text);
    else
        print_problem(err->path, err->line, err->column, err->text);
}

static void
print_summary(const sp_options *options, const sp_run_report *report)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    FILE *out = options->report && strcmp(options->report, "-") == 0 ? stderr : stdout;
    sp_summary_append(report, options->run.dry_run, &text);
    if (options->verbosity > 0)
        sp_summary_append_details(report, &text);
    if (!text.failed)
        fputs(text.data, out);
}

/* What a dry run would change; also where it would be refused. */
static void
print_preview(const sp_options *options, const sp_run_report *report)
{
    FILE *out = options->report && strcmp(options->report, "-") == 0 ? stderr : stdout;
    if (report->previews && options->verbosity >= 0)
        sp_preview_print(out, report, options->verbosity > 0);
}

static bool
write_all(FILE *file, const sp_str *text)
{
    return !text->failed && fwrite(text->data, 1, text->len, file) == text->len;
}

/* A report that cannot be written is found out before anything is changed. */
static bool
can_write_report(const char *path)
{
    if (!path || strcmp(path, "-") == 0)
        return true;
    FILE *file = fopen(path, "a");
    if (file && fclose(file) == 0)
        return true;
    fprintf(stderr, "indexer: cannot write the report to %s: %s\n", path, strerror(errno));
    return false;
}

static bool
write_report(const char *path, const sp_run_report *report)
{
    SP_AUTO(sp_str_done) sp_str json = {0};
    bool to_stdout = strcmp(path, "-") == 0;
    sp_run_report_print_json(report, &json);
    FILE *file = to_stdout ? stdout : fopen(path, "w");
    bool written = file && write_all(file, &json);
    if (file)
        written = (to_stdout ? fflush(file) : fclose(file)) == 0 && written;
    if (!written)
        fprintf(stderr, "indexer: cannot write the report to %s: %s\n", path, strerror(errno));
    return written;
}

static int
exit_code(enum sp_status status, const sp_run_report *report)
{
    bool faults = report->problem_count > 0 || report->error_count > 0;
    if (status == SP_OK)
        return faults ? 1 : 0;
    if (report->refused)
        return 1;
    if (status == SP_BAD_INPUT && faults)
        return 1; /* --strict */
    return sp_status_exit_code(status);
}

int
main(int argc, char **argv)
{
    sp_options options;
    sp_run_report report = {0};
    sp_error err = {0};
    int code;
    if (!sp_options_read(argc, argv, &options, &code))
        return code;
    if (!can_write_report(options.report))
        return 3;
    catch_signals();
    sp_progress_bar *bar = wants_bar(&options) ? sp_progress_bar_start(&progress) : NULL;
    enum sp_status status = sp_run(&options.run, &progress, &report, &err);
    sp_progress_bar_stop(bar);
    print_problems(&report);
    print_warnings(&options, &report);
    code = exit_code(status, &report);
    if (status == SP_OK || report.refused)
        print_preview(&options, &report);
    if (status != SP_OK)
        print_failure(&err);
    if (report.refused)
        sp_preview_print_fallen(stderr, report.judged, options.verbosity > 0);
    if ((status == SP_OK || (report.refused && report.previews)) && options.verbosity >= 0)
        print_summary(&options, &report);
    if (options.report && report.revision.data && !write_report(options.report, &report))
        code = 3;
    sp_run_report_done(&report);
    return code;
}
