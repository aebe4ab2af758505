// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/answer_json.h>
#include <signpost/json.h>
#include <signpost/values.h>

void
sp_suggestions_print_json(const sp_suggestions *suggestions, sp_str *out)
{
    static const char *const kinds[] = {SP_POST_NAME, SP_RESOURCE_NAME, "heading", "query"};
    sp_json_open_object(out, NULL);
    sp_json_text(out, "query", suggestions->query);
    sp_json_open_array(out, "suggestions");
    for (uint32_t i = 0; i < suggestions->count; i++) {
        const sp_suggestion *suggestion = &suggestions->items[i];
        sp_json_open_object(out, NULL);
        sp_json_text(out, "text", suggestion->text);
        sp_json_text(out, "kind", sp_bytes_of(kinds[suggestion->kind]));
        if (suggestion->kind == SP_SUGGESTION_QUERY)
            sp_json_null(out, "url");
        else
            sp_json_text(out, "url", suggestion->url);
        sp_json_close_object(out);
    }
    sp_json_close_array(out);
    sp_json_close_object(out);
}

static void
put_url(sp_str *out, sp_bytes url, sp_bytes site)
{
    SP_AUTO(sp_str_done) sp_str full = {0};
    if (url.len > 0 && url.data[0] == '/')
        sp_str_append(&full, site);
    sp_str_append(&full, url);
    out->failed |= full.failed;
    sp_json_text(out, NULL, sp_str_bytes(&full));
}

void
sp_suggestions_print_opensearch(const sp_suggestions *suggestions, sp_bytes site, sp_str *out)
{
    static const char *const descriptions[] = {"Guide", "Resource", "Section", ""};
    sp_json_open_array(out, NULL);
    sp_json_text(out, NULL, suggestions->query);
    sp_json_open_array(out, NULL);
    for (uint32_t i = 0; i < suggestions->count; i++)
        sp_json_text(out, NULL, suggestions->items[i].text);
    sp_json_close_array(out);
    sp_json_open_array(out, NULL);
    for (uint32_t i = 0; i < suggestions->count; i++)
        sp_json_text(out, NULL, sp_bytes_of(descriptions[suggestions->items[i].kind]));
    sp_json_close_array(out);
    sp_json_open_array(out, NULL);
    for (uint32_t i = 0; i < suggestions->count; i++)
        put_url(out, suggestions->items[i].url, site);
    sp_json_close_array(out);
    sp_json_close_array(out);
}
