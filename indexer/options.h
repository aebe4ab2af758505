// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line of `indexer`. */
#ifndef SIGNPOST_INDEXER_OPTIONS_H
#define SIGNPOST_INDEXER_OPTIONS_H

#include "indexer/run/run.h"

enum sp_when { SP_AUTOMATIC, SP_ALWAYS, SP_NEVER };

typedef struct sp_options {
    sp_run_options run;
    const char *report; /* file, "-", or NULL */
    unsigned poll;      /* run.watched: seconds between looks; 0: be told of changes */
    enum sp_when progress;
    int verbosity; /* -1: -q, 0, 1: -v */
} sp_options;

/* Reads argv, whose strings *out borrows. When there is nothing to run (--help, --version, wrong
   usage) it has printed what there is to say, sets *exit_code and returns false. */
bool sp_options_read(int argc, char **argv, sp_options *out, int *exit_code);

#endif
