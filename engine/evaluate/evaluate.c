// SPDX-License-Identifier: GPL-2.0-or-later
#include "evaluate_private.h"

#include <signpost/ascii.h>

#include <math.h>

static const struct {
    const char *name;
    enum sp_measure measure;
    unsigned depth; /* the default */
} measures[] = {
    {"nDCG", SP_NDCG, SP_DEPTH_DEFAULT},          {"P", SP_PRECISION, SP_DEPTH_DEFAULT},
    {"success", SP_SUCCESS, SP_DEPTH_DEFAULT},    {"MRR", SP_RECIPROCAL_RANK, SP_DEPTH_DEFAULT},
    {"recall", SP_RECALL, SP_DEPTH_DEFAULT},      {"MAP", SP_AVERAGE_PRECISION, SP_DEPTH_ALL},
    {"RR", SP_RECIPROCAL_RANK, SP_DEPTH_DEFAULT}, {"AP", SP_AVERAGE_PRECISION, SP_DEPTH_ALL},
};

/* Metrics */

static bool
read_depth(sp_bytes text, unsigned *out)
{
    unsigned depth = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!sp_ascii_is_digit(text.data[i]))
            return false;
        depth = depth * 10 + (unsigned)(text.data[i] - '0');
        if (depth > SP_DEPTH_MAX)
            return false;
    }
    *out = depth;
    return depth > 0;
}

bool
sp_metric_read(sp_bytes text, sp_metric *out)
{
    size_t at = sp_bytes_find(text, SP_LITERAL("@"), 0);
    sp_bytes name = at == SIZE_MAX ? text : sp_bytes_slice(text, 0, at);
    unsigned depth = 0;
    if (at != SIZE_MAX && !read_depth(sp_bytes_slice(text, at + 1, text.len), &depth))
        return false;
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
        if (sp_bytes_equal_ascii_case(name, sp_bytes_of(measures[i].name))) {
            *out = (sp_metric){measures[i].measure, depth > 0 ? depth : measures[i].depth};
            return true;
        }
    }
    return false;
}

void
sp_metric_append(sp_str *out, const sp_metric *metric)
{
    size_t i = 0;
    while (measures[i].measure != metric->measure)
        i++;
    sp_str_append_text(out, measures[i].name);
    if (metric->depth != SP_DEPTH_ALL)
        sp_str_append_format(out, "@%u", metric->depth);
}

static double
discounted_gain(const unsigned *grades, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += grades[i] / log2((double)i + 2);
    return sum;
}

static size_t
count_from(const unsigned *grades, size_t count, unsigned least)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += grades[i] >= least;
    return found;
}

static double
reciprocal_rank(const unsigned *grades, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (grades[i] > 0)
            return 1 / ((double)i + 1);
    }
    return 0;
}

static double
average_precision(const unsigned *grades, size_t count, size_t relevant)
{
    double sum = 0;
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        if (grades[i] > 0)
            sum += (double)++found / ((double)i + 1);
    }
    return sum / (double)relevant;
}

double
sp_metric_of(const sp_metric *metric, const sp_judged_query *query, const unsigned *grades,
             size_t count)
{
    size_t depth = metric->depth, relevant = query->relevant;
    count = count < depth ? count : depth;
    if (relevant == 0)
        return 0;
    switch (metric->measure) {
    case SP_NDCG:
        return discounted_gain(grades, count) /
               discounted_gain(query->grades, relevant < depth ? relevant : depth);
    case SP_PRECISION:
        return (double)count_from(grades, count, 1) / (double)depth;
    case SP_SUCCESS:
        return count_from(grades, count, SP_GRADE_GOOD) > 0;
    case SP_RECIPROCAL_RANK:
        return reciprocal_rank(grades, count);
    case SP_RECALL:
        return (double)count_from(grades, count, 1) / (double)relevant;
    case SP_AVERAGE_PRECISION:
        return average_precision(grades, count, relevant);
    }
    return 0;
}

/* Queries */

static bool
is_of_part(const sp_judged_query *query, enum sp_part part)
{
    return (part & (query->held_out ? SP_PART_HELD_OUT : SP_PART_TUNING)) != 0;
}

static bool
is_ranked_above(const sp_evaluated *evaluated, sp_bytes target)
{
    for (size_t i = 0; i < evaluated->url_count; i++) {
        if (sp_bytes_equal(evaluated->targets[i], target))
            return true;
    }
    return false;
}

/* A target counts only at its first rank. It is looked for among the earlier hits only if it has a
   grade, so that long answers do not take quadratic time. */
void
sp_ranked_add(sp_ranked *ranking, sp_bytes url, sp_bytes target)
{
    sp_evaluated *evaluated = ranking->evaluated;
    if (evaluated->url_count == ranking->capacity)
        return;
    unsigned grade = sp_judged_grade(evaluated->query, target);
    if (grade > 0 && is_ranked_above(evaluated, target))
        grade = 0;
    ranking->grades[evaluated->url_count] = grade;
    evaluated->urls[evaluated->url_count] = url;
    evaluated->targets[evaluated->url_count++] = target;
}

bool
sp_ranked_reserve(sp_ranked *ranking, size_t capacity)
{
    sp_evaluated *evaluated = ranking->evaluated;
    ranking->capacity = capacity;
    ranking->grades = sp_arena_array(ranking->arena, capacity, sizeof *ranking->grades);
    evaluated->urls = sp_arena_array(ranking->arena, capacity, sizeof *evaluated->urls);
    evaluated->targets = sp_arena_array(ranking->arena, capacity, sizeof *evaluated->targets);
    return !ranking->arena->failed;
}

static enum sp_status
evaluate_query(sp_rank_function *rank, void *source, const sp_evaluation_options *options,
               sp_arena *arena, sp_evaluated *evaluated, sp_error *err)
{
    sp_ranked ranking = {.arena = arena, .evaluated = evaluated};
    enum sp_status status = options->step ? options->step(options->context, err) : SP_OK;
    if (status == SP_OK)
        status = rank(source, &ranking, err);
    if (status != SP_OK)
        return status;
    evaluated->values = sp_arena_array(arena, options->metric_count, sizeof *evaluated->values);
    for (size_t i = 0; !arena->failed && i < options->metric_count; i++)
        evaluated->values[i] = sp_metric_of(&options->metrics[i], evaluated->query, ranking.grades,
                                            ranking.grades ? evaluated->url_count : 0);
    return sp_arena_check(arena, err);
}

enum sp_status
sp_evaluate_rankings(sp_rank_function *rank, void *source, const sp_judgments *judgments,
                     const sp_evaluation_options *options, sp_evaluation *out, sp_error *err)
{
    out->queries = sp_arena_array(&out->arena, judgments->count, sizeof *out->queries);
    out->means = sp_arena_array(&out->arena, options->metric_count, sizeof *out->means);
    enum sp_status status = sp_arena_check(&out->arena, err);
    for (size_t i = 0; status == SP_OK && i < judgments->count; i++) {
        if (!is_of_part(&judgments->queries[i], options->part))
            continue;
        sp_evaluated *evaluated = &out->queries[out->count++];
        evaluated->query = &judgments->queries[i];
        status = evaluate_query(rank, source, options, &out->arena, evaluated, err);
    }
    for (size_t i = 0; status == SP_OK && i < options->metric_count; i++) {
        size_t count;
        out->means[i] = sp_evaluation_mean(out, i, options->part, &count);
    }
    return status;
}

/* Searching an index */

struct search_source {
    sp_reader *reader;
    const sp_judgments *judgments;
    sp_request request;
};

static void
add_url(const struct search_source *state, sp_ranked *ranking, sp_bytes url)
{
    sp_bytes kept = sp_arena_copy(ranking->arena, url);
    if (kept.data)
        sp_ranked_add(ranking, kept, sp_judged_target(state->judgments, kept));
}

static enum sp_status
rank_by_search(void *source, sp_ranked *ranking, sp_error *err)
{
    struct search_source *state = source;
    sp_answer *answer;
    state->request.text = ranking->evaluated->query->text;
    if (state->request.text.len == 0)
        return SP_OK;
    enum sp_status status = sp_search(state->reader, &state->request, &answer, err);
    if (status != SP_OK)
        return status;
    if (!sp_ranked_reserve(ranking, answer->hit_count + answer->related_count))
        status = sp_arena_check(ranking->arena, err);
    for (size_t i = 0; status == SP_OK && i < answer->hit_count; i++)
        add_url(state, ranking, answer->hits[i].url);
    /* Related documents rank below all hits. */
    for (size_t i = 0; status == SP_OK && i < answer->related_count; i++)
        add_url(state, ranking, answer->related[i].url);
    sp_answer_free(answer);
    return status;
}

static unsigned
depth_to_ask(const sp_evaluation_options *options)
{
    unsigned depth = 1;
    if (options->depth > 0)
        return options->depth;
    for (size_t i = 0; i < options->metric_count; i++) {
        if (options->metrics[i].depth > depth)
            depth = options->metrics[i].depth;
    }
    return depth < SP_DEPTH_MAX ? depth : SP_DEPTH_MAX;
}

enum sp_status
sp_evaluate(sp_reader *reader, const sp_judgments *judgments, const sp_evaluation_options *options,
            sp_evaluation *out, sp_error *err)
{
    struct search_source state = {.reader = reader, .judgments = judgments};
    if (options->request)
        state.request = *options->request;
    state.request.offset = 0;
    state.request.limit = depth_to_ask(options);
    return sp_evaluate_rankings(rank_by_search, &state, judgments, options, out, err);
}

double
sp_evaluation_mean(const sp_evaluation *evaluation, size_t metric, enum sp_part part, size_t *count)
{
    double sum = 0;
    *count = 0;
    for (size_t i = 0; i < evaluation->count; i++) {
        if (!is_of_part(evaluation->queries[i].query, part))
            continue;
        sum += evaluation->queries[i].values[metric];
        ++*count;
    }
    return *count > 0 ? sum / (double)*count : 0;
}

void
sp_evaluation_done(sp_evaluation *evaluation)
{
    sp_arena_done(&evaluation->arena);
    *evaluation = (sp_evaluation){0};
}
