// SPDX-License-Identifier: GPL-2.0-or-later
#include "eval.h"

#include <signpost/printable.h>

#define UNKNOWN_MAX 20 /* warnings; further ones are only counted */
#define COLUMN 8       /* minimum width: "0.1234" and two spaces before it */

struct table {
    const sp_eval *eval;
    sp_str *out;
};

/* Returns the width of the column with this title. Titles and values are aligned to the right. */
static unsigned
width_of(const char *title)
{
    unsigned width = (unsigned)strlen(title) + 2;
    return width > COLUMN ? width : COLUMN;
}

static void
put_titles(const struct table *table, const char *last)
{
    const sp_evaluation_options *how = &table->eval->how;
    for (size_t i = 0; i < how->metric_count; i++) {
        SP_AUTO(sp_str_done) sp_str name = {0};
        sp_metric_append(&name, &how->metrics[i]);
        if (!name.failed)
            sp_str_append_format(table->out, "%*s", (int)width_of(name.data), name.data);
    }
    sp_str_append_format(table->out, "  %s\n", last);
}

static void
put_value(const struct table *table, size_t metric, double value)
{
    SP_AUTO(sp_str_done) sp_str name = {0};
    sp_metric_append(&name, &table->eval->how.metrics[metric]);
    if (!name.failed)
        sp_str_append_format(table->out, "%*.4f", (int)width_of(name.data), value);
}

/* Prints the text of a query. With qrels, prints its id and, if known, its text. */
static void
put_query(const struct table *table, const sp_judged_query *query)
{
    if (table->eval->qrels) {
        sp_printable_append(table->out, query->id);
        sp_str_append_text(table->out, query->text.len > 0 ? "  " : "");
    }
    sp_printable_append(table->out, query->text);
    sp_str_append_char(table->out, '\n');
}

static void
put_queries(const struct table *table)
{
    const sp_evaluation *evaluation = &table->eval->evaluations[0];
    put_titles(table, "query");
    for (size_t i = 0; i < evaluation->count; i++) {
        const sp_evaluated *evaluated = &evaluation->queries[i];
        if (evaluated->query->held_out)
            continue;
        for (size_t k = 0; k < table->eval->how.metric_count; k++)
            put_value(table, k, evaluated->values[k]);
        sp_str_append_text(table->out, "  ");
        put_query(table, evaluated->query);
    }
    sp_str_append_char(table->out, '\n');
}

static void
put_means(const struct table *table)
{
    sp_shown_part parts[3];
    size_t part_count = sp_eval_parts(table->eval, parts);
    put_titles(table, "queries");
    for (size_t i = 0; i < part_count; i++) {
        size_t count = 0;
        for (size_t k = 0; k < table->eval->how.metric_count; k++)
            put_value(table, k,
                      sp_evaluation_mean(&table->eval->evaluations[0], k, parts[i].part, &count));
        sp_str_append_format(table->out, "  %7zu  %s\n", count, parts[i].name);
    }
}

static void
put_comparison(const struct table *table)
{
    bool exact = true;
    sp_str_append_text(table->out, "\nmetric        first  second  difference  better  worse   same"
                                   "       p\n");
    for (size_t i = 0; i < table->eval->how.metric_count; i++) {
        SP_AUTO(sp_str_done) sp_str name = {0};
        const sp_comparison *one = &table->eval->comparisons[i];
        sp_metric_append(&name, &table->eval->how.metrics[i]);
        sp_str_append_format(table->out, "%-12s %6.4f  %6.4f  %+10.4f  %6zu %6zu %6zu  %6.4f\n",
                             name.data ? name.data : "", one->first, one->second,
                             one->second - one->first, one->better, one->worse, one->same, one->p);
        exact &= one->exact;
    }
    sp_str_append_text(table->out, "p: paired randomisation test, two-sided, ");
    if (exact)
        sp_str_append_text(table->out, "all sign assignments\n");
    else
        sp_str_append_format(table->out, "%d,%03d random sign assignments\n",
                             SP_SIGNS_SAMPLES / 1000, SP_SIGNS_SAMPLES % 1000);
}

static void
put_changed(const struct table *table)
{
    size_t changed[SP_CHANGED_MAX], count = sp_eval_changed(table->eval, changed);
    SP_AUTO(sp_str_done) sp_str name = {0};
    if (count == 0)
        return;
    sp_metric_append(&name, &table->eval->how.metrics[0]);
    sp_str_append_format(table->out, "\n first  second  difference  query, by %s\n",
                         name.data ? name.data : "");
    for (size_t i = 0; i < count; i++) {
        const sp_evaluated *first = &table->eval->evaluations[0].queries[changed[i]];
        const sp_evaluated *second = &table->eval->evaluations[1].queries[changed[i]];
        sp_str_append_format(table->out, "%6.4f  %6.4f  %+10.4f  ", first->values[0],
                             second->values[0], second->values[0] - first->values[0]);
        put_query(table, first->query);
    }
}

void
sp_eval_print(const sp_eval *eval, sp_str *out)
{
    const struct table table = {eval, out};
    const sp_eval_options *given = &eval->options->eval;
    if (given->verbose && !given->compare)
        put_queries(&table);
    put_means(&table);
    if (given->compare)
        put_comparison(&table);
    if (given->compare && given->verbose)
        put_changed(&table);
}

/* Warns of judged targets that the index does not have: a mistyped target looks like a bad
   ranking. */
static void
put_unknown(const sp_unknown_targets *unknown, sp_str *out)
{
    for (size_t i = 0; i < unknown->count && i < UNKNOWN_MAX; i++) {
        const sp_judgment *judged = &unknown->items[i];
        sp_printable_append(out, sp_bytes_of(judged->path));
        sp_str_append_format(out, ":%u: warning: not in the index: ", judged->line);
        sp_printable_append(out, judged->target);
        sp_str_append_char(out, '\n');
    }
    if (unknown->count > UNKNOWN_MAX)
        sp_str_append_format(out, "search: %zu more judged targets are not in the index\n",
                             unknown->count - UNKNOWN_MAX);
}

void
sp_eval_print_notes(const sp_eval *eval, sp_str *out)
{
    put_unknown(&eval->unknown, out);
    size_t judged = eval->judgments.count;
    bool of_run = eval->options->eval.run != NULL;
    if (judged == 0)
        sp_str_append_text(out, "search: nothing to evaluate: no query has a grade above 0\n");
    else if (eval->evaluated == 0)
        sp_str_append_format(out,
                             "search: nothing to evaluate: none of the %zu judged queries %s\n",
                             judged, of_run ? "is in the run" : "has a topic");
    else if (eval->unasked > 0)
        sp_str_append_format(out,
                             "search: %zu of the %zu judged queries %s; they count as if nothing "
                             "was found\n",
                             eval->unasked, judged,
                             of_run ? "are not in the run" : "have no topic");
    if (eval->unjudged > 0 && eval->evaluated > 0)
        sp_str_append_format(out, "search: %zu %s not judged; left out\n", eval->unjudged,
                             eval->unjudged == 1 ? "query of the run is"
                                                 : "queries of the run are");
}
