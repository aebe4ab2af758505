// SPDX-License-Identifier: GPL-2.0-or-later
#include "log.h"

#include <signpost/json.h>
#include <signpost/printable.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
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

/* Whether the file that was opened for a log ends inside a line. */
static bool
ends_inside_line(const sp_log *log)
{
    char last = '\n';
    struct stat about;
    if (log->fd < 0 || strcmp(log->path, "-") == 0 || fstat(log->fd, &about) != 0 ||
        !S_ISREG(about.st_mode) || about.st_size == 0)
        return false;
    int file = open(log->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (file < 0)
        return false; /* the log need not be readable */
    bool got = pread(file, &last, 1, about.st_size - 1) == 1;
    close(file);
    return got && last != '\n';
}

enum sp_status
sp_logs_open(const char *access, const char *query, sp_logs *out, sp_error *err)
{
    *out = (sp_logs){.access = {.path = access, .fd = -1}, .query = {.path = query, .fd = -1}};
    enum sp_status status = open_log(access, &out->access.fd, err);
    if (status == SP_OK)
        status = open_log(query, &out->query.fd, err);
    atomic_store(&out->access.torn, ends_inside_line(&out->access));
    atomic_store(&out->query.torn, ends_inside_line(&out->query));
    return status;
}

void
sp_logs_close(sp_logs *logs)
{
    if (logs->access.fd >= 0)
        close(logs->access.fd);
    if (logs->query.fd >= 0)
        close(logs->query.fd);
    logs->access.fd = logs->query.fd = -1;
}

static bool
is_same_file(int a, int b)
{
    struct stat one, other;
    return fstat(a, &one) == 0 && fstat(b, &other) == 0 && one.st_dev == other.st_dev &&
           one.st_ino == other.st_ino;
}

/* Opens the file under the same descriptor number, because other threads may be writing to that
   descriptor. */
static enum sp_status
reopen_log(sp_log *log, sp_error *err)
{
    int fresh;
    if (log->fd < 0 || strcmp(log->path, "-") == 0)
        return SP_OK;
    enum sp_status status = open_log(log->path, &fresh, err);
    if (status != SP_OK)
        return status;
    bool same = is_same_file(fresh, log->fd); /* then `torn` is known */
    if (dup2(fresh, log->fd) < 0)
        status = sp_fail_errno(err, errno, log->path, "cannot reopen the log");
    else
        fcntl(log->fd, F_SETFD, FD_CLOEXEC);
    if (!same)
        atomic_store(&log->torn, ends_inside_line(log));
    close(fresh);
    return status;
}

enum sp_status
sp_logs_reopen(sp_logs *logs, sp_error *err)
{
    sp_error ignored;
    enum sp_status access = reopen_log(&logs->access, err);
    enum sp_status query = reopen_log(&logs->query, access == SP_OK ? err : &ignored);
    return access == SP_OK ? query : access;
}

/* Texts of a line to a pipe are cut to this length if the line is too long for the pipe. A line has
   at most three texts that are cut with their escapes, or two whose length JSON may double. */
#define PIPE_TEXT ((PIPE_BUF - 256) / 4)

/* Whether the line would not reach a pipe in one piece. */
static bool
is_too_long(int fd, const sp_str *line)
{
    struct stat status;
    return line->len >= PIPE_BUF && fstat(fd, &status) == 0 && S_ISFIFO(status.st_mode);
}

/* Writes to the log. A full disk must not keep the daemon from answering. Only a newline, and no
   line of another thread, repairs a line that is incomplete. */
static void
write_line(sp_log *log, sp_str *line)
{
    sp_str_append_char(line, '\n');
    if (line->failed)
        return;
    if (atomic_exchange(&log->torn, false) && write(log->fd, "\n", 1) != 1) {
        atomic_store(&log->torn, true);
        return;
    }
    ssize_t wrote = write(log->fd, line->data, line->len);
    if (wrote > 0 && (size_t)wrote < line->len)
        atomic_store(&log->torn, true);
}

/* The access log */

/* Appends at most `max` bytes. */
static void
append_escaped(sp_str *line, sp_bytes text, size_t max)
{
    size_t begin = line->len;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        bool escape = c < ' ' || c == '"' || c == '\\' || c >= 0x7f;
        if (line->len - begin + (escape ? 4 : 1) > max)
            return;
        if (escape)
            sp_str_append_format(line, "\\x%02x", c);
        else
            sp_str_append_char(line, (char)c);
    }
}

static void
append_field(sp_str *line, const char *value, size_t max)
{
    sp_str_append_text(line, " \"");
    append_escaped(line, value ? sp_bytes_of(value) : SP_LITERAL("-"), max);
    sp_str_append_char(line, '"');
}

/* The target of a refused exchange is the whole line. */
static void
append_request_line(sp_str *line, const sp_exchange *exchange, size_t max)
{
    if (!exchange->refusal)
        sp_str_append_format(line, "%s ", exchange->method);
    append_escaped(line, sp_str_bytes(&exchange->target), max);
    if (!exchange->refusal)
        sp_str_append_format(line, " %s", exchange->version);
}

static void
print_access(const sp_exchange *exchange, const char *referer, const char *agent, size_t max,
             sp_str *line)
{
    char address[SP_ADDRESS_TEXT_MAX], when[40];
    struct tm parts;
    time_t now = time(NULL);
    sp_address_print(&exchange->client, address);
    localtime_r(&now, &parts);
    strftime(when, sizeof when, "%d/%b/%Y:%H:%M:%S %z", &parts);
    sp_str_append_format(line, "%s - - [%s] \"", address, when);
    append_request_line(line, exchange, max);
    sp_str_append_format(line, "\" %u %llu", exchange->status, (unsigned long long)exchange->bytes);
    append_field(line, referer, max);
    append_field(line, agent, max);
}

void
sp_logs_access(sp_logs *logs, const sp_exchange *exchange, const char *referer, const char *agent)
{
    SP_AUTO(sp_str_done) sp_str line = {0};
    if (logs->access.fd < 0)
        return;
    print_access(exchange, referer, agent, SIZE_MAX, &line);
    if (is_too_long(logs->access.fd, &line)) {
        sp_str_clear(&line);
        print_access(exchange, referer, agent, PIPE_TEXT, &line);
    }
    write_line(&logs->access, &line);
}

/* The query log */

/* Adds a text of at most `max` bytes; null if it is empty and `optional`. The log is read in
   terminals, also by programs that decode JSON's escapes, so it contains no character that a
   terminal obeys. */
static void
add_text(sp_str *line, const char *key, sp_bytes text, bool optional, size_t max)
{
    SP_AUTO(sp_str_done) sp_str printable = {0};
    sp_printable_append(&printable, text);
    line->failed |= printable.failed;
    sp_bytes cut = sp_utf8_cut(sp_str_bytes(&printable), max);
    if (optional)
        sp_json_text_or_null(line, key, cut);
    else
        sp_json_text(line, key, cut);
}

static void
print_query(const sp_query_entry *entry, size_t max, sp_str *line)
{
    char when[32];
    struct tm parts;
    time_t now = time(NULL);
    gmtime_r(&now, &parts);
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &parts);
    sp_json_open_object(line, NULL);
    sp_json_text(line, "time", sp_bytes_of(when));
    add_text(line, "query", entry->query, false, max);
    sp_json_uint(line, "total", entry->total);
    sp_json_bool(line, "relaxed", entry->relaxed);
    add_text(line, "corrected", entry->corrected, true, max);
    sp_json_uint(line, "took_us", entry->took_us);
    sp_json_close_object(line);
}

void
sp_logs_query(sp_logs *logs, const sp_query_entry *entry)
{
    SP_AUTO(sp_str_done) sp_str line = {0};
    if (logs->query.fd < 0)
        return;
    print_query(entry, SIZE_MAX, &line);
    if (is_too_long(logs->query.fd, &line)) {
        sp_str_clear(&line);
        print_query(entry, PIPE_TEXT, &line);
    }
    write_line(&logs->query, &line);
}
