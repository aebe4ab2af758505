// SPDX-License-Identifier: GPL-2.0-or-later
/* Changes an index again and again: publishes a new database, and commits the next two
   generations in place.

     change DIRECTORY MILLISECONDS

   Waits MILLISECONDS between changes, prints the number of each generation once readers can see
   it, and ends when its standard input is closed. */

#include <support/generations.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

static bool
input_ended(int milliseconds)
{
    struct pollfd input = {.fd = 0, .events = POLLIN};
    return poll(&input, 1, milliseconds) != 0;
}

int
main(int argc, char **argv)
{
    sp_error err;
    sp_store *store;
    if (argc != 3)
        return 2;
    if (sp_store_open(argv[1], false, NULL, &store, &err) != SP_OK) {
        fprintf(stderr, "change: %s\n", err.text);
        return 3;
    }
    for (int generation = 0;; generation++) {
        if (generation % 3 == 0)
            generation_swap(store, generation);
        else
            generation_commit(argv[1], generation);
        printf("%d\n", generation);
        fflush(stdout);
        if (input_ended(atoi(argv[2])))
            break;
    }
    sp_store_close(store);
    return 0;
}
