// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify.h"

#include "console.h"

#include <signpost/verify.h>

#include <stdio.h>

static void
print_fault(void *context, const sp_error *fault)
{
    (void)context;
    sp_console_failure(fault);
}

int
sp_verify_command(const sp_indexer_options *options)
{
    sp_error err;
    enum sp_status status = sp_verify_index(options->run.index, print_fault, NULL, &err);
    if (status == SP_OK && options->verbosity >= 0)
        printf("%s: whole\n", options->run.index);
    if (status != SP_OK && status != SP_DAMAGED)
        sp_console_failure(&err);
    return sp_status_exit_code(status);
}
