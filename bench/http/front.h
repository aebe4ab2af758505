// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The front that peers are measured behind: libmicrohttpd as searchd uses it (an epoll a thread,
 * two threads, kept connections), a query in `q`, an answer in JSON.
 */
#ifndef SIGNPOST_BENCH_HTTP_FRONT_H
#define SIGNPOST_BENCH_HTTP_FRONT_H

#include <signpost/text.h>

typedef struct front {
    void *(*open)(void *context);                              /* once a thread; not NULL */
    void (*answer)(void *own, const char *query, sp_str *out); /* own: what open gave */
    void *context;
} front;

#define FRONT_THREADS 2

/* Serves on 127.0.0.1:port until standard input ends. Returns an exit code. */
int front_serve(const front *served, int port);

/* Words of a query, at most `max` of them, without what is no letter or digit; returns how many. */
size_t front_words(const char *query, sp_bytes *words, size_t max);

#endif
