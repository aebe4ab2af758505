/*
 * Staying: run after run, as long as files change, until a signal ends it. Prints what there is to
 * say of the runs, each thing once.
 */
#ifndef SIGNPOST_INDEXER_STAY_H
#define SIGNPOST_INDEXER_STAY_H

#include "options.h"

/* What the program does in a run, whether it stays or not. */
typedef struct sp_stay_calls {
    enum sp_status (*run)(const sp_options *options, sp_run_report *report, sp_error *err);
    void (*print_problems)(const sp_run_report *report);
    void (*print_failure)(const sp_error *err);
    void (*print_summary)(const sp_options *options, const sp_run_report *report);
    bool (*write_report)(const char *path, const sp_run_report *report);
    int (*exit_code)(enum sp_status status, const sp_run_report *report);
} sp_stay_calls;

/* Returns the exit code: 0 when progress->cancel was set by a signal; that of the run when the
   first fails, but for the lock: who stays waits until another run gives it up. Later failures are
   said, and tried again at the next change or after some seconds. */
int sp_stay(const sp_options *options, sp_run_progress *progress, const sp_stay_calls *calls);

#endif
