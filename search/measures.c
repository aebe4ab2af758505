// SPDX-License-Identifier: GPL-2.0-or-later
#include "measures.h"

#include <signpost/trec.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>

#define RUN_NAME "signpost"
#define SAME 1e-9 /* a smaller difference is rounding */

static const sp_metric default_metrics[] = {
    {SP_NDCG, 10},
    {SP_AVERAGE_PRECISION, SP_DEPTH_ALL},
    {SP_RECIPROCAL_RANK, 10},
    {SP_RECALL, 10},
    {SP_RECALL, 100},
    {SP_PRECISION, 10},
    {SP_SUCCESS, 3},
};

/* Reading */

static enum sp_status
read_judgments(sp_measures *measures, sp_error *err)
{
    const sp_eval_options *eval = &measures->options->eval;
    const char *const *paths = eval->judgments;
    enum sp_status status = SP_OK;
    measures->qrels = eval->topics != NULL;
    for (size_t i = 0; status == SP_OK && !measures->qrels && i < eval->judgment_count; i++)
        status = sp_qrels_are_in(paths[i], &measures->qrels, err);
    if (status != SP_OK)
        return status;
    if (!measures->qrels)
        return sp_judgments_read(paths, eval->judgment_count, &measures->judgments, err);
    if (!eval->topics && !eval->run)
        return sp_fail_at(err, SP_BAD_ARGUMENT, paths[0], 0, 0,
                          "qrels do not have the queries themselves: --topics names their file");
    return sp_qrels_read(paths, eval->judgment_count, eval->topics, &measures->judgments, err);
}

/* Evaluating */

static enum sp_status
evaluate_run(sp_measures *measures, int which, const char *path, sp_error *err)
{
    sp_trec_run *run = &measures->runs[which];
    enum sp_status status = sp_trec_run_read(path, run, err);
    if (status != SP_OK)
        return status;
    return sp_evaluate_run(run, &measures->judgments, &measures->how, &measures->evaluations[which],
                           err);
}

static enum sp_status
evaluate_index(sp_measures *measures, int which, const char *const *paths, size_t count,
               sp_error *err)
{
    sp_reader *reader;
    enum sp_status status = sp_reader_open(paths, count, &reader, err);
    if (status != SP_OK)
        return status;
    status = sp_evaluate(reader, &measures->judgments, &measures->how,
                         &measures->evaluations[which], err);
    sp_reader_close(reader);
    return status;
}

static bool
is_judged(const sp_judgments *judgments, sp_bytes id)
{
    for (size_t i = 0; i < judgments->count; i++) {
        if (sp_bytes_equal(judgments->queries[i].id, id))
            return true;
    }
    return false;
}

static void
count_queries(sp_measures *measures)
{
    const sp_judgments *judgments = &measures->judgments;
    const sp_trec_run *run = &measures->runs[0];
    bool of_run = measures->options->eval.run != NULL;
    for (size_t i = 0; i < judgments->count; i++) {
        size_t hits = judgments->queries[i].text.len;
        if (of_run)
            sp_trec_run_find(run, judgments->queries[i].id, &hits);
        measures->unasked += hits == 0;
    }
    measures->evaluated = judgments->count - measures->unasked;
    for (size_t i = 0; i < run->count; i++) {
        bool next = i == 0 || !sp_bytes_equal(run->hits[i].query, run->hits[i - 1].query);
        measures->unjudged += next && !is_judged(judgments, run->hits[i].query);
    }
}

static enum sp_status
compare(sp_measures *measures, sp_error *err)
{
    const sp_eval_options *eval = &measures->options->eval;
    enum sp_status status = eval->run ? evaluate_run(measures, 1, eval->compare, err)
                                      : evaluate_index(measures, 1, &eval->compare, 1, err);
    for (size_t i = 0; status == SP_OK && i < measures->how.metric_count; i++)
        status = sp_evaluations_compare(&measures->evaluations[0], &measures->evaluations[1], i,
                                        &measures->comparisons[i], err);
    return status;
}

/* Writing */

static enum sp_status
write_file(const char *path, const sp_str *text, sp_error *err)
{
    enum sp_status status = sp_str_check(text, err);
    if (status != SP_OK)
        return status;
    FILE *file = fopen(path, "w");
    if (!file)
        return sp_fail_errno(err, errno, path, "cannot write");
    if (fwrite(sp_str_bytes(text).data, 1, text->len, file) != text->len || fflush(file) != 0)
        status = sp_fail_errno(err, errno, path, "cannot write");
    if (fclose(file) != 0 && status == SP_OK)
        status = sp_fail_errno(err, errno, path, "cannot write");
    return status;
}

static enum sp_status
write_files(const sp_measures *measures, sp_error *err)
{
    const sp_eval_options *eval = &measures->options->eval;
    SP_AUTO(sp_str_done) sp_str run = {0};
    SP_AUTO(sp_str_done) sp_str qrels = {0};
    SP_AUTO(sp_str_done) sp_str topics = {0};
    enum sp_status status = SP_OK;
    if (eval->write_run) {
        sp_trec_run_append(&measures->evaluations[0], RUN_NAME, &run);
        status = write_file(eval->write_run, &run, err);
    }
    if (status == SP_OK && eval->write_qrels) {
        sp_qrels_append(&measures->judgments, &qrels);
        status = write_file(eval->write_qrels, &qrels, err);
    }
    if (status == SP_OK && eval->write_topics) {
        sp_topics_append(&measures->judgments, &topics);
        status = write_file(eval->write_topics, &topics, err);
    }
    return status;
}

/* All of it */

enum sp_status
sp_measures_make(sp_measures *measures, sp_error *err)
{
    const sp_options *options = measures->options;
    const sp_eval_options *eval = &options->eval;
    bool own = eval->metric_count > 0;
    measures->how = (sp_evaluation_options){
        .metrics = own ? eval->metrics : default_metrics,
        .metric_count = own ? eval->metric_count : sizeof default_metrics / sizeof *default_metrics,
        .part = SP_PART_ALL,
        .depth = options->limited ? options->request.limit : 0,
        .request = &options->request,
    };
    enum sp_status status = read_judgments(measures, err);
    if (status != SP_OK)
        return status;
    status = eval->run ? evaluate_run(measures, 0, eval->run, err)
                       : evaluate_index(measures, 0, options->indexes, options->index_count, err);
    if (status == SP_OK && eval->compare)
        status = compare(measures, err);
    if (status == SP_OK)
        status = write_files(measures, err);
    if (status == SP_OK)
        count_queries(measures);
    return status;
}

void
sp_measures_done(sp_measures *measures)
{
    for (int i = 0; i < 2; i++) {
        sp_evaluation_done(&measures->evaluations[i]);
        sp_trec_run_done(&measures->runs[i]);
    }
    sp_judgments_done(&measures->judgments);
}

size_t
sp_measures_parts(const sp_measures *measures, sp_shown_part parts[3])
{
    static const sp_shown_part some[] = {
        {"tuning", SP_PART_TUNING}, {"held out", SP_PART_HELD_OUT}, {"all", SP_PART_ALL}};
    bool held_out = false;
    size_t count = 0;
    for (size_t i = 0; i < measures->judgments.count; i++)
        held_out |= measures->judgments.queries[i].held_out;
    for (size_t i = held_out ? 0 : 2; i < 3; i++)
        parts[count++] = some[i];
    return count;
}

static double
change_of(const sp_measures *measures, size_t query)
{
    const sp_evaluation *evaluations = measures->evaluations;
    return fabs(evaluations[1].queries[query].values[0] - evaluations[0].queries[query].values[0]);
}

/* Few are wanted, so each goes into its place among those that were found. */
size_t
sp_measures_changed(const sp_measures *measures, size_t changed[SP_CHANGED_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < measures->evaluations[1].count; i++) {
        double change = change_of(measures, i);
        if (change <= SAME || measures->evaluations[1].queries[i].query->held_out)
            continue;
        size_t at = count;
        while (at > 0 && change_of(measures, changed[at - 1]) < change - SAME)
            at--;
        if (at == SP_CHANGED_MAX)
            continue;
        count += count < SP_CHANGED_MAX;
        for (size_t k = count - 1; k > at; k--)
            changed[k] = changed[k - 1];
        changed[at] = i;
    }
    return count;
}
