#include <signpost/evaluate.h>

#include <math.h>

static const struct {
    const char *name;
    enum sp_measure measure;
} names[] = {
    {"nDCG", SP_NDCG},           {"P", SP_PRECISION},   {"success", SP_SUCCESS},
    {"MRR", SP_RECIPROCAL_RANK}, {"recall", SP_RECALL}, {"RR", SP_RECIPROCAL_RANK},
};

/* Metrics */

static bool
read_depth(sp_bytes text, unsigned *out)
{
    unsigned depth = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
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
    unsigned depth = SP_DEPTH_DEFAULT;
    if (at != SIZE_MAX && !read_depth(sp_bytes_slice(text, at + 1, text.len), &depth))
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (sp_bytes_equal_ascii_case(name, sp_bytes_of(names[i].name))) {
            *out = (sp_metric){.measure = names[i].measure, .depth = depth};
            return true;
        }
    }
    return false;
}

void
sp_metric_append(sp_str *out, const sp_metric *metric)
{
    size_t i = 0;
    while (names[i].measure != metric->measure)
        i++;
    sp_str_append_format(out, "%s@%u", names[i].name, metric->depth);
}

static double
gain(const unsigned *grades, size_t count)
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
        return gain(grades, count) / gain(query->grades, relevant < depth ? relevant : depth);
    case SP_PRECISION:
        return (double)count_from(grades, count, 1) / (double)depth;
    case SP_SUCCESS:
        return count_from(grades, count, SP_GRADE_GOOD) > 0;
    case SP_RECIPROCAL_RANK:
        return reciprocal_rank(grades, count);
    case SP_RECALL:
        return (double)count_from(grades, count, 1) / (double)relevant;
    }
    return 0;
}

/* Queries */

struct evaluating {
    sp_reader *reader;
    const sp_evaluation_options *options;
    sp_evaluation *out;
    unsigned depth;
    unsigned grades[SP_DEPTH_MAX];
};

static bool
is_of_part(const sp_judged_query *query, enum sp_part part)
{
    return (part & (query->held_out ? SP_PART_HELD_OUT : SP_PART_TUNING)) != 0;
}

static bool
stands_above(const sp_evaluated *evaluated, sp_bytes url)
{
    for (size_t i = 0; i < evaluated->url_count; i++) {
        if (sp_bytes_equal(sp_target_of(evaluated->urls[i]), sp_target_of(url)))
            return true;
    }
    return false;
}

/* Only what is graded is looked for among the hits above, so that long answers cost no square. */
static void
take_hit(struct evaluating *at, sp_evaluated *evaluated, sp_bytes url)
{
    unsigned grade = sp_judged_grade(evaluated->query, url);
    if (grade > 0 && stands_above(evaluated, url))
        grade = 0;
    at->grades[evaluated->url_count] = grade;
    evaluated->urls[evaluated->url_count++] = sp_arena_copy(&at->out->arena, url);
}

static enum sp_status
ask(struct evaluating *at, sp_evaluated *evaluated, sp_error *err)
{
    sp_answer *answer;
    const sp_evaluation_options *options = at->options;
    const sp_request request = {.text = evaluated->query->text, .limit = at->depth};
    enum sp_status status = options->step ? options->step(options->context, err) : SP_OK;
    if (status == SP_OK)
        status = sp_search(at->reader, &request, &answer, err);
    if (status != SP_OK)
        return status;
    sp_arena *arena = &at->out->arena;
    size_t count = (size_t)answer->hit_count + answer->related_count;
    evaluated->urls = sp_arena_array(arena, count, sizeof *evaluated->urls);
    evaluated->values = sp_arena_array(arena, options->metric_count, sizeof *evaluated->values);
    for (size_t i = 0; !arena->failed && i < count && i < at->depth; i++) {
        bool is_hit = i < answer->hit_count; /* what is related stands below all hits */
        take_hit(at, evaluated,
                 (is_hit ? &answer->hits[i] : &answer->related[i - answer->hit_count])->url);
    }
    sp_answer_free(answer);
    for (size_t i = 0; !arena->failed && i < options->metric_count; i++)
        evaluated->values[i] =
            sp_metric_of(&options->metrics[i], evaluated->query, at->grades, evaluated->url_count);
    return sp_arena_check(arena, err);
}

static void
take_means(sp_evaluation *out, size_t metric_count)
{
    for (size_t i = 0; out->count > 0 && i < metric_count; i++) {
        for (size_t k = 0; k < out->count; k++)
            out->means[i] += out->queries[k].values[i];
        out->means[i] /= (double)out->count;
    }
}

enum sp_status
sp_evaluate(sp_reader *reader, const sp_judgments *judgments, const sp_evaluation_options *options,
            sp_evaluation *out, sp_error *err)
{
    struct evaluating at = {.reader = reader, .options = options, .out = out, .depth = 1};
    for (size_t i = 0; i < options->metric_count; i++) {
        if (options->metrics[i].depth > at.depth)
            at.depth = options->metrics[i].depth;
    }
    out->queries = sp_arena_array(&out->arena, judgments->count, sizeof *out->queries);
    out->means = sp_arena_array(&out->arena, options->metric_count, sizeof *out->means);
    enum sp_status status = sp_arena_check(&out->arena, err);
    for (size_t i = 0; status == SP_OK && i < judgments->count; i++) {
        if (!is_of_part(&judgments->queries[i], options->part))
            continue;
        out->queries[out->count].query = &judgments->queries[i];
        status = ask(&at, &out->queries[out->count], err);
        out->count++;
    }
    if (status == SP_OK)
        take_means(out, options->metric_count);
    return status;
}

void
sp_evaluation_done(sp_evaluation *evaluation)
{
    sp_arena_done(&evaluation->arena);
    *evaluation = (sp_evaluation){0};
}
