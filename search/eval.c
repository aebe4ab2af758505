// SPDX-License-Identifier: GPL-2.0-or-later
#include "eval.h"

#include "open.h"

#include <signpost/trec.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>

#define RUN_NAME "signpost"
#define SAME 1e-9 /* values that differ by less are equal except for rounding errors */

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
read_judgments(sp_eval *eval, sp_error *err)
{
    const sp_eval_options *given = &eval->options->eval;
    const char *const *paths = given->judgments.items;
    enum sp_status status = SP_OK;
    eval->qrels = given->topics != NULL;
    for (size_t i = 0; status == SP_OK && !eval->qrels && i < given->judgments.count; i++)
        status = sp_qrels_are_in(paths[i], &eval->qrels, err);
    if (status != SP_OK)
        return status;
    if (!eval->qrels)
        return sp_judgments_read(paths, given->judgments.count, &eval->judgments, err);
    if (!given->topics && !given->run)
        return sp_fail_at(
            err, SP_BAD_ARGUMENT, paths[0], 0, 0,
            "qrels do not contain the queries: name the file of topics with --topics");
    return sp_qrels_read(paths, given->judgments.count, given->topics, &eval->judgments, err);
}

/* Evaluating */

static enum sp_status
evaluate_run(sp_eval *eval, int which, const char *path, sp_error *err)
{
    sp_trec_run *run = &eval->runs[which];
    enum sp_status status = sp_trec_run_read(path, run, err);
    if (status != SP_OK)
        return status;
    return sp_evaluate_run(run, &eval->judgments, &eval->how, &eval->evaluations[which], err);
}

/* Evaluates the index at `path`, or, if path is NULL, the databases that the options name. */
static enum sp_status
evaluate_index(sp_eval *eval, int which, const char *path, sp_error *err)
{
    sp_reader *reader;
    enum sp_status status =
        path ? sp_reader_open(&path, 1, &reader, err) : sp_search_open(eval->options, &reader, err);
    if (status != SP_OK)
        return status;
    status = sp_evaluate(reader, &eval->judgments, &eval->how, &eval->evaluations[which], err);
    if (status == SP_OK && which == 0)
        status = sp_unknown_targets_find(reader, &eval->judgments, &eval->unknown, err);
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
count_queries(sp_eval *eval)
{
    const sp_judgments *judgments = &eval->judgments;
    const sp_trec_run *run = &eval->runs[0];
    bool of_run = eval->options->eval.run != NULL;
    for (size_t i = 0; i < judgments->count; i++) {
        size_t hits = judgments->queries[i].text.len;
        if (of_run)
            sp_trec_run_find(run, judgments->queries[i].id, &hits);
        eval->unasked += hits == 0;
    }
    eval->evaluated = judgments->count - eval->unasked;
    for (size_t i = 0; i < run->count; i++) {
        bool next = i == 0 || !sp_bytes_equal(run->hits[i].query, run->hits[i - 1].query);
        eval->unjudged += next && !is_judged(judgments, run->hits[i].query);
    }
}

static enum sp_status
compare(sp_eval *eval, sp_error *err)
{
    const sp_eval_options *given = &eval->options->eval;
    enum sp_status status = given->run ? evaluate_run(eval, 1, given->compare, err)
                                       : evaluate_index(eval, 1, given->compare, err);
    for (size_t i = 0; status == SP_OK && i < eval->how.metric_count; i++)
        status = sp_evaluations_compare(&eval->evaluations[0], &eval->evaluations[1], i,
                                        &eval->comparisons[i], err);
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
write_files(const sp_eval *eval, sp_error *err)
{
    const sp_eval_options *given = &eval->options->eval;
    SP_AUTO(sp_str_done) sp_str run = {0};
    SP_AUTO(sp_str_done) sp_str qrels = {0};
    SP_AUTO(sp_str_done) sp_str topics = {0};
    enum sp_status status = SP_OK;
    if (given->write_run) {
        sp_trec_run_append(&eval->evaluations[0], RUN_NAME, &run);
        status = write_file(given->write_run, &run, err);
    }
    if (status == SP_OK && given->write_qrels) {
        sp_qrels_append(&eval->judgments, &qrels);
        status = write_file(given->write_qrels, &qrels, err);
    }
    if (status == SP_OK && given->write_topics) {
        sp_topics_append(&eval->judgments, &topics);
        status = write_file(given->write_topics, &topics, err);
    }
    return status;
}

/* The whole evaluation */

enum sp_status
sp_eval_run(sp_eval *eval, sp_error *err)
{
    const sp_search_options *options = eval->options;
    const sp_eval_options *given = &options->eval;
    bool own = given->metric_count > 0;
    eval->how = (sp_evaluation_options){
        .metrics = own ? given->metrics : default_metrics,
        .metric_count =
            own ? given->metric_count : sizeof default_metrics / sizeof *default_metrics,
        .part = SP_PART_ALL,
        .depth = options->limited ? options->request.limit : 0,
        .request = &options->request,
    };
    enum sp_status status = read_judgments(eval, err);
    if (status != SP_OK)
        return status;
    status =
        given->run ? evaluate_run(eval, 0, given->run, err) : evaluate_index(eval, 0, NULL, err);
    if (status == SP_OK && given->compare)
        status = compare(eval, err);
    if (status == SP_OK)
        status = write_files(eval, err);
    if (status == SP_OK)
        count_queries(eval);
    return status;
}

void
sp_eval_done(sp_eval *eval)
{
    for (int i = 0; i < 2; i++) {
        sp_evaluation_done(&eval->evaluations[i]);
        sp_trec_run_done(&eval->runs[i]);
    }
    sp_unknown_targets_done(&eval->unknown);
    sp_judgments_done(&eval->judgments);
}

size_t
sp_eval_parts(const sp_eval *eval, sp_shown_part parts[3])
{
    static const sp_shown_part some[] = {
        {"tuning", SP_PART_TUNING}, {"held out", SP_PART_HELD_OUT}, {"all", SP_PART_ALL}};
    bool held_out = false;
    size_t count = 0;
    for (size_t i = 0; i < eval->judgments.count; i++)
        held_out |= eval->judgments.queries[i].held_out;
    for (size_t i = held_out ? 0 : 2; i < 3; i++)
        parts[count++] = some[i];
    return count;
}

static double
change_of(const sp_eval *eval, size_t query)
{
    const sp_evaluation *evaluations = eval->evaluations;
    return fabs(evaluations[1].queries[query].values[0] - evaluations[0].queries[query].values[0]);
}

/* Uses an insertion sort, because at most SP_CHANGED_MAX queries are kept. */
size_t
sp_eval_changed(const sp_eval *eval, size_t changed[SP_CHANGED_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < eval->evaluations[1].count; i++) {
        double change = change_of(eval, i);
        if (change <= SAME || eval->evaluations[1].queries[i].query->held_out)
            continue;
        size_t rank = count;
        while (rank > 0 && change_of(eval, changed[rank - 1]) < change - SAME)
            rank--;
        if (rank == SP_CHANGED_MAX)
            continue;
        count += count < SP_CHANGED_MAX;
        for (size_t k = count - 1; k > rank; k--)
            changed[k] = changed[k - 1];
        changed[rank] = i;
    }
    return count;
}
