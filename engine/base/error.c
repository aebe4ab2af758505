// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/printable.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The exit code and the HTTP status code of each status. No other code maps them. */
static const struct {
    int exit_code;
    unsigned http_code;
} statuses[] = {
    [SP_OK] = {0, 200},        [SP_NO_MEMORY] = {3, 503}, [SP_BAD_ARGUMENT] = {2, 400},
    [SP_BAD_INPUT] = {3, 400}, [SP_NOT_FOUND] = {3, 503}, [SP_LOCKED] = {3, 503},
    [SP_STALE] = {3, 503},     [SP_DAMAGED] = {3, 503},   [SP_IO] = {3, 503},
    [SP_TIMEOUT] = {3, 503},   [SP_CANCELLED] = {3, 503}, [SP_INTERNAL] = {3, 500},
};

int
sp_status_exit_code(enum sp_status status)
{
    return statuses[status].exit_code;
}

unsigned
sp_status_http_code(enum sp_status status)
{
    return statuses[status].http_code;
}

static void
set_path(sp_error *err, const char *path)
{
    size_t len = path ? strlen(path) : 0;
    size_t room = sizeof err->path - 1;
    const char *from = len > room ? path + (len - room) : path;
    if (len > room)
        len = room;
    if (len > 0)
        memcpy(err->path, from, len);
    err->path[len] = '\0';
}

static void fill(sp_error *err, enum sp_status status, const char *path, const char *format,
                 va_list arguments) SP_PRINTF(4, 0);

static void
fill(sp_error *err, enum sp_status status, const char *path, const char *format, va_list arguments)
{
    if (!err)
        return;
    err->status = status;
    err->line = err->column = 0;
    char text[sizeof err->text];
    vsnprintf(text, sizeof text, format, arguments);
    sp_printable_copy(err->text, sizeof err->text, text);
    set_path(err, path);
}

enum sp_status
sp_fail(sp_error *err, enum sp_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(err, status, NULL, format, arguments);
    va_end(arguments);
    return status;
}

enum sp_status
sp_fail_at(sp_error *err, enum sp_status status, const char *path, unsigned line, unsigned column,
           const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(err, status, path, format, arguments);
    va_end(arguments);
    if (err) {
        err->line = line;
        err->column = column;
    }
    return status;
}

static enum sp_status
errno_status(int number)
{
    if (number == ENOMEM)
        return SP_NO_MEMORY;
    return number == ENOENT || number == ENOTDIR ? SP_NOT_FOUND : SP_IO;
}

enum sp_status
sp_fail_errno(sp_error *err, int number, const char *path, const char *what)
{
    char reason[128];
    if (strerror_r(number, reason, sizeof reason) != 0)
        snprintf(reason, sizeof reason, "system error %d", number);
    return sp_fail_at(err, errno_status(number), path, 0, 0, "%s: %s", what, reason);
}

enum sp_status
sp_check_cancel(const atomic_bool *cancel, sp_error *err)
{
    return cancel && atomic_load(cancel) ? sp_fail(err, SP_CANCELLED, "interrupted") : SP_OK;
}
