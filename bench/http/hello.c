// SPDX-License-Identifier: GPL-2.0-or-later
/* Measures the minimal cost of an answer: hello PORT FILE answers every request with the content of
   FILE, which it keeps in memory. */

#include "front.h"

#include <stdio.h>
#include <stdlib.h>

static void *
open_hello(void *context)
{
    return context;
}

static void
answer(void *own, const char *query, sp_str *out)
{
    (void)query;
    sp_str_append(out, sp_str_bytes(own));
}

int
main(int argc, char **argv)
{
    char buffer[4096];
    sp_str body = {0};
    FILE *file = argc == 3 ? fopen(argv[2], "rb") : NULL;
    if (!file) {
        fputs("usage: hello PORT FILE\n", stderr);
        return 2;
    }
    for (size_t len; (len = fread(buffer, 1, sizeof buffer, file)) > 0;)
        sp_str_append(&body, (sp_bytes){buffer, len});
    fclose(file);
    int code = front_serve(&(front){open_hello, answer, &body}, atoi(argv[1]));
    sp_str_done(&body);
    return code;
}
