// SPDX-License-Identifier: GPL-2.0-or-later
/* A library to preload (LD_PRELOAD). A query waits, before it is matched, while the file that
   SIGNPOST_HOLD names exists. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Xapian::Enquire::Enquire(const Xapian::Database &). */
#define ENQUIRE _ZN6Xapian7EnquireC1ERKNS_8DatabaseE
#define TEXT(name) #name
#define NAME(name) TEXT(name)

__attribute__((visibility("default"))) void ENQUIRE(void *enquire, const void *database);

void
ENQUIRE(void *enquire, const void *database)
{
    const char *file = getenv("SIGNPOST_HOLD");
    while (file && access(file, F_OK) == 0)
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    void (*next)(void *, const void *);
    *(void **)&next = dlsym(RTLD_NEXT, NAME(ENQUIRE));
    next(enquire, database);
}
