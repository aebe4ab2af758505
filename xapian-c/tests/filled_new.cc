// SPDX-License-Identifier: GPL-2.0-or-later
// A C++ allocator that fills new memory with bytes that are a negative number for each type, so
// that libxapian's uses of uninitialised memory show in the results. It cannot be written in C.
#include <cstdlib>
#include <cstring>
#include <new>

void *
operator new(std::size_t size)
{
    void *memory = std::malloc(size ? size : 1);
    if (!memory)
        throw std::bad_alloc();
    return std::memset(memory, 0xBE, size);
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
