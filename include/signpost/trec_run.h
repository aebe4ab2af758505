// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs: rankings in TREC's format, read as trec_eval reads them.
 *
 * A line is `query Q0 document rank score name`, separated by spaces or tabs, in UTF-8; blank lines
 * are ignored. As in trec_eval, hits are ranked by descending score, compared as a float; among
 * equal scores the document whose id is greater in byte order comes first. The rank is ignored. A
 * document may occur only once in a query's ranking. Queries that are judged but not in the run
 * count as having found nothing (trec_eval -c).
 *
 * No state is shared between threads.
 */
#ifndef SIGNPOST_TREC_RUN_H
#define SIGNPOST_TREC_RUN_H

#include <signpost/evaluate.h>

typedef struct sp_trec_hit {
    sp_bytes query, document;
    float score;
    size_t order; /* line number */
} sp_trec_hit;

typedef struct sp_trec_run {
    sp_arena arena;
    sp_trec_hit *hits; /* ascending by query; those of one query in the order of their ranks */
    size_t count;
} sp_trec_run;

/* SP_BAD_INPUT, with the position, for an invalid line or a repeated document. *out must be zeroed,
   and freed with sp_trec_run_done even after a failure. */
enum sp_status sp_trec_run_read(const char *path, sp_trec_run *out, sp_error *err) SP_MUST_CHECK;
void sp_trec_run_done(sp_trec_run *run);

/* The hits of a query, *count of them; borrowed from the run. */
const sp_trec_hit *sp_trec_run_find(const sp_trec_run *run, sp_bytes query, size_t *count);

/* Like sp_evaluate, for the rankings of a run, to any depth. *out borrows from the run. */
enum sp_status sp_evaluate_run(const sp_trec_run *run, const sp_judgments *judgments,
                               const sp_evaluation_options *options, sp_evaluation *out,
                               sp_error *err) SP_MUST_CHECK;

#endif
