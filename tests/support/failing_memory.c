// SPDX-License-Identifier: GPL-2.0-or-later
/* malloc is defined here over the functions that glibc's own malloc consists of.

   As a library that is preloaded into a program (LD_PRELOAD), it is controlled through the file
   $FAILING_MEMORY, which holds a struct control, and a crash prints its call stack. */
#include "failing_memory.h"

#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))
#define RECORDS ((size_t)1 << 20)

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

struct record {
    void *block;
    struct failing_stack stack;
};

/* The test that preloads this library writes fail_at and fail_stays, and reads and resets count. */
struct control {
    atomic_long count, fail_at, fail_stays;
};

static struct control own;
static struct control *control = &own;
static atomic_long live;
static atomic_bool failed;
static struct failing_stack first;
static struct record *records; /* open addressing; NULL: not recorded */
static _Thread_local bool inside;

/* Inlined, so that in every build the stack begins with the same frames. */
__attribute__((always_inline)) static inline void
take_stack(struct failing_stack *out)
{
    inside = true;
    out->depth = backtrace(out->frames, FAILING_FRAMES);
    inside = false;
}

/* Whether this allocation is to fail. */
static bool
fails(void)
{
    if (inside)
        return false;
    long number = atomic_fetch_add(&control->count, 1) + 1, at = atomic_load(&control->fail_at);
    if (at == 0 || (atomic_load(&control->fail_stays) ? number < at : number != at))
        return false;
    if (!atomic_exchange(&failed, true))
        take_stack(&first);
    errno = ENOMEM;
    return true;
}

static struct record *
record_of(const void *block, const void *wanted)
{
    size_t at = ((uintptr_t)block >> 4) * 0x9E3779B97F4A7C15u >> 44;
    for (size_t i = 0; i < RECORDS; i++, at++) {
        struct record *record = &records[at % RECORDS];
        if (record->block == wanted || !record->block)
            return record;
    }
    abort();
}

static void *
taken(void *block)
{
    if (!block)
        return NULL;
    atomic_fetch_add(&live, 1);
    if (records && !inside) {
        struct record *record = record_of(block, block);
        record->block = block;
        take_stack(&record->stack);
    }
    return block;
}

static void
given_back(void *block)
{
    if (!block)
        return;
    atomic_fetch_sub(&live, 1);
    struct record *record = records ? record_of(block, block) : NULL;
    if (record)
        record->stack.depth = 0; /* the place stays taken, so that others are found behind it */
}

EXPORT void *
malloc(size_t size)
{
    return fails() ? NULL : taken(__libc_malloc(size));
}

EXPORT void *
calloc(size_t items, size_t size)
{
    return fails() ? NULL : taken(__libc_calloc(items, size));
}

EXPORT void *
realloc(void *old, size_t size)
{
    if (fails())
        return NULL;
    given_back(old);
    return taken(__libc_realloc(old, size));
}

EXPORT void
free(void *block)
{
    int kept = errno;
    given_back(block);
    __libc_free(block);
    errno = kept;
}

EXPORT void *
aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : taken(__libc_memalign(alignment, size));
}

EXPORT int
posix_memalign(void **out, size_t alignment, size_t size)
{
    void *block = aligned_alloc(alignment, size);
    if (!block)
        return ENOMEM;
    *out = block;
    return 0;
}

void
failing_start(long nth, bool stays)
{
    struct failing_stack warm;
    take_stack(&warm); /* the first backtrace of a process allocates */
    first.depth = 0;
    atomic_store(&failed, false);
    atomic_store(&control->count, 0);
    atomic_store(&control->fail_stays, stays);
    atomic_store(&control->fail_at, nth);
}

long
failing_stop(void)
{
    atomic_store(&control->fail_at, 0);
    return atomic_load(&control->count);
}

const struct failing_stack *
failing_stack(void)
{
    return &first;
}

long
failing_live(void)
{
    return atomic_load(&live);
}

void
failing_record(void)
{
    void *memory = mmap(NULL, RECORDS * sizeof *records, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        abort();
    records = memory;
}

void
failing_each_live(void (*each)(const struct failing_stack *stack, void *context), void *context)
{
    struct record *all = records;
    records = NULL;
    for (size_t i = 0; all && i < RECORDS; i++) {
        if (all[i].block && all[i].stack.depth > 0)
            each(&all[i].stack, context);
    }
}

/* The process crashes; backtrace() has been called before, so that it allocates nothing. */
static void
print_stack(int number)
{
    void *frames[FAILING_FRAMES];
    // NOLINTBEGIN(bugprone-signal-handler,cert-sig30-c): see above
    int depth = backtrace(frames, FAILING_FRAMES);
    backtrace_symbols_fd(frames, depth, STDERR_FILENO);
    // NOLINTEND(bugprone-signal-handler,cert-sig30-c)
    _exit(128 + number);
}

__attribute__((constructor)) static void
find_control(void)
{
    const char *path = getenv("FAILING_MEMORY");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    struct failing_stack warm;
    take_stack(&warm);
    signal(SIGSEGV, print_stack);
    signal(SIGABRT, print_stack);
    void *shared = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (shared != MAP_FAILED)
        control = shared;
}
