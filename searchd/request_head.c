// SPDX-License-Identifier: GPL-2.0-or-later
#include "request_head.h"

#include "authority.h"
#include "params.h"

#include <signpost/ascii.h>

/* The bytes of a request line without its target: a method that is longer than all known ones, and
   a version. */
#define REQUEST_LINE_MAX (SP_TARGET_MAX + 64)

static bool
refuse(sp_problem *problem, unsigned status, const char *text)
{
    sp_problem_set(problem, status, "%s", text);
    problem->close = true;
    return false;
}

/* Characters */

#define MARK(c) ((uint64_t)1 << ((c) % 64))

/* Whether a byte may occur in a token (RFC 9110, 5.6.2). */
static bool
is_token_char(char c)
{
    static const uint64_t marks[2] = {MARK('!') | MARK('#') | MARK('$') | MARK('%') | MARK('&') |
                                          MARK('\'') | MARK('*') | MARK('+') | MARK('-') |
                                          MARK('.'),
                                      MARK('^') | MARK('_') | MARK('`') | MARK('|') | MARK('~')};
    unsigned char byte = (unsigned char)c;
    return sp_ascii_is_alphanumeric(c) || (byte < 128 && (marks[byte / 64] & MARK(byte)) != 0);
}

static bool
is_token(sp_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!is_token_char(text.data[i]))
            return false;
    }
    return text.len > 0;
}

/* Whether text contains a control character other than a tab. */
static bool
has_control(sp_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if ((c < ' ' && c != '\t') || c == 0x7f)
            return true;
    }
    return false;
}

static bool
is_digits(sp_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!sp_ascii_is_digit(text.data[i]))
            return false;
    }
    return text.len > 0;
}

/* Lines */

bool
sp_request_line_take(sp_bytes *rest, sp_bytes *line)
{
    const char *end = rest->len > 0 ? memchr(rest->data, '\n', rest->len) : NULL;
    if (!end)
        return false;
    size_t len = (size_t)(end - rest->data);
    *line = sp_bytes_slice(*rest, 0, len > 0 && end[-1] == '\r' ? len - 1 : len);
    *rest = sp_bytes_slice(*rest, len + 1, rest->len);
    return true;
}

bool
sp_request_line_split(sp_bytes line, sp_request_line *out)
{
    const char *first = line.len > 0 ? memchr(line.data, ' ', line.len) : NULL;
    const char *last = first ? memrchr(line.data, ' ', line.len) : NULL;
    if (!first || first == last)
        return false;
    size_t begin = (size_t)(first - line.data), end = (size_t)(last - line.data);
    *out = (sp_request_line){sp_bytes_slice(line, 0, begin), sp_bytes_slice(line, begin + 1, end),
                             sp_bytes_slice(line, end + 1, line.len)};
    return true;
}

bool
sp_request_field_split(sp_bytes line, sp_bytes *name, sp_bytes *value)
{
    const char *colon = line.len > 0 ? memchr(line.data, ':', line.len) : NULL;
    if (!colon)
        return false;
    *name = sp_bytes_slice(line, 0, (size_t)(colon - line.data));
    *value = sp_bytes_trim(sp_bytes_slice(line, name->len + 1, line.len));
    return is_token(*name);
}

/* The request line */

/* Whether a target is an absolute http or https URL with a valid host (RFC 9112, 3.2.2). */
static bool
is_absolute_form(sp_bytes target)
{
    size_t scheme = sp_bytes_find(target, SP_LITERAL("://"), 0), host = scheme + 3, end = host;
    if (scheme != 4 && scheme != 5)
        return false;
    if (!sp_bytes_equal_ascii_case(sp_bytes_slice(target, 0, scheme),
                                   scheme == 4 ? SP_LITERAL("http") : SP_LITERAL("https")))
        return false;
    while (end < target.len && target.data[end] != '/' && target.data[end] != '?')
        end++;
    return sp_authority_is_valid(sp_bytes_slice(target, host, end));
}

static bool
check_target(sp_bytes target, bool options, sp_problem *problem)
{
    size_t parameters = 0;
    if (target.len > SP_TARGET_MAX)
        return refuse(problem, 414, "the URL is longer than 8192 bytes");
    bool bad = target.len == 0 || memchr(target.data, ' ', target.len) ||
               memchr(target.data, '\t', target.len) || memchr(target.data, '#', target.len);
    bool all = options && sp_bytes_equal(target, SP_LITERAL("*"));
    if (bad || (target.data[0] != '/' && !all && !is_absolute_form(target)))
        return refuse(problem, 400, "the URL is malformed");
    /* libmicrohttpd allocates a structure for each parameter and runs out of memory if there are
       many. */
    for (size_t i = 0; i < target.len; i++)
        parameters += target.data[i] == '&';
    if (parameters > 2 * SP_PARAMS_MAX)
        return refuse(problem, 400, "more than 64 parameters");
    return true;
}

static bool
check_version(sp_bytes version, sp_problem *problem)
{
    if (version.len != 8 || !sp_bytes_starts_with(version, SP_LITERAL("HTTP/")) ||
        !sp_ascii_is_digit(version.data[5]) || version.data[6] != '.' ||
        !sp_ascii_is_digit(version.data[7]))
        return refuse(problem, 400, "the request line is malformed");
    if (version.data[5] != '1')
        return refuse(problem, 505, "the version must be HTTP/1.0 or HTTP/1.1");
    return true;
}

static bool
check_request_line(sp_request_head *head, sp_bytes line, sp_problem *problem)
{
    sp_request_line parts;
    if (line.len > REQUEST_LINE_MAX)
        return refuse(problem, 414, "the URL is longer than 8192 bytes");
    if (!sp_request_line_split(line, &parts) || !is_token(parts.method))
        return refuse(problem, 400, "the request line is malformed");
    bool options = sp_bytes_equal(parts.method, SP_LITERAL("OPTIONS"));
    if (!check_version(parts.version, problem) || !check_target(parts.target, options, problem))
        return false;
    head->fields_begin = head->checked;
    head->version_1_0 = parts.version.data[7] == '0';
    head->asks = options || sp_bytes_equal(parts.method, SP_LITERAL("GET")) ||
                 sp_bytes_equal(parts.method, SP_LITERAL("HEAD"));
    return true;
}

/* The header fields */

static bool
check_host(sp_request_head *head, sp_bytes value, sp_problem *problem)
{
    if (head->host)
        return refuse(problem, 400, "a request must have one Host field");
    if (!sp_authority_is_valid(value))
        return refuse(problem, 400, "the Host field is malformed");
    head->host = true;
    return true;
}

static bool
check_length(sp_request_head *head, sp_bytes value, sp_problem *problem)
{
    if (head->length || !is_digits(value))
        return refuse(problem, 400, "the Content-Length field is malformed");
    head->length = true;
    head->body = !sp_bytes_equal(value, SP_LITERAL("0"));
    return true;
}

/* Whether a field has this name. Compares the lengths first, because most fields have another. */
static bool
is_named(sp_bytes name, sp_bytes wanted)
{
    return name.len == wanted.len && sp_bytes_equal_ascii_case(name, wanted);
}

bool
sp_request_field_is_withheld(sp_bytes name)
{
    return is_named(name, SP_LITERAL("Content-Length")) || is_named(name, SP_LITERAL("Cookie")) ||
           is_named(name, SP_LITERAL("Expect"));
}

static bool
check_field(sp_request_head *head, sp_bytes line, sp_problem *problem)
{
    sp_bytes name, value;
    if (++head->fields > SP_FIELDS_MAX)
        return refuse(problem, 431, "more than 64 header fields or 16 KiB of them");
    if (line.data[0] == ' ' || line.data[0] == '\t')
        return refuse(problem, 400, "a header field has more than one line");
    if (!sp_request_field_split(line, &name, &value))
        return refuse(problem, 400, "a header field is malformed");
    head->withheld |= sp_request_field_is_withheld(name);
    if (is_named(name, SP_LITERAL("Host")))
        return check_host(head, value, problem);
    if (is_named(name, SP_LITERAL("Content-Length")))
        return check_length(head, value, problem);
    if (is_named(name, SP_LITERAL("Transfer-Encoding")))
        return refuse(problem, 400, "requests must not have a body");
    head->expects |= is_named(name, SP_LITERAL("Expect"));
    return true;
}

/* Heads */

/* Checks what can be known only at the end of the head. */
static bool
check_whole(const sp_request_head *head, sp_problem *problem)
{
    if (!head->version_1_0 && !head->host)
        return refuse(problem, 400, "a request must have one Host field");
    if (!head->asks)
        return refuse(problem, 405, "the method must be GET or HEAD");
    if (head->body)
        return refuse(problem, 413, "requests must not have a body");
    /* RFC 9110, 10.1.1: a request of version 1.1 must not have the field without a body, and the
       field must be ignored in version 1.0. */
    if (head->expects && !head->version_1_0)
        return refuse(problem, 417, "requests must not have an Expect field");
    return true;
}

/* A client may send one empty line before the request line (RFC 9112, 2.2). */
static bool
skip_empty_line(sp_request_head *head, sp_problem *problem)
{
    if (head->skipped)
        return refuse(problem, 400, "the request line is malformed");
    head->skipped = true;
    head->line = head->checked;
    return true;
}

static bool
is_too_large(const sp_request_head *head, size_t end)
{
    return head->fields_begin > 0 && end - head->fields_begin > SP_HEAD_MAX;
}

/* Checks the begin of a line that has not arrived completely, so that no client can send bytes for
   long that cannot become a head. */
static bool
check_incomplete(sp_request_head *head, sp_bytes bytes, sp_problem *problem)
{
    size_t begin = head->looked > head->checked ? head->looked : head->checked;
    size_t end = bytes.len > begin && bytes.data[bytes.len - 1] == '\r' ? bytes.len - 1 : bytes.len;
    if (begin < end && has_control(sp_bytes_slice(bytes, begin, end)))
        return refuse(problem, 400, "the request is malformed");
    if (head->fields_begin == 0 && bytes.len - head->line > REQUEST_LINE_MAX)
        return refuse(problem, 414, "the URL is longer than 8192 bytes");
    if (is_too_large(head, bytes.len))
        return refuse(problem, 431, "more than 64 header fields or 16 KiB of them");
    head->looked = end;
    return true;
}

static bool
check_line(sp_request_head *head, sp_bytes line, sp_problem *problem)
{
    if (has_control(line))
        return refuse(problem, 400, "the request is malformed");
    if (is_too_large(head, head->checked))
        return refuse(problem, 431, "more than 64 header fields or 16 KiB of them");
    if (head->fields_begin > 0)
        return line.len > 0 ? check_field(head, line, problem) : check_whole(head, problem);
    return line.len > 0 ? check_request_line(head, line, problem) : skip_empty_line(head, problem);
}

enum sp_head_verdict
sp_request_head_check(sp_request_head *head, sp_bytes bytes, sp_problem *problem)
{
    sp_bytes line, rest = sp_bytes_slice(bytes, head->checked, bytes.len);
    while (sp_request_line_take(&rest, &line)) {
        size_t before = head->checked;
        bool last = line.len == 0 && head->fields_begin > 0;
        head->checked = bytes.len - rest.len;
        if (!check_line(head, line, problem)) {
            head->checked = before;
            return SP_HEAD_REFUSED;
        }
        if (last)
            return SP_HEAD_VALID;
    }
    return check_incomplete(head, bytes, problem) ? SP_HEAD_INCOMPLETE : SP_HEAD_REFUSED;
}
