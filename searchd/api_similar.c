// SPDX-License-Identifier: GPL-2.0-or-later
/* The handler of /api/v1/similar. */

#include "handlers.h"
#include "content.h"
#include "search_params.h"

#include <signpost/answer_json.h>
#include <signpost/search.h>
#include <signpost/similar.h>

static const sp_param_rule rules[] = {
    {"url", true, false}, {"limit", false, false}, {"kind", false, true}};

static bool
write_body(sp_worker *worker, const void *context, sp_str *body, sp_bytes *revision,
           sp_query_entry *entry, sp_problem *problem)
{
    SP_AUTO(sp_str_done) sp_str nearest = {0};
    sp_error err;
    sp_answer *answer;
    (void)entry;
    enum sp_status status = sp_similar(worker->reader, context, &answer, &nearest, &err);
    if (status != SP_OK)
        return sp_problem_from_status(status, &err, problem);
    if (!answer) {
        sp_problem_parameter(problem, SP_LITERAL("url"),
                             nearest.len > 0 ? "no such URL in the index; the nearest URL is %s"
                                             : "no such URL in the index%s",
                             sp_str_bytes(&nearest).data);
        problem->status = 404;
        return false;
    }
    sp_answer_print_json(answer, body);
    sp_str_append_char(body, '\n');
    *revision = sp_arena_copy(&worker->arena, answer->revision);
    sp_answer_free(answer);
    return !body->failed && !worker->arena.failed;
}

sp_response
sp_handle_similar(sp_worker *worker, sp_exchange *exchange, const char *origin)
{
    SP_AUTO(sp_str_done) sp_str canonical = {0};
    const sp_searchd_options *options = worker->server->options;
    sp_params params;
    sp_problem problem;
    sp_request request = {.timeout_us = (uint64_t)options->query_timeout * 1000,
                          .base_url = sp_bytes_of(options->base_url)};
    if (!sp_params_read(exchange->query, rules, sizeof rules / sizeof *rules, &worker->arena,
                        &params, &problem) ||
        !sp_params_number(&params, "limit", SP_SEARCH_LIMIT_MAX, SP_SEARCH_LIMIT, &request.limit,
                          &problem) ||
        !sp_search_params_filters(&params, &worker->arena, &request, &problem))
        return sp_response_problem(&problem, origin);
    request.text = sp_params_get(&params, "url");
    sp_str_append_text(&canonical, "similar ");
    sp_search_params_canonical(&request, &canonical);
    const sp_content content = {.canonical = &canonical,
                                .type = "application/json",
                                .vary = "Accept-Encoding, Origin",
                                .write = write_body,
                                .context = &request,
                                .query = true,
                                .facets = false,
                                .effort = (uint32_t)request.text.len};
    return sp_content_response(worker, exchange, origin, &content);
}
