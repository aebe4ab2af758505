// SPDX-License-Identifier: GPL-2.0-or-later
/* The handler of /api/v1/search. */

#include "handlers.h"
#include "content.h"
#include "search_params.h"

#include <signpost/answer_json.h>

static bool
write_body(sp_worker *worker, const void *context, sp_str *body, sp_bytes *revision,
           sp_query_entry *entry, sp_problem *problem)
{
    sp_error err;
    sp_answer *answer;
    enum sp_status status = sp_search(worker->reader, context, &answer, &err);
    if (status != SP_OK)
        return sp_problem_from_status(status, &err, problem);
    sp_answer_print_json(answer, body);
    sp_str_append_char(body, '\n');
    *revision = sp_arena_copy(&worker->arena, answer->revision);
    *entry = (sp_query_entry){.corrected = sp_arena_copy(&worker->arena, answer->corrected),
                              .total = sp_answer_found(answer),
                              .relaxed = answer->relaxed,
                              .took_us = answer->took_us};
    sp_answer_free(answer);
    return !body->failed && !worker->arena.failed;
}

sp_response
sp_handle_search(sp_worker *worker, sp_exchange *exchange, const char *origin)
{
    SP_AUTO(sp_str_done) sp_str canonical = {0};
    sp_request request;
    sp_problem problem;
    if (!sp_search_params_read(exchange->query, SP_SEARCH_STRICT, worker->server->options,
                               &worker->arena, &request, &problem))
        return sp_response_problem(&problem, origin);
    sp_str_append_text(&canonical, "search ");
    sp_search_params_canonical(&request, &canonical);
    const sp_content content = {.canonical = &canonical,
                                .logged = request.text,
                                .type = "application/json",
                                .vary = "Accept-Encoding, Origin",
                                .write = write_body,
                                .context = &request,
                                .query = true,
                                .facets = request.facets,
                                .effort = (uint32_t)request.text.len};
    return sp_content_response(worker, exchange, origin, &content);
}
