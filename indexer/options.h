// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line of `indexer`. */
#ifndef SIGNPOST_INDEXER_OPTIONS_H
#define SIGNPOST_INDEXER_OPTIONS_H

#include "indexer/run/run.h"

#include <signpost/command_line.h>

typedef struct sp_indexer_options {
    sp_run_options run;
    const char *report; /* file, "-", or NULL */
    uint32_t poll;      /* with run.watched: seconds between checks; 0: wait for notifications */
    enum sp_when progress;
    bool verify;   /* verify the index instead of making it */
    int verbosity; /* -1: -q, 0, 1: -v */
} sp_indexer_options;

/* Reads argv, whose strings *out borrows. Returns false if the program must end with *exit_code,
   because of --help, --version or a mistake; the text or the error message has then been
   printed. */
bool sp_indexer_options_read(int argc, char **argv, sp_indexer_options *out, int *exit_code);

#endif
