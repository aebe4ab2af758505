// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify.h"

#include "console.h"

#include <signpost/printable.h>
#include <signpost/verify.h>

#include <errno.h>
#include <stdio.h>

static void
print_fault(void *context, const sp_error *fault)
{
    (void)context;
    sp_console_failure(fault);
}

static enum sp_status
print_whole(const char *path, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str line = {0};
    sp_printable_append(&line, sp_bytes_of(path));
    sp_str_append_text(&line, ": whole\n");
    enum sp_status status = sp_str_check(&line, err);
    if (status == SP_OK && (fputs(line.data, stdout) == EOF || fflush(stdout) != 0))
        status = sp_fail_errno(err, errno, NULL, "cannot write the output");
    return status;
}

int
sp_verify_command(const sp_indexer_options *options)
{
    sp_error err;
    enum sp_status status = sp_verify_index(options->run.index, print_fault, NULL, &err);
    if (status == SP_OK && options->verbosity >= 0)
        status = print_whole(options->run.index, &err);
    if (status != SP_OK && status != SP_DAMAGED)
        sp_console_failure(&err);
    return sp_status_exit_code(status);
}
