// SPDX-License-Identifier: GPL-2.0-or-later
#include "gate.h"

#include "engine/base/lines.h"
#include "run_private.h"

#include <stdlib.h>

struct sp_gate {
    const sp_run_options *options;
    sp_run_progress *progress;
    sp_judgments judgments;
    sp_metric metrics[SP_REQUIREMENTS_MAX + 1]; /* of the requirements, then of the preview */
    size_t metric_count;
    sp_evaluation evaluations[2];
    const sp_evaluation *old; /* NULL: there is no old index */
    const sp_evaluation *new;
};

/* Reading */

/* Reads a site's file into the arena. A missing file is left out. */
static enum sp_status
read_file(const sp_site *site, sp_arena *arena, sp_judgment_text *out, bool *found, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str shown = {0};
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_bytes name = SP_LITERAL(SP_JUDGMENTS_FILE);
    enum sp_status status = sp_site_read_at_root(site, name, SP_LINES_BYTES_MAX, &text, err);
    *found = status == SP_OK;
    if (status != SP_OK)
        return status == SP_NOT_FOUND ? SP_OK : status;
    sp_site_append_shown(site, name, &shown);
    out->path = sp_arena_copy_str(arena, &shown).data;
    out->content = sp_arena_copy_str(arena, &text);
    return sp_arena_check(arena, err);
}

static enum sp_status
read_judgments(sp_gate *gate, const sp_files *files, sp_error *err)
{
    const sp_run_options *options = gate->options;
    sp_judgments *judgments = &gate->judgments;
    if (options->judgments)
        return sp_judgments_read(&options->judgments, 1, judgments, err);
    size_t count = 0;
    enum sp_status status = SP_OK;
    sp_judgment_text *texts = sp_arena_array(&judgments->arena, files->site_count, sizeof *texts);
    if (!texts)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    for (size_t i = 0; status == SP_OK && i < files->site_count; i++) {
        bool found;
        status = read_file(files->sites[i], &judgments->arena, &texts[count], &found, err);
        count += found;
    }
    return status == SP_OK ? sp_judgments_read_texts(texts, count, judgments, err) : status;
}

static enum sp_status
fail_without_queries(const sp_run_options *options, sp_error *err)
{
    if (options->judgments)
        return sp_fail_at(err, SP_NOT_FOUND, options->judgments, 0, 0,
                          "--require needs judged queries, and this file contains none");
    return sp_fail_at(err, SP_NOT_FOUND, options->sites[0], 0, 0,
                      "--require needs judged queries: no site has any in its " SP_JUDGMENTS_FILE
                      ", and --judgments names no file");
}

enum sp_status
sp_gate_open(const sp_files *files, const sp_run_options *options, sp_run_progress *progress,
             sp_gate **out, sp_error *err)
{
    *out = NULL;
    if (options->required_count == 0 && !options->dry_run)
        return SP_OK;
    sp_gate *gate = calloc(1, sizeof *gate);
    if (!gate)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    gate->options = options;
    gate->progress = progress;
    for (size_t i = 0; i < options->required_count; i++)
        gate->metrics[gate->metric_count++] = options->required[i].metric;
    gate->metrics[gate->metric_count++] = SP_PREVIEW_METRIC;
    enum sp_status status = read_judgments(gate, files, err);
    bool any = gate->judgments.count > 0;
    if (status == SP_OK && !any && options->required_count > 0)
        status = fail_without_queries(options, err);
    if (status == SP_OK && any)
        *out = gate;
    else
        sp_gate_close(gate);
    return status;
}

void
sp_gate_close(sp_gate *gate)
{
    if (!gate)
        return;
    sp_evaluation_done(&gate->evaluations[0]);
    sp_evaluation_done(&gate->evaluations[1]);
    sp_judgments_done(&gate->judgments);
    free(gate);
}

/* Evaluating */

static enum sp_status
check_cancel(void *context, sp_error *err)
{
    const sp_gate *gate = context;
    return sp_check_cancel(&gate->progress->cancel, err);
}

static enum sp_status
evaluate(sp_gate *gate, const char *path, sp_evaluation *out, sp_error *err)
{
    sp_reader *reader;
    const sp_evaluation_options options = {.metrics = gate->metrics,
                                           .metric_count = gate->metric_count,
                                           .part = SP_PART_ALL,
                                           .step = check_cancel,
                                           .context = gate};
    enum sp_status status = sp_reader_open(&path, 1, &reader, err);
    if (status != SP_OK)
        return status;
    status = sp_evaluate(reader, &gate->judgments, &options, out, err);
    sp_reader_close(reader);
    return status;
}

enum sp_status
sp_gate_evaluate_old(sp_gate *gate, const char *index, sp_error *err)
{
    enum sp_status status = evaluate(gate, index, &gate->evaluations[0], err);
    if (status == SP_OK)
        gate->old = &gate->evaluations[0];
    return status == SP_CANCELLED || status == SP_NO_MEMORY ? status : SP_OK;
}

enum sp_status
sp_gate_evaluate_new(sp_gate *gate, const char *database, sp_error *err)
{
    enum sp_status status = evaluate(gate, database, &gate->evaluations[1], err);
    if (status == SP_OK)
        gate->new = &gate->evaluations[1];
    return status;
}

enum sp_status
sp_gate_evaluate_unchanged(sp_gate *gate, const char *index, sp_error *err)
{
    enum sp_status status = sp_gate_evaluate_new(gate, index, err);
    gate->old = gate->new;
    return status;
}

/* Reporting */

static bool
report_required(const sp_gate *gate, sp_gate_report *report, sp_arena *arena)
{
    bool met = true;
    const sp_run_options *options = gate->options;
    report->required_count = options->required_count;
    report->required = sp_arena_array(arena, options->required_count, sizeof *report->required);
    for (size_t i = 0; report->required && i < options->required_count; i++) {
        SP_AUTO(sp_str_done) sp_str name = {0};
        sp_gate_requirement *required = &report->required[i];
        sp_metric_append(&name, &options->required[i].metric);
        *required = (sp_gate_requirement){.requirement = options->required[i],
                                          .metric = sp_arena_copy_str(arena, &name),
                                          .reached = gate->new->means[i]};
        required->met = sp_requirement_is_met(&options->required[i], required->reached);
        met &= required->met;
    }
    return met;
}

/* The index, in gate->metrics, of the metric by which queries are compared. */
static size_t
drop_metric(const sp_gate_report *report)
{
    for (size_t i = 0; i < report->required_count; i++) {
        if (!report->required[i].met)
            return i;
    }
    return 0; /* the metric of the first requirement, or of the preview */
}

static int
compare_drops(const void *left, const void *right)
{
    const sp_gate_drop *a = left, *b = right;
    double x = a->before - a->after, y = b->before - b->after;
    return x != y ? (x < y) - (x > y) : sp_bytes_compare(a->query, b->query);
}

static void
add_drop(const sp_gate *gate, sp_gate_report *report, size_t query, size_t metric, sp_arena *arena)
{
    const sp_evaluated *after = &gate->new->queries[query];
    sp_gate_drop drop = {.query = sp_arena_copy(arena, after->query->text),
                         .had_before = gate->old != NULL,
                         .after = after->values[metric]};
    if (gate->old)
        drop.before = gate->old->queries[query].values[metric];
    report->drops[report->drop_count++] = drop;
}

static void
report_drops(const sp_gate *gate, sp_gate_report *report, sp_arena *arena)
{
    SP_AUTO(sp_str_done) sp_str name = {0};
    size_t metric = drop_metric(report), count = gate->new->count;
    const sp_gate_requirement *unmet =
        metric < report->required_count && !report->required[metric].met ? &report->required[metric]
                                                                         : NULL;
    sp_metric_append(&name, &gate->metrics[metric]);
    report->metric = sp_arena_copy_str(arena, &name);
    report->drops = sp_arena_array(arena, count, sizeof *report->drops);
    for (size_t i = 0; report->drops && gate->old && i < count; i++) {
        if (gate->new->queries[i].values[metric] < gate->old->queries[i].values[metric])
            add_drop(gate, report, i, metric, arena);
    }
    bool none = report->drop_count == 0;
    for (size_t i = 0; report->drops && unmet && none && i < count; i++) {
        if (!sp_requirement_is_met(&unmet->requirement, gate->new->queries[i].values[metric]))
            add_drop(gate, report, i, metric, arena);
    }
    if (report->drops && report->drop_count > 0)
        qsort(report->drops, report->drop_count, sizeof *report->drops, compare_drops);
}

static void
copy_first_hits(sp_bytes *urls, const sp_evaluated *evaluated, sp_arena *arena)
{
    for (size_t i = 0; i < SP_PREVIEW_HITS && i < evaluated->url_count; i++)
        urls[i] = sp_arena_copy(arena, evaluated->urls[i]);
}

static bool
has_moved(const sp_evaluated *before, const sp_evaluated *after)
{
    for (size_t i = 0; i < SP_PREVIEW_HITS; i++) {
        bool had = i < before->url_count, has = i < after->url_count;
        if (had != has || (had && !sp_bytes_equal(before->urls[i], after->urls[i])))
            return true;
    }
    return false;
}

static void
report_moves(const sp_gate *gate, sp_gate_report *report, sp_arena *arena)
{
    report->moves = sp_arena_array(arena, gate->new->count, sizeof *report->moves);
    for (size_t i = 0; report->moves && gate->old && i < gate->new->count; i++) {
        const sp_evaluated *before = &gate->old->queries[i], *after = &gate->new->queries[i];
        if (!has_moved(before, after))
            continue;
        if (after->query->held_out) {
            report->moved_held_out++;
            continue;
        }
        sp_gate_move *move = &report->moves[report->move_count++];
        move->query = sp_arena_copy(arena, after->query->text);
        copy_first_hits(move->before, before, arena);
        copy_first_hits(move->after, after, arena);
    }
}

static void
report_preview(const sp_gate *gate, sp_gate_report *report, sp_arena *arena)
{
    size_t metric = gate->metric_count - 1;
    report->preview = true;
    report->had_before = gate->old != NULL;
    report->before = gate->old ? gate->old->means[metric] : 0;
    report->after = gate->new->means[metric];
    report_moves(gate, report, arena);
}

static void
fail_unmet(const sp_gate_report *report, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    for (size_t i = 0; i < report->required_count; i++) {
        const sp_gate_requirement *required = &report->required[i];
        if (!required->met)
            sp_str_append_format(&text, "%s%s is %.5g, must be %s %.5g", text.len > 0 ? "; " : "",
                                 required->metric.data, required->reached,
                                 required->requirement.above ? "above" : "at least",
                                 required->requirement.wanted);
    }
    sp_fail(err, SP_BAD_INPUT, "the relevance of the %zu judged queries is too low: %s",
            report->queries, text.failed ? "" : text.data);
}

enum sp_status
sp_gate_make_report(const sp_gate *gate, sp_arena *arena, const sp_gate_report **out, bool *met,
                    sp_error *err)
{
    sp_gate_report *report = sp_arena_alloc(arena, sizeof *report);
    if (!report)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    report->queries = gate->new->count;
    bool passed = report_required(gate, report, arena);
    report_drops(gate, report, arena);
    if (gate->options->dry_run)
        report_preview(gate, report, arena);
    enum sp_status status = sp_arena_check(arena, err);
    if (status != SP_OK)
        return status;
    if (!passed)
        fail_unmet(report, err);
    *out = report;
    *met = passed;
    return SP_OK;
}
