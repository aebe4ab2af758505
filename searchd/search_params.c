// SPDX-License-Identifier: GPL-2.0-or-later
#include "search_params.h"

#include <signpost/ascii.h>

#include <stdlib.h>

/* Strict reading uses all rules except the last, lenient reading all except the first. */
static const sp_param_rule rules[] = {
    {"q", true, false},        {"q", false, false},    {"limit", false, false},
    {"offset", false, false},  {"kind", false, true},  {"tag", false, true},
    {"category", false, true}, {"lang", false, true},  {"after", false, false},
    {"before", false, false},  {"sort", false, false}, {"exact", false, false},
    {"facets", false, false},  {"year", false, true},  {NULL, false, true},
};

#define RULE_COUNT (sizeof rules / sizeof *rules)

/* Refuses an invalid year, and a filter without a letter or digit, such as `tag=!`, so that the
   problem names the parameter. */
static bool
check_filter(enum sp_field field, const sp_param *param, sp_problem *problem)
{
    SP_AUTO(sp_str_done) sp_str folded = {0};
    enum sp_kind kind;
    sp_error err;
    if (field == SP_FIELD_YEAR)
        return sp_year_check(param->value, &err) == SP_OK ||
               sp_problem_parameter(problem, param->name, "%s", err.text);
    sp_fold_append(&folded, param->value);
    bool good = folded.len > 0;
    if (field == SP_FIELD_KIND)
        good = sp_kind_read(param->value, &kind);
    if (good || folded.failed)
        return true;
    return sp_problem_parameter(problem, param->name,
                                field == SP_FIELD_KIND
                                    ? "kind must be post or resource (got '%.*s')"
                                    : "the filter must contain a word (got '%.*s')",
                                sp_params_quoted_len(param->value), param->value.data);
}

static int
compare_filters(const void *left, const void *right)
{
    const sp_request_filter *a = left, *b = right;
    return a->field != b->field ? (int)a->field - (int)b->field
                                : sp_bytes_compare(a->value, b->value);
}

bool
sp_search_params_filters(const sp_params *params, sp_arena *arena, sp_request *out,
                         sp_problem *problem)
{
    sp_request_filter *filters = sp_arena_array(arena, params->count, sizeof *filters);
    size_t count = 0, kept = 0;
    for (size_t i = 0; filters && i < params->count; i++) {
        for (int field = 0; field < SP_FIELD_PARAMS; field++) {
            const sp_param *param = &params->items[i];
            if (!sp_bytes_equal(param->name, sp_bytes_of(sp_field_names[field])))
                continue;
            if (!check_filter((enum sp_field)field, param, problem))
                return false;
            filters[count++] = (sp_request_filter){(enum sp_field)field, param->value};
        }
    }
    if (!filters)
        return sp_problem_busy(problem, "out of memory");
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
    if (!sp_params_number(params, "limit", SP_SEARCH_LIMIT_MAX, SP_SEARCH_LIMIT, &out->limit,
                          problem) ||
        !sp_params_number(params, "offset", SP_SEARCH_OFFSET_MAX, 0, &out->offset, problem) ||
        !sp_params_choice(params, "sort", sp_sort_names, SP_SORT_COUNT, &sort, problem) ||
        !sp_params_flag(params, "exact", &out->exact, problem) ||
        !sp_params_flag(params, "facets", &out->facets, problem) ||
        !read_date(params, "after", &out->after, problem) ||
        !read_date(params, "before", &out->before, problem) ||
        !sp_search_params_filters(params, arena, out, problem))
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

bool
sp_search_params_read(sp_bytes query, enum sp_search_strictness strictness,
                      const sp_searchd_options *options, sp_arena *arena, sp_request *out,
                      sp_problem *problem)
{
    sp_params params;
    const sp_param_rule *first = strictness == SP_SEARCH_STRICT ? rules : rules + 1;
    *out = (sp_request){.timeout_us = (uint64_t)options->query_timeout * 1000,
                        .base_url = sp_bytes_of(options->base_url)};
    return sp_params_read(query, first, RULE_COUNT - 1, arena, &params, problem) &&
           read_request(&params, arena, out, problem);
}

/* append_text writes the length before each text, so that different requests cannot give the same
   canonical text. */
void
sp_search_params_canonical(const sp_request *request, sp_str *out)
{
    sp_str_append_format(out, "%u %u %d %d %d ", request->limit, request->offset,
                         (int)request->sort, request->exact, request->facets);
    append_text(out, request->text);
    append_text(out, request->after);
    append_text(out, request->before);
    for (size_t i = 0; i < request->filter_count; i++) {
        sp_str_append_char(out, (char)('a' + (int)request->filters[i].field));
        append_text(out, request->filters[i].value);
    }
}

/* Escapes all characters except those that RFC 3986 calls unreserved, so that the result contains
   no character that is special in HTML. */
static void
append_escaped(sp_str *out, sp_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (sp_ascii_is_alphanumeric((char)c) || memchr("-._~", c, 4))
            sp_str_append_char(out, (char)c);
        else if (c == ' ')
            sp_str_append_char(out, '+');
        else
            sp_str_append_format(out, "%%%02X", c);
    }
}

static void
append_param(sp_str *out, const char *name, sp_bytes value)
{
    if (value.len == 0)
        return;
    sp_str_append_format(out, "&amp;%s=", name);
    append_escaped(out, value);
}

static void
append_number(sp_str *out, const char *name, uint32_t value, uint32_t default_value)
{
    if (value != default_value)
        sp_str_append_format(out, "&amp;%s=%u", name, value);
}

void
sp_search_params_link(const sp_request *request, sp_str *out)
{
    sp_str_append_text(out, "search?q=");
    append_escaped(out, request->text);
    for (size_t i = 0; i < request->filter_count; i++)
        append_param(out, sp_field_names[request->filters[i].field], request->filters[i].value);
    append_param(out, "after", request->after);
    append_param(out, "before", request->before);
    if (request->sort != SP_SORT_RELEVANCE)
        append_param(out, "sort", sp_bytes_of(sp_sort_names[request->sort]));
    append_number(out, "exact", request->exact, 0);
    append_number(out, "limit", request->limit, SP_SEARCH_LIMIT);
    append_number(out, "offset", request->offset, 0);
}
