// SPDX-License-Identifier: GPL-2.0-or-later
/* The handler of /api/v1/suggest. */

#include "handlers.h"
#include "params.h"
#include "content.h"

#include <signpost/answer_json.h>
#include <signpost/suggest.h>

#define LIMIT_DEFAULT 10

static const sp_param_rule rules[] = {{"q", true, false}, {"limit", false, false}};

struct suggest_context {
    sp_bytes text;
    uint32_t limit;
    bool opensearch;
};

/* Whether the client is a browser that asks for OpenSearch suggestions: such a browser accepts only
   this type. */
static bool
wants_opensearch(const sp_exchange *exchange)
{
    const char *accept = sp_request_field(exchange, "Accept");
    return accept && strstr(accept, "application/x-suggestions+json");
}

static bool
write_body(sp_worker *worker, const void *context, sp_str *body, sp_bytes *revision,
           sp_query_entry *entry, sp_problem *problem)
{
    const struct suggest_context *asked = context;
    sp_error err;
    sp_suggestions *found;
    sp_bytes base_url = sp_bytes_of(worker->server->options->base_url);
    (void)entry;
    enum sp_status status =
        sp_suggest(worker->reader, asked->text, asked->limit, base_url, &found, &err);
    if (status != SP_OK)
        return sp_problem_from_status(status, &err, problem);
    if (asked->opensearch)
        sp_suggestions_print_opensearch(found, sp_reader_base_url(worker->reader), body);
    else
        sp_suggestions_print_json(found, body);
    sp_str_append_char(body, '\n');
    *revision = sp_arena_copy(&worker->arena, found->revision);
    sp_suggestions_free(found);
    return !body->failed && !worker->arena.failed;
}

sp_response
sp_handle_suggest(sp_worker *worker, sp_exchange *exchange, const char *origin)
{
    SP_AUTO(sp_str_done) sp_str canonical = {0};
    sp_params params;
    sp_problem problem;
    struct suggest_context asked = {.opensearch = wants_opensearch(exchange)};
    if (!sp_params_read(exchange->query, rules, sizeof rules / sizeof *rules, &worker->arena,
                        &params, &problem) ||
        !sp_params_number(&params, "limit", SP_SUGGESTIONS_MAX, LIMIT_DEFAULT, &asked.limit,
                          &problem))
        return sp_response_problem(&problem, origin);
    asked.text = sp_params_get(&params, "q");
    sp_str_append_format(&canonical, "suggest %u %d ", asked.limit, asked.opensearch);
    sp_str_append(&canonical, asked.text);
    const sp_content content = {.canonical = &canonical,
                                .type = asked.opensearch ? "application/x-suggestions+json"
                                                         : "application/json",
                                .vary = "Accept, Accept-Encoding, Origin",
                                .write = write_body,
                                .context = &asked,
                                /* Of remote databases, each list of terms is a round trip. */
                                .query = worker->server->remotes.count > 0,
                                .effort = (uint32_t)asked.text.len};
    return sp_content_response(worker, exchange, origin, &content);
}
