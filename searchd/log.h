// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The access log, in the Combined Log Format of Apache httpd, and the query log, with one JSON
 * object per line and without addresses.
 *
 * Any thread may log: each line is one write to a file opened for appending, which needs no lock. A
 * pipe takes up to PIPE_BUF bytes whole or not at all, so in a longer line to a pipe each text that
 * a client sent is cut to a fixed length, with which every line fits. If a disk takes only a part
 * of a line, or a file ends inside a line when it is opened, the next line begins with a newline.
 * Everything that a client sends is escaped, so no request can forge or end a line.
 */
#ifndef SIGNPOST_SEARCHD_LOG_H
#define SIGNPOST_SEARCHD_LOG_H

#include "exchange.h"

#include <stdatomic.h>

typedef struct sp_log {
    const char *path; /* NULL: no such log */
    int fd;           /* -1: no such log */
    atomic_bool torn; /* the last line is incomplete */
} sp_log;

typedef struct sp_logs {
    sp_log access, query;
} sp_logs;

/* A line of the query log. */
typedef struct sp_query_entry {
    sp_bytes query;
    sp_bytes corrected; /* empty: not corrected */
    uint32_t total;
    bool relaxed;
    uint64_t took_us;
} sp_query_entry;

/* Opens both logs; "-" is standard output. Borrows the paths. */
enum sp_status sp_logs_open(const char *access, const char *query, sp_logs *out,
                            sp_error *err) SP_MUST_CHECK;
void sp_logs_close(sp_logs *logs);

/* Opens both files again by their names, after log rotation. If a file cannot be opened, its log
   continues in the old file. */
enum sp_status sp_logs_reopen(sp_logs *logs, sp_error *err) SP_MUST_CHECK;

/* Appends an exchange to the access log. referer and agent are fields as the client sent them, or
   NULL. */
void sp_logs_access(sp_logs *logs, const sp_exchange *exchange, const char *referer,
                    const char *agent);

/* Appends a search to the query log. */
void sp_logs_query(sp_logs *logs, const sp_query_entry *entry);

#endif
