// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/answer_json.h>

static void
put_comma(sp_str *out, uint32_t index)
{
    if (index > 0)
        sp_str_append_char(out, ',');
}

void
sp_suggestions_print_json(const sp_suggestions *suggestions, sp_str *out)
{
    static const char *const kinds[] = {"post", "resource", "heading", "query"};
    sp_str_append_text(out, "{\"query\":");
    sp_json_string(out, suggestions->query);
    sp_str_append_text(out, ",\"suggestions\":[");
    for (uint32_t i = 0; i < suggestions->count; i++) {
        const sp_suggestion *suggestion = &suggestions->items[i];
        put_comma(out, i);
        sp_str_append_text(out, "{\"text\":");
        sp_json_string(out, suggestion->text);
        sp_str_append_format(out, ",\"kind\":\"%s\",\"url\":", kinds[suggestion->kind]);
        if (suggestion->kind == SP_SUGGESTION_QUERY)
            sp_str_append_text(out, "null");
        else
            sp_json_string(out, suggestion->url);
        sp_str_append_char(out, '}');
    }
    sp_str_append_text(out, "]}");
}

static void
put_url(sp_str *out, sp_bytes url, sp_bytes site)
{
    SP_AUTO(sp_str_done) sp_str full = {0};
    if (url.len > 0 && url.data[0] == '/')
        sp_str_append(&full, site);
    sp_str_append(&full, url);
    out->failed |= full.failed;
    sp_json_string(out, sp_str_bytes(&full));
}

void
sp_suggestions_print_opensearch(const sp_suggestions *suggestions, sp_bytes site, sp_str *out)
{
    static const char *const descriptions[] = {"Guide", "Resource", "Section", ""};
    sp_str_append_char(out, '[');
    sp_json_string(out, suggestions->query);
    sp_str_append_text(out, ",[");
    for (uint32_t i = 0; i < suggestions->count; i++) {
        put_comma(out, i);
        sp_json_string(out, suggestions->items[i].text);
    }
    sp_str_append_text(out, "],[");
    for (uint32_t i = 0; i < suggestions->count; i++) {
        put_comma(out, i);
        sp_json_string(out, sp_bytes_of(descriptions[suggestions->items[i].kind]));
    }
    sp_str_append_text(out, "],[");
    for (uint32_t i = 0; i < suggestions->count; i++) {
        put_comma(out, i);
        put_url(out, suggestions->items[i].url, site);
    }
    sp_str_append_text(out, "]]");
}
