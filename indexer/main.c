// SPDX-License-Identifier: GPL-2.0-or-later
/* indexer: makes an index of sites, by one run or, with --watch, by one run after each change. */

#include "console.h"
#include "verify.h"
#include "watch_loop.h"

#include <signpost/confine.h>
#include <signpost/crash.h>

#include <signal.h>
#include <stdio.h>
#include <unistd.h>
#include <xapian-c.h>

static sp_run_progress progress;

static void
interrupt(int signal)
{
    (void)signal;
    atomic_store(&progress.cancel, true);
}

/* The first signal cancels the run. A second signal ends the program at once; the old index stays
   in that case, too. */
static void
catch_signals(void)
{
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND | SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* Called if libxapian cannot continue. */
static void
end_at_once(const xc_error *cause)
{
    fprintf(stderr, "indexer: cannot write the index: %s\n", cause->text);
    sp_run_abandon();
    _exit(3);
}

static int
run_once(const sp_indexer_options *options)
{
    sp_run_report report = {0};
    sp_error err = {0};
    enum sp_status status = sp_console_run(options, &progress, &report, &err);
    bool previewed = status == SP_OK || (report.refused && report.previews);
    int code = sp_console_exit_code(status, &report);
    sp_console_errors(&report);
    sp_console_left_out(&report);
    sp_console_warnings(options, &report);
    if (previewed)
        sp_console_preview(options, &report);
    if (status != SP_OK)
        sp_console_failure(&err);
    sp_console_drops(options, &report);
    if (previewed)
        sp_console_summary(options, &report);
    if (!sp_console_report(options, &report))
        code = 3;
    sp_run_report_done(&report);
    return code;
}

int
main(int argc, char **argv)
{
    sp_indexer_options options;
    int code;
    sp_on_crash(
        "indexer: crashed, perhaps because the index is damaged; indexer --verify tells, and "
        "indexer --full rebuilds it\n",
        3);
    if (!sp_indexer_options_read(argc, argv, &options, &code))
        return code;
    if (options.verify)
        return sp_verify_command(&options);
    if (!sp_console_can_report(&options))
        return 3;
    if (sp_confine_is_built() && sp_confine_calls(SP_CALLS_NO_PROGRAMS) != SP_CONFINED)
        fputs("indexer: the kernel does not restrict system calls (seccomp)\n", stderr);
    catch_signals();
    xc_on_terminate(end_at_once);
    return options.run.watched ? sp_watch_loop(&options, &progress) : run_once(&options);
}
