// SPDX-License-Identifier: GPL-2.0-or-later
// The C++ allocator, made to fail on request: all of libxapian's and the binding's memory comes
// from here, under the sanitizers too. The only test helper that C cannot be.
#include <cstdlib>
#include <new>

extern "C" {
void fail_allocation(long nth); // counted from 1; 0: none
bool allocation_failed(void);
}

static long countdown;
static bool failed;

void
fail_allocation(long nth)
{
    countdown = nth;
    failed = false;
}

bool
allocation_failed(void)
{
    return failed;
}

void *
operator new(std::size_t size)
{
    if (countdown > 0 && --countdown == 0) {
        failed = true;
        throw std::bad_alloc();
    }
    if (void *memory = std::malloc(size ? size : 1))
        return memory;
    throw std::bad_alloc();
}

void
operator delete(void *memory) noexcept
{
    std::free(memory);
}

void
operator delete(void *memory, std::size_t) noexcept
{
    std::free(memory);
}

// libxapian leaks a little when its allocations fail; that is its affair.
extern "C" const char *__asan_default_options(void);
extern "C" __attribute__((visibility("default"))) const char *
__asan_default_options(void)
{
    return "detect_leaks=0:alloc_dealloc_mismatch=0";
}
