// SPDX-License-Identifier: GPL-2.0-or-later
#include "options.h"

#include <signpost/ascii.h>

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char usage[] =
    "usage: searchd [OPTION]...\n"
    "\n"
    "Answers queries over HTTP from an index that indexer made, and follows the index as it "
    "changes.\n"
    "\n"
    "  -i, --index DIR         the index ($SIGNPOST_INDEX, else ./index); several answer as one\n"
    "  -l, --listen ADDRESS    ADDRESS:PORT or unix:PATH (127.0.0.1:8080); repeatable\n"
    "      --socket-mode MODE  permissions of Unix sockets, octal (0660)\n"
    "      --threads N         threads that answer (number of processors)\n"
    "      --cors ORIGIN       another site whose pages may ask, or * for any; repeatable\n"
    "      --base-url URL      put before site-relative URLs\n"
    "      --access-log FILE   requests, in Combined format; - is standard output\n"
    "      --query-log FILE    queries, a line of JSON each, without addresses\n"
    "\n"
    "Limits:\n"
    "      --trusted-proxy ADDRESS[/BITS]\n"
    "                          believe its X-Forwarded-For; `unix' for Unix sockets; repeatable\n"
    "      --max-connections N (1000)\n"
    "      --max-connections-per-address N\n"
    "                          (100, not counting this machine's own; 0: no limit)\n"
    "      --rate N            requests a second and address (50, likewise; 0: no limit)\n"
    "      --burst N           requests at once before the rate counts (200)\n"
    "      --header-timeout S  seconds until a request's head is complete (10)\n"
    "      --idle-timeout S    seconds between two requests of a connection (60)\n"
    "      --write-timeout S   seconds for a client to take its answer (30)\n"
    "      --query-timeout MS  milliseconds for one query (1000)\n"
    "      --drain-timeout S   seconds to finish what is in flight at the end (10)\n"
    "      --cache MB          megabytes of answers to keep (4; 0: none)\n"
    "      --help, --version\n"
    "\n"
    "SIGTERM and SIGINT end it when what is in flight is answered; SIGHUP opens the logs again.\n"
    "\n"
    "Exit status: 0 ended by a signal, 2 wrong usage, 3 could not run.\n";

enum long_only {
    OPTION_SOCKET_MODE = 256,
    OPTION_CORS,
    OPTION_BASE_URL,
    OPTION_ACCESS_LOG,
    OPTION_QUERY_LOG,
    OPTION_PROXY,
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_NUMBER /* and the rows of `numbers` after it */
};

static const struct {
    const char *name;
    size_t offset;
    uint32_t min, max, value;
} numbers[] = {
#define ROW(name, member, min, max, value)                                                         \
    {                                                                                              \
        name, offsetof(sp_daemon_options, member), min, max, value                                 \
    }
    ROW("threads", threads, 1, 256, 0),
    ROW("max-connections", max_connections, 1, 1000000, 1000),
    ROW("max-connections-per-address", max_per_address, 0, 1000000, 100),
    ROW("rate", rate, 0, 1000000, 50),
    ROW("burst", burst, 1, 1000000, 200),
    ROW("header-timeout", header_timeout, 1, 3600, 10),
    ROW("idle-timeout", idle_timeout, 1, 86400, 60),
    ROW("write-timeout", write_timeout, 1, 3600, 30),
    ROW("query-timeout", query_timeout, 1, 600000, 1000),
    ROW("drain-timeout", drain_timeout, 0, 3600, 10),
    ROW("cache", cache, 0, 65536, 4),
#undef ROW
};

#define NUMBER_COUNT (sizeof numbers / sizeof *numbers)

static const struct option text_options[] = {
    {"index", required_argument, NULL, 'i'},
    {"listen", required_argument, NULL, 'l'},
    {"socket-mode", required_argument, NULL, OPTION_SOCKET_MODE},
    {"cors", required_argument, NULL, OPTION_CORS},
    {"base-url", required_argument, NULL, OPTION_BASE_URL},
    {"access-log", required_argument, NULL, OPTION_ACCESS_LOG},
    {"query-log", required_argument, NULL, OPTION_QUERY_LOG},
    {"trusted-proxy", required_argument, NULL, OPTION_PROXY},
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
};

#define TEXT_COUNT (sizeof text_options / sizeof *text_options)

static bool
out_of_memory(void)
{
    fputs("searchd: out of memory\n", stderr);
    return false;
}

static bool
add_text(sp_daemon_options *out, sp_texts *texts, const char *text)
{
    texts->items = sp_arena_grow(&out->arena, texts->items, &texts->capacity, texts->count + 1,
                                 sizeof *texts->items);
    if (!texts->items)
        return out_of_memory();
    texts->items[texts->count++] = text;
    return true;
}

static bool
add_proxy(sp_daemon_options *out, const char *text)
{
    sp_network network;
    if (!sp_network_read(sp_bytes_of(text), &network)) {
        fprintf(stderr, "searchd: --trusted-proxy is ADDRESS, ADDRESS/BITS or unix, not '%s'\n",
                text);
        return false;
    }
    out->proxies = sp_arena_grow(&out->arena, out->proxies, &out->proxy_capacity,
                                 out->proxy_count + 1, sizeof *out->proxies);
    if (!out->proxies)
        return out_of_memory();
    out->proxies[out->proxy_count++] = network;
    return true;
}

/* An origin as browsers send it: scheme and host, without a path. */
static bool
add_origin(sp_daemon_options *out, const char *text)
{
    const char *host = strstr(text, "://");
    bool good = strcmp(text, "*") == 0 || (host && host > text && host[3] != '\0' &&
                                           !strpbrk(host + 3, "/?#") && !strpbrk(text, " \t\r\n"));
    if (!good)
        fprintf(stderr, "searchd: --cors is an origin such as https://example.org, not '%s'\n",
                text);
    return good && add_text(out, &out->origins, text);
}

static bool
set_mode(sp_daemon_options *out, const char *text)
{
    char *end;
    unsigned long mode = strtoul(text, &end, 8);
    bool good = end != text && *end == '\0' && text[0] != '-' && mode <= 0777;
    if (!good)
        fprintf(stderr, "searchd: --socket-mode is an octal number up to 0777, not '%s'\n", text);
    out->socket_mode = (mode_t)mode;
    return good;
}

static bool
set_number(sp_daemon_options *out, size_t row, const char *text)
{
    char *end;
    errno = 0;
    unsigned long number = strtoul(text, &end, 10);
    if (errno != 0 || !sp_ascii_is_digit(text[0]) || *end != '\0' || number < numbers[row].min ||
        number > numbers[row].max) {
        fprintf(stderr, "searchd: --%s is a number from %u to %u, not '%s'\n", numbers[row].name,
                numbers[row].min, numbers[row].max, text);
        return false;
    }
    memcpy((char *)out + numbers[row].offset, &(uint32_t){(uint32_t)number}, sizeof(uint32_t));
    out->rate_local |= numbers[row].offset == offsetof(sp_daemon_options, rate);
    out->per_address_local |= numbers[row].offset == offsetof(sp_daemon_options, max_per_address);
    return true;
}

static bool
take_option(sp_daemon_options *out, int option)
{
    switch (option) {
    case 'i':
        return add_text(out, &out->indexes, optarg);
    case 'l':
        return add_text(out, &out->addresses, optarg);
    case OPTION_SOCKET_MODE:
        return set_mode(out, optarg);
    case OPTION_CORS:
        return add_origin(out, optarg);
    case OPTION_BASE_URL:
        out->base_url = optarg;
        return true;
    case OPTION_ACCESS_LOG:
        out->access_log = optarg;
        return true;
    case OPTION_QUERY_LOG:
        out->query_log = optarg;
        return true;
    case OPTION_PROXY:
        return add_proxy(out, optarg);
    default: /* getopt_long has said what is wrong with '?' */
        return option >= OPTION_NUMBER && set_number(out, (size_t)(option - OPTION_NUMBER), optarg);
    }
}

static void
set_defaults(sp_daemon_options *out)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    *out = (sp_daemon_options){.base_url = "", .socket_mode = 0660};
    for (size_t i = 0; i < NUMBER_COUNT; i++)
        memcpy((char *)out + numbers[i].offset, &numbers[i].value, sizeof(uint32_t));
    out->threads = processors > 0 && processors < 256 ? (uint32_t)processors : 1;
}

/* What the command line did not say. */
static bool
fill_in(sp_daemon_options *out)
{
    const char *index = getenv("SIGNPOST_INDEX");
    if (out->indexes.count == 0 && !add_text(out, &out->indexes, index && *index ? index : "index"))
        return false;
    return out->addresses.count > 0 || add_text(out, &out->addresses, "127.0.0.1:8080");
}

static bool
end_with(int code, int *exit_code)
{
    if (code == 2)
        fputs("Try 'searchd --help'.\n", stderr);
    *exit_code = code;
    return false;
}

static void
list_options(struct option out[TEXT_COUNT + NUMBER_COUNT + 1])
{
    memcpy(out, text_options, sizeof text_options);
    for (size_t i = 0; i < NUMBER_COUNT; i++)
        out[TEXT_COUNT + i] =
            (struct option){numbers[i].name, required_argument, NULL, OPTION_NUMBER + (int)i};
    out[TEXT_COUNT + NUMBER_COUNT] = (struct option){0};
}

bool
sp_daemon_options_read(int argc, char **argv, sp_daemon_options *out, int *exit_code)
{
    static char name[] = "searchd"; /* getopt's messages begin with it */
    struct option options[TEXT_COUNT + NUMBER_COUNT + 1];
    int option;
    list_options(options);
    set_defaults(out);
    argv[0] = name;
    while ((option = getopt_long(argc, argv, "i:l:", options, NULL)) != -1) {
        if (option == OPTION_HELP || option == OPTION_VERSION) {
            fputs(option == OPTION_HELP ? usage : "searchd (Signpost) " SIGNPOST_VERSION "\n",
                  stdout);
            return end_with(0, exit_code);
        }
        if (!take_option(out, option))
            return end_with(2, exit_code);
    }
    if (optind < argc) {
        fprintf(stderr, "searchd: '%s' is no option\n", argv[optind]);
        return end_with(2, exit_code);
    }
    return fill_in(out) || end_with(2, exit_code);
}

void
sp_daemon_options_done(sp_daemon_options *options)
{
    sp_arena_done(&options->arena);
}
