// SPDX-License-Identifier: GPL-2.0-or-later
#include "problem.h"

#include <signpost/json.h>

#include <stdio.h>

/* Removes a UTF-8 sequence that snprintf has truncated. */
static void
cut_incomplete_end(char *text)
{
    sp_bytes bytes = sp_bytes_of(text);
    size_t bad = sp_utf8_invalid(bytes);
    if (bad != SIZE_MAX && bytes.len - bad < 4)
        text[bad] = '\0';
}

bool
sp_problem_set(sp_problem *out, unsigned status, const char *format, ...)
{
    va_list args;
    *out = (sp_problem){.status = status};
    va_start(args, format);
    vsnprintf(out->detail, sizeof out->detail, format, args);
    va_end(args);
    cut_incomplete_end(out->detail);
    return false;
}

bool
sp_problem_busy(sp_problem *out, const char *text)
{
    sp_problem_set(out, 503, "%s", text);
    out->retry_after = 1;
    return false;
}

bool
sp_problem_parameter(sp_problem *out, sp_bytes parameter, const char *format, ...)
{
    va_list args;
    *out = (sp_problem){.status = 400};
    va_start(args, format);
    vsnprintf(out->detail, sizeof out->detail, format, args);
    va_end(args);
    cut_incomplete_end(out->detail);
    snprintf(out->parameter, sizeof out->parameter, "%.*s",
             (int)(parameter.len < 60 ? parameter.len : 60), parameter.data);
    cut_incomplete_end(out->parameter);
    return false;
}

bool
sp_problem_from_status(enum sp_status status, const sp_error *err, sp_problem *out)
{
    unsigned http_status = sp_status_http_code(status);
    if (status == SP_BAD_ARGUMENT)
        return sp_problem_set(out, 400, "%s", err->text);
    if (http_status != 503)
        return sp_problem_set(out, 500, "internal error");
    return sp_problem_busy(out, status == SP_TIMEOUT ? "the query took too long"
                                : status == SP_NO_MEMORY
                                    ? "out of memory"
                                    : "the index cannot be read at the moment");
}

const char *
sp_problem_title(unsigned status)
{
    static const struct {
        unsigned status;
        const char *title;
    } titles[] = {
        {400, "Bad Request"},         {404, "Not Found"},
        {405, "Method Not Allowed"},  {413, "Content Too Large"},
        {414, "URI Too Long"},        {417, "Expectation Failed"},
        {429, "Too Many Requests"},   {431, "Request Header Fields Too Large"},
        {503, "Service Unavailable"}, {505, "HTTP Version Not Supported"},
    };
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        if (titles[i].status == status)
            return titles[i].title;
    }
    return "Internal Server Error";
}

void
sp_problem_print(const sp_problem *problem, sp_str *out)
{
    sp_json_open_object(out, NULL);
    sp_json_text(out, "type", SP_LITERAL("about:blank"));
    sp_json_text(out, "title", sp_bytes_of(sp_problem_title(problem->status)));
    sp_json_uint(out, "status", problem->status);
    sp_json_text(out, "detail", sp_bytes_of(problem->detail));
    if (problem->parameter[0] != '\0')
        sp_json_text(out, "parameter", sp_bytes_of(problem->parameter));
    sp_json_close_object(out);
    sp_str_append_char(out, '\n');
}
