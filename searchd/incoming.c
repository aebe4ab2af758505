// SPDX-License-Identifier: GPL-2.0-or-later
#include "incoming.h"

void
sp_incoming_done(sp_incoming *incoming)
{
    sp_str_done(&incoming->held);
    sp_str_done(&incoming->line);
    *incoming = (sp_incoming){0};
}

bool
sp_incoming_has_part(const sp_incoming *incoming)
{
    return incoming->held.len > incoming->valid;
}

/* Whether the access log shows the field or uses it to find the client. */
static bool
is_logged(sp_bytes name)
{
    static const char *const names[] = {"Referer", "User-Agent", "X-Forwarded-For"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (sp_bytes_equal_ascii_case(name, sp_bytes_of(names[i])))
            return true;
    }
    return false;
}

static void
append_line(sp_str *out, sp_bytes line)
{
    sp_str_append(out, line);
    sp_str_append_text(out, "\r\n");
}

/* Appends the request that libmicrohttpd gets in place of a refused head, with the fields for the
   access log. The method is HEAD if the head has this method, because the response to HEAD has no
   body. */
static void
append_substitute(const sp_request_head *head, sp_bytes bytes, sp_bytes request_line, sp_str *out)
{
    bool bodiless = sp_bytes_starts_with(request_line, SP_LITERAL("HEAD "));
    sp_bytes line, name, value, fields = {"", 0};
    if (head->fields_begin > 0)
        fields = sp_bytes_slice(bytes, head->fields_begin, head->checked);
    append_line(out, bodiless ? SP_LITERAL("HEAD " SP_REFUSED_TARGET " HTTP/1.1")
                              : SP_LITERAL("GET " SP_REFUSED_TARGET " HTTP/1.1"));
    append_line(out, SP_LITERAL("Host: localhost"));
    while (sp_request_line_take(&fields, &line)) {
        if (sp_request_field_split(line, &name, &value) && is_logged(name))
            append_line(out, line);
    }
    append_line(out, (sp_bytes){"", 0});
}

/* Holds a substitute for the refused head at the beginning of `bytes`. */
static void
refuse(sp_incoming *incoming, sp_bytes bytes)
{
    SP_AUTO(sp_str_done) sp_str substitute = {0};
    sp_bytes line, rest = sp_bytes_slice(bytes, incoming->head.line, bytes.len);
    if (!sp_request_line_take(&rest, &line))
        line = rest;
    append_substitute(&incoming->head, bytes, line, &substitute);
    sp_str_append(&incoming->line,
                  sp_bytes_slice(line, 0, line.len < SP_TARGET_MAX ? line.len : SP_TARGET_MAX));
    incoming->held.len = incoming->valid;
    sp_str_append(&incoming->held, sp_str_bytes(&substitute));
    incoming->held.failed |= substitute.failed;
    incoming->valid = incoming->held.len;
    incoming->refused = true;
}

/* Removes the withheld fields from a valid head. Returns its new length. */
static size_t
remove_withheld(char *head, size_t len)
{
    sp_bytes line, name, value, rest = {head, len};
    char *end = head;
    while (rest.len > 0) {
        const char *begin = rest.data;
        sp_request_line_take(&rest, &line);
        if (sp_request_field_split(line, &name, &value) && sp_request_field_is_withheld(name))
            continue;
        memmove(end, begin, (size_t)(rest.data - begin));
        end += rest.data - begin;
    }
    return (size_t)(end - head);
}

/* Checks the heads in `bytes`, which begin with the head that is arriving. Returns the length of
   the complete and valid heads. *len becomes less if fields are removed. */
static size_t
check(sp_incoming *incoming, char *bytes, size_t *len)
{
    size_t valid = 0;
    while (valid < *len) {
        enum sp_head_verdict verdict = sp_request_head_check(
            &incoming->head, (sp_bytes){bytes + valid, *len - valid}, &incoming->problem);
        if (verdict == SP_HEAD_INCOMPLETE)
            break;
        incoming->heads++;
        incoming->refused = verdict == SP_HEAD_REFUSED;
        if (incoming->refused)
            break;
        size_t end = valid + incoming->head.checked, before = end;
        if (incoming->head.withheld) {
            end = valid + remove_withheld(bytes + valid, incoming->head.checked);
            memmove(bytes + end, bytes + before, *len - before);
            *len -= before - end;
        }
        valid = end;
        incoming->head = (sp_request_head){0};
    }
    return valid;
}

/* Adds to the held bytes. */
static void
add_held(sp_incoming *incoming, sp_bytes bytes)
{
    sp_str *held = &incoming->held;
    sp_str_append(held, bytes);
    if (held->failed)
        return;
    size_t len = held->len - incoming->valid;
    size_t valid = check(incoming, held->data + incoming->valid, &len);
    held->len = incoming->valid + len;
    incoming->valid += valid;
    if (incoming->refused)
        refuse(incoming, sp_bytes_slice(sp_str_bytes(held), incoming->valid, held->len));
}

size_t
sp_incoming_add(sp_incoming *incoming, char *bytes, size_t len)
{
    if (incoming->held.len > 0) {
        add_held(incoming, (sp_bytes){bytes, len});
        return 0;
    }
    size_t valid = check(incoming, bytes, &len);
    sp_bytes rest = {bytes + valid, len - valid};
    if (incoming->refused)
        refuse(incoming, rest);
    else if (rest.len > 0)
        sp_str_append(&incoming->held, rest);
    return valid;
}

size_t
sp_incoming_take(sp_incoming *incoming, char *out, size_t len)
{
    size_t some = incoming->valid - incoming->passed;
    if (some == 0)
        return 0;
    if (some > len)
        some = len;
    memcpy(out, incoming->held.data + incoming->passed, some);
    incoming->passed += some;
    if (incoming->passed == incoming->valid) {
        size_t rest = incoming->held.len - incoming->valid;
        memmove(incoming->held.data, incoming->held.data + incoming->valid, rest);
        incoming->held.len = rest;
        incoming->passed = incoming->valid = 0;
        if (rest == 0)
            sp_str_done(&incoming->held);
    }
    return some;
}
