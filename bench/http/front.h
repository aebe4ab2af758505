// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The HTTP front end of the servers that searchd is compared with. It uses libmicrohttpd, set up
 * as in searchd: two threads with one epoll each, and persistent connections. The parameter `q` is
 * the query; the answer is JSON.
 */
#ifndef SIGNPOST_BENCH_HTTP_FRONT_H
#define SIGNPOST_BENCH_HTTP_FRONT_H

#include <signpost/text.h>

typedef struct front {
    void *(*open)(void *context);                              /* once per thread; not NULL */
    void (*answer)(void *own, const char *query, sp_str *out); /* own: the result of open */
    void *context;
} front;

#define FRONT_THREADS 2

/* Serves on 127.0.0.1:port until standard input ends. Returns an exit code. */
int front_serve(const front *served, int port);

/* Splits a query into at most `max` words of letters and digits; returns their number. */
size_t front_words(const char *query, sp_bytes *words, size_t max);

#endif
