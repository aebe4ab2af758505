// SPDX-License-Identifier: GPL-2.0-or-later
#include "options.h"

#include "origin.h"

#include <signpost/url.h>

#include <stdlib.h>
#include <unistd.h>

#define THREADS_MAX 256
#define QUERIES_MAX 512
#define QUEUE_MAX 10000
#define TITLE_MAX 200        /* bytes; browsers show less of a title */
#define REQUESTS_MAX 1000000 /* the highest value of the options that limit clients */
#define HOUR 3600
#define DAY 86400

static const char header[] =
    "usage: searchd [OPTION]...\n"
    "\n"
    "Answer queries over HTTP from an index that indexer wrote, and follow the index\n"
    "as it changes.\n"
    "\n";

static const char footer[] =
    "\n"
    "SIGTERM and SIGINT stop the daemon once pending requests are answered; SIGHUP\n"
    "reopens the logs.\n"
    "\n"
    "Exit status:\n"
    "  0  ended by a signal\n"
    "  2  wrong usage\n"
    "  3  could not run\n";

static enum sp_status
add_proxy(void *options, const sp_option *option, const char *argument, sp_error *err)
{
    sp_searchd_options *out = options;
    sp_network network;
    if (!sp_network_read(sp_bytes_of(argument), &network))
        return sp_fail(err, SP_BAD_ARGUMENT,
                       "--%s must be ADDRESS, ADDRESS/BITS or unix (got '%s')", option->name,
                       argument);
    out->proxies = sp_arena_grow(&out->arena, out->proxies, &out->proxy_capacity,
                                 out->proxy_count + 1, sizeof *out->proxies);
    if (!out->proxies)
        return sp_arena_check(&out->arena, err);
    out->proxies[out->proxy_count++] = network;
    return SP_OK;
}

static enum sp_status
add_origin(void *options, const sp_option *option, const char *argument, sp_error *err)
{
    sp_searchd_options *out = options;
    if (strcmp(argument, "*") != 0 && !sp_origin_can_match(sp_bytes_of(argument)))
        return sp_fail(
            err, SP_BAD_ARGUMENT,
            "--%s must be * or an origin as browsers send it, such as https://example.org: "
            "in lower case, without the usual port, without a path (got '%s')",
            option->name, argument);
    return sp_texts_append(&out->origins, &out->arena, argument, err);
}

static enum sp_status
set_base_url(void *options, const sp_option *option, const char *argument, sp_error *err)
{
    sp_searchd_options *out = options;
    sp_bytes url;
    if (!sp_base_url_read(sp_bytes_of(argument), &url))
        return sp_fail(err, SP_BAD_ARGUMENT, "--%s must be " SP_BASE_URL_RULE " (got '%s')",
                       option->name, argument);
    out->base_url = sp_arena_copy(&out->arena, url).data;
    return sp_arena_check(&out->arena, err);
}

static enum sp_status
check_title(const sp_option *option, const char *argument, sp_error *err)
{
    size_t len = 0;
    while ((unsigned char)argument[len] >= ' ' && argument[len] != '\x7F')
        len++;
    if (argument[len] != '\0' || len > TITLE_MAX)
        return sp_fail(err, SP_BAD_ARGUMENT,
                       "--%s must be one line of at most %d bytes (got '%.40s...')", option->name,
                       TITLE_MAX, argument);
    return SP_OK;
}

static enum sp_status
set_mode(void *options, const sp_option *option, const char *argument, sp_error *err)
{
    char *end;
    unsigned long mode = strtoul(argument, &end, 8);
    if (end == argument || *end != '\0' || argument[0] == '-' || mode > 0777)
        return sp_fail(err, SP_BAD_ARGUMENT, "--%s must be an octal number up to 0777 (got '%s')",
                       option->name, argument);
    ((sp_searchd_options *)options)->socket_mode = (mode_t)mode;
    return SP_OK;
}

#define MEMBER(member) SP_OPTION_MEMBER(sp_searchd_options, member)

static const sp_option options_table[] = {
    SP_OPTION_ROWS_SOURCES(sp_searchd_options),
    {.letter = 'l',
     .name = "listen",
     .argument = "ADDRESS",
     .kind = SP_OPTION_TEXTS,
     MEMBER(addresses),
     .default_value = "127.0.0.1:8080",
     .help = "listen on IP:PORT or unix:PATH; repeatable"},
    {.name = "socket-mode",
     .argument = "MODE",
     .kind = SP_OPTION_TEXT,
     .set = set_mode,
     .default_value = "0660",
     .help = "permissions of Unix sockets, octal"},
    {.name = "threads",
     .argument = "N",
     .kind = SP_OPTION_NUMBER,
     MEMBER(threads),
     .min = 1,
     .max = THREADS_MAX,
     .default_text = "number of processors",
     .help = "threads that answer requests"},
    {.name = "cors",
     .argument = "ORIGIN",
     .kind = SP_OPTION_TEXT,
     .set = add_origin,
     .help = "let pages of the site ORIGIN call the API (*: any site); repeatable"},
    {.name = "base-url",
     .argument = "URL",
     .kind = SP_OPTION_TEXT,
     .set = set_base_url,
     .help = "put URL before site-relative URLs"},
    {.name = "title",
     .argument = "TEXT",
     .kind = SP_OPTION_TEXT,
     MEMBER(title),
     .check = check_title,
     .default_text = "title of the site's _config.yml",
     .help = "name of the site on the results page, one line of at most 200 bytes"},
    {.name = "access-log",
     .argument = "FILE",
     .kind = SP_OPTION_TEXT,
     MEMBER(access_log),
     .help = "log requests in Combined Log Format; - is standard output"},
    {.name = "query-log",
     .argument = "FILE",
     .kind = SP_OPTION_TEXT,
     MEMBER(query_log),
     .help = "log queries as lines of JSON, without addresses"},
    {.name = "no-verify",
     MEMBER(no_verify),
     .help = "do not compare the files of the index with their checksums"},
    SP_OPTION_ROW_HELP,
    SP_OPTION_ROW_VERSION,

    {.heading = "Limits",
     .name = "trusted-proxy",
     .argument = "ADDRESS[/BITS]",
     .kind = SP_OPTION_TEXT,
     .set = add_proxy,
     .help = "trust the X-Forwarded-For field of this proxy (unix: of clients on Unix sockets); "
             "repeatable"},
    {.name = "max-connections",
     .argument = "N",
     .kind = SP_OPTION_NUMBER,
     MEMBER(max_connections),
     .min = 1,
     .max = REQUESTS_MAX,
     .default_value = "1000",
     .help = "maximum number of open connections"},
    {.name = "max-connections-per-address",
     .argument = "N",
     .kind = SP_OPTION_NUMBER,
     MEMBER(max_per_address),
     .given_offset = offsetof(sp_searchd_options, per_address_local),
     .max = REQUESTS_MAX,
     .default_value = "100",
     .help = "open connections per address, 0 for no limit; this machine's own addresses are only "
             "limited if the option is given"},
    {.name = "rate",
     .argument = "N",
     .kind = SP_OPTION_NUMBER,
     MEMBER(rate),
     .given_offset = offsetof(sp_searchd_options, rate_local),
     .max = REQUESTS_MAX,
     .default_value = "50",
     .help = "requests per second and address, 0 for no limit; this machine's own addresses are "
             "only limited if the option is given"},
    {.name = "burst",
     .argument = "N",
     .kind = SP_OPTION_NUMBER,
     MEMBER(burst),
     .min = 1,
     .max = REQUESTS_MAX,
     .default_value = "200",
     .help = "requests that an address may send at once before --rate applies"},
    {.name = "header-timeout",
     .argument = "S",
     .kind = SP_OPTION_NUMBER,
     MEMBER(header_timeout),
     .min = 1,
     .max = HOUR,
     .default_value = "8",
     .help = "seconds for a client to send the head of a request"},
    {.name = "idle-timeout",
     .argument = "S",
     .kind = SP_OPTION_NUMBER,
     MEMBER(idle_timeout),
     .min = 1,
     .max = DAY,
     .default_value = "60",
     .help = "seconds that a connection may wait for its next request"},
    {.name = "write-timeout",
     .argument = "S",
     .kind = SP_OPTION_NUMBER,
     MEMBER(write_timeout),
     .min = 1,
     .max = HOUR,
     .default_value = "30",
     .help = "seconds for a client to receive its answer"},
    {.name = "query-timeout",
     .argument = "MS",
     .kind = SP_OPTION_NUMBER,
     MEMBER(query_timeout),
     .min = 1,
     .max = 600000,
     .default_value = "1000",
     .help = "milliseconds for one query"},
    {.name = "max-queries",
     .argument = "N",
     .kind = SP_OPTION_NUMBER,
     MEMBER(max_queries),
     .min = 1,
     .max = QUERIES_MAX,
     .default_text = "twice the number of threads",
     .help = "queries that run at the same time; an address may run a quarter of them"},
    {.name = "queue",
     .argument = "N",
     .kind = SP_OPTION_NUMBER,
     MEMBER(queue),
     .max = QUEUE_MAX,
     .default_value = "64",
     .help = "queries that wait for others to end; an address may have a quarter of them waiting, "
             "and more are answered 503"},
    {.name = "drain-timeout",
     .argument = "S",
     .kind = SP_OPTION_NUMBER,
     MEMBER(drain_timeout),
     .max = HOUR,
     .default_value = "10",
     .help = "seconds to finish pending requests at shutdown"},
    {.name = "cache",
     .argument = "MB",
     .kind = SP_OPTION_NUMBER,
     MEMBER(cache),
     .max = 65536,
     .default_value = "4",
     .help = "megabytes of answers to cache, 0 for none"},
};

static const sp_command_line command_line = {
    .program = "searchd",
    .version = SIGNPOST_VERSION,
    .header = header,
    .footer = footer,
    .options = options_table,
    .option_count = sizeof options_table / sizeof *options_table,
};

bool
sp_searchd_options_read(int argc, char **argv, sp_searchd_options *out, int *exit_code)
{
    sp_error err;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    *out = (sp_searchd_options){.base_url = "", .title = ""};
    out->threads = processors < 1             ? 1
                   : processors > THREADS_MAX ? THREADS_MAX
                                              : (uint32_t)processors;
    int first = sp_command_line_read(&command_line, argc, argv, out, &out->arena, exit_code);
    if (out->max_queries == 0)
        out->max_queries = 2 * out->threads;
    sp_sources_settle(&out->sources);
    if (first == 0 || first == argc)
        return first > 0;
    sp_fail(&err, SP_BAD_ARGUMENT, "unexpected argument '%s'", argv[first]);
    return sp_command_line_refuse(&command_line, &err, exit_code);
}

void
sp_searchd_options_done(sp_searchd_options *options)
{
    sp_arena_done(&options->arena);
}
