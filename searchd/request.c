// SPDX-License-Identifier: GPL-2.0-or-later
#include "request.h"

#include <signpost/url.h>

#include <microhttpd.h>

void
sp_request_begin(sp_exchange *exchange, sp_bytes target)
{
    sp_str_restart(&exchange->target);
    sp_str_append(&exchange->target, target);
}

/* The part after the host of "http://host/path?query" (RFC 9112, 3.2.2); other targets whole. */
static sp_bytes
without_host(sp_bytes target)
{
    if (target.data[0] == '/' || target.data[0] == '*')
        return target;
    sp_bytes host = sp_url_authority(target);
    return sp_bytes_slice(target, (size_t)(host.data + host.len - target.data), target.len);
}

bool
sp_request_split(sp_exchange *exchange, sp_problem *problem)
{
    exchange->path = exchange->query = (sp_bytes){"", 0};
    if (exchange->target.failed)
        return sp_problem_busy(problem, "out of memory");
    sp_bytes target = without_host(sp_str_bytes(&exchange->target));
    size_t mark = sp_bytes_find(target, SP_LITERAL("?"), 0);
    size_t end = mark == SIZE_MAX ? target.len : mark;
    exchange->path = end > 0 ? sp_bytes_slice(target, 0, end) : SP_LITERAL("/");
    exchange->query = sp_bytes_slice(target, end < target.len ? end + 1 : end, target.len);
    return true;
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
