// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/answer_json.h>

static void
put_or_null(sp_str *out, const char *key, sp_bytes text)
{
    sp_str_append_format(out, ",\"%s\":", key);
    if (text.len > 0)
        sp_json_string(out, text);
    else
        sp_str_append_text(out, "null");
}

static void
put_count(sp_str *out, const char *key, uint32_t number)
{
    sp_str_append_format(out, ",\"%s\":", key);
    if (number > 0)
        sp_str_append_format(out, "%u", number);
    else
        sp_str_append_text(out, "null");
}

static void
put_lacking(sp_str *out, const sp_why_not *why_not)
{
    sp_str_append_text(out, ",\"lacking\":[");
    for (uint32_t i = 0; i < why_not->lacking_count; i++) {
        const sp_lacking *lacking = &why_not->lacking[i];
        sp_str_append_text(out, i > 0 ? ",{\"word\":" : "{\"word\":");
        sp_json_string(out, lacking->typed);
        put_or_null(out, "stem", lacking->stem);
        put_or_null(out, "nearest", lacking->nearest);
        sp_str_append_format(out, ",\"scattered\":%s}", lacking->scattered ? "true" : "false");
    }
    sp_str_append_char(out, ']');
}

void
sp_why_not_print_json(const sp_why_not *why_not, sp_str *out)
{
    static const char *const verdicts[] = {"not_indexed", "ranked",  "behind", "pinned",
                                           "left_out",    "lacking", "empty",  "other"};
    sp_str_append_text(out, "{\"url\":");
    sp_json_string(out, why_not->url);
    sp_str_append_text(out, ",\"query\":");
    sp_json_string(out, why_not->text);
    put_or_null(out, "corrected", why_not->corrected);
    sp_str_append_text(out, ",\"revision\":");
    sp_json_string(out, why_not->revision);
    sp_str_append_format(out, ",\"verdict\":\"%s\"", verdicts[why_not->verdict]);
    put_count(out, "rank", why_not->rank);
    put_count(out, "page", why_not->page);
    sp_str_append_format(out, ",\"complete\":%u", why_not->complete);
    put_lacking(out, why_not);
    sp_str_append_text(out, ",\"left_out_by\":[");
    for (uint32_t i = 0; i < why_not->left_out_count; i++) {
        sp_str_append_text(out, i > 0 ? "," : "");
        sp_json_string(out, why_not->left_out_by[i]);
    }
    sp_str_append_char(out, ']');
    put_or_null(out, "nearest", why_not->nearest);
    sp_str_append_char(out, '}');
}
