// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rankings to be measured, wherever they are from: an index that is asked, or a file.
 */
#ifndef SIGNPOST_ENGINE_EVALUATE_EVALUATE_PRIVATE_H
#define SIGNPOST_ENGINE_EVALUATE_EVALUATE_PRIVATE_H

#include <signpost/evaluate.h>

/* The ranking of one query while it is made. */
typedef struct sp_ranked {
    sp_arena *arena; /* of the evaluation */
    sp_evaluated *evaluated;
    unsigned *grades; /* of its URLs */
    size_t capacity;
} sp_ranked;

/* Makes room; before anything is added. False when memory is out. */
bool sp_ranked_reserve(sp_ranked *ranking, size_t capacity);

/* Puts a hit behind the others; does nothing once the room is used up. Both are borrowed. */
void sp_ranked_add(sp_ranked *ranking, sp_bytes url, sp_bytes target);

/* Ranks the hits of ranking->evaluated->query. */
typedef enum sp_status sp_rank_function(void *source, sp_ranked *ranking, sp_error *err);

/* As sp_evaluate, of what rank makes of each query. */
enum sp_status sp_evaluate_rankings(sp_rank_function *rank, void *source,
                                    const sp_judgments *judgments,
                                    const sp_evaluation_options *options, sp_evaluation *out,
                                    sp_error *err) SP_MUST_CHECK;

#endif
