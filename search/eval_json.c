// SPDX-License-Identifier: GPL-2.0-or-later
#include "eval.h"

struct printing {
    const sp_eval *measures;
    sp_str *out;
};

static void
put_key(const struct printing *at, const char *before, const char *name)
{
    sp_str_append_format(at->out, "%s\"%s\":", before, name);
}

/* Metric names are ASCII without quotes, so they need no escaping. */
static void
put_metric(const struct printing *at, size_t metric)
{
    sp_str_append_char(at->out, '"');
    sp_metric_append(at->out, &at->measures->how.metrics[metric]);
    sp_str_append_char(at->out, '"');
}

static void
put_values(const struct printing *at, const double *values)
{
    sp_str_append_char(at->out, '{');
    for (size_t i = 0; i < at->measures->how.metric_count; i++) {
        sp_str_append_text(at->out, i > 0 ? "," : "");
        put_metric(at, i);
        sp_str_append_format(at->out, ":%.6f", values[i]);
    }
    sp_str_append_char(at->out, '}');
}

static void
put_part(const struct printing *at, const sp_shown_part *part)
{
    double means[SP_METRICS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < at->measures->how.metric_count; i++)
        means[i] = sp_evaluation_mean(&at->measures->evaluations[0], i, part->part, &count);
    sp_str_append_format(at->out, "{\"name\":\"%s\",\"queries\":%zu,\"means\":", part->name, count);
    put_values(at, means);
    sp_str_append_char(at->out, '}');
}

static void
put_parts(const struct printing *at)
{
    sp_shown_part parts[3];
    size_t count = sp_eval_parts(at->measures, parts);
    put_key(at, ",", "parts");
    for (size_t i = 0; i < count; i++) {
        sp_str_append_char(at->out, i > 0 ? ',' : '[');
        put_part(at, &parts[i]);
    }
    sp_str_append_char(at->out, ']');
}

static void
put_query(const struct printing *at, const sp_judged_query *query)
{
    sp_str_append_text(at->out, "{\"id\":");
    sp_json_string(at->out, query->id);
    put_key(at, ",", "query");
    sp_json_string(at->out, query->text);
}

static void
put_queries(const struct printing *at)
{
    const sp_evaluation *evaluation = &at->measures->evaluations[0];
    const char *before = "";
    put_key(at, ",", "per_query");
    sp_str_append_char(at->out, '[');
    for (size_t i = 0; i < evaluation->count; i++) {
        const sp_evaluated *evaluated = &evaluation->queries[i];
        if (evaluated->query->held_out)
            continue;
        sp_str_append_text(at->out, before);
        put_query(at, evaluated->query);
        sp_str_append_format(at->out,
                             ",\"hits\":%zu,\"relevant\":%zu,\"values\":", evaluated->url_count,
                             evaluated->query->relevant);
        put_values(at, evaluated->values);
        sp_str_append_char(at->out, '}');
        before = ",";
    }
    sp_str_append_char(at->out, ']');
}

static void
put_differences(const struct printing *at)
{
    put_key(at, "", "differences");
    for (size_t i = 0; i < at->measures->how.metric_count; i++) {
        const sp_comparison *one = &at->measures->comparisons[i];
        sp_str_append_text(at->out, i > 0 ? ",{\"metric\":" : "[{\"metric\":");
        put_metric(at, i);
        sp_str_append_format(at->out,
                             ",\"first\":%.6f,\"second\":%.6f,\"difference\":%.6f,\"better\":%zu,"
                             "\"worse\":%zu,\"same\":%zu,\"p\":%.6f,\"exact\":%s}",
                             one->first, one->second, one->second - one->first, one->better,
                             one->worse, one->same, one->p, one->exact ? "true" : "false");
    }
    sp_str_append_char(at->out, ']');
}

static void
put_changed(const struct printing *at)
{
    size_t changed[SP_CHANGED_MAX], count = sp_eval_changed(at->measures, changed);
    put_key(at, ",", "changed");
    sp_str_append_char(at->out, '[');
    for (size_t i = 0; i < count; i++) {
        const sp_evaluated *first = &at->measures->evaluations[0].queries[changed[i]];
        const sp_evaluated *second = &at->measures->evaluations[1].queries[changed[i]];
        sp_str_append_text(at->out, i > 0 ? "," : "");
        put_query(at, first->query);
        sp_str_append_format(at->out, ",\"first\":%.6f,\"second\":%.6f}", first->values[0],
                             second->values[0]);
    }
    sp_str_append_char(at->out, ']');
}

static void
put_comparison(const struct printing *at)
{
    put_key(at, ",", "comparison");
    sp_str_append_text(at->out, "{\"test\":\"paired randomisation\",");
    put_differences(at);
    if (at->measures->options->eval.verbose)
        put_changed(at);
    sp_str_append_char(at->out, '}');
}

void
sp_eval_print_json(const sp_eval *measures, sp_str *out)
{
    const struct printing at = {measures, out};
    const sp_eval_options *eval = &measures->options->eval;
    sp_str_append_format(out, "{\"queries\":%zu,\"means\":", measures->judgments.count);
    put_values(&at, measures->evaluations[0].means);
    put_parts(&at);
    if (eval->verbose)
        put_queries(&at);
    if (eval->compare)
        put_comparison(&at);
    sp_str_append_text(out, "}\n");
}
