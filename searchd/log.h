// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The logs: requests, in the Combined Log Format of Apache httpd, and queries, a JSON object a
 * line, without addresses.
 *
 * Each line is one write to a file opened for appending, so threads need no lock. What a client
 * sends is escaped: no request can make a line, or end one.
 */
#ifndef SIGNPOST_SEARCHD_LOG_H
#define SIGNPOST_SEARCHD_LOG_H

#include "exchange.h"

typedef struct sp_logs {
    const char *access_path, *query_path; /* NULL: no such log */
    int access, query;                    /* descriptors, -1: none */
} sp_logs;

/* What a line of the query log tells. */
typedef struct sp_query_entry {
    sp_bytes query;
    sp_bytes corrected; /* empty: not corrected */
    uint32_t total;
    bool relaxed;
    uint64_t took_us;
} sp_query_entry;

/* Opens both; "-" is standard output. */
enum sp_status sp_logs_open(const char *access, const char *query, sp_logs *out,
                            sp_error *err) SP_MUST_CHECK;
void sp_logs_close(sp_logs *logs);

/* Opens the files by their names again, after they were moved away. The old ones stay in use where
   that fails. */
enum sp_status sp_logs_reopen(sp_logs *logs, sp_error *err) SP_MUST_CHECK;

/* referer, agent: as the client sent them, NULL if not. */
void sp_logs_access(const sp_logs *logs, const sp_exchange *exchange, const char *referer,
                    const char *agent);

void sp_logs_query(const sp_logs *logs, const sp_query_entry *entry);

#endif
