// SPDX-License-Identifier: GPL-2.0-or-later
/* The handlers for monitoring: /healthz, /readyz, /metrics. */

#include "handlers.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static sp_response
reply_text(const char *type, sp_str *take)
{
    const sp_head head = {.type = type, .cache_control = "no-store"};
    sp_response response = {.status = MHD_HTTP_OK, .bytes = take->len};
    response.http = sp_response_new(take, &head);
    return response;
}

static sp_response
reply_word(const char *word)
{
    sp_str body = {0};
    sp_str_append_text(&body, word);
    return reply_text("text/plain; charset=utf-8", &body);
}

sp_response
sp_handle_healthz(sp_worker *worker, sp_exchange *exchange, const char *origin)
{
    (void)worker, (void)exchange, (void)origin;
    return reply_word("alive\n");
}

sp_response
sp_handle_readyz(sp_worker *worker, sp_exchange *exchange, const char *origin)
{
    sp_problem problem;
    (void)exchange;
    if (!sp_worker_ready(worker, &problem))
        return sp_response_problem(&problem, origin);
    return reply_word("ready\n");
}

/* Returns the size in bytes of the files in a directory and in `depth` levels of subdirectories. */
static uint64_t
folder_bytes(int parent, const char *path, int depth)
{
    uint64_t bytes = 0;
    int fd = openat(parent, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = fd >= 0 ? fdopendir(fd) : NULL;
    if (!entries) {
        if (fd >= 0)
            close(fd);
        return 0;
    }
    for (struct dirent *entry; (entry = readdir(entries));) {
        struct stat stat;
        if (entry->d_name[0] == '.' || fstatat(fd, entry->d_name, &stat, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        if (S_ISREG(stat.st_mode))
            bytes += (uint64_t)stat.st_size;
        else if (S_ISDIR(stat.st_mode) && depth > 0)
            bytes += folder_bytes(fd, entry->d_name, depth - 1);
    }
    closedir(entries);
    return bytes;
}

static uint64_t
index_bytes(const sp_searchd_options *options)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < options->sources.indexes.count; i++)
        bytes += folder_bytes(AT_FDCWD, options->sources.indexes.items[i], 1);
    return bytes;
}

sp_response
sp_handle_metrics(sp_worker *worker, sp_exchange *exchange, const char *origin)
{
    sp_str body = {0};
    sp_error ignored;
    sp_problem problem;
    sp_server *server = worker->server;
    sp_metrics_now now = {.route_name = sp_route_name,
                          .process = &server->process,
                          .open_connections = sp_connections_count(server->connections),
                          .ready = sp_worker_ready(worker, &problem)};
    (void)exchange, (void)origin;
    if (now.ready &&
        sp_reader_counts(worker->reader, &now.posts, &now.resources, &ignored) != SP_OK)
        now.ready = false;
    if (now.ready) {
        now.revision = sp_reader_revision(worker->reader);
        now.index_bytes = index_bytes(server->options);
    }
    sp_metrics_print(&server->metrics, &now, &body);
    return reply_text("text/plain; version=0.0.4; charset=utf-8", &body);
}
