/* indexer: sites to an index. What it prints, and how it ends. */

#include "options.h"
#include "progress.h"
#include "replace.h"
#include "stay.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

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
        return options->verbosity >= 0 && isatty(STDERR_FILENO);
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
    const sp_run_counts *posts = &report->posts, *resources = &report->resources;
    FILE *out = options->report && strcmp(options->report, "-") == 0 ? stderr : stdout;
    fprintf(out, "%s%zu posts (%zu added, %zu updated, %zu removed, %zu failed), ",
            options->run.dry_run ? "would index " : "indexed ", posts->total, posts->added,
            posts->updated, posts->removed, posts->failed);
    fprintf(out, "%zu resources (%zu added, %zu updated, %zu removed) in %.2f s\n",
            resources->total, resources->added, resources->updated, resources->removed,
            report->seconds);
    if (options->verbosity > 0)
        fprintf(out, "%zu files, %llu bytes; revision %s, %s\n", report->files,
                (unsigned long long)report->bytes, report->revision.data,
                report->published ? "published" : "nothing to publish");
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
    sp_error err;
    bool to_stdout = strcmp(path, "-") == 0;
    sp_run_report_print_json(report, &json);
    enum sp_status status = sp_str_check(&json, &err);
    if (status == SP_OK && !to_stdout)
        status = sp_replace_file(path, sp_str_bytes(&json), &err);
    else if (status == SP_OK &&
             (fwrite(json.data, 1, json.len, stdout) != json.len || fflush(stdout) != 0))
        status = sp_fail_errno(&err, errno, NULL, "cannot be written");
    if (status != SP_OK)
        fprintf(stderr, "indexer: cannot write the report to %s: %s\n", path, err.text);
    return status == SP_OK;
}

static int
exit_code(enum sp_status status, const sp_run_report *report)
{
    if (status == SP_OK)
        return report->problem_count > 0 ? 1 : 0;
    if (status == SP_BAD_INPUT && report->problem_count > 0)
        return 1; /* --strict */
    return sp_status_exit_code(status);
}

static enum sp_status
run(const sp_options *options, sp_run_report *report, sp_error *err)
{
    atomic_store(&progress.phase, SP_PHASE_START);
    atomic_store(&progress.total, 0);
    atomic_store(&progress.done, 0);
    sp_progress_bar *bar = wants_bar(options) ? sp_progress_bar_start(&progress) : NULL;
    enum sp_status status = sp_run(&options->run, &progress, report, err);
    sp_progress_bar_stop(bar);
    return status;
}

static int
run_once(const sp_options *options)
{
    sp_run_report report = {0};
    sp_error err = {0};
    enum sp_status status = run(options, &report, &err);
    print_problems(&report);
    int code = exit_code(status, &report);
    if (status != SP_OK)
        print_failure(&err);
    else if (options->verbosity >= 0)
        print_summary(options, &report);
    if (options->report && report.revision.data && !write_report(options->report, &report))
        code = 3;
    sp_run_report_done(&report);
    return code;
}

int
main(int argc, char **argv)
{
    static const sp_stay_calls calls = {run,           print_problems, print_failure,
                                        print_summary, write_report,   exit_code};
    sp_options options;
    int code;
    if (!sp_options_read(argc, argv, &options, &code))
        return code;
    if (!can_write_report(options.report))
        return 3;
    catch_signals();
    return options.run.watched ? sp_stay(&options, &progress, &calls) : run_once(&options);
}
