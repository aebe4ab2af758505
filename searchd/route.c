// SPDX-License-Identifier: GPL-2.0-or-later
#include "route.h"

#include "handlers.h"
#include "web/error_page.h"

#include <signpost/ascii.h>
#include <signpost/clock.h>
#include <signpost/memory.h>

static const sp_route routes[] = {
    {"/api/v1/search", "search", sp_handle_search, true, true, false},
    {"/api/v1/suggest", "suggest", sp_handle_suggest, true, true, false},
    {"/api/v1/similar", "similar", sp_handle_similar, true, true, false},
    {"/", "start", sp_handle_page, true, false, true},
    {"/search", "page", sp_handle_page, true, false, true},
    {"/search-box.js", "box", sp_handle_asset, true, true, false},
    {"/search-words.json", "words", sp_handle_words, true, true, false},
    {"/search-box.css", "box-style", sp_handle_asset, true, true, false},
    {"/search-results.js", "results", sp_handle_asset, true, true, false},
    {"/search-results.css", "results-style", sp_handle_asset, true, true, false},
    {"/search-page.css", "page-style", sp_handle_asset, true, true, false},
    {"/search-icon.svg", "icon", sp_handle_asset, true, true, false},
    {"/openapi.json", "openapi", sp_handle_openapi, true, true, false},
    {"/opensearch.xml", "opensearch", sp_handle_opensearch, true, true, false},
    {"/healthz", "healthz", sp_handle_healthz, false, false, false},
    {"/readyz", "readyz", sp_handle_readyz, false, false, false},
    {"/metrics", "metrics", sp_handle_metrics, false, false, false},
};

#define ROUTE_COUNT (sizeof routes / sizeof *routes)
#define NO_ROUTE (SP_METRIC_ROUTES - 1)

const char *
sp_route_name(size_t number)
{
    if (number == NO_ROUTE)
        return "none";
    return number < ROUTE_COUNT ? routes[number].name : NULL;
}

/* The unreserved character (RFC 3986, 2.3) whose escape begins at `at`, or NUL. */
static char
unescaped(sp_bytes path, size_t at)
{
    if (path.len - at < 3 || path.data[at] != '%')
        return '\0';
    int high = sp_ascii_hex_value(path.data[at + 1]), low = sp_ascii_hex_value(path.data[at + 2]);
    int c = high >= 0 && low >= 0 ? high * 16 + low : 0;
    bool unreserved =
        c < 0x80 && (sp_ascii_is_alphanumeric((char)c) || (c > 0 && strchr("-._~", c)));
    return unreserved ? (char)c : '\0';
}

/* Whether the path is that of the route. An escaped unreserved character is equivalent to the
   character itself (RFC 3986, 6.2.2.2). */
static bool
is_path(sp_bytes path, const char *route)
{
    size_t at = 0;
    for (; *route != '\0' && at < path.len; route++) {
        char escape = unescaped(path, at);
        if ((escape != '\0' ? escape : path.data[at]) != *route)
            return false;
        at += escape != '\0' ? 3 : 1;
    }
    return *route == '\0' && at == path.len;
}

static const sp_route *
find_route(sp_bytes path)
{
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        if (is_path(path, routes[i].path))
            return &routes[i];
    }
    return NULL;
}

/* The value of Access-Control-Allow-Origin, or NULL if the header must not be sent. */
static const char *
allowed_origin(const sp_server *server, const sp_exchange *exchange)
{
    const sp_texts *origins = &server->options->origins;
    const char *origin = origins->count > 0 ? sp_request_field(exchange, "Origin") : NULL;
    for (size_t i = 0; origin && i < origins->count; i++) {
        if (strcmp(origins->items[i], "*") == 0 || strcmp(origins->items[i], origin) == 0)
            return origins->items[i];
    }
    return NULL;
}

static void
find_client(sp_server *server, sp_exchange *exchange)
{
    SP_AUTO(sp_str_done) sp_str forwarded = {0};
    if (!sp_rates_is_proxy(server->rates, &exchange->peer))
        return;
    sp_request_join(exchange, "X-Forwarded-For", &forwarded);
    exchange->client = sp_rates_client(server->rates, &exchange->peer, sp_str_bytes(&forwarded));
}

static bool
check_rate(sp_server *server, const sp_exchange *exchange, sp_problem *problem)
{
    if (exchange->route && !exchange->route->limited)
        return true;
    uint32_t wait = sp_rates_count(server->rates, &exchange->client, exchange->began);
    if (wait == 0)
        return true;
    sp_count(&server->metrics.rate_limited, 1);
    sp_problem_set(problem, 429, "too many requests from your address");
    problem->retry_after = wait;
    return false;
}

static sp_response
handle(sp_server *server, sp_exchange *exchange)
{
    sp_problem problem;
    sp_worker *worker = sp_worker_get(server);
    if (exchange->route && worker)
        return exchange->route->handle(worker, exchange, exchange->origin);
    if (worker)
        sp_problem_set(&problem, 404, "there is no page at this URL");
    else
        sp_problem_busy(&problem, "out of memory");
    return sp_response_error(exchange, &problem, exchange->origin);
}

static sp_response
answer(sp_server *server, sp_exchange *exchange)
{
    sp_problem problem;
    find_client(server, exchange);
    if (exchange->refusal)
        return sp_response_problem(exchange->refusal, NULL);
    if (!sp_request_split(exchange, &problem))
        return sp_response_problem(&problem, NULL);
    exchange->route = find_route(exchange->path);
    if (!exchange->route || exchange->route->shared)
        exchange->origin = allowed_origin(server, exchange);
    if (!check_rate(server, exchange, &problem))
        return sp_response_error(exchange, &problem, exchange->origin);
    if (strcmp(exchange->method, "OPTIONS") == 0)
        return sp_response_options(exchange->origin);
    return handle(server, exchange);
}

/* The response to a request whose query another thread has run or refused. */
static sp_response
finish(sp_server *server, sp_exchange *exchange)
{
    return exchange->made ? handle(server, exchange)
                          : sp_response_error(exchange, &exchange->problem, exchange->origin);
}

static enum sp_progress
queue(sp_exchange *exchange, sp_response response)
{
    if (response.parked)
        return SP_ELSEWHERE;
    if (!response.http)
        return SP_NOT_QUEUED;
    exchange->status = response.status;
    exchange->bytes = strcmp(exchange->method, "HEAD") == 0 ? 0 : response.bytes;
    enum MHD_Result queued = MHD_queue_response(exchange->http, response.status, response.http);
    if (!response.borrowed)
        MHD_destroy_response(response.http);
    return queued == MHD_YES ? SP_QUEUED : SP_NOT_QUEUED;
}

/* Replaces a response that may be incomplete. After a refused head, the next bytes are dropped. */
static sp_response
no_memory(const sp_exchange *exchange, const sp_response *response)
{
    sp_problem problem;
    if (response->http && !response->borrowed)
        MHD_destroy_response(response->http);
    sp_problem_busy(&problem, "out of memory");
    problem.close = exchange->refusal != NULL;
    return sp_response_problem(&problem, NULL);
}

enum sp_progress
sp_route_answer(sp_server *server, sp_exchange *exchange)
{
    size_t failures = sp_memory_failures();
    sp_response response = exchange->stage == SP_STAGE_AGAIN  ? handle(server, exchange)
                           : exchange->stage == SP_STAGE_DONE ? finish(server, exchange)
                                                              : answer(server, exchange);
    bool whole = response.parked || sp_memory_failures() == failures;
    return queue(exchange, whole ? response : no_memory(exchange, &response));
}

void
sp_route_query(sp_server *server, sp_exchange *exchange)
{
    sp_problem_busy(&exchange->problem, "out of memory");
    sp_response response = handle(server, exchange);
    if (response.http) /* out of memory, because the request was valid before */
        MHD_destroy_response(response.http);
}

void
sp_route_ended(sp_server *server, sp_exchange *exchange)
{
    sp_cached_free(exchange->made); /* the connection can end before it is sent */
    exchange->made = NULL;
    if (exchange->status == 0)
        return;
    size_t route = exchange->route ? (size_t)(exchange->route - routes) : NO_ROUTE;
    sp_metrics_request(&server->metrics, route, exchange->status, sp_now_us() - exchange->began);
    if (server->logs.access.fd >= 0)
        sp_logs_access(&server->logs, exchange, sp_request_field(exchange, "Referer"),
                       sp_request_field(exchange, "User-Agent"));
}
