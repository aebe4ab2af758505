// SPDX-License-Identifier: GPL-2.0-or-later
#include "content.h"

#include "web/error_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

/* "REVISION-HASH", a strong tag: revision, program version and options determine the answer to a
   request. */
static void
make_tag(const sp_server *server, sp_bytes revision, sp_bytes canonical, sp_str *out)
{
    sp_str_clear(out);
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
    cached->gzip_bytes = packed.len;
    cached->gzip = sp_response_new(&packed, &head);
    return cached->gzip != NULL;
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
    sp_str_clear(&worker->key);
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
    sp_str_clear(&worker->body);
    if (!content->write(worker, content->context, &worker->body, &revision, &made->entry,
                        problem)) {
        if (problem->status == 503)
            sp_worker_doubt(worker);
        return false;
    }
    sp_worker_note_revision(worker, revision);
    make_tag(worker->server, revision, content->canonical, &worker->text);
    make_key(worker, origin, content->canonical);
    head->tag = sp_str_bytes(&worker->text);
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
    sp_problem_set(problem, 503, "out of memory");
    if (made && fill_answer(worker, origin, content, made, head, problem))
        return made;
    sp_cached_free(made);
    return NULL;
}

static void
log_query(const sp_worker *worker, const sp_content *content, const sp_cached *cached)
{
    sp_query_entry entry = cached->entry;
    entry.query = content->query;
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

sp_response
sp_content_response(sp_worker *worker, const sp_exchange *exchange, const char *origin,
                    const sp_content *content)
{
    sp_problem problem;
    sp_head head = {.type = content->type,
                    .cache_control = "no-cache",
                    .vary = content->vary,
                    .page = content->page,
                    .origin = origin};
    if (!sp_worker_ready(worker, &problem))
        return sp_response_error(exchange, &problem, origin);
    make_tag(worker->server, sp_str_bytes(&worker->revision), content->canonical, &worker->text);
    head.tag = sp_str_bytes(&worker->text);
    make_key(worker, origin, content->canonical);
    sp_cached *cached = sp_cache_find(&worker->cache, sp_str_bytes(&worker->key));
    bool kept = cached != NULL;
    if (!cached)
        cached = make_answer(worker, origin, content, &head, &problem);
    if (!cached)
        return sp_response_error(exchange, &problem, origin);
    kept = kept || sp_cache_keep(&worker->cache, cached);
    log_query(worker, content, cached);
    if (client_has(exchange, &head)) {
        if (!kept)
            sp_cached_free(cached);
        return sp_response_not_modified(&head);
    }
    return kept ? reply_with(exchange, &worker->cache, cached, true, &head)
                : reply_once(exchange, worker, cached, &head);
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
