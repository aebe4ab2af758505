// SPDX-License-Identifier: GPL-2.0-or-later
/* /api/v1/similar */

#include "answering.h"
#include "handlers.h"
#include "search_params.h"

#include <signpost/answer_json.h>
#include <signpost/search.h>
#include <signpost/similar.h>

static const sp_param_rule rules[] = {
    {"url", true, false}, {"limit", false, false}, {"kind", false, true}};

static const char *const kinds[] = {"post", "resource"};

#define KINDS (sizeof kinds / sizeof *kinds)

static bool
make(sp_worker *worker, const void *context, sp_str *body, sp_bytes *revision,
     sp_query_entry *entry, sp_problem *problem)
{
    SP_AUTO(sp_str_done) sp_str nearest = {0};
    sp_error err;
    sp_answer *answer;
    (void)entry;
    enum sp_status status = sp_similar(worker->reader, context, &answer, &nearest, &err);
    if (status != SP_OK)
        return sp_problem_of(status, &err, problem);
    if (!answer) {
        sp_problem_parameter(problem, SP_LITERAL("url"),
                             nearest.len > 0 ? "the index does not have it; the nearest is %s"
                                             : "the index does not have it%s",
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

/* Kinds in one order, each once: requests that ask the same are the same. */
static bool
read_kinds(const sp_params *params, sp_request_filter *filters, sp_request *out,
           sp_problem *problem)
{
    bool wanted[KINDS] = {false};
    for (size_t i = 0; i < params->count; i++) {
        sp_bytes value = params->items[i].value;
        bool known = !sp_bytes_equal(params->items[i].name, SP_LITERAL("kind"));
        for (size_t k = 0; !known && k < KINDS; k++) {
            known = sp_bytes_equal(value, sp_bytes_of(kinds[k]));
            wanted[k] |= known;
        }
        if (!known)
            return sp_problem_parameter(problem, SP_LITERAL("kind"),
                                        "kind is post or resource, not '%.*s'",
                                        (int)(value.len < 80 ? value.len : 80), value.data);
    }
    for (size_t k = 0; k < KINDS; k++) {
        if (wanted[k])
            filters[out->filter_count++] =
                (sp_request_filter){SP_FIELD_KIND, sp_bytes_of(kinds[k])};
    }
    out->filters = filters;
    return true;
}

sp_reply
sp_handle_similar(sp_worker *worker, sp_exchange *exchange, const char *origin)
{
    SP_AUTO(sp_str_done) sp_str canonical = {0};
    const sp_daemon_options *options = worker->server->options;
    sp_params params;
    sp_problem problem;
    sp_request_filter filters[KINDS];
    sp_request request = {.timeout_us = (uint64_t)options->query_timeout * 1000,
                          .base_url = sp_bytes_of(options->base_url)};
    if (!sp_params_read(exchange->query, rules, sizeof rules / sizeof *rules, &worker->arena,
                        &params, &problem) ||
        !sp_params_number(&params, "limit", SP_SEARCH_LIMIT_MAX, SP_SEARCH_LIMIT, &request.limit,
                          &problem) ||
        !read_kinds(&params, filters, &request, &problem))
        return sp_reply_problem(&problem, origin);
    request.text = sp_params_get(&params, "url");
    sp_str_append_text(&canonical, "similar ");
    sp_search_params_canonical(&request, &canonical);
    const sp_question question = {.canonical = sp_str_bytes(&canonical),
                                  .type = "application/json",
                                  .vary = "Accept-Encoding, Origin",
                                  .make = make,
                                  .context = &request};
    return sp_answer_question(worker, exchange, origin, &question);
}
