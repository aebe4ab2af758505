// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What judged queries are made of, in whatever form a file has them: evaluate.h says what becomes
 * of it. Everything borrows from the arena of the judgments.
 */
#ifndef SIGNPOST_ENGINE_EVALUATE_JUDGMENT_LINES_H
#define SIGNPOST_ENGINE_EVALUATE_JUDGMENT_LINES_H

#include <signpost/evaluate.h>

/* One judgment as the file has it. */
typedef struct sp_judgment_line {
    sp_bytes query; /* its text, or its id */
    sp_bytes target;
    unsigned grade;
    bool held_out;
    size_t order;     /* over all files */
    const char *path; /* where it stands */
    unsigned number;
} sp_judgment_line;

typedef struct sp_judgment_lines {
    sp_arena *arena; /* of the judgments */
    sp_judgment_line *items;
    size_t count, capacity;
} sp_judgment_lines;

/* Keeps a copy of the line, with its order; its strings are borrowed. */
enum sp_status sp_judgment_lines_add(sp_judgment_lines *lines, const sp_judgment_line *line,
                                     sp_error *err) SP_MUST_CHECK;

/* Ascending by part, query, target and order. */
void sp_judgment_lines_sort(sp_judgment_lines *lines);

/* Whether both are of one query. */
bool sp_judgment_lines_agree(const sp_judgment_line *a, const sp_judgment_line *b);

/* Makes the queries of the lines, which are sorted by it. Their text is the lines' query; they have
   no id yet. */
enum sp_status sp_judgment_lines_make(sp_judgment_lines *lines, sp_judgments *out,
                                      sp_error *err) SP_MUST_CHECK;

/* The target that a document's id in TREC's forms stands for; see trec.h. Borrowed. */
sp_bytes sp_trec_document(sp_bytes id);

#endif
