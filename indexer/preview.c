// SPDX-License-Identifier: GPL-2.0-or-later
#include "preview.h"

#include <signpost/printable.h>

static void
put_text(FILE *out, sp_bytes text)
{
    SP_AUTO(sp_str_done) sp_str printable = {0};
    sp_printable_append(&printable, text);
    fputs(sp_str_bytes(&printable).data, out);
}

static size_t
shown_of(size_t count, bool all)
{
    return all || count <= SP_PREVIEW_LINES ? count : SP_PREVIEW_LINES;
}

static void
put_more(FILE *out, size_t count, bool all)
{
    size_t shown = shown_of(count, all);
    if (shown < count)
        fprintf(out, "... and %zu more\n", count - shown);
}

static void
print_changes(FILE *out, const sp_run_change *changes, size_t count, bool all)
{
    static const char letters[] = {'A', 'M', 'D'};
    for (size_t i = 0; i < shown_of(count, all); i++) {
        fprintf(out, "%c ", letters[changes[i].change]);
        put_text(out, changes[i].id);
        putc('\n', out);
    }
    put_more(out, count, all);
}

static void
put_urls(FILE *out, const sp_bytes *urls)
{
    if (!urls[0].data)
        fputs(" nothing", out);
    for (size_t i = 0; i < SP_PREVIEW_HITS && urls[i].data; i++) {
        putc(' ', out);
        put_text(out, urls[i]);
    }
}

static void
print_moves(FILE *out, const sp_gate_report *gate, bool all)
{
    if (gate->move_count > 0)
        fprintf(out, "first hits that would change:\n");
    for (size_t i = 0; i < shown_of(gate->move_count, all); i++) {
        fputs("  ", out);
        put_text(out, gate->moves[i].query);
        putc(':', out);
        put_urls(out, gate->moves[i].before);
        fputs(" ->", out);
        put_urls(out, gate->moves[i].after);
        putc('\n', out);
    }
    put_more(out, gate->move_count, all);
    if (gate->moved_held_out > 0)
        fprintf(out, "and the first hits of %zu held-out queries\n", gate->moved_held_out);
}

static void
print_means(FILE *out, const sp_gate_report *gate)
{
    SP_AUTO(sp_str_done) sp_str metric = {0};
    sp_metric_append(&metric, &SP_PREVIEW_METRIC);
    fprintf(out, "%s of %zu judged queries: ", sp_str_bytes(&metric).data, gate->queries);
    if (gate->had_before)
        fprintf(out, "%.4f -> ", gate->before);
    fprintf(out, "%.4f\n", gate->after);
}

void
sp_preview_print(FILE *out, const sp_run_report *report, bool all)
{
    size_t posts = 0;
    while (posts < report->change_count && !report->changes[posts].resource)
        posts++;
    print_changes(out, report->changes, posts, all);
    if (posts < report->change_count)
        print_changes(out, report->changes + posts, report->change_count - posts, all);
    if (!report->gate || !report->gate->preview)
        return;
    print_moves(out, report->gate, all);
    print_means(out, report->gate);
}

void
sp_preview_print_drops(FILE *out, const sp_gate_report *gate, bool all)
{
    for (size_t i = 0; i < shown_of(gate->drop_count, all); i++) {
        const sp_gate_drop *drop = &gate->drops[i];
        fputs("indexer: ", out);
        put_text(out, drop->query);
        fprintf(out, ": %s ", gate->metric.data);
        if (drop->had_before)
            fprintf(out, "%.4f -> ", drop->before);
        fprintf(out, "%.4f\n", drop->after);
    }
    put_more(out, gate->drop_count, all);
}
