// SPDX-License-Identifier: GPL-2.0-or-later
#include "request.h"

#include "params.h"

#include <signpost/ascii.h>
#include <signpost/url.h>

#include <microhttpd.h>

#define FIELD_COST 4 /* bytes of ": " and the line end, which each field adds to the head */

static bool
refuse(sp_problem *problem, unsigned status, const char *text)
{
    sp_problem_set(problem, status, "%s", text);
    problem->close = true;
    return false;
}

bool
sp_request_begin(sp_exchange *exchange, const char *target, sp_problem *problem)
{
    sp_bytes bytes = sp_bytes_of(target ? target : "");
    size_t parameters = 0;
    sp_str_restart(&exchange->target);
    sp_str_append(&exchange->target,
                  sp_bytes_slice(bytes, 0, bytes.len < SP_TARGET_MAX ? bytes.len : SP_TARGET_MAX));
    if (exchange->target.failed)
        return refuse(problem, 503, "out of memory");
    if (bytes.len > SP_TARGET_MAX)
        return refuse(problem, 414, "the URL is longer than 8192 bytes");
    /* libmicrohttpd allocates a structure for each parameter and runs out of memory if there are
       many. */
    for (size_t i = 0; i < bytes.len; i++)
        parameters += bytes.data[i] == '&';
    if (parameters > 2 * SP_PARAMS_MAX)
        return refuse(problem, 400, "more than 64 parameters");
    return true;
}

/* The properties of the header fields that check_fields looks at. */
struct head {
    size_t fields, bytes;
    unsigned hosts, lengths, codings;
    bool body; /* Content-Length is not zero */
    bool bad;
};

static bool
is_token(const char *text, size_t len)
{
    static const char others[] = "!#$%&'*+-.^_`|~"; /* RFC 9110, 5.6.2 */
    for (size_t i = 0; i < len; i++) {
        char c = text[i], lower = (char)(c | 0x20);
        if (!sp_ascii_is_digit(c) && !sp_ascii_is_lower(lower) && (c == '\0' || !strchr(others, c)))
            return false;
    }
    return len > 0;
}

static bool
has_control(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c < ' ' && c != '\t') || c == 0x7f)
            return true;
    }
    return false;
}

static bool
is_host(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = text[i], lower = (char)(c | 0x20);
        if (!sp_ascii_is_digit(c) && !sp_ascii_is_lower(lower) &&
            (c == '\0' || !strchr("-._~:[]%", c)))
            return false;
    }
    return true;
}

static enum MHD_Result
count_field(void *context, enum MHD_ValueKind kind, const char *name, size_t name_len,
            const char *value, size_t value_len)
{
    struct head *head = context;
    sp_bytes field = {name, name_len};
    (void)kind;
    head->fields++;
    head->bytes += name_len + value_len + FIELD_COST;
    head->bad |= !is_token(name, name_len) || has_control(value, value_len);
    if (sp_bytes_equal_ascii_case(field, SP_LITERAL("Host"))) {
        head->hosts++;
        head->bad |= !is_host(value, value_len);
    } else if (sp_bytes_equal_ascii_case(field, SP_LITERAL("Content-Length"))) {
        head->lengths++;
        head->body |= !sp_bytes_equal((sp_bytes){value, value_len}, SP_LITERAL("0"));
    } else if (sp_bytes_equal_ascii_case(field, SP_LITERAL("Transfer-Encoding"))) {
        head->codings++;
    }
    return MHD_YES;
}

static bool
check_fields(const sp_exchange *exchange, const char *version, sp_problem *problem)
{
    struct head head = {0};
    MHD_get_connection_values_n(exchange->http, MHD_HEADER_KIND, count_field, &head);
    if (head.fields > SP_FIELDS_MAX || head.bytes > SP_HEAD_MAX)
        return refuse(problem, 431, "more than 64 header fields or 16 KiB of them");
    if (head.bad)
        return refuse(problem, 400, "a header field is malformed");
    if (head.hosts > 1 || (head.hosts == 0 && strcmp(version, MHD_HTTP_VERSION_1_0) != 0))
        return refuse(problem, 400, "a request must have one Host field");
    if (head.codings > 0 || head.lengths > 1)
        return refuse(problem, 400, "requests must not have a body");
    if (head.body)
        return refuse(problem, 413, "requests must not have a body");
    return true;
}

/* libmicrohttpd 0.9 ends the target at a NUL in the request line, but finds the version from the
   end of the line. With a NUL, the version does not begin right after the target. */
static bool
has_nul(const sp_exchange *exchange, const char *url, const char *version)
{
    const char *library = MHD_get_version();
    if (strncmp(library, "0.9.", 4) != 0 || !url || version < url)
        return false;
    return (size_t)(version - url) != exchange->target.len + 1;
}

/* The origin form of a target: "/path" for "http://host/path" (RFC 9112, 3.2.2). */
static sp_bytes
origin_form(sp_bytes target)
{
    size_t host = sp_bytes_find(target, SP_LITERAL("://"), 0);
    if (target.len == 0 || target.data[0] == '/' || (host != 4 && host != 5))
        return target;
    if (!sp_bytes_equal_ascii_case(sp_bytes_slice(target, 0, 4), SP_LITERAL("http")))
        return target;
    return sp_url_path(target);
}

static bool
split_target(sp_exchange *exchange, sp_problem *problem)
{
    sp_bytes target = origin_form(sp_str_bytes(&exchange->target));
    bool bad = target.len == 0 || has_control(target.data, target.len) ||
               memchr(target.data, ' ', target.len) || memchr(target.data, '\t', target.len);
    bool any = sp_bytes_equal(target, SP_LITERAL("*")) && strcmp(exchange->method, "OPTIONS") == 0;
    if (bad || (target.data[0] != '/' && !any))
        return refuse(problem, 400, "the URL is malformed");
    size_t mark = sp_bytes_find(target, SP_LITERAL("?"), 0);
    size_t end = mark == SIZE_MAX ? target.len : mark;
    exchange->path = sp_bytes_slice(target, 0, end);
    exchange->query = sp_bytes_slice(target, end < target.len ? end + 1 : end, target.len);
    return true;
}

bool
sp_request_check(sp_exchange *exchange, const char *url, const char *version, sp_problem *problem)
{
    exchange->path = exchange->query = (sp_bytes){"", 0};
    if (exchange->target.failed)
        return sp_problem_set(problem, 500, "out of memory");
    if (has_nul(exchange, url, version))
        return refuse(problem, 400, "the URL is malformed");
    return split_target(exchange, problem) && check_fields(exchange, version, problem);
}

struct join_context {
    sp_bytes field;
    sp_str *out;
};

static enum MHD_Result
join_field(void *context, enum MHD_ValueKind kind, const char *name, size_t name_len,
           const char *value, size_t value_len)
{
    struct join_context *join = context;
    (void)kind;
    if (!sp_bytes_equal_ascii_case((sp_bytes){name, name_len}, join->field))
        return MHD_YES;
    sp_str_append_text(join->out, join->out->len > 0 ? "," : "");
    sp_str_append(join->out, (sp_bytes){value, value_len});
    return MHD_YES;
}

void
sp_request_join(const sp_exchange *exchange, const char *field, sp_str *out)
{
    struct join_context join = {sp_bytes_of(field), out};
    MHD_get_connection_values_n(exchange->http, MHD_HEADER_KIND, join_field, &join);
}

const char *
sp_request_field(const sp_exchange *exchange, const char *field)
{
    return MHD_lookup_connection_value(exchange->http, MHD_HEADER_KIND, field);
}
