// SPDX-License-Identifier: GPL-2.0-or-later
#include "options.h"

#include <signpost/url.h>
#include <signpost/values.h>

#include <stdlib.h>
#include <unistd.h>

#define TIMEOUT_US 60000000

static const char header[] =
    "usage: search [OPTION]... QUERY...\n"
    "       search [OPTION]... --similar URL\n"
    "       search [OPTION]... --eval JUDGMENTS\n"
    "       search [OPTION]... --verify\n"
    "\n"
    "Answer a query from an index that indexer wrote, or measure how well judged\n"
    "queries are answered.\n"
    "\n";

static const char footer[] =
    "\n"
    "The words after the options are the query, e.g. residency research,\n"
    "\"a phrase\", -without, tag:x, kind:resource. Put -- before a query that begins\n"
    "with a hyphen.\n"
    "\n"
    "Exit status:\n"
    "  0  something was found or evaluated\n"
    "  1  nothing was found\n"
    "  2  an error\n"
    "  3  with --verify: an index is damaged\n";

/* Adds a filter by the field option->value, an enum sp_field. */
static enum sp_status
add_filter(void *options, const sp_option *option, const char *argument, sp_error *err)
{
    sp_search_options *out = options;
    sp_request *request = &out->request;
    out->filters = sp_arena_grow(&out->arena, out->filters, &out->filter_capacity,
                                 request->filter_count + 1, sizeof *out->filters);
    if (!out->filters)
        return sp_arena_check(&out->arena, err);
    out->filters[request->filter_count++] =
        (sp_request_filter){(enum sp_field)option->value, sp_bytes_of(argument)};
    request->filters = out->filters;
    return SP_OK;
}

static enum sp_status
set_base_url(void *options, const sp_option *option, const char *argument, sp_error *err)
{
    sp_request *request = &((sp_search_options *)options)->request;
    if (sp_base_url_read(sp_bytes_of(argument), &request->base_url))
        return SP_OK;
    return sp_fail(err, SP_BAD_ARGUMENT, "--%s must be " SP_BASE_URL_RULE " (got '%s')",
                   option->name, argument);
}

static enum sp_status
set_bytes(void *options, const sp_option *option, const char *argument, sp_error *err)
{
    (void)err;
    *(sp_bytes *)(void *)((char *)options + option->offset) = sp_bytes_of(argument);
    return SP_OK;
}

static enum sp_status
set_eval_text(void *options, const sp_option *option, const char *argument, sp_error *err)
{
    sp_eval_options *eval = &((sp_search_options *)options)->eval;
    const char **text = (const char **)(void *)((char *)options + option->offset);
    eval->needs_eval = option->name;
    if (*text)
        return sp_fail(err, SP_BAD_ARGUMENT, "--%s can be given only once", option->name);
    *text = argument;
    return SP_OK;
}

static enum sp_status
set_verbose(void *options, const sp_option *option, const char *argument, sp_error *err)
{
    sp_eval_options *eval = &((sp_search_options *)options)->eval;
    (void)argument;
    (void)err;
    eval->needs_eval = option->name;
    eval->verbose = true;
    return SP_OK;
}

static enum sp_status
add_metric(void *options, const sp_option *option, const char *argument, sp_error *err)
{
    sp_eval_options *eval = &((sp_search_options *)options)->eval;
    eval->needs_eval = option->name;
    if (eval->metric_count == SP_METRICS_MAX)
        return sp_fail(err, SP_BAD_ARGUMENT, "--%s can be given at most %d times", option->name,
                       SP_METRICS_MAX);
    if (sp_metric_read(sp_bytes_of(argument), &eval->metrics[eval->metric_count++]))
        return SP_OK;
    return sp_fail(
        err, SP_BAD_ARGUMENT,
        "--%s must be nDCG, MAP, MRR, recall, P or success, or one of them with @K from 1 to %d "
        "(got '%s')",
        option->name, SP_DEPTH_MAX, argument);
}

#define MEMBER(member) SP_OPTION_MEMBER(sp_search_options, member)

static const sp_option options_table[] = {
    SP_OPTION_ROWS_SOURCES(sp_search_options),

    {.heading = "Results",
     .letter = 'n',
     .name = "limit",
     .argument = "N",
     .kind = SP_OPTION_NUMBER,
     MEMBER(request.limit),
     .given_offset = offsetof(sp_search_options, limited),
     .max = SP_LIMIT_MAX,
     .default_value = "10",
     .help = "show at most N results"},
    {.name = "offset",
     .argument = "N",
     .kind = SP_OPTION_NUMBER,
     MEMBER(request.offset),
     .max = SP_OFFSET_MAX,
     .default_value = "0",
     .help = "skip the first N results"},
    {.name = "kind",
     .argument = "KIND",
     .kind = SP_OPTION_CHOICE,
     .names = sp_kind_names,
     .set = add_filter,
     .value = SP_FIELD_KIND,
     .help = "only results of this kind"},
    {.name = "tag",
     .argument = "TAG",
     .kind = SP_OPTION_TEXT,
     .set = add_filter,
     .value = SP_FIELD_TAG,
     .help = "only results with TAG; if repeated, with any of them"},
    {.name = "category",
     .argument = "CATEGORY",
     .kind = SP_OPTION_TEXT,
     .set = add_filter,
     .value = SP_FIELD_CATEGORY,
     .help = "only results in CATEGORY; if repeated, in any of them"},
    {.name = "lang",
     .argument = "LANGUAGE",
     .kind = SP_OPTION_TEXT,
     .set = add_filter,
     .value = SP_FIELD_LANG,
     .help = "only results in LANGUAGE; if repeated, in any of them"},
    {.name = "year",
     .argument = "YEAR",
     .kind = SP_OPTION_TEXT,
     .set = add_filter,
     .value = SP_FIELD_YEAR,
     .help = "only results of YEAR (YYYY); if repeated, of any of them"},
    {.name = "after",
     .argument = "DATE",
     .kind = SP_OPTION_TEXT,
     MEMBER(request.after),
     .set = set_bytes,
     .help = "only results of DATE (YYYY, YYYY-MM or YYYY-MM-DD) or later"},
    {.name = "before",
     .argument = "DATE",
     .kind = SP_OPTION_TEXT,
     MEMBER(request.before),
     .set = set_bytes,
     .help = "only results of DATE or earlier"},
    {.name = "sort",
     .argument = "ORDER",
     .kind = SP_OPTION_CHOICE,
     MEMBER(request.sort),
     .names = sp_sort_names,
     .default_value = "relevance",
     .help = "the order of results"},
    {.name = "exact",
     MEMBER(request.exact),
     .help = "only documents with every word, spelled as typed"},
    {.name = "explain", MEMBER(request.explain), .help = "explain the rank of each result"},

    {.heading = "Instead of an answer",
     .name = "similar",
     .argument = "URL",
     .kind = SP_OPTION_TEXT,
     MEMBER(similar),
     .help = "without a query: list what is most like this page or resource"},
    {.name = "suggest",
     MEMBER(suggest),
     .help = "complete an unfinished query; prints one completion per line"},
    {.name = "why-not",
     .argument = "URL",
     .kind = SP_OPTION_TEXT,
     MEMBER(why_not),
     .help = "explain why this page or resource is not in the answer, or give its rank"},
    {.name = "verify",
     MEMBER(verify),
     .help = "answer no query; read all files of the index and compare them with their checksums"},

    {.heading = "Evaluation",
     .name = "eval",
     .argument = "JUDGMENTS",
     .kind = SP_OPTION_TEXTS,
     MEMBER(eval.judgments),
     .help = "measure how well judged queries are answered; JUDGMENTS has lines of query, target "
             "and grade, separated by tabs, or is TREC's qrels; repeatable"},
    {.name = "topics",
     .argument = "FILE",
     .kind = SP_OPTION_TEXT,
     MEMBER(eval.topics),
     .set = set_eval_text,
     .help = "the queries that qrels refer to; each line is id, tab, query"},
    {.name = "metric",
     .argument = "NAME",
     .kind = SP_OPTION_TEXT,
     .set = add_metric,
     .help = "measure nDCG, MAP, MRR, recall, P or success instead of the usual set; @K counts "
             "only the first K results; repeatable"},
    {.name = "run",
     .argument = "FILE",
     .kind = SP_OPTION_TEXT,
     MEMBER(eval.run),
     .set = set_eval_text,
     .help = "measure a run in TREC format instead of searching"},
    {.name = "compare",
     .argument = "WHAT",
     .kind = SP_OPTION_TEXT,
     MEMBER(eval.compare),
     .set = set_eval_text,
     .help = "compare with a second index or, with --run, a second run"},
    {.name = "write-run",
     .argument = "FILE",
     .kind = SP_OPTION_TEXT,
     MEMBER(eval.write_run),
     .set = set_eval_text,
     .help = "write the results as a run in TREC format"},
    {.name = "write-qrels",
     .argument = "FILE",
     .kind = SP_OPTION_TEXT,
     MEMBER(eval.write_qrels),
     .set = set_eval_text,
     .help = "write the judgments as TREC's qrels"},
    {.name = "write-topics",
     .argument = "FILE",
     .kind = SP_OPTION_TEXT,
     MEMBER(eval.write_topics),
     .set = set_eval_text,
     .help = "write the queries as TREC's topics"},
    {.letter = 'v',
     .name = "verbose",
     .set = set_verbose,
     .help = "show each query or, with --compare, the queries that changed most"},

    {.heading = "Output",
     .name = "json",
     MEMBER(output),
     .value = SP_OUTPUT_JSON,
     .help = "print the answer as JSON"},
    {.name = "urls", MEMBER(output), .value = SP_OUTPUT_URLS, .help = "print one URL per line"},
    {.name = "base-url",
     .argument = "URL",
     .kind = SP_OPTION_TEXT,
     .set = set_base_url,
     .help = "put URL before site-relative URLs"},
    {.name = "color",
     .argument = "WHEN",
     .kind = SP_OPTION_CHOICE,
     MEMBER(color_when),
     .names = sp_when_names,
     .default_value = "auto",
     .help = "use colour"},
    SP_OPTION_ROW_HELP,
    SP_OPTION_ROW_VERSION,
};

static const sp_command_line command_line = {
    .program = "search",
    .version = SIGNPOST_VERSION,
    .header = header,
    .footer = footer,
    .options = options_table,
    .option_count = sizeof options_table / sizeof *options_table,
    .first_word_ends_options = true, /* so that the query can contain `-word` */
};

/* Refuses options that need --eval but were given without it, or cannot be combined with it. */
static enum sp_status
check_eval(const sp_search_options *out, bool has_query, sp_error *err)
{
    const sp_eval_options *eval = &out->eval;
    const char *wrong = NULL;
    if (eval->judgments.count == 0)
        return eval->needs_eval
                   ? sp_fail(err, SP_BAD_ARGUMENT, "--%s needs --eval", eval->needs_eval)
                   : SP_OK;
    if (has_query)
        wrong = "--eval cannot be combined with a query: it takes the queries of the judgments";
    else if (out->suggest || out->output == SP_OUTPUT_URLS)
        wrong = "--eval cannot be combined with --suggest or --urls";
    else if (out->request.explain || out->similar || out->why_not)
        wrong = "--eval cannot be combined with --explain, --similar or --why-not";
    else if (out->request.offset > 0)
        wrong = "--eval cannot be combined with --offset: it measures from the first result";
    else if (out->limited && out->request.limit == 0)
        wrong = "--limit must be at least 1 with --eval (got '0')";
    return wrong ? sp_fail(err, SP_BAD_ARGUMENT, "%s", wrong) : SP_OK;
}

/* Refuses options that cannot be combined with a query or with each other. */
static enum sp_status
check_query(const sp_search_options *out, bool has_query, sp_error *err)
{
    const char *wrong = NULL;
    bool urls = out->output == SP_OUTPUT_URLS;
    if (out->request.explain && (urls || out->similar || out->suggest))
        wrong = "--explain cannot be combined with --urls, --similar or --suggest";
    else if (out->why_not && (urls || out->request.explain || out->similar || out->suggest))
        wrong = "--why-not cannot be combined with --urls, --explain, --similar or --suggest";
    else if (!out->similar)
        wrong = has_query ? NULL : "no query given";
    else if (has_query)
        wrong = "--similar cannot be combined with a query";
    else if (out->suggest || out->request.exact || out->request.sort != SP_SORT_RELEVANCE)
        wrong = "--similar cannot be combined with --suggest, --exact or --sort";
    return wrong ? sp_fail(err, SP_BAD_ARGUMENT, "%s", wrong) : SP_OK;
}

static bool
uses_color(enum sp_when when)
{
    const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");
    if (when != SP_AUTOMATIC)
        return when == SP_ALWAYS;
    return isatty(STDOUT_FILENO) && !(no_color && *no_color) && terminal &&
           strcmp(terminal, "dumb") != 0;
}

static void
join_words(sp_search_options *out, char **words, int count)
{
    SP_AUTO(sp_str_done) sp_str query = {0};
    for (int i = 0; i < count; i++) {
        sp_str_append_text(&query, i > 0 ? " " : "");
        sp_str_append_text(&query, words[i]);
    }
    out->request.text = sp_arena_copy_str(&out->arena, &query);
}

static enum sp_status
check(const sp_search_options *out, bool has_query, sp_error *err)
{
    if (out->verify && sp_sources_connect(&out->sources))
        return sp_fail(err, SP_BAD_ARGUMENT,
                       "--verify cannot be combined with --remote or --remote-list");
    if (out->verify && (has_query || out->similar || out->suggest || out->why_not ||
                        out->eval.judgments.count > 0))
        return sp_fail(err, SP_BAD_ARGUMENT,
                       "--verify cannot be combined with a query, --similar, --suggest, --why-not "
                       "or --eval");
    if (out->verify)
        return SP_OK;
    enum sp_status status = check_eval(out, has_query, err);
    if (status == SP_OK && out->eval.judgments.count == 0)
        status = check_query(out, has_query, err);
    return status;
}

bool
sp_search_options_read(int argc, char **argv, sp_search_options *out, int *exit_code)
{
    sp_error err;
    *out = (sp_search_options){.request = {.timeout_us = TIMEOUT_US}};
    int first = sp_command_line_read(&command_line, argc, argv, out, &out->arena, exit_code);
    if (first == 0)
        return false;
    if (check(out, argc > first, &err) != SP_OK)
        return sp_command_line_refuse(&command_line, &err, exit_code);
    sp_sources_settle(&out->sources);
    out->color = uses_color(out->color_when);
    if (out->similar)
        out->request.text = sp_bytes_of(out->similar);
    else
        join_words(out, &argv[first], argc - first);
    return sp_arena_check(&out->arena, &err) == SP_OK ||
           sp_command_line_refuse(&command_line, &err, exit_code);
}

void
sp_search_options_done(sp_search_options *options)
{
    sp_arena_done(&options->arena);
}
