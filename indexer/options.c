// SPDX-License-Identifier: GPL-2.0-or-later
#include "options.h"

#include <signpost/command_line.h>

#include <time.h>
#include <unistd.h>

#define JOBS_MAX 256
#define POLL_MAX 86400 /* seconds: a day */

static const char header[] =
    "usage: indexer [OPTION]... SITE...\n"
    "       indexer --verify [OPTION]...\n"
    "\n"
    "Build or update the search index of one or more sites. A site is a folder of\n"
    "Markdown files, with or without a Jekyll configuration.\n"
    "\n";

static const char footer[] =
    "\n"
    "Exit status:\n"
    "  0  done\n"
    "  1  done, but some files could not be indexed or a warning is an error; or not\n"
    "     done because of --strict or --require\n"
    "  2  wrong usage\n"
    "  3  the run failed, nothing is changed; with --verify: the index is damaged\n";

static enum sp_status
set_warning(void *options, const sp_option *option, const char *argument, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str names = {0};
    sp_indexer_options *out = options;
    (void)option;
    if (sp_warning_options_set(&out->run.warnings, argument))
        return SP_OK;
    for (size_t i = 0; i < SP_WARNING_KINDS; i++)
        sp_str_append_format(&names, "%s%s", i == 0 ? "" : ", ",
                             sp_warning_name((enum sp_warning_kind)i));
    return sp_fail(err, SP_BAD_ARGUMENT, "unknown warning '%s'; known: %s", argument,
                   sp_str_bytes(&names).data);
}

static enum sp_status
add_requirement(void *options, const sp_option *option, const char *argument, sp_error *err)
{
    sp_run_options *run = &((sp_indexer_options *)options)->run;
    if (run->required_count == SP_REQUIREMENTS_MAX)
        return sp_fail(err, SP_BAD_ARGUMENT, "--%s can be given at most %d times", option->name,
                       SP_REQUIREMENTS_MAX);
    if (!sp_requirement_read(sp_bytes_of(argument), &run->required[run->required_count]))
        return sp_fail(err, SP_BAD_ARGUMENT,
                       "--%s must be a metric (nDCG, MAP, P, success, MRR or recall, @K up to %d), "
                       ">= or >, and "
                       "a number from 0 to 1, e.g. 'nDCG@10>=0.8' (got '%s')",
                       option->name, SP_DEPTH_MAX, argument);
    run->required_count++;
    return SP_OK;
}

#define MEMBER(member) SP_OPTION_MEMBER(sp_indexer_options, member)

static const sp_option options_table[] = {
    {.letter = 'o',
     .name = "index",
     .argument = "DIR",
     .kind = SP_OPTION_TEXT,
     MEMBER(run.index),
     .environment = "SIGNPOST_INDEX",
     .default_value = "index",
     .default_text = "$SIGNPOST_INDEX, else ./index",
     .help = "write the index to DIR"},
    {.name = "full", MEMBER(run.full), .help = "rebuild the index next to the old one, then swap"},
    {.name = "dry-run", MEMBER(run.dry_run), .help = "write nothing, report what would change"},
    {.name = "verify",
     MEMBER(verify),
     .help = "make no index; read all files of the index in DIR and compare them with their "
             "checksums"},
    {.name = "watch", MEMBER(run.watched), .help = "keep running, and reindex when files change"},
    {.name = "poll",
     .argument = "SECONDS",
     .kind = SP_OPTION_NUMBER,
     MEMBER(poll),
     .min = 1,
     .max = POLL_MAX,
     .help = "with --watch: check for changes this often instead of waiting for notifications"},
    {.name = "strict",
     MEMBER(run.strict),
     .help = "change nothing if a file cannot be indexed or a warning is an error"},
    {.name = "jobs",
     .argument = "N",
     .kind = SP_OPTION_NUMBER,
     MEMBER(run.jobs),
     .min = 1,
     .max = JOBS_MAX,
     .default_text = "number of processors",
     .help = "read and parse with N threads"},

    {.heading = "Posts that are usually left out",
     .name = "drafts",
     MEMBER(run.site.drafts),
     .help = "include drafts"},
    {.name = "future", MEMBER(run.site.future), .help = "include posts with a date in the future"},
    {.name = "unpublished",
     MEMBER(run.site.unpublished),
     .help = "include posts with 'published: false'"},

    {.heading = "Relevance",
     .name = "require",
     .argument = "REQUIREMENT",
     .kind = SP_OPTION_TEXT,
     .set = add_requirement,
     .help = "publish only if the judged queries score at least this, e.g. 'nDCG@10>=0.8' (nDCG, "
             "MAP, P, success, MRR or recall); repeatable"},
    {.name = "judgments",
     .argument = "FILE",
     .kind = SP_OPTION_TEXT,
     MEMBER(run.judgments),
     .default_text = "each site's judgments.tsv",
     .help = "read the judged queries from FILE"},

    {.heading = "Output",
     .name = "report",
     .argument = "FILE",
     .kind = SP_OPTION_TEXT,
     MEMBER(report),
     .help = "write a report of the run to FILE as JSON; - is standard output"},
    {.name = "progress",
     .argument = "WHEN",
     .kind = SP_OPTION_CHOICE,
     MEMBER(progress),
     .names = sp_when_names,
     .default_value = "auto",
     .help = "show progress on standard error"},
    {.letter = 'W',
     .name = "warn",
     .argument = "NAME",
     .kind = SP_OPTION_TEXT,
     .set = set_warning,
     .help = "enable warning NAME; no-NAME disables it, error=NAME makes it an error; all, none "
             "and error apply to all; repeatable (an unknown NAME prints the list)"},
    {.letter = 'q', .name = "quiet", MEMBER(verbosity), .value = -1, .help = "print only errors"},
    {.letter = 'v', .name = "verbose", MEMBER(verbosity), .help = "print more details"},
    SP_OPTION_ROW_HELP,
    SP_OPTION_ROW_VERSION,
};

static const sp_command_line command_line = {
    .program = "indexer",
    .version = SIGNPOST_VERSION,
    .header = header,
    .footer = footer,
    .options = options_table,
    .option_count = sizeof options_table / sizeof *options_table,
};

static void
set_defaults(sp_indexer_options *out)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    *out = (sp_indexer_options){0};
    out->run.jobs = processors < 1 ? 1 : processors > JOBS_MAX ? JOBS_MAX : (size_t)processors;
    out->run.site.now = (int64_t)time(NULL);
    out->run.warnings = sp_warning_options_default();
}

/* Rejects options that contradict each other. */
static enum sp_status
check(const sp_indexer_options *options, sp_error *err)
{
    const sp_run_options *run = &options->run;
    if (options->verify && run->site_count > 0)
        return sp_fail(err, SP_BAD_ARGUMENT, "--verify takes no site (got '%s')", run->sites[0]);
    if (options->verify && (run->full || run->dry_run || run->watched))
        return sp_fail(err, SP_BAD_ARGUMENT,
                       "--verify cannot be combined with --full, --dry-run or --watch");
    if (options->verify)
        return SP_OK;
    if (run->site_count == 0)
        return sp_fail(err, SP_BAD_ARGUMENT, "no site given");
    if (run->watched && run->dry_run)
        return sp_fail(err, SP_BAD_ARGUMENT, "--watch cannot be combined with --dry-run");
    if (run->watched && options->report && strcmp(options->report, "-") == 0)
        return sp_fail(
            err, SP_BAD_ARGUMENT,
            "--report must be a file with --watch, which rewrites it after each run (got '-')");
    if (options->poll > 0 && !run->watched)
        return sp_fail(err, SP_BAD_ARGUMENT, "--poll needs --watch");
    return SP_OK;
}

bool
sp_indexer_options_read(int argc, char **argv, sp_indexer_options *out, int *exit_code)
{
    sp_error err;
    set_defaults(out);
    int first = sp_command_line_read(&command_line, argc, argv, out, NULL, exit_code);
    if (first == 0)
        return false;
    out->run.sites = (const char *const *)&argv[first];
    out->run.site_count = (size_t)(argc - first);
    return check(out, &err) == SP_OK || sp_command_line_refuse(&command_line, &err, exit_code);
}
