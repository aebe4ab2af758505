/* /api/v1/search */

#include "answering.h"
#include "handlers.h"
#include "params.h"

#include <stdlib.h>

#define LIMIT_DEFAULT 10
#define LIMIT_MAX 100
#define OFFSET_MAX 1000

static const sp_param_rule rules[] = {
    {"q", true, false},     {"limit", false, false}, {"offset", false, false},
    {"kind", false, true},  {"tag", false, true},    {"category", false, true},
    {"lang", false, true},  {"after", false, false}, {"before", false, false},
    {"sort", false, false}, {"exact", false, false}, {"facets", false, false},
};

static const char *const kinds[] = {"post", "resource"};
static const char *const sorts[] = {"relevance", "newest", "oldest"};

/* Words there must be: `tag=!` would be no filter at all. */
static bool
check_filter(enum sp_field field, const sp_param *param, sp_problem *problem)
{
    SP_AUTO(sp_str_done) sp_str folded = {0};
    sp_fold_append(&folded, param->value);
    bool good = folded.len > 0;
    if (field == SP_FIELD_KIND)
        good = sp_bytes_equal(param->value, sp_bytes_of(kinds[0])) ||
               sp_bytes_equal(param->value, sp_bytes_of(kinds[1]));
    if (good || folded.failed)
        return true;
    return sp_problem_parameter(
        problem, param->name,
        field == SP_FIELD_KIND ? "kind is post or resource, not '%.*s'" : "no word in '%.*s'",
        (int)(param->value.len < 80 ? param->value.len : 80), param->value.data);
}

static int
compare_filters(const void *left, const void *right)
{
    const sp_request_filter *a = left, *b = right;
    return a->field != b->field ? (int)a->field - (int)b->field
                                : sp_bytes_compare(a->value, b->value);
}

/* Filters in the order of their fields and values, each once. */
static bool
read_filters(const sp_params *params, sp_arena *arena, sp_request *out, sp_problem *problem)
{
    sp_request_filter *filters = sp_arena_array(arena, params->count, sizeof *filters);
    size_t count = 0, kept = 0;
    for (size_t i = 0; filters && i < params->count; i++) {
        for (int field = 0; field < SP_FIELD_COUNT; field++) {
            const sp_param *param = &params->items[i];
            if (!sp_bytes_equal(param->name, sp_bytes_of(sp_field_name((enum sp_field)field))))
                continue;
            if (!check_filter((enum sp_field)field, param, problem))
                return false;
            filters[count++] = (sp_request_filter){(enum sp_field)field, param->value};
        }
    }
    if (!filters)
        return sp_problem_set(problem, 503, "out of memory");
    qsort(filters, count, sizeof *filters, compare_filters);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || compare_filters(&filters[kept - 1], &filters[i]) != 0)
            filters[kept++] = filters[i];
    }
    out->filters = filters;
    out->filter_count = kept;
    return true;
}

static bool
read_date(const sp_params *params, const char *name, sp_bytes *out, sp_problem *problem)
{
    sp_error err;
    *out = sp_params_get(params, name);
    if (sp_date_check(*out, name, &err) == SP_OK)
        return true;
    return sp_problem_parameter(problem, sp_bytes_of(name), "%s", err.text);
}

static bool
read_request(const sp_params *params, sp_arena *arena, sp_request *out, sp_problem *problem)
{
    size_t sort;
    out->text = sp_params_get(params, "q");
    if (!sp_params_number(params, "limit", LIMIT_MAX, LIMIT_DEFAULT, &out->limit, problem) ||
        !sp_params_number(params, "offset", OFFSET_MAX, 0, &out->offset, problem) ||
        !sp_params_choice(params, "sort", sorts, 3, &sort, problem) ||
        !sp_params_flag(params, "exact", &out->exact, problem) ||
        !sp_params_flag(params, "facets", &out->facets, problem) ||
        !read_date(params, "after", &out->after, problem) ||
        !read_date(params, "before", &out->before, problem) ||
        !read_filters(params, arena, out, problem))
        return false;
    out->sort = (enum sp_sort)sort;
    return true;
}

static void
append_text(sp_str *out, sp_bytes text)
{
    sp_str_append_format(out, "%zu:", text.len);
    sp_str_append(out, text);
}

/* All that the answer depends on beside the index, each part with its length. */
static void
append_canonical(const sp_request *request, sp_str *out)
{
    sp_str_append_format(out, "search %u %u %d %d %d ", request->limit, request->offset,
                         (int)request->sort, request->exact, request->facets);
    append_text(out, request->text);
    append_text(out, request->after);
    append_text(out, request->before);
    for (size_t i = 0; i < request->filter_count; i++) {
        sp_str_append_char(out, (char)('a' + (int)request->filters[i].field));
        append_text(out, request->filters[i].value);
    }
}

static bool
make(sp_worker *worker, const void *context, sp_str *body, sp_bytes *revision,
     sp_query_entry *entry, sp_problem *problem)
{
    sp_error err;
    sp_answer *answer;
    enum sp_status status = sp_search(worker->reader, context, &answer, &err);
    if (status != SP_OK)
        return sp_problem_of(status, &err, problem);
    sp_answer_print_json(answer, body);
    sp_str_append_char(body, '\n');
    *revision = sp_arena_copy(&worker->arena, answer->revision);
    *entry = (sp_query_entry){
        .total = answer->total, .relaxed = answer->relaxed, .took_us = answer->took_us};
    sp_answer_free(answer);
    return !body->failed && !worker->arena.failed;
}

sp_reply
sp_handle_search(sp_worker *worker, sp_exchange *exchange, const char *origin)
{
    SP_AUTO(sp_str_done) sp_str canonical = {0};
    sp_params params;
    sp_problem problem;
    const sp_daemon_options *options = worker->server->options;
    sp_request request = {.timeout_us = (uint64_t)options->query_timeout * 1000,
                          .base_url = sp_bytes_of(options->base_url)};
    if (!sp_params_read(exchange->query, rules, sizeof rules / sizeof *rules, &worker->arena,
                        &params, &problem) ||
        !read_request(&params, &worker->arena, &request, &problem))
        return sp_reply_problem(&problem, origin);
    append_canonical(&request, &canonical);
    const sp_question question = {.canonical = sp_str_bytes(&canonical),
                                  .query = request.text,
                                  .type = "application/json",
                                  .vary = "Accept-Encoding, Origin",
                                  .make = make,
                                  .context = &request};
    return sp_answer_question(worker, exchange, origin, &question);
}
