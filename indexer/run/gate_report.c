// SPDX-License-Identifier: GPL-2.0-or-later
#include "gate_report.h"

#include <signpost/json.h>

static const char *
change_name(enum sp_change change)
{
    static const char *const names[] = {"added", "updated", "removed"};
    return names[change];
}

void
sp_run_changes_print_json(const sp_run_change *changes, size_t count, sp_str *out)
{
    sp_json_open_array(out, NULL);
    for (size_t i = 0; i < count; i++) {
        sp_json_open_object(out, NULL);
        sp_json_text(out, "change", sp_bytes_of(change_name(changes[i].change)));
        sp_json_text(out, "kind",
                     sp_bytes_of(changes[i].resource ? SP_RESOURCE_NAME : SP_POST_NAME));
        sp_json_text(out, "id", changes[i].id);
        sp_json_close_object(out);
    }
    sp_json_close_array(out);
}

static void
put_number_or_null(sp_str *out, const char *key, bool has_number, double number)
{
    if (has_number)
        sp_json_number(out, key, number);
    else
        sp_json_null(out, key);
}

static void
put_required(const sp_gate_report *judged, sp_str *out)
{
    sp_json_open_array(out, "required");
    for (size_t i = 0; i < judged->required_count; i++) {
        const sp_gate_requirement *required = &judged->required[i];
        sp_json_open_object(out, NULL);
        sp_json_text(out, "metric", required->metric);
        sp_json_number(out, "wanted", required->requirement.wanted);
        sp_json_number(out, "reached", required->reached);
        sp_json_close_object(out);
    }
    sp_json_close_array(out);
}

static void
put_fell(const sp_gate_report *judged, sp_str *out)
{
    sp_json_open_array(out, "fell");
    for (size_t i = 0; i < judged->fell_count; i++) {
        const sp_gate_drop *fallen = &judged->fell[i];
        sp_json_open_object(out, NULL);
        sp_json_text(out, "query", fallen->query);
        put_number_or_null(out, "before", fallen->had_before, fallen->before);
        sp_json_number(out, "after", fallen->after);
        sp_json_close_object(out);
    }
    sp_json_close_array(out);
}

/* At most SP_PREVIEW_HITS URLs; data NULL ends them earlier. */
static void
put_urls(sp_str *out, const char *key, const sp_bytes *urls)
{
    size_t count = 0;
    while (count < SP_PREVIEW_HITS && urls[count].data)
        count++;
    sp_json_texts(out, key, urls, count);
}

static void
put_preview(const sp_gate_report *judged, sp_str *out)
{
    SP_AUTO(sp_str_done) sp_str metric = {0};
    sp_metric_append(&metric, &SP_PREVIEW_METRIC);
    sp_json_open_object(out, "preview");
    sp_json_text(out, "metric", sp_str_bytes(&metric));
    put_number_or_null(out, "before", judged->had_before, judged->before);
    sp_json_number(out, "after", judged->after);
    sp_json_open_array(out, "moved");
    for (size_t i = 0; i < judged->moved_count; i++) {
        sp_json_open_object(out, NULL);
        sp_json_text(out, "query", judged->moved[i].query);
        put_urls(out, "before", judged->moved[i].before);
        put_urls(out, "after", judged->moved[i].after);
        sp_json_close_object(out);
    }
    sp_json_close_array(out);
    sp_json_uint(out, "moved_held_out", judged->moved_held_out);
    sp_json_close_object(out);
    out->failed |= metric.failed;
}

void
sp_gate_report_print_json(const sp_gate_report *judged, sp_str *out)
{
    sp_json_open_object(out, NULL);
    sp_json_uint(out, "queries", judged->queries);
    put_required(judged, out);
    put_fell(judged, out);
    if (judged->preview)
        put_preview(judged, out);
    sp_json_close_object(out);
}
