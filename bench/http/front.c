// SPDX-License-Identifier: GPL-2.0-or-later
#include "front.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

static _Thread_local void *own;

static enum MHD_Result
handle(void *context, struct MHD_Connection *http, const char *url, const char *method,
       const char *version, const char *upload, size_t *upload_size, void **state)
{
    static int seen;
    const front *served = context;
    sp_str body = {0};
    (void)url, (void)method, (void)version, (void)upload, (void)upload_size;
    if (!*state) {
        *state = &seen;
        return MHD_YES;
    }
    if (!own)
        own = served->open(served->context);
    const char *query = MHD_lookup_connection_value(http, MHD_GET_ARGUMENT_KIND, "q");
    served->answer(own, query ? query : "", &body);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(body.len, body.data, MHD_RESPMEM_MUST_FREE);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type", "application/json");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "ETag", "\"0123456789abcdef-0123456789abcdef\"");
    MHD_add_response_header(response, "Cache-Control", "no-cache");
    MHD_add_response_header(response, "Vary", "Accept-Encoding, Origin");
    enum MHD_Result queued = MHD_queue_response(http, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return queued;
}

int
front_serve(const front *served, int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, (uint16_t)port, NULL, NULL, handle,
                         (void *)(uintptr_t)served, MHD_OPTION_SOCK_ADDR, &address,
                         MHD_OPTION_THREAD_POOL_SIZE, FRONT_THREADS, MHD_OPTION_END);
    if (!daemon) {
        fputs("front: cannot listen\n", stderr);
        return 1;
    }
    while (getchar() != EOF)
        continue;
    MHD_stop_daemon(daemon);
    return 0;
}

static bool
is_letter(unsigned char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c >= 0x80;
}

size_t
front_words(const char *query, sp_bytes *words, size_t max)
{
    size_t count = 0;
    for (const char *at = query; *at && count < max;) {
        const char *start = at;
        while (is_letter((unsigned char)*at))
            at++;
        if (at > start)
            words[count++] = (sp_bytes){start, (size_t)(at - start)};
        else
            at++;
    }
    return count;
}
