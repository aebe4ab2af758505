// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Declarations shared by the files of engine/evaluate, for judgments and rankings that are being
 * made. Strings are borrowed; memory is allocated from the arena of the judgments or of the
 * evaluation.
 */
#ifndef SIGNPOST_ENGINE_EVALUATE_EVALUATE_PRIVATE_H
#define SIGNPOST_ENGINE_EVALUATE_EVALUATE_PRIVATE_H

#include <signpost/evaluate.h>

/* judgments.c */

/* One judgment of a file, in any format. */
typedef struct sp_judgment_line {
    sp_bytes query; /* its text, or in TREC's formats its id */
    sp_bytes target;
    unsigned grade;
    bool held_out;
    size_t order; /* among the lines of all files */
    const char *path;
    unsigned number; /* of the line in that file */
} sp_judgment_line;

typedef struct sp_judgment_lines {
    sp_arena *arena; /* of the judgments */
    sp_judgment_line *items;
    size_t count, capacity;
} sp_judgment_lines;

/* Appends a copy of the line and sets its order. */
enum sp_status sp_judgment_lines_add(sp_judgment_lines *lines, const sp_judgment_line *line,
                                     sp_error *err) SP_MUST_CHECK;

/* Sorts ascending by part, query, target and order. */
void sp_judgment_lines_sort(sp_judgment_lines *lines);

/* Whether both lines belong to one query. */
bool sp_judgment_lines_agree(const sp_judgment_line *a, const sp_judgment_line *b);

/* Sorts the lines and makes the judged queries. The `query` of the lines becomes the text of the
   judged queries; their ids are not set. */
enum sp_status sp_judgment_lines_make(sp_judgment_lines *lines, sp_judgments *out,
                                      sp_error *err) SP_MUST_CHECK;

/* trec.c */

/* The target of a document's id in TREC's formats (trec.h). Borrowed from id. */
sp_bytes sp_trec_document(sp_bytes id);

/* evaluate.c */

/* The ranking of one query while it is being made. */
typedef struct sp_ranked {
    sp_arena *arena; /* of the evaluation */
    sp_evaluated *evaluated;
    unsigned *grades; /* one per URL */
    size_t capacity;
} sp_ranked;

/* Allocates room for `capacity` hits; call it before sp_ranked_add. False: out of memory. */
bool sp_ranked_reserve(sp_ranked *ranking, size_t capacity);

/* Appends a hit; does nothing if the room is used up. Both strings are borrowed. */
void sp_ranked_add(sp_ranked *ranking, sp_bytes url, sp_bytes target);

/* Ranks the hits of ranking->evaluated->query. */
typedef enum sp_status sp_rank_function(void *source, sp_ranked *ranking, sp_error *err);

/* Like sp_evaluate, for the rankings that `rank` makes. */
enum sp_status sp_evaluate_rankings(sp_rank_function *rank, void *source,
                                    const sp_judgments *judgments,
                                    const sp_evaluation_options *options, sp_evaluation *out,
                                    sp_error *err) SP_MUST_CHECK;

#endif
