// SPDX-License-Identifier: GPL-2.0-or-later
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define DEFAULT_LIMIT 10
#define TIMEOUT_US 60000000

static const char usage[] =
    "usage: search [OPTION]... QUERY...\n"
    "       search [OPTION]... --eval JUDGMENTS\n"
    "       search [OPTION]... --similar URL\n"
    "\n"
    "Answers a query from an index that indexer made, or tells how well judged queries are\n"
    "answered.\n"
    "\n"
    "  -i, --index DIR       the index ($SIGNPOST_INDEX, else ./index); several answer as one\n"
    "  -n, --limit N         at most so many results (10)\n"
    "      --offset N        leave out the first N (0)\n"
    "      --kind KIND       only post or resource\n"
    "      --tag T, --category C, --lang L\n"
    "                        only these; several of one option mean any of them\n"
    "      --after DATE, --before DATE\n"
    "                        YYYY, YYYY-MM or YYYY-MM-DD, both ends included\n"
    "      --sort ORDER      relevance, newest or oldest\n"
    "      --exact           as typed: only documents that have every word\n"
    "      --explain         say why each hit stands where it does\n"
    "      --why-not URL     say why this page or resource is not in the answer, or where\n"
    "      --similar URL     no query: what is most like this page or resource\n"
    "      --suggest         completions of an unfinished query, one a line\n"
    "      --json            the answer as JSON\n"
    "      --urls            one URL a line\n"
    "      --base-url URL    put before site-relative URLs\n"
    "      --color WHEN      auto, always or never (auto; NO_COLOR is honoured)\n"
    "      --help, --version\n"
    "\n"
    "How good the answers are:\n"
    "      --eval JUDGMENTS  measure by judged queries: lines of query, target, grade, apart by\n"
    "                        tabs, or TREC's qrels; repeatable\n"
    "      --topics FILE     the queries of qrels: lines of id, tab, query\n"
    "      --metric NAME     nDCG, MAP, MRR, recall, P or success, @K but for MAP; repeatable\n"
    "      --run FILE        measure a run in TREC's form, do not search\n"
    "      --compare WHAT    beside a second index, or with --run a second run\n"
    "      --write-run FILE, --write-qrels FILE, --write-topics FILE\n"
    "                        write these in TREC's forms\n"
    "  -v, --verbose         each query; with --compare, those that changed most\n"
    "\n"
    "Words after the options are the query: residency research, \"a phrase\", -without,\n"
    "tag:x, category:x, kind:resource. Put -- before a query that begins with a hyphen.\n"
    "\n"
    "Exit status: 0 something found or evaluated, 1 nothing, 2 an error.\n";

enum long_only {
    OPTION_OFFSET = 256,
    OPTION_KIND,
    OPTION_TAG,
    OPTION_CATEGORY,
    OPTION_LANG,
    OPTION_AFTER,
    OPTION_BEFORE,
    OPTION_SORT,
    OPTION_EXACT,
    OPTION_EXPLAIN,
    OPTION_SIMILAR,
    OPTION_WHY_NOT,
    OPTION_SUGGEST,
    OPTION_JSON,
    OPTION_URLS,
    OPTION_BASE_URL,
    OPTION_COLOR,
    OPTION_EVAL,
    OPTION_TOPICS,
    OPTION_METRIC,
    OPTION_RUN,
    OPTION_COMPARE,
    OPTION_WRITE_RUN,
    OPTION_WRITE_QRELS,
    OPTION_WRITE_TOPICS,
    OPTION_HELP,
    OPTION_VERSION
};

static const struct option long_options[] = {
    {"index", required_argument, NULL, 'i'},
    {"limit", required_argument, NULL, 'n'},
    {"offset", required_argument, NULL, OPTION_OFFSET},
    {"kind", required_argument, NULL, OPTION_KIND},
    {"tag", required_argument, NULL, OPTION_TAG},
    {"category", required_argument, NULL, OPTION_CATEGORY},
    {"lang", required_argument, NULL, OPTION_LANG},
    {"after", required_argument, NULL, OPTION_AFTER},
    {"before", required_argument, NULL, OPTION_BEFORE},
    {"sort", required_argument, NULL, OPTION_SORT},
    {"exact", no_argument, NULL, OPTION_EXACT},
    {"explain", no_argument, NULL, OPTION_EXPLAIN},
    {"similar", required_argument, NULL, OPTION_SIMILAR},
    {"why-not", required_argument, NULL, OPTION_WHY_NOT},
    {"suggest", no_argument, NULL, OPTION_SUGGEST},
    {"json", no_argument, NULL, OPTION_JSON},
    {"urls", no_argument, NULL, OPTION_URLS},
    {"base-url", required_argument, NULL, OPTION_BASE_URL},
    {"color", required_argument, NULL, OPTION_COLOR},
    {"eval", required_argument, NULL, OPTION_EVAL},
    {"topics", required_argument, NULL, OPTION_TOPICS},
    {"metric", required_argument, NULL, OPTION_METRIC},
    {"run", required_argument, NULL, OPTION_RUN},
    {"compare", required_argument, NULL, OPTION_COMPARE},
    {"write-run", required_argument, NULL, OPTION_WRITE_RUN},
    {"write-qrels", required_argument, NULL, OPTION_WRITE_QRELS},
    {"write-topics", required_argument, NULL, OPTION_WRITE_TOPICS},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

/* Growing parts of the options while they are read. */
struct reading {
    sp_options *out;
    sp_request_filter *filters;
    size_t filter_capacity, index_capacity, judgment_capacity;
};

static bool
read_number(const char *name, const char *text, uint32_t max, uint32_t *out)
{
    char *end;
    errno = 0;
    unsigned long number = strtoul(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || text[0] == '-' || number > max) {
        fprintf(stderr, "search: --%s is a number from 0 to %u, not '%s'\n", name, max, text);
        return false;
    }
    *out = (uint32_t)number;
    return true;
}

/* The position of text among `names`, or -1 after saying what it can be. */
static int
read_choice(const char *name, const char *const *names, int count, const char *text)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(text, names[i]) == 0)
            return i;
    }
    fprintf(stderr, "search: --%s is %s", name, names[0]);
    for (int i = 1; i < count; i++)
        fprintf(stderr, "%s%s", i + 1 < count ? ", " : " or ", names[i]);
    fprintf(stderr, ", not '%s'\n", text);
    return -1;
}

static bool
add_filter(struct reading *reading, enum sp_field field, const char *value)
{
    sp_request *request = &reading->out->request;
    reading->filters =
        sp_arena_grow(&reading->out->arena, reading->filters, &reading->filter_capacity,
                      request->filter_count + 1, sizeof *reading->filters);
    if (!reading->filters)
        return false;
    reading->filters[request->filter_count++] = (sp_request_filter){field, sp_bytes_of(value)};
    request->filters = reading->filters;
    return true;
}

static bool
add_index(struct reading *reading, const char *path)
{
    sp_options *out = reading->out;
    out->indexes = sp_arena_grow(&out->arena, out->indexes, &reading->index_capacity,
                                 out->index_count + 1, sizeof *out->indexes);
    if (!out->indexes)
        return false;
    out->indexes[out->index_count++] = path;
    return true;
}

static bool
set_color(sp_options *out, const char *text)
{
    static const char *const names[] = {"auto", "always", "never"};
    int choice = read_choice("color", names, 3, text);
    if (choice > 0)
        out->color = choice == 1;
    return choice >= 0;
}

static bool
set_sort(sp_options *out, const char *text)
{
    int choice = read_choice("sort", sp_sort_names, SP_SORT_COUNT, text);
    if (choice >= 0)
        out->request.sort = (enum sp_sort)choice;
    return choice >= 0;
}

static bool
set_kind(struct reading *reading, const char *text)
{
    return read_choice("kind", sp_kind_names, SP_KIND_COUNT, text) >= 0 &&
           add_filter(reading, SP_FIELD_KIND, text);
}

static bool
add_judgments(struct reading *reading, const char *path)
{
    sp_eval_options *eval = &reading->out->eval;
    eval->judgments =
        sp_arena_grow(&reading->out->arena, eval->judgments, &reading->judgment_capacity,
                      eval->judgment_count + 1, sizeof *eval->judgments);
    if (!eval->judgments)
        return false;
    eval->judgments[eval->judgment_count++] = path;
    return true;
}

static bool
add_metric(sp_eval_options *eval, const char *text)
{
    if (eval->metric_count == SP_METRICS_MAX) {
        fprintf(stderr, "search: --metric can be given %d times\n", SP_METRICS_MAX);
        return false;
    }
    if (sp_metric_read(sp_bytes_of(text), &eval->metrics[eval->metric_count++]))
        return true;
    fprintf(
        stderr,
        "search: --metric is nDCG, MAP, MRR, recall, P or success, or one of them with @K, from "
        "1 to %d, not '%s'\n",
        SP_DEPTH_MAX, text);
    return false;
}

/* Where the value of an option goes that only --eval gives a meaning; NULL for another. */
static const char **
place_in_eval(sp_eval_options *eval, int option)
{
    switch (option) {
    case OPTION_TOPICS:
        return &eval->topics;
    case OPTION_RUN:
        return &eval->run;
    case OPTION_COMPARE:
        return &eval->compare;
    case OPTION_WRITE_RUN:
        return &eval->write_run;
    case OPTION_WRITE_QRELS:
        return &eval->write_qrels;
    case OPTION_WRITE_TOPICS:
        return &eval->write_topics;
    default:
        return NULL;
    }
}

static const char *
name_of(int option)
{
    for (size_t i = 0; long_options[i].name; i++) {
        if (long_options[i].val == option)
            return long_options[i].name;
    }
    return "";
}

static bool
set_eval_option(struct reading *reading, int option)
{
    sp_eval_options *eval = &reading->out->eval;
    const char **place = place_in_eval(eval, option);
    if (option == OPTION_EVAL)
        return add_judgments(reading, optarg);
    if (!place && option != 'v' && option != OPTION_METRIC)
        return false; /* getopt_long has said what is wrong */
    eval->needs_eval = name_of(option);
    if (option == 'v')
        return eval->verbose = true;
    if (option == OPTION_METRIC)
        return add_metric(eval, optarg);
    if (*place) {
        fprintf(stderr, "search: --%s is given twice\n", name_of(option));
        return false;
    }
    *place = optarg;
    return true;
}

static bool
set_text_option(struct reading *reading, int option)
{
    sp_request *request = &reading->out->request;
    sp_bytes value = optarg ? sp_bytes_of(optarg) : (sp_bytes){0};
    switch (option) {
    case OPTION_TAG:
        return add_filter(reading, SP_FIELD_TAG, optarg);
    case OPTION_CATEGORY:
        return add_filter(reading, SP_FIELD_CATEGORY, optarg);
    case OPTION_LANG:
        return add_filter(reading, SP_FIELD_LANG, optarg);
    case OPTION_AFTER:
        request->after = value;
        return true;
    case OPTION_BEFORE:
        request->before = value;
        return true;
    case OPTION_BASE_URL:
        request->base_url = value;
        return true;
    case OPTION_SIMILAR:
        reading->out->similar = optarg;
        return true;
    case OPTION_WHY_NOT:
        reading->out->why_not = optarg;
        return true;
    default:
        return set_eval_option(reading, option);
    }
}

static bool
take_option(struct reading *reading, int option)
{
    sp_options *out = reading->out;
    switch (option) {
    case 'i':
        return add_index(reading, optarg);
    case 'n':
        out->limited = true;
        return read_number("limit", optarg, SP_LIMIT_MAX, &out->request.limit);
    case OPTION_OFFSET:
        return read_number("offset", optarg, SP_OFFSET_MAX, &out->request.offset);
    case OPTION_KIND:
        return set_kind(reading, optarg);
    case OPTION_SORT:
        return set_sort(out, optarg);
    case OPTION_COLOR:
        return set_color(out, optarg);
    case OPTION_EXACT:
        return out->request.exact = true;
    case OPTION_EXPLAIN:
        return out->request.explain = true;
    case OPTION_SUGGEST:
        return out->suggest = true;
    case OPTION_JSON:
        out->output = SP_OUTPUT_JSON;
        return true;
    case OPTION_URLS:
        out->output = SP_OUTPUT_URLS;
        return true;
    default:
        return set_text_option(reading, option);
    }
}

static void
join_words(sp_options *out, char **words, int count)
{
    SP_AUTO(sp_str_done) sp_str query = {0};
    for (int i = 0; i < count; i++) {
        sp_str_append_text(&query, i > 0 ? " " : "");
        sp_str_append_text(&query, words[i]);
    }
    out->request.text = sp_arena_copy_str(&out->arena, &query);
}

/* What goes together with a query, or goes without one. */
static bool
check_query(const sp_options *out, bool given)
{
    const char *fault = NULL;
    if (out->request.explain && (out->output == SP_OUTPUT_URLS || out->similar || out->suggest))
        fault = "--explain does not go with --urls, --similar or --suggest";
    else if (out->why_not && (out->output == SP_OUTPUT_URLS || out->request.explain ||
                              out->similar || out->suggest))
        fault = "--why-not does not go with --urls, --explain, --similar or --suggest";
    else if (!out->similar)
        fault = given ? NULL : "no query given";
    else if (given)
        fault = "--similar goes without a query";
    else if (out->suggest || out->request.exact || out->request.sort != SP_SORT_RELEVANCE)
        fault = "--similar does not go with --suggest, --exact or --sort";
    if (fault)
        fprintf(stderr, "search: %s\n", fault);
    return !fault;
}

static bool
set_defaults(struct reading *reading)
{
    const char *index = getenv("SIGNPOST_INDEX"), *no_color = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    sp_options *out = reading->out;
    *out = (sp_options){.request = {.limit = DEFAULT_LIMIT, .timeout_us = TIMEOUT_US}};
    out->color = isatty(STDOUT_FILENO) && !(no_color && *no_color) && terminal &&
                 strcmp(terminal, "dumb") != 0;
    if (!add_index(reading, index && *index ? index : "index"))
        return false;
    out->index_count = 0; /* the first -i takes the default's place */
    return true;
}

static bool
end_with(int code, int *exit_code)
{
    if (code == 2)
        fputs("Try 'search --help'.\n", stderr);
    *exit_code = code;
    return false;
}

/* What cannot go together, and what is missing. */
static bool
check_usage(const sp_options *out, bool has_query)
{
    const sp_eval_options *eval = &out->eval;
    const char *wrong = NULL;
    if (eval->judgment_count == 0 && eval->needs_eval)
        fprintf(stderr, "search: --%s goes with --eval\n", eval->needs_eval);
    else if (eval->judgment_count > 0 && has_query)
        wrong = "--eval takes its queries from the judgments: a query cannot be given beside it";
    else if (eval->judgment_count > 0 && (out->suggest || out->output == SP_OUTPUT_URLS))
        wrong = "--eval goes neither with --suggest nor with --urls";
    else if (eval->judgment_count > 0 && (out->request.explain || out->similar || out->why_not))
        wrong = "--eval goes with none of --explain, --similar and --why-not";
    else if (eval->judgment_count > 0 && out->request.offset > 0)
        wrong = "--eval measures from the first hit on: it does not go with --offset";
    else if (eval->judgment_count > 0 && out->limited && out->request.limit == 0)
        wrong = "--eval measures hits: --limit cannot be 0";
    else
        return true;
    if (wrong)
        fprintf(stderr, "search: %s\n", wrong);
    return false;
}

bool
sp_options_read(int argc, char **argv, sp_options *out, int *exit_code)
{
    static char name[] = "search"; /* getopt's messages begin with it, wherever the program is */
    int option;
    struct reading reading = {.out = out};
    if (!set_defaults(&reading))
        return end_with(2, exit_code);
    /* "+": the first word that is no option begins the query, so that `-word` can stand in it. */
    argv[0] = name;
    while ((option = getopt_long(argc, argv, "+i:n:v", long_options, NULL)) != -1) {
        if (option == OPTION_HELP || option == OPTION_VERSION) {
            fputs(option == OPTION_HELP ? usage : "search (Signpost) " SIGNPOST_VERSION "\n",
                  stdout);
            return end_with(0, exit_code);
        }
        if (!take_option(&reading, option))
            return end_with(2, exit_code);
    }
    bool given = argc > optind;
    if (!check_usage(out, given) || (out->eval.judgment_count == 0 && !check_query(out, given)))
        return end_with(2, exit_code);
    if (out->index_count == 0)
        out->index_count = 1;
    if (out->similar)
        out->request.text = sp_bytes_of(out->similar);
    else
        join_words(out, &argv[optind], argc - optind);
    return !out->arena.failed || end_with(2, exit_code);
}

void
sp_options_done(sp_options *options)
{
    sp_arena_done(&options->arena);
}
