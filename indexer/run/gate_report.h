// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a run's report says of the site's judged queries, and of the changes that a dry run would
 * make. Memory is the report's arena.
 */
#ifndef SIGNPOST_INDEXER_RUN_GATE_REPORT_H
#define SIGNPOST_INDEXER_RUN_GATE_REPORT_H

#include "requirement.h"

/* Hits that a preview compares. */
#define SP_PREVIEW_HITS 3

/* The metric of a preview. */
#define SP_PREVIEW_METRIC ((sp_metric){.measure = SP_NDCG, .depth = 10})

typedef struct sp_gate_requirement {
    sp_requirement requirement;
    sp_bytes metric; /* its name */
    double reached;
    bool met;
} sp_gate_requirement;

/* A query that the new index answers worse. */
typedef struct sp_gate_drop {
    sp_bytes query;
    bool had_before; /* false: there is no old index to compare with */
    double before, after;
} sp_gate_drop;

/* A query whose first hits are others, or in another order. */
typedef struct sp_gate_move {
    sp_bytes query;
    sp_bytes before[SP_PREVIEW_HITS], after[SP_PREVIEW_HITS]; /* URLs; data NULL: none more */
} sp_gate_move;

typedef struct sp_gate_report {
    size_t queries;
    sp_gate_requirement *required; /* in the order of the command line */
    size_t required_count;
    /* By the first requirement that is not met, or the first, or the metric of a preview: the
       queries that fell from what the old index gives, the worst fall first. Where a requirement is
       not met and none fell, those below what is wanted. */
    sp_bytes metric;
    sp_gate_drop *fell;
    size_t fell_count;
    /* A dry run: the queries that moved, but that those held out are only counted. None where there
       is no old index. */
    bool preview, had_before;
    double before, after; /* means of the metric of a preview */
    sp_gate_move *moved;
    size_t moved_count, moved_held_out;
} sp_gate_report;

enum sp_change { SP_CHANGE_ADDED, SP_CHANGE_UPDATED, SP_CHANGE_REMOVED };

typedef struct sp_run_change {
    enum sp_change change;
    bool resource;
    sp_bytes id; /* post: its path; resource: its canonical URL. A removed one's is what the index's
                    term has of it where that is too long for a term */
} sp_run_change;

/* The values of "changes" and "judged" in the report's JSON. */
void sp_run_changes_print_json(const sp_run_change *changes, size_t count, sp_str *out);
void sp_gate_report_print_json(const sp_gate_report *judged, sp_str *out);

#endif
