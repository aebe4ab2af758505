// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The HTTP front of the servers that searchd is compared with: libmicrohttpd set up as in
 * searchd (one epoll per thread, two threads, kept connections), a query in `q`, an answer in
 * JSON.
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
