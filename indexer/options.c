// SPDX-License-Identifier: GPL-2.0-or-later
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define JOBS_MAX 256
#define POLL_MAX 86400

static const char usage[] =
    "usage: indexer [OPTION]... SITE...\n"
    "\n"
    "Reads sites (folders of Markdown, Jekyll or plain) and writes a search index.\n"
    "\n"
    "  -o, --index DIR       the index ($SIGNPOST_INDEX, else ./index)\n"
    "      --full            build all anew beside the old index, then swap\n"
    "      --dry-run         read everything, write nothing, report what would change\n"
    "      --require WHAT    publish only what answers the judged queries so well, such as\n"
    "                        'nDCG@10>=0.8' (nDCG, MAP, P, success, MRR or recall); repeatable\n"
    "      --judgments FILE  the judged queries (judgments.tsv of the site)\n"
    "      --watch           stay, and reindex when files change\n"
    "      --poll SECONDS    with --watch: look for changes that often, not waiting to be told\n"
    "      --drafts          include drafts\n"
    "      --future          include posts with a date in the future\n"
    "      --unpublished     include posts with `published: false`\n"
    "      --jobs N          threads that read and parse (number of processors)\n"
    "      --report FILE     the run's report as JSON, - for standard output\n"
    "      --progress WHEN   show progress on standard error: auto, always, never\n"
    "      --strict          a file that cannot be indexed fails the run\n"
    "  -W, --warn NAME       warn of NAME; no-NAME: do not; error=NAME: take it for an error;\n"
    "                        all, none, error (repeatable; an unknown NAME lists them)\n"
    "  -q, --quiet           say nothing but errors\n"
    "  -v, --verbose         say more\n"
    "      --help, --version\n"
    "\n"
    "Exit status: 0 done; 1 done, but some files could not be indexed or a warning is an error\n"
    "(with --strict: nothing is changed), or not done, as --require asks for more; 2 wrong\n"
    "usage; 3 could not run, the index is as it was.\n";

enum long_only {
    OPTION_FULL = 256,
    OPTION_DRY_RUN,
    OPTION_WATCH,
    OPTION_POLL,
    OPTION_DRAFTS,
    OPTION_FUTURE,
    OPTION_UNPUBLISHED,
    OPTION_JOBS,
    OPTION_REPORT,
    OPTION_PROGRESS,
    OPTION_STRICT,
    OPTION_REQUIRE,
    OPTION_JUDGMENTS,
    OPTION_HELP,
    OPTION_VERSION
};

static const struct option long_options[] = {
    {"index", required_argument, NULL, 'o'},
    {"full", no_argument, NULL, OPTION_FULL},
    {"dry-run", no_argument, NULL, OPTION_DRY_RUN},
    {"watch", no_argument, NULL, OPTION_WATCH},
    {"poll", required_argument, NULL, OPTION_POLL},
    {"drafts", no_argument, NULL, OPTION_DRAFTS},
    {"future", no_argument, NULL, OPTION_FUTURE},
    {"unpublished", no_argument, NULL, OPTION_UNPUBLISHED},
    {"jobs", required_argument, NULL, OPTION_JOBS},
    {"report", required_argument, NULL, OPTION_REPORT},
    {"progress", required_argument, NULL, OPTION_PROGRESS},
    {"strict", no_argument, NULL, OPTION_STRICT},
    {"warn", required_argument, NULL, 'W'},
    {"require", required_argument, NULL, OPTION_REQUIRE},
    {"judgments", required_argument, NULL, OPTION_JUDGMENTS},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

static bool
read_number(const char *option, const char *text, unsigned long most, unsigned long *number)
{
    char *end;
    errno = 0;
    *number = strtoul(text, &end, 10);
    if (errno == 0 && end != text && *end == '\0' && text[0] != '-' && *number >= 1 &&
        *number <= most)
        return true;
    fprintf(stderr, "indexer: %s is a number from 1 to %lu, not '%s'\n", option, most, text);
    return false;
}

static bool
read_jobs(const char *text, size_t *jobs)
{
    unsigned long number;
    if (!read_number("--jobs", text, JOBS_MAX, &number))
        return false;
    *jobs = number;
    return true;
}

static bool
read_poll(const char *text, unsigned *poll)
{
    unsigned long number;
    if (!read_number("--poll", text, POLL_MAX, &number))
        return false;
    *poll = (unsigned)number;
    return true;
}

static bool
read_when(const char *text, enum sp_when *when)
{
    static const char *const names[] = {"auto", "always", "never"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(text, names[i]) == 0) {
            *when = (enum sp_when)i;
            return true;
        }
    }
    fprintf(stderr, "indexer: --progress is auto, always or never, not '%s'\n", text);
    return false;
}

static bool
read_warning(const char *text, sp_warning_options *warnings)
{
    if (sp_warning_options_set(warnings, text))
        return true;
    fprintf(stderr, "indexer: --warn knows no '%s'; the names are", text);
    for (size_t i = 0; i < SP_WARNING_KINDS; i++)
        fprintf(stderr, "%s %s", i == 0 ? "" : ",", sp_warning_name((enum sp_warning_kind)i));
    fputs("\n", stderr);
    return false;
}

static bool
read_requirement(const char *text, sp_run_options *run)
{
    if (run->required_count == SP_REQUIREMENTS_MAX) {
        fprintf(stderr, "indexer: --require is given more than %d times\n", SP_REQUIREMENTS_MAX);
        return false;
    }
    if (!sp_requirement_read(sp_bytes_of(text), &run->required[run->required_count])) {
        fprintf(
            stderr,
            "indexer: --require is a metric (nDCG, MAP, P, success, MRR or recall, @K up to %d), "
            ">= or >, and a number from 0 to 1, as 'nDCG@10>=0.8', not '%s'\n",
            SP_DEPTH_MAX, text);
        return false;
    }
    run->required_count++;
    return true;
}

static bool
set_flag(int option, sp_indexer_options *out)
{
    switch (option) {
    case OPTION_FULL:
        return out->run.full = true;
    case OPTION_DRY_RUN:
        return out->run.dry_run = true;
    case OPTION_WATCH:
        return out->run.watched = true;
    case OPTION_DRAFTS:
        return out->run.site.drafts = true;
    case OPTION_FUTURE:
        return out->run.site.future = true;
    case OPTION_UNPUBLISHED:
        return out->run.site.unpublished = true;
    case OPTION_STRICT:
        return out->run.strict = true;
    case 'q':
        out->verbosity = -1;
        return true;
    case 'v':
        out->verbosity = 1;
        return true;
    default:
        return false;
    }
}

static bool
take_option(int option, sp_indexer_options *out)
{
    if (set_flag(option, out))
        return true;
    switch (option) {
    case 'o':
        out->run.index = optarg;
        return true;
    case OPTION_JOBS:
        return read_jobs(optarg, &out->run.jobs);
    case OPTION_POLL:
        return read_poll(optarg, &out->poll);
    case OPTION_REPORT:
        out->report = optarg;
        return true;
    case 'W':
        return read_warning(optarg, &out->run.warnings);
    case OPTION_PROGRESS:
        return read_when(optarg, &out->progress);
    case OPTION_REQUIRE:
        return read_requirement(optarg, &out->run);
    case OPTION_JUDGMENTS:
        out->run.judgments = optarg;
        return true;
    default:
        return false; /* getopt_long has said what is wrong */
    }
}

static void
set_defaults(sp_indexer_options *out)
{
    const char *index = getenv("SIGNPOST_INDEX");
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    *out = (sp_indexer_options){0};
    out->run.index = index && *index ? index : "index";
    out->run.jobs = processors < 1 ? 1 : processors > JOBS_MAX ? JOBS_MAX : (size_t)processors;
    out->run.site.now = (int64_t)time(NULL);
    out->run.warnings = sp_warning_options_default();
}

/* What cannot be asked for together; says so. */
static bool
is_consistent(const sp_indexer_options *options)
{
    const char *fault = NULL;
    if (options->run.watched && options->run.dry_run)
        fault = "--watch and --dry-run do not go together";
    else if (options->run.watched && options->report && strcmp(options->report, "-") == 0)
        fault = "--watch writes a report after each run: --report needs a file, not '-'";
    else if (options->poll > 0 && !options->run.watched)
        fault = "--poll is for --watch";
    if (fault)
        fprintf(stderr, "indexer: %s\nTry 'indexer --help'.\n", fault);
    return !fault;
}

bool
sp_indexer_options_read(int argc, char **argv, sp_indexer_options *out, int *exit_code)
{
    static char name[] = "indexer"; /* getopt's messages begin with it, wherever the program is */
    int option;
    set_defaults(out);
    argv[0] = name;
    while ((option = getopt_long(argc, argv, "o:qvW:", long_options, NULL)) != -1) {
        if (option == OPTION_HELP || option == OPTION_VERSION) {
            fputs(option == OPTION_HELP ? usage : "indexer (Signpost) " SIGNPOST_VERSION "\n",
                  stdout);
            *exit_code = 0;
            return false;
        }
        if (!take_option(option, out)) {
            fputs("Try 'indexer --help'.\n", stderr);
            *exit_code = 2;
            return false;
        }
    }
    if (optind == argc) {
        fputs("indexer: no site given\nTry 'indexer --help'.\n", stderr);
        *exit_code = 2;
        return false;
    }
    if (!is_consistent(out)) {
        *exit_code = 2;
        return false;
    }
    out->run.sites = (const char *const *)&argv[optind];
    out->run.site_count = (size_t)(argc - optind);
    return true;
}
