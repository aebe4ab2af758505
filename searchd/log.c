// SPDX-License-Identifier: GPL-2.0-or-later
#include "log.h"

#include <signpost/json.h>
#include <signpost/printable.h>

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

/* O_NONBLOCK, so that a pipe that nobody reads makes the daemon neither wait nor stop answering:
   such a pipe cannot be opened, and lines that do not fit into a pipe are lost. */
#define LOG_FLAGS (O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)

static enum sp_status
open_log(const char *path, int *out, sp_error *err)
{
    *out = -1;
    if (!path)
        return SP_OK;
    *out = strcmp(path, "-") == 0 ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
                                  : open(path, LOG_FLAGS, 0640);
    if (*out >= 0)
        return SP_OK;
    if (errno == ENXIO)
        return sp_fail_at(err, SP_IO, path, 0, 0,
                          "cannot open the log: a pipe that nobody reads, or a socket");
    return sp_fail_errno(err, errno, path, "cannot open the log");
}

enum sp_status
sp_logs_open(const char *access, const char *query, sp_logs *out, sp_error *err)
{
    *out = (sp_logs){.access_path = access, .query_path = query, .access = -1, .query = -1};
    enum sp_status status = open_log(access, &out->access, err);
    return status == SP_OK ? open_log(query, &out->query, err) : status;
}

void
sp_logs_close(sp_logs *logs)
{
    if (logs->access >= 0)
        close(logs->access);
    if (logs->query >= 0)
        close(logs->query);
    logs->access = logs->query = -1;
}

/* Opens the file under the same descriptor number, because other threads may be writing to that
   descriptor. */
static enum sp_status
reopen_log(const char *path, int fd, sp_error *err)
{
    int fresh;
    if (fd < 0 || strcmp(path, "-") == 0)
        return SP_OK;
    enum sp_status status = open_log(path, &fresh, err);
    if (status != SP_OK)
        return status;
    if (dup2(fresh, fd) < 0)
        status = sp_fail_errno(err, errno, path, "cannot reopen the log");
    else
        fcntl(fd, F_SETFD, FD_CLOEXEC);
    close(fresh);
    return status;
}

enum sp_status
sp_logs_reopen(sp_logs *logs, sp_error *err)
{
    sp_error ignored;
    enum sp_status access = reopen_log(logs->access_path, logs->access, err);
    enum sp_status query =
        reopen_log(logs->query_path, logs->query, access == SP_OK ? err : &ignored);
    return access == SP_OK ? query : access;
}

static void
append_escaped(sp_str *line, sp_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c < ' ' || c == '"' || c == '\\' || c >= 0x7f)
            sp_str_append_format(line, "\\x%02x", c);
        else
            sp_str_append_char(line, (char)c);
    }
}

static void
append_field(sp_str *line, const char *value)
{
    sp_str_append_text(line, " \"");
    append_escaped(line, value ? sp_bytes_of(value) : SP_LITERAL("-"));
    sp_str_append_char(line, '"');
}

/* The target of a refused exchange is the whole line. */
static void
append_request_line(sp_str *line, const sp_exchange *exchange)
{
    if (!exchange->refusal)
        sp_str_append_format(line, "%s ", exchange->method);
    append_escaped(line, sp_str_bytes(&exchange->target));
    if (!exchange->refusal)
        sp_str_append_format(line, " %s", exchange->version);
}

static void
write_line(int fd, sp_str *line)
{
    sp_str_append_char(line, '\n');
    if (!line->failed && write(fd, line->data, line->len) < 0)
        return; /* a full disk must not keep the daemon from answering */
}

void
sp_logs_access(const sp_logs *logs, const sp_exchange *exchange, const char *referer,
               const char *agent)
{
    SP_AUTO(sp_str_done) sp_str line = {0};
    char address[SP_ADDRESS_TEXT_MAX], when[40];
    struct tm parts;
    time_t now = time(NULL);
    if (logs->access < 0)
        return;
    sp_address_print(&exchange->client, address);
    localtime_r(&now, &parts);
    strftime(when, sizeof when, "%d/%b/%Y:%H:%M:%S %z", &parts);
    sp_str_append_format(&line, "%s - - [%s] \"", address, when);
    append_request_line(&line, exchange);
    sp_str_append_format(&line, "\" %u %llu", exchange->status,
                         (unsigned long long)exchange->bytes);
    append_field(&line, referer);
    append_field(&line, agent);
    write_line(logs->access, &line);
}

/* Adds a text; null if it is empty and `optional`. The log is read in terminals, also by programs
   that decode JSON's escapes, so it contains no character that a terminal obeys. */
static void
add_text(sp_str *line, const char *key, sp_bytes text, bool optional)
{
    SP_AUTO(sp_str_done) sp_str printable = {0};
    sp_printable_append(&printable, text);
    line->failed |= printable.failed;
    if (optional)
        sp_json_text_or_null(line, key, sp_str_bytes(&printable));
    else
        sp_json_text(line, key, sp_str_bytes(&printable));
}

void
sp_logs_query(const sp_logs *logs, const sp_query_entry *entry)
{
    SP_AUTO(sp_str_done) sp_str line = {0};
    char when[32];
    struct tm parts;
    time_t now = time(NULL);
    if (logs->query < 0)
        return;
    gmtime_r(&now, &parts);
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &parts);
    sp_json_open_object(&line, NULL);
    sp_json_text(&line, "time", sp_bytes_of(when));
    add_text(&line, "query", entry->query, false);
    sp_json_uint(&line, "total", entry->total);
    sp_json_bool(&line, "relaxed", entry->relaxed);
    add_text(&line, "corrected", entry->corrected, true);
    sp_json_uint(&line, "took_us", entry->took_us);
    sp_json_close_object(&line);
    write_line(logs->query, &line);
}
