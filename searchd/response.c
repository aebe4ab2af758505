// SPDX-License-Identifier: GPL-2.0-or-later
#include "response.h"

#include <signpost/answer.h>
#include <signpost/memory.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <zlib.h>

/* Level 5 compresses answers about as well as level 9, in half the time. */
#define GZIP_LEVEL 5
#define GZIP_WINDOW (15 + 16) /* the largest window, with gzip's header and trailer */
#define GZIP_MEMORY 8

/* Pages load only files that the daemon serves, and must not be shown in a frame. */
#define PAGE_POLICY                                                                                \
    "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; "                 \
    "frame-ancestors 'none'; require-trusted-types-for 'script'"

static void
add(struct MHD_Response *response, const char *name, const char *value)
{
    if (value && MHD_add_response_header(response, name, value) != MHD_YES)
        sp_memory_failed();
}

static void
add_tag(struct MHD_Response *response, const sp_head *head)
{
    SP_AUTO(sp_str_done) sp_str tag = {0};
    if (head->tag.len == 0)
        return;
    sp_str_append_format(&tag, "\"%.*s%s\"", (int)head->tag.len, head->tag.data,
                         head->gzip ? SP_GZIP_SUFFIX : "");
    if (!tag.failed)
        add(response, "ETag", tag.data);
}

/* Adds the headers that 200 and 304 share. */
static void
add_head(struct MHD_Response *response, const sp_head *head)
{
    add_tag(response, head);
    add(response, "Cache-Control", head->cache_control);
    add(response, "Vary", head->vary);
    add(response, "Access-Control-Allow-Origin", head->origin);
    add(response, "Access-Control-Expose-Headers", head->origin ? "ETag, Retry-After" : NULL);
}

struct MHD_Response *
sp_response_new(sp_str *take, const sp_head *head)
{
    struct MHD_Response *response = NULL;
    if (!take->failed && take->data)
        response = MHD_create_response_from_buffer(take->len, take->data, MHD_RESPMEM_MUST_FREE);
    else if (!take->failed)
        response = MHD_create_response_from_buffer(0, "", MHD_RESPMEM_PERSISTENT);
    if (!response) {
        sp_str_done(take);
        return NULL;
    }
    *take = (sp_str){0};
    add(response, "Content-Type", head->type);
    add(response, "Content-Encoding", head->gzip ? "gzip" : NULL);
    add(response, "X-Content-Type-Options", "nosniff");
    add(response, "Content-Security-Policy", head->page ? PAGE_POLICY : NULL);
    add(response, "Referrer-Policy", head->page ? "same-origin" : NULL);
    add_head(response, head);
    return response;
}

bool
sp_gzip(sp_bytes body, sp_str *out)
{
    z_stream stream = {0};
    sp_str_restart(out);
    if (deflateInit2(&stream, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    unsigned char *packed = malloc(body.len);
    stream.next_in = (unsigned char *)(uintptr_t)body.data;
    stream.avail_in = (uInt)body.len;
    stream.next_out = packed;
    stream.avail_out = (uInt)body.len;
    int ended = packed ? deflate(&stream, Z_FINISH) : Z_MEM_ERROR;
    if (ended == Z_STREAM_END)
        sp_str_append(out, (sp_bytes){(const char *)packed, stream.total_out});
    deflateEnd(&stream);
    free(packed);
    return ended != Z_MEM_ERROR && !out->failed;
}

sp_response
sp_response_not_modified(const sp_head *head)
{
    sp_response response = {.status = MHD_HTTP_NOT_MODIFIED};
    response.http = MHD_create_response_from_buffer(0, "", MHD_RESPMEM_PERSISTENT);
    if (response.http)
        add_head(response.http, head);
    return response;
}

static void
add_retry(struct MHD_Response *response, unsigned seconds)
{
    char text[16];
    snprintf(text, sizeof text, "%u", seconds);
    add(response, "Retry-After", seconds > 0 ? text : NULL);
}

sp_response
sp_response_problem_as(const sp_problem *problem, sp_str *take, const sp_head *head)
{
    sp_response response = {.status = problem->status, .bytes = take->len};
    response.http = sp_response_new(take, head);
    if (!response.http)
        return response;
    add_retry(response.http, problem->retry_after);
    add(response.http, "Allow",
        problem->status == MHD_HTTP_METHOD_NOT_ALLOWED ? SP_ALLOWED_METHODS : NULL);
    add(response.http, "Connection", problem->close ? "close" : NULL);
    return response;
}

sp_response
sp_response_problem(const sp_problem *problem, const char *origin)
{
    sp_str body = {0};
    const sp_head head = {.type = "application/problem+json",
                          .cache_control = "no-store",
                          .vary = "Origin",
                          .origin = origin};
    sp_problem_print(problem, &body);
    return sp_response_problem_as(problem, &body, &head);
}

sp_response
sp_response_options(const char *origin)
{
    sp_response response = {.status = MHD_HTTP_NO_CONTENT};
    const sp_head head = {.cache_control = "no-store", .vary = "Origin", .origin = origin};
    response.http = MHD_create_response_from_buffer(0, "", MHD_RESPMEM_PERSISTENT);
    if (!response.http)
        return response;
    add_head(response.http, &head);
    add(response.http, "Allow", SP_ALLOWED_METHODS);
    add(response.http, "Access-Control-Allow-Methods", origin ? "GET, HEAD" : NULL);
    add(response.http, "Access-Control-Allow-Headers", origin ? "If-None-Match" : NULL);
    add(response.http, "Access-Control-Max-Age", origin ? "86400" : NULL);
    return response;
}

void
sp_response_raw(int fd, const sp_problem *problem)
{
    SP_AUTO(sp_str_done) sp_str body = {0};
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_problem_print(problem, &body);
    sp_str_append_format(&text, "HTTP/1.1 %u %s\r\n", problem->status,
                         sp_problem_title(problem->status));
    if (problem->retry_after > 0)
        sp_str_append_format(&text, "Retry-After: %u\r\n", problem->retry_after);
    sp_str_append_format(&text,
                         "Content-Type: application/problem+json\r\nContent-Length: %zu\r\n"
                         "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
                         "Connection: close\r\n\r\n",
                         body.len);
    sp_str_append(&text, sp_str_bytes(&body));
    if (!text.failed && send(fd, text.data, text.len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
        return; /* the client has closed the connection */
    shutdown(fd, SHUT_WR);
}

/* Removes the next element of a comma-separated field from *rest and returns it, without the white
   space around it. */
static sp_bytes
next_element(sp_bytes *rest)
{
    const char *comma = memchr(rest->data, ',', rest->len);
    size_t len = comma ? (size_t)(comma - rest->data) : rest->len;
    sp_bytes element = sp_bytes_trim((sp_bytes){rest->data, len});
    size_t step = comma ? len + 1 : len;
    *rest = sp_bytes_slice(*rest, step, rest->len);
    return element;
}

/* Whether a weight (RFC 9110, 12.4.2) is zero: "q=0", "q=0.0". */
static bool
is_refused(sp_bytes parameters)
{
    parameters = sp_bytes_trim(parameters);
    if (!sp_bytes_starts_with(parameters, SP_LITERAL("q=0")) &&
        !sp_bytes_starts_with(parameters, SP_LITERAL("Q=0")))
        return false;
    for (size_t i = 3; i < parameters.len; i++) {
        if (parameters.data[i] >= '1' && parameters.data[i] <= '9')
            return false;
    }
    return true;
}

bool
sp_accepts_gzip(const char *field)
{
    sp_bytes rest = sp_bytes_of(field ? field : "");
    bool any = false;
    while (rest.len > 0) {
        sp_bytes element = next_element(&rest);
        const char *semicolon = memchr(element.data, ';', element.len);
        size_t len = semicolon ? (size_t)(semicolon - element.data) : element.len;
        sp_bytes coding = sp_bytes_trim(sp_bytes_slice(element, 0, len));
        bool refused = semicolon && is_refused(sp_bytes_slice(element, len + 1, element.len));
        if (sp_bytes_equal_ascii_case(coding, SP_LITERAL("gzip")) ||
            sp_bytes_equal_ascii_case(coding, SP_LITERAL("x-gzip")))
            return !refused;
        any |= sp_bytes_equal(coding, SP_LITERAL("*")) && !refused;
    }
    return any;
}

bool
sp_tag_is_listed(const char *field, sp_bytes tag)
{
    sp_bytes rest = sp_bytes_of(field ? field : "");
    while (rest.len > 0) {
        sp_bytes element = next_element(&rest);
        if (sp_bytes_equal(element, SP_LITERAL("*")))
            return true;
        if (sp_bytes_starts_with(element, SP_LITERAL("W/")))
            element = sp_bytes_slice(element, 2, element.len);
        if (element.len == tag.len + 2 && element.data[0] == '"' &&
            element.data[element.len - 1] == '"' &&
            memcmp(element.data + 1, tag.data, tag.len) == 0)
            return true;
    }
    return false;
}
