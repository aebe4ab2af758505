// SPDX-License-Identifier: GPL-2.0-or-later
#include "content.h"

#include "query_threads.h"
#include "web/error_page.h"

#include <signpost/memory.h>

#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

/* "REVISION-HASH", a strong tag: revision, program version and options determine the answer to a
   request. */
static void
make_tag(const sp_server *server, sp_bytes revision, sp_bytes canonical, sp_str *out)
{
    sp_str_restart(out);
    sp_str_append(out, revision);
    uint64_t hash = XXH3_64bits_withSeed(canonical.data, canonical.len, server->tag_seed);
    sp_str_append_format(out, "-%016llx", (unsigned long long)hash);
}

/* Whether If-None-Match lists the entity tag of the plain or the gzipped answer. Sets head->gzip
   to whether it is the gzipped one. */
static bool
client_has(const sp_exchange *exchange, sp_head *head)
{
    SP_AUTO(sp_str_done) sp_str gzip = {0};
    const char *listed = sp_request_field(exchange, "If-None-Match");
    if (!listed)
        return false;
    sp_str_append(&gzip, head->tag);
    sp_str_append_text(&gzip, SP_GZIP_SUFFIX);
    head->gzip = !sp_tag_is_listed(listed, head->tag);
    if (!head->gzip || sp_tag_is_listed(listed, sp_str_bytes(&gzip)))
        return true;
    return head->gzip = false;
}

/* Adds the gzipped response, unless it exists or gzip does not make the body smaller. Returns false
   when out of memory. */
static bool
add_gzip(sp_cached *cached, sp_head head)
{
    sp_str packed = {0};
    if (cached->gzip || cached->incompressible)
        return true;
    if (cached->body.len >= SP_GZIP_MIN && !sp_gzip(cached->body, &packed)) {
        sp_str_done(&packed);
        return false;
    }
    cached->incompressible = packed.len == 0;
    if (cached->incompressible)
        return true;
    head.gzip = true;
    size_t failures = sp_memory_failures(), len = packed.len;
    struct MHD_Response *gzip = sp_response_new(&packed, &head);
    if (gzip && sp_memory_failures() != failures) { /* without all its header fields */
        MHD_destroy_response(gzip);
        gzip = NULL;
    }
    cached->gzip_bytes = len;
    cached->gzip = gzip;
    return gzip != NULL;
}

static sp_response
reply_with(const sp_exchange *exchange, sp_answer_cache *cache, sp_cached *cached, bool kept,
           const sp_head *head)
{
    sp_response response = {.status = MHD_HTTP_OK, .borrowed = true};
    bool had = cached->gzip != NULL;
    bool gzip = sp_accepts_gzip(sp_request_field(exchange, "Accept-Encoding"));
    if (gzip && add_gzip(cached, *head) && !cached->incompressible) {
        response.http = cached->gzip;
        response.bytes = cached->gzip_bytes;
    } else {
        response.http = cached->plain;
        response.bytes = cached->body.len;
    }
    if (cache && kept && !had && cached->gzip)
        sp_cache_recount(cache, cached);
    return response;
}

static void
make_key(sp_worker *worker, const char *origin, sp_bytes canonical)
{
    sp_str_restart(&worker->key);
    sp_str_append(&worker->key, sp_str_bytes(&worker->revision));
    sp_str_append_format(&worker->key, "\n%s\n", origin ? origin : "");
    sp_str_append(&worker->key, canonical);
}

/* Copies the body without spare capacity, because the cache keeps many bodies. */
static sp_str
copy_exactly(sp_bytes body)
{
    sp_str copy = {.data = malloc(body.len), .len = body.len, .capacity = body.len};
    copy.failed = copy.data == NULL;
    if (copy.data)
        memcpy(copy.data, body.data, body.len);
    return copy;
}

/* Fills *made and head->tag, and sets the worker's revision to the revision that the answer is
   from. On failure returns false and fills *problem. */
static bool
fill_answer(sp_worker *worker, const char *origin, const sp_content *content, sp_cached *made,
            sp_head *head, sp_problem *problem)
{
    sp_bytes revision = {0};
    sp_str_restart(&worker->body);
    if (!content->write(worker, content->context, &worker->body, &revision, &made->entry,
                        problem)) {
        if (problem->status == 503)
            sp_worker_doubt(worker);
        return false;
    }
    sp_worker_note_revision(worker, revision);
    make_tag(worker->server, revision, sp_str_bytes(content->canonical), &worker->text);
    make_key(worker, origin, sp_str_bytes(content->canonical));
    head->tag = sp_str_bytes(&worker->text);
    sp_str_append(&made->corrected, made->entry.corrected);
    made->entry.corrected = sp_str_bytes(&made->corrected);
    sp_str body = copy_exactly(sp_str_bytes(&worker->body));
    made->body = sp_str_bytes(&body);
    made->plain = sp_response_new(&body, head);
    sp_str_append(&made->key, sp_str_bytes(&worker->key));
    return made->plain && !made->key.failed && !worker->key.failed && !worker->text.failed;
}

static sp_cached *
make_answer(sp_worker *worker, const char *origin, const sp_content *content, sp_head *head,
            sp_problem *problem)
{
    sp_cached *made = calloc(1, sizeof *made);
    size_t failures = sp_memory_failures();
    sp_problem_busy(problem, "out of memory");
    if (made && fill_answer(worker, origin, content, made, head, problem) &&
        sp_memory_failures() == failures)
        return made;
    sp_cached_free(made);
    return NULL;
}

static void
log_query(const sp_worker *worker, const sp_content *content, const sp_cached *cached)
{
    sp_query_entry entry = cached->entry;
    entry.query = content->logged;
    if (entry.query.data)
        sp_logs_query(&worker->server->logs, &entry);
}

/* Makes the response of an answer that is not cached. The response owns the body that is sent,
   plain or gzipped; the other body is freed. */
static sp_response
reply_once(const sp_exchange *exchange, sp_worker *worker, sp_cached *made, const sp_head *head)
{
    sp_response response = reply_with(exchange, &worker->cache, made, false, head);
    if (response.http == made->plain)
        made->plain = NULL;
    else
        made->gzip = NULL;
    response.borrowed = false;
    sp_cached_free(made);
    return response;
}

/* Replies with an answer, which the worker's cache owns (`kept`), or else this function. */
static sp_response
reply(const sp_exchange *exchange, sp_worker *worker, const sp_content *content, sp_cached *cached,
      bool kept, sp_head *head)
{
    log_query(worker, content, cached);
    if (client_has(exchange, head)) {
        if (!kept)
            sp_cached_free(cached);
        return sp_response_not_modified(head);
    }
    return kept ? reply_with(exchange, &worker->cache, cached, true, head)
                : reply_once(exchange, worker, cached, head);
}

/* Replies with the answer that a thread of query_threads.h has made. */
static sp_response
reply_with_made(sp_exchange *exchange, sp_worker *worker, const sp_content *content, sp_head *head)
{
    sp_cached *made = exchange->made;
    size_t failures = sp_memory_failures();
    exchange->made = NULL;
    sp_bytes key = sp_str_bytes(&made->key);
    sp_bytes revision = sp_bytes_slice(key, 0, sp_bytes_find(key, SP_LITERAL("\n"), 0));
    make_tag(worker->server, revision, sp_str_bytes(content->canonical), &worker->text);
    head->tag = sp_str_bytes(&worker->text);
    if (!made->plain)
        made->plain = sp_response_new(&made->unsent, head);
    if (!made->plain || sp_memory_failures() != failures) {
        sp_cached_free(made);
        return (sp_response){0};
    }
    /* The cache has answers of the worker's revision only. A newer one is not looked for: this must
       not wait for a remote database. */
    bool kept = sp_bytes_equal(sp_str_bytes(&worker->revision), revision) &&
                sp_cache_keep(&worker->cache, made);
    return reply(exchange, worker, content, made, kept, head);
}

static enum sp_query_kind
kind_of(const sp_content *content)
{
    if (content->effort >= SP_LONG_QUERY)
        return SP_QUERY_LONG;
    return content->facets ? SP_QUERY_FACETS : SP_QUERY_SHORT;
}

/* Asks admission for the query of an exchange whose answer is not cached. If another thread will
   run the query, the exchange belongs to that thread from now on. */
static enum sp_query_verdict
ask(sp_worker *worker, sp_exchange *exchange, const sp_content *content)
{
    sp_server *server = worker->server;
    if (!content->query)
        return SP_RUN;
    uint64_t seed = server->query_seed ^ (uint64_t)(uintptr_t)exchange->origin;
    XXH128_hash_t hash =
        XXH3_128bits_withSeed(content->canonical->data, content->canonical->len, seed);
    exchange->ticket = (sp_ticket){.client = exchange->client,
                                   .kind = kind_of(content),
                                   .effort = content->effort,
                                   .same = {hash.low64, hash.high64}};
    return sp_queries_ask(server->queries, &exchange->ticket, exchange->stage == SP_STAGE_AGAIN);
}

static sp_response
no_memory(const sp_exchange *exchange, const char *origin)
{
    sp_problem problem;
    sp_problem_busy(&problem, "out of memory");
    return sp_response_error(exchange, &problem, origin);
}

/* In a thread of query_threads.h: leaves the answer, or the problem, in the exchange. */
static sp_response
answer_for_other(sp_worker *worker, sp_exchange *exchange, const char *origin,
                 const sp_content *content, sp_head *head)
{
    if (sp_worker_ready(worker, &exchange->problem))
        exchange->made = make_answer(worker, origin, content, head, &exchange->problem);
    return (sp_response){.parked = true};
}

/* Replies with a new answer, unless another thread makes it, or admission refuses. */
static sp_response
run_or_park(sp_worker *worker, sp_exchange *exchange, const char *origin, const sp_content *content,
            sp_head *head)
{
    sp_problem problem;
    switch (ask(worker, exchange, content)) {
    case SP_AGAIN:
        exchange->stage = SP_STAGE_AGAIN;
        return (sp_response){.parked = true};
    case SP_PARKED:
        return (sp_response){.parked = true};
    case SP_REFUSE:
        sp_problem_busy(&problem, "too many queries are waiting");
        return sp_response_error(exchange, &problem, origin);
    case SP_RUN:
        break;
    }
    sp_cached *made = make_answer(worker, origin, content, head, &problem);
    if (content->query)
        sp_query_leave(worker->server, exchange, made, &problem);
    if (!made)
        return sp_response_error(exchange, &problem, origin);
    return reply(exchange, worker, content, made, sp_cache_keep(&worker->cache, made), head);
}

/* Returns the answer in the worker's cache, or NULL. An exchange counts once. */
static sp_cached *
find_cached(sp_worker *worker, const sp_exchange *exchange)
{
    sp_metrics *metrics = &worker->server->metrics;
    sp_cached *cached = sp_cache_find(&worker->cache, sp_str_bytes(&worker->key));
    if (exchange->stage == SP_STAGE_NEW)
        sp_count(cached ? &metrics->cache_hits : &metrics->cache_misses, 1);
    return cached;
}

sp_response
sp_content_response(sp_worker *worker, sp_exchange *exchange, const char *origin,
                    const sp_content *content)
{
    sp_problem problem;
    sp_head head = {.type = content->type,
                    .cache_control = "no-cache",
                    .vary = content->vary,
                    .page = content->page,
                    .origin = origin};
    if (content->canonical->failed)
        return no_memory(exchange, origin);
    if (exchange->stage == SP_STAGE_DONE)
        return reply_with_made(exchange, worker, content, &head);
    if (exchange->stage == SP_STAGE_QUERY)
        return answer_for_other(worker, exchange, origin, content, &head);
    if (!sp_worker_ready(worker, &problem))
        return sp_response_error(exchange, &problem, origin);
    make_tag(worker->server, sp_str_bytes(&worker->revision), sp_str_bytes(content->canonical),
             &worker->text);
    head.tag = sp_str_bytes(&worker->text);
    make_key(worker, origin, sp_str_bytes(content->canonical));
    if (worker->key.failed || worker->text.failed)
        return no_memory(exchange, origin);
    sp_cached *cached = find_cached(worker, exchange);
    return cached ? reply(exchange, worker, content, cached, true, &head)
                  : run_or_park(worker, exchange, origin, content, &head);
}

sp_response
sp_static_response(const sp_exchange *exchange, const char *origin, const char *type,
                   const char *vary, sp_str *take)
{
    char tag[24];
    sp_cached made = {.body = sp_str_bytes(take)};
    snprintf(tag, sizeof tag, "%016llx",
             (unsigned long long)XXH3_64bits(made.body.data, made.body.len));
    sp_head head = {.type = type,
                    .cache_control = "public, max-age=3600",
                    .vary = vary,
                    .tag = sp_bytes_of(tag),
                    .origin = origin};
    if (client_has(exchange, &head)) {
        sp_str_done(take);
        return sp_response_not_modified(&head);
    }
    made.plain = sp_response_new(take, &head);
    if (!made.plain)
        return (sp_response){0};
    sp_response response = reply_with(exchange, NULL, &made, false, &head);
    response.borrowed = false;
    if (made.gzip && response.http == made.gzip)
        MHD_destroy_response(made.plain);
    return response;
}
