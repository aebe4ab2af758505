// SPDX-License-Identifier: GPL-2.0-or-later
#include "preview.h"

static void
put_text(FILE *out, sp_bytes text)
{
    SP_AUTO(sp_str_done) sp_str printable = {0};
    sp_str_append(&printable, text);
    if (printable.len == 0 || printable.failed)
        return;
    sp_make_printable(printable.data);
    fputs(printable.data, out);
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
print_moved(FILE *out, const sp_gate_report *judged, bool all)
{
    if (judged->moved_count > 0)
        fprintf(out, "first hits that would change:\n");
    for (size_t i = 0; i < shown_of(judged->moved_count, all); i++) {
        fputs("  ", out);
        put_text(out, judged->moved[i].query);
        putc(':', out);
        put_urls(out, judged->moved[i].before);
        fputs(" ->", out);
        put_urls(out, judged->moved[i].after);
        putc('\n', out);
    }
    put_more(out, judged->moved_count, all);
    if (judged->moved_held_out > 0)
        fprintf(out, "and those of %zu held-out queries\n", judged->moved_held_out);
}

static void
print_means(FILE *out, const sp_gate_report *judged)
{
    SP_AUTO(sp_str_done) sp_str metric = {0};
    sp_metric_append(&metric, &SP_PREVIEW_METRIC);
    fprintf(out, "%s of %zu judged queries: ", sp_str_bytes(&metric).data, judged->queries);
    if (judged->had_before)
        fprintf(out, "%.4f -> ", judged->before);
    fprintf(out, "%.4f\n", judged->after);
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
    if (!report->judged || !report->judged->preview)
        return;
    print_moved(out, report->judged, all);
    print_means(out, report->judged);
}

void
sp_preview_print_drops(FILE *out, const sp_gate_report *judged, bool all)
{
    for (size_t i = 0; i < shown_of(judged->fell_count, all); i++) {
        const sp_gate_drop *fallen = &judged->fell[i];
        fputs("indexer: ", out);
        put_text(out, fallen->query);
        fprintf(out, ": %s ", judged->metric.data);
        if (fallen->had_before)
            fprintf(out, "%.4f -> ", fallen->before);
        fprintf(out, "%.4f\n", fallen->after);
    }
    put_more(out, judged->fell_count, all);
}
