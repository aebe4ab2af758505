// SPDX-License-Identifier: GPL-2.0-or-later
// A C++ allocator that fails on request. It serves all allocations of libxapian and of the binding,
// under the sanitizers too. The only test helper that cannot be written in C.
#include <cstdlib>
#include <new>

extern "C" {
void fail_allocation(long nth); // the nth from now on fails, counted from 1; 0: none fails
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

// libxapian itself leaks a little memory when an allocation fails, so leaks are not checked.
extern "C" const char *__asan_default_options(void);
extern "C" __attribute__((visibility("default"))) const char *
__asan_default_options(void)
{
    return "detect_leaks=0:alloc_dealloc_mismatch=0";
}
