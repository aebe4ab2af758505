// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/answer_json.h>
#include <signpost/json.h>

static void
put_count(sp_str *out, const char *key, uint32_t number)
{
    if (number > 0)
        sp_json_uint(out, key, number);
    else
        sp_json_null(out, key);
}

static void
put_lacking(sp_str *out, const sp_why_not *why_not)
{
    sp_json_open_array(out, "lacking");
    for (uint32_t i = 0; i < why_not->lacking_count; i++) {
        const sp_lacking *lacking = &why_not->lacking[i];
        sp_json_open_object(out, NULL);
        sp_json_text(out, "word", lacking->typed);
        sp_json_text_or_null(out, "stem", lacking->stem);
        sp_json_text_or_null(out, "nearest", lacking->nearest);
        sp_json_bool(out, "scattered", lacking->scattered);
        sp_json_close_object(out);
    }
    sp_json_close_array(out);
}

void
sp_why_not_print_json(const sp_why_not *why_not, sp_str *out)
{
    static const char *const verdicts[] = {"not_indexed", "ranked",  "behind", "pinned",
                                           "left_out",    "lacking", "empty",  "other"};
    sp_json_open_object(out, NULL);
    sp_json_text(out, "url", why_not->url);
    sp_json_text(out, "query", why_not->text);
    sp_json_text_or_null(out, "corrected", why_not->corrected);
    sp_json_text(out, "revision", why_not->revision);
    sp_json_text(out, "verdict", sp_bytes_of(verdicts[why_not->verdict]));
    put_count(out, "rank", why_not->rank);
    put_count(out, "page", why_not->page);
    sp_json_uint(out, "complete", why_not->complete);
    put_lacking(out, why_not);
    sp_json_texts(out, "left_out_by", why_not->left_out_by, why_not->left_out_count);
    sp_json_text_or_null(out, "nearest", why_not->nearest);
    sp_json_close_object(out);
}
