// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The part of a run's report about judged queries. Its memory belongs to the arena of the report.
 */
#ifndef SIGNPOST_INDEXER_RUN_GATE_REPORT_H
#define SIGNPOST_INDEXER_RUN_GATE_REPORT_H

#include "requirement.h"

/* A preview compares this many first hits of each query. */
#define SP_PREVIEW_HITS 3

/* The metric of a preview. */
#define SP_PREVIEW_METRIC ((sp_metric){.measure = SP_NDCG, .depth = 10})

typedef struct sp_gate_requirement {
    sp_requirement requirement;
    sp_bytes metric; /* its name */
    double reached;
    bool met;
} sp_gate_requirement;

/* A query that scores lower on the new index than on the old one, or below the threshold of a
   requirement that is not met. */
typedef struct sp_gate_drop {
    sp_bytes query;
    bool had_before; /* there is an old index to compare with */
    double before, after;
} sp_gate_drop;

/* A query whose first hits, or the order of these hits, would change. */
typedef struct sp_gate_move {
    sp_bytes query;
    sp_bytes before[SP_PREVIEW_HITS],
        after[SP_PREVIEW_HITS]; /* URLs; the first without data ends the list */
} sp_gate_move;

typedef struct sp_gate_report {
    size_t queries;
    sp_gate_requirement *required; /* in the order of the command line */
    size_t required_count;
    /* `metric` is the metric of the first requirement that is not met, else of the first
       requirement, else of a preview. The drops are the queries that score lower than on the old
       index, largest drop first. If there are no such queries and a requirement is not met, the
       drops are the queries below its threshold. */
    sp_bytes metric;
    sp_gate_drop *drops;
    size_t drop_count;
    /* In a dry run, the moves are the queries whose first hits change; held-out queries are only
       counted. There are no moves if there is no old index. */
    bool preview, had_before;
    double before, after; /* means of SP_PREVIEW_METRIC */
    sp_gate_move *moves;
    size_t move_count, moved_held_out;
} sp_gate_report;

/* Appends the value of "judged" in the report's JSON. */
void sp_gate_report_print_json(const sp_gate_report *gate, sp_str *out);

#endif
