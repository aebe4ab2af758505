// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line of `search`. */
#ifndef SIGNPOST_SEARCH_OPTIONS_H
#define SIGNPOST_SEARCH_OPTIONS_H

#include <signpost/evaluate.h>
#include <signpost/remotes.h>
#include <signpost/search.h>

enum sp_output { SP_OUTPUT_TERMINAL, SP_OUTPUT_JSON, SP_OUTPUT_URLS };

#define SP_METRICS_MAX 32 /* how often --metric can be given */

/* --eval and the options that are only valid with --eval. */
typedef struct sp_eval_options {
    sp_texts judgments; /* files; if there are none, a query is answered and nothing is evaluated */
    const char *topics, *run, *compare;                 /* NULL: not given */
    const char *write_run, *write_qrels, *write_topics; /* NULL: not given */
    const char *needs_eval; /* name of the last option given that is only valid with --eval */
    sp_metric metrics[SP_METRICS_MAX];
    size_t metric_count;
    bool verbose;
} sp_eval_options;

typedef struct sp_search_options {
    sp_sources sources;
    sp_request request;
    bool limited; /* --limit is given */
    enum sp_output output;
    sp_eval_options eval;
    bool suggest;        /* complete the query instead of answering it */
    const char *similar; /* URL of --similar; NULL if there is a query */
    const char *why_not; /* URL of --why-not; NULL: not given */
    bool verify;         /* verify the indexes instead of answering a query */
    enum sp_when color_when;
    bool color; /* decided from color_when, NO_COLOR, TERM and whether stdout is a terminal */
    sp_request_filter *filters; /* request.filters, while it grows */
    size_t filter_capacity;
    sp_arena arena;
} sp_search_options;

/* Reads the command line. *out borrows the strings of argv; free it with sp_search_options_done,
   also on failure. Returns false if the program must end with *exit_code, because of --help,
   --version or a mistake; the help, version or error message has then been printed. */
bool sp_search_options_read(int argc, char **argv, sp_search_options *out, int *exit_code);
void sp_search_options_done(sp_search_options *options);

#endif
