// SPDX-License-Identifier: GPL-2.0-or-later
#include "gate.h"

#include <stdlib.h>
#include <unistd.h>

struct sp_gate {
    const sp_run_options *options;
    sp_run_progress *progress;
    sp_judgments judgments;
    sp_metric metrics[SP_REQUIREMENTS_MAX + 1]; /* the requirements', and the preview's */
    size_t metric_count;
    sp_evaluation evaluations[2];
    const sp_evaluation *old; /* NULL: there is none */
    const sp_evaluation *new;
};

/* Reading */

static enum sp_status
list_sites_files(const sp_run_options *options, sp_arena *arena, const char **paths, size_t *count,
                 sp_error *err)
{
    *count = 0;
    for (size_t i = 0; i < options->site_count; i++) {
        SP_AUTO(sp_str_done) sp_str path = {0};
        sp_str_append_format(&path, "%s/" SP_JUDGMENTS_FILE, options->sites[i]);
        sp_bytes kept = sp_arena_copy_str(arena, &path);
        if (kept.data && access(kept.data, F_OK) == 0)
            paths[(*count)++] = kept.data;
    }
    return sp_arena_check(arena, err);
}

static enum sp_status
read_judgments(sp_gate *judge, sp_error *err)
{
    const sp_run_options *options = judge->options;
    sp_judgments *judgments = &judge->judgments;
    if (options->judgments)
        return sp_judgments_read(&options->judgments, 1, judgments, err);
    size_t count;
    const char **paths = sp_arena_array(&judgments->arena, options->site_count, sizeof *paths);
    if (!paths)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    enum sp_status status = list_sites_files(options, &judgments->arena, paths, &count, err);
    return status == SP_OK ? sp_judgments_read(paths, count, judgments, err) : status;
}

static enum sp_status
fail_without_queries(const sp_run_options *options, sp_error *err)
{
    if (options->judgments)
        return sp_fail_at(err, SP_NOT_FOUND, options->judgments, 0, 0,
                          "it has no judged query to hold the index to");
    return sp_fail_at(err, SP_NOT_FOUND, options->sites[0], 0, 0,
                      "there are no judged queries to hold the index to: no " SP_JUDGMENTS_FILE
                      " with any, and --judgments names no other");
}

enum sp_status
sp_gate_open(const sp_run_options *options, sp_run_progress *progress, sp_gate **out, sp_error *err)
{
    *out = NULL;
    if (options->required_count == 0 && !options->dry_run)
        return SP_OK;
    sp_gate *judge = calloc(1, sizeof *judge);
    if (!judge)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    judge->options = options;
    judge->progress = progress;
    for (size_t i = 0; i < options->required_count; i++)
        judge->metrics[judge->metric_count++] = options->required[i].metric;
    judge->metrics[judge->metric_count++] = SP_PREVIEW_METRIC;
    enum sp_status status = read_judgments(judge, err);
    bool any = judge->judgments.count > 0;
    if (status == SP_OK && !any && options->required_count > 0)
        status = fail_without_queries(options, err);
    if (status == SP_OK && any)
        *out = judge;
    else
        sp_gate_close(judge);
    return status;
}

void
sp_gate_close(sp_gate *judge)
{
    if (!judge)
        return;
    sp_evaluation_done(&judge->evaluations[0]);
    sp_evaluation_done(&judge->evaluations[1]);
    sp_judgments_done(&judge->judgments);
    free(judge);
}

/* Asking */

static enum sp_status
check_cancel(void *context, sp_error *err)
{
    sp_gate *judge = context;
    return atomic_load(&judge->progress->cancel) ? sp_fail(err, SP_CANCELLED, "interrupted")
                                                 : SP_OK;
}

static enum sp_status
evaluate(sp_gate *judge, const char *path, sp_evaluation *out, sp_error *err)
{
    sp_reader *reader;
    const sp_evaluation_options options = {.metrics = judge->metrics,
                                           .metric_count = judge->metric_count,
                                           .part = SP_PART_ALL,
                                           .step = check_cancel,
                                           .context = judge};
    enum sp_status status = sp_reader_open(&path, 1, &reader, err);
    if (status != SP_OK)
        return status;
    status = sp_evaluate(reader, &judge->judgments, &options, out, err);
    sp_reader_close(reader);
    return status;
}

enum sp_status
sp_gate_ask_old(sp_gate *judge, const char *index, sp_error *err)
{
    enum sp_status status = evaluate(judge, index, &judge->evaluations[0], err);
    if (status == SP_OK)
        judge->old = &judge->evaluations[0];
    return status == SP_CANCELLED || status == SP_NO_MEMORY ? status : SP_OK;
}

enum sp_status
sp_gate_ask_new(sp_gate *judge, const char *database, sp_error *err)
{
    enum sp_status status = evaluate(judge, database, &judge->evaluations[1], err);
    if (status == SP_OK)
        judge->new = &judge->evaluations[1];
    return status;
}

enum sp_status
sp_gate_ask_unchanged(sp_gate *judge, const char *index, sp_error *err)
{
    enum sp_status status = sp_gate_ask_new(judge, index, err);
    judge->old = judge->new;
    return status;
}

/* Reporting */

static bool
report_required(const sp_gate *judge, sp_gate_report *judged, sp_arena *arena)
{
    bool met = true;
    const sp_run_options *options = judge->options;
    judged->required_count = options->required_count;
    judged->required = sp_arena_array(arena, options->required_count, sizeof *judged->required);
    for (size_t i = 0; judged->required && i < options->required_count; i++) {
        SP_AUTO(sp_str_done) sp_str name = {0};
        sp_gate_requirement *required = &judged->required[i];
        sp_metric_append(&name, &options->required[i].metric);
        *required = (sp_gate_requirement){.requirement = options->required[i],
                                          .metric = sp_arena_copy_str(arena, &name),
                                          .reached = judge->new->means[i]};
        required->met = sp_requirement_is_met(&options->required[i], required->reached);
        met &= required->met;
    }
    return met;
}

/* Which of the metrics the queries are compared by. */
static size_t
metric_of_fall(const sp_gate_report *judged)
{
    for (size_t i = 0; i < judged->required_count; i++) {
        if (!judged->required[i].met)
            return i;
    }
    return 0; /* the first requirement's, or the only one */
}

static int
compare_falls(const void *left, const void *right)
{
    const sp_gate_drop *a = left, *b = right;
    double x = a->before - a->after, y = b->before - b->after;
    return x != y ? (x < y) - (x > y) : sp_bytes_compare(a->query, b->query);
}

static void
add_fallen(const sp_gate *judge, sp_gate_report *judged, size_t query, size_t metric,
           sp_arena *arena)
{
    const sp_evaluated *after = &judge->new->queries[query];
    sp_gate_drop fallen = {.query = sp_arena_copy(arena, after->query->text),
                           .had_before = judge->old != NULL,
                           .after = after->values[metric]};
    if (judge->old)
        fallen.before = judge->old->queries[query].values[metric];
    judged->fell[judged->fell_count++] = fallen;
}

static void
report_falls(const sp_gate *judge, sp_gate_report *judged, sp_arena *arena)
{
    SP_AUTO(sp_str_done) sp_str name = {0};
    size_t metric = metric_of_fall(judged), count = judge->new->count;
    const sp_gate_requirement *missed =
        metric < judged->required_count && !judged->required[metric].met ? &judged->required[metric]
                                                                         : NULL;
    sp_metric_append(&name, &judge->metrics[metric]);
    judged->metric = sp_arena_copy_str(arena, &name);
    judged->fell = sp_arena_array(arena, count, sizeof *judged->fell);
    for (size_t i = 0; judged->fell && judge->old && i < count; i++) {
        if (judge->new->queries[i].values[metric] < judge->old->queries[i].values[metric])
            add_fallen(judge, judged, i, metric, arena);
    }
    bool none = judged->fell_count == 0;
    for (size_t i = 0; judged->fell && missed && none && i < count; i++) {
        if (!sp_requirement_is_met(&missed->requirement, judge->new->queries[i].values[metric]))
            add_fallen(judge, judged, i, metric, arena);
    }
    if (judged->fell_count > 0)
        qsort(judged->fell, judged->fell_count, sizeof *judged->fell, compare_falls);
}

static void
take_first(sp_bytes *urls, const sp_evaluated *evaluated, sp_arena *arena)
{
    for (size_t i = 0; i < SP_PREVIEW_HITS && i < evaluated->url_count; i++)
        urls[i] = sp_arena_copy(arena, evaluated->urls[i]);
}

static bool
is_moved(const sp_evaluated *before, const sp_evaluated *after)
{
    for (size_t i = 0; i < SP_PREVIEW_HITS; i++) {
        bool had = i < before->url_count, has = i < after->url_count;
        if (had != has || (had && !sp_bytes_equal(before->urls[i], after->urls[i])))
            return true;
    }
    return false;
}

static void
report_moves(const sp_gate *judge, sp_gate_report *judged, sp_arena *arena)
{
    judged->moved = sp_arena_array(arena, judge->new->count, sizeof *judged->moved);
    for (size_t i = 0; judged->moved && judge->old && i < judge->new->count; i++) {
        const sp_evaluated *before = &judge->old->queries[i], *after = &judge->new->queries[i];
        if (!is_moved(before, after))
            continue;
        if (after->query->held_out) {
            judged->moved_held_out++;
            continue;
        }
        sp_gate_move *moved = &judged->moved[judged->moved_count++];
        moved->query = sp_arena_copy(arena, after->query->text);
        take_first(moved->before, before, arena);
        take_first(moved->after, after, arena);
    }
}

static void
report_preview(const sp_gate *judge, sp_gate_report *judged, sp_arena *arena)
{
    size_t metric = judge->metric_count - 1;
    judged->preview = true;
    judged->had_before = judge->old != NULL;
    judged->before = judge->old ? judge->old->means[metric] : 0;
    judged->after = judge->new->means[metric];
    report_moves(judge, judged, arena);
}

static void
say_what_is_missed(const sp_gate_report *judged, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    for (size_t i = 0; i < judged->required_count; i++) {
        const sp_gate_requirement *required = &judged->required[i];
        if (!required->met)
            sp_str_append_format(&text, "%s%s is %.5g and not %s%.5g", text.len > 0 ? ", " : "",
                                 required->metric.data, required->reached,
                                 required->requirement.above ? "above " : "at least ",
                                 required->requirement.wanted);
    }
    sp_fail(err, SP_BAD_INPUT, "the %zu judged queries are answered too badly: %s", judged->queries,
            text.failed ? "" : text.data);
}

enum sp_status
sp_gate_fill_report(const sp_gate *judge, sp_run_report *report, bool *met, sp_error *err)
{
    sp_gate_report *judged = sp_arena_alloc(&report->arena, sizeof *judged);
    if (!judged)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    judged->queries = judge->new->count;
    bool good = report_required(judge, judged, &report->arena);
    report_falls(judge, judged, &report->arena);
    if (judge->options->dry_run)
        report_preview(judge, judged, &report->arena);
    enum sp_status status = sp_arena_check(&report->arena, err);
    if (status != SP_OK)
        return status;
    if (!good)
        say_what_is_missed(judged, err);
    report->judged = judged;
    *met = good;
    return SP_OK;
}
