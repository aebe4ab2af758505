// SPDX-License-Identifier: GPL-2.0-or-later
#include "gate_report.h"

#include <signpost/json.h>

static void
put_number_or_null(sp_str *out, const char *key, bool has_number, double number)
{
    if (has_number)
        sp_json_number(out, key, number);
    else
        sp_json_null(out, key);
}

static void
put_required(const sp_gate_report *gate, sp_str *out)
{
    sp_json_open_array(out, "required");
    for (size_t i = 0; i < gate->required_count; i++) {
        const sp_gate_requirement *required = &gate->required[i];
        sp_json_open_object(out, NULL);
        sp_json_text(out, "metric", required->metric);
        sp_json_number(out, "wanted", required->requirement.wanted);
        sp_json_number(out, "reached", required->reached);
        sp_json_close_object(out);
    }
    sp_json_close_array(out);
}

static void
put_drops(const sp_gate_report *gate, sp_str *out)
{
    sp_json_open_array(out, "fell");
    for (size_t i = 0; i < gate->drop_count; i++) {
        const sp_gate_drop *drop = &gate->drops[i];
        sp_json_open_object(out, NULL);
        sp_json_text(out, "query", drop->query);
        put_number_or_null(out, "before", drop->had_before, drop->before);
        sp_json_number(out, "after", drop->after);
        sp_json_close_object(out);
    }
    sp_json_close_array(out);
}

/* Appends at most SP_PREVIEW_HITS URLs; stops at the first URL whose data is NULL. */
static void
put_urls(sp_str *out, const char *key, const sp_bytes *urls)
{
    size_t count = 0;
    while (count < SP_PREVIEW_HITS && urls[count].data)
        count++;
    sp_json_texts(out, key, urls, count);
}

static void
put_preview(const sp_gate_report *gate, sp_str *out)
{
    SP_AUTO(sp_str_done) sp_str metric = {0};
    sp_metric_append(&metric, &SP_PREVIEW_METRIC);
    sp_json_open_object(out, "preview");
    sp_json_text(out, "metric", sp_str_bytes(&metric));
    put_number_or_null(out, "before", gate->had_before, gate->before);
    sp_json_number(out, "after", gate->after);
    sp_json_open_array(out, "moved");
    for (size_t i = 0; i < gate->move_count; i++) {
        sp_json_open_object(out, NULL);
        sp_json_text(out, "query", gate->moves[i].query);
        put_urls(out, "before", gate->moves[i].before);
        put_urls(out, "after", gate->moves[i].after);
        sp_json_close_object(out);
    }
    sp_json_close_array(out);
    sp_json_uint(out, "moved_held_out", gate->moved_held_out);
    sp_json_close_object(out);
    out->failed |= metric.failed;
}

void
sp_gate_report_print_json(const sp_gate_report *gate, sp_str *out)
{
    sp_json_open_object(out, NULL);
    sp_json_uint(out, "queries", gate->queries);
    put_required(gate, out);
    put_drops(gate, out);
    if (gate->preview)
        put_preview(gate, out);
    sp_json_close_object(out);
}
