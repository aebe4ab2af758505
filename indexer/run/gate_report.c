// SPDX-License-Identifier: GPL-2.0-or-later
#include "gate_report.h"

#include "changes.h"

#include <signpost/answer.h>

static const char *
change_name(enum sp_change change)
{
    static const char *const names[] = {"added", "updated", "removed"};
    return names[change];
}

void
sp_run_changes_print_json(const sp_run_change *changes, size_t count, sp_str *out)
{
    sp_str_append_text(out, ",\"changes\":[");
    for (size_t i = 0; i < count; i++) {
        sp_str_append_format(out, "%s{\"change\":\"%s\",\"kind\":\"%s\",\"id\":", i > 0 ? "," : "",
                             change_name(changes[i].change),
                             changes[i].resource ? "resource" : "post");
        sp_json_string(out, changes[i].id);
        sp_str_append_char(out, '}');
    }
    sp_str_append_char(out, ']');
}

static void
put_number(sp_str *out, bool is_one, double number)
{
    if (is_one)
        sp_str_append_format(out, "%.6g", number);
    else
        sp_str_append_text(out, "null");
}

static void
put_required(const sp_gate_report *judged, sp_str *out)
{
    sp_str_append_text(out, ",\"required\":[");
    for (size_t i = 0; i < judged->required_count; i++) {
        const sp_gate_requirement *required = &judged->required[i];
        sp_str_append_text(out, i > 0 ? ",{\"metric\":" : "{\"metric\":");
        sp_json_string(out, required->metric);
        sp_str_append_format(out, ",\"wanted\":%.6g,\"reached\":%.6g}",
                             required->requirement.wanted, required->reached);
    }
    sp_str_append_char(out, ']');
}

static void
put_fell(const sp_gate_report *judged, sp_str *out)
{
    sp_str_append_text(out, ",\"fell\":[");
    for (size_t i = 0; i < judged->fell_count; i++) {
        const sp_gate_drop *fallen = &judged->fell[i];
        sp_str_append_text(out, i > 0 ? ",{\"query\":" : "{\"query\":");
        sp_json_string(out, fallen->query);
        sp_str_append_text(out, ",\"before\":");
        put_number(out, fallen->had_before, fallen->before);
        sp_str_append_format(out, ",\"after\":%.6g}", fallen->after);
    }
    sp_str_append_char(out, ']');
}

static void
put_urls(const sp_bytes *urls, sp_str *out)
{
    sp_str_append_char(out, '[');
    for (size_t i = 0; i < SP_PREVIEW_HITS && urls[i].data; i++) {
        sp_str_append_text(out, i > 0 ? "," : "");
        sp_json_string(out, urls[i]);
    }
    sp_str_append_char(out, ']');
}

static void
put_preview(const sp_gate_report *judged, sp_str *out)
{
    SP_AUTO(sp_str_done) sp_str metric = {0};
    sp_metric_append(&metric, &SP_PREVIEW_METRIC);
    sp_str_append_text(out, ",\"preview\":{\"metric\":");
    sp_json_string(out, sp_str_bytes(&metric));
    sp_str_append_text(out, ",\"before\":");
    put_number(out, judged->had_before, judged->before);
    sp_str_append_format(out, ",\"after\":%.6g,\"moved\":[", judged->after);
    for (size_t i = 0; i < judged->moved_count; i++) {
        sp_str_append_text(out, i > 0 ? ",{\"query\":" : "{\"query\":");
        sp_json_string(out, judged->moved[i].query);
        sp_str_append_text(out, ",\"before\":");
        put_urls(judged->moved[i].before, out);
        sp_str_append_text(out, ",\"after\":");
        put_urls(judged->moved[i].after, out);
        sp_str_append_char(out, '}');
    }
    sp_str_append_format(out, "],\"moved_held_out\":%zu}", judged->moved_held_out);
}

void
sp_gate_report_print_json(const sp_gate_report *judged, sp_str *out)
{
    sp_str_append_format(out, ",\"judged\":{\"queries\":%zu", judged->queries);
    put_required(judged, out);
    put_fell(judged, out);
    if (judged->preview)
        put_preview(judged, out);
    sp_str_append_char(out, '}');
}
