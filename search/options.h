// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line of `search`. */
#ifndef SIGNPOST_SEARCH_OPTIONS_H
#define SIGNPOST_SEARCH_OPTIONS_H

#include <signpost/evaluate.h>
#include <signpost/search.h>

enum sp_output { SP_OUTPUT_TERMINAL, SP_OUTPUT_JSON, SP_OUTPUT_URLS };

#define SP_METRICS_MAX 32

/* --eval and what goes with it */
typedef struct sp_eval_options {
    const char **judgments;             /* files */
    size_t judgment_count;              /* 0: a query is answered, nothing is evaluated */
    const char *topics, *run, *compare; /* NULL: not given */
    const char *write_run, *write_qrels, *write_topics; /* likewise */
    const char *needs_eval; /* an option that is given and has no meaning without --eval */
    sp_metric metrics[SP_METRICS_MAX];
    size_t metric_count;
    bool verbose;
} sp_eval_options;

typedef struct sp_options {
    const char **indexes;
    size_t index_count;
    sp_request request;
    bool limited; /* request.limit is given */
    enum sp_output output;
    sp_eval_options eval;
    bool suggest;        /* complete the query, do not answer it */
    const char *similar; /* NULL, or the URL whose like is looked for; there is no query then */
    const char *why_not; /* NULL, or the URL that may not be in the answer */
    bool color; /* decided from --color, NO_COLOR and whether standard output is a terminal */
    sp_arena arena;
} sp_options;

/* Reads argv, whose strings *out borrows; free with sp_options_done. When there is nothing to run
   (--help, --version, wrong usage) it has printed what there is to say, sets *exit_code and returns
   false. */
bool sp_options_read(int argc, char **argv, sp_options *out, int *exit_code);
void sp_options_done(sp_options *options);

#endif
