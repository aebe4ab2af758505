// SPDX-License-Identifier: GPL-2.0-or-later
#include "eval.h"

#include <signpost/json.h>

static void
put_mean(sp_str *out, const char *key, double number)
{
    sp_json_fixed(out, key, number, 6);
}

/* Prints an object with the value of each metric. */
static void
put_values(const sp_eval *eval, const char *key, const double *values, sp_str *out)
{
    SP_AUTO(sp_str_done) sp_str name = {0};
    sp_json_open_object(out, key);
    for (size_t i = 0; i < eval->how.metric_count; i++) {
        sp_str_clear(&name);
        sp_metric_append(&name, &eval->how.metrics[i]);
        put_mean(out, sp_str_bytes(&name).data, values[i]);
    }
    sp_json_close_object(out);
    out->failed |= name.failed;
}

static void
put_part(const sp_eval *eval, const sp_shown_part *part, sp_str *out)
{
    double means[SP_METRICS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < eval->how.metric_count; i++)
        means[i] = sp_evaluation_mean(&eval->evaluations[0], i, part->part, &count);
    sp_json_open_object(out, NULL);
    sp_json_text(out, "name", sp_bytes_of(part->name));
    sp_json_uint(out, "queries", count);
    put_values(eval, "means", means, out);
    sp_json_close_object(out);
}

static void
put_parts(const sp_eval *eval, sp_str *out)
{
    sp_shown_part parts[3];
    size_t count = sp_eval_parts(eval, parts);
    sp_json_open_array(out, "parts");
    for (size_t i = 0; i < count; i++)
        put_part(eval, &parts[i], out);
    sp_json_close_array(out);
}

static void
put_query(const sp_judged_query *query, sp_str *out)
{
    sp_json_text(out, "id", query->id);
    sp_json_text(out, "query", query->text);
}

static void
put_queries(const sp_eval *eval, sp_str *out)
{
    const sp_evaluation *evaluation = &eval->evaluations[0];
    sp_json_open_array(out, "per_query");
    for (size_t i = 0; i < evaluation->count; i++) {
        const sp_evaluated *evaluated = &evaluation->queries[i];
        if (evaluated->query->held_out)
            continue;
        sp_json_open_object(out, NULL);
        put_query(evaluated->query, out);
        sp_json_uint(out, "hits", evaluated->url_count);
        sp_json_uint(out, "relevant", evaluated->query->relevant);
        put_values(eval, "values", evaluated->values, out);
        sp_json_close_object(out);
    }
    sp_json_close_array(out);
}

static void
put_difference(const sp_comparison *one, const sp_metric *metric, sp_str *out)
{
    SP_AUTO(sp_str_done) sp_str name = {0};
    sp_metric_append(&name, metric);
    sp_json_open_object(out, NULL);
    sp_json_text(out, "metric", sp_str_bytes(&name));
    put_mean(out, "first", one->first);
    put_mean(out, "second", one->second);
    put_mean(out, "difference", one->second - one->first);
    sp_json_uint(out, "better", one->better);
    sp_json_uint(out, "worse", one->worse);
    sp_json_uint(out, "same", one->same);
    put_mean(out, "p", one->p);
    sp_json_bool(out, "exact", one->exact);
    sp_json_close_object(out);
    out->failed |= name.failed;
}

static void
put_changed(const sp_eval *eval, sp_str *out)
{
    size_t changed[SP_CHANGED_MAX], count = sp_eval_changed(eval, changed);
    sp_json_open_array(out, "changed");
    for (size_t i = 0; i < count; i++) {
        const sp_evaluated *first = &eval->evaluations[0].queries[changed[i]];
        const sp_evaluated *second = &eval->evaluations[1].queries[changed[i]];
        sp_json_open_object(out, NULL);
        put_query(first->query, out);
        put_mean(out, "first", first->values[0]);
        put_mean(out, "second", second->values[0]);
        sp_json_close_object(out);
    }
    sp_json_close_array(out);
}

static void
put_comparison(const sp_eval *eval, sp_str *out)
{
    sp_json_open_object(out, "comparison");
    sp_json_text(out, "test", SP_LITERAL("paired randomisation"));
    sp_json_open_array(out, "differences");
    for (size_t i = 0; i < eval->how.metric_count; i++)
        put_difference(&eval->comparisons[i], &eval->how.metrics[i], out);
    sp_json_close_array(out);
    if (eval->options->eval.verbose)
        put_changed(eval, out);
    sp_json_close_object(out);
}

void
sp_eval_print_json(const sp_eval *eval, sp_str *out)
{
    const sp_eval_options *given = &eval->options->eval;
    sp_json_open_object(out, NULL);
    sp_json_uint(out, "queries", eval->judgments.count);
    put_values(eval, "means", eval->evaluations[0].means, out);
    put_parts(eval, out);
    if (given->verbose)
        put_queries(eval, out);
    if (given->compare)
        put_comparison(eval, out);
    sp_json_close_object(out);
    sp_str_append_char(out, '\n');
}
