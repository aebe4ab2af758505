// SPDX-License-Identifier: GPL-2.0-or-later
// The memory of a page: allocated piece by piece, freed all at once.
#pragma once

#include "guard.hh"

#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>
#include <vector>

namespace xc
{

class Arena
{
  public:
    Arena() = default;
    Arena(const Arena &) = delete;
    Arena &operator=(const Arena &) = delete;

    // Copies the bytes and adds a NUL.
    xc_bytes copy(const std::string &from)
    {
        char *to = take(from.size() + 1, 1);
        std::memcpy(to, from.data(), from.size());
        to[from.size()] = '\0';
        return {to, from.size()};
    }

    // `count` zeroed elements.
    template <class T> T *array(size_t count)
    {
        static_assert(std::is_trivially_copyable<T>::value, "pages are plain C");
        if (count > SIZE_MAX / 2 / sizeof(T))
            throw std::bad_alloc();
        void *to = take(count * sizeof(T), alignof(T));
        std::memset(to, 0, count * sizeof(T));
        return static_cast<T *>(to);
    }

    // An array with the contents of a vector.
    template <class T> const T *array(const std::vector<T> &from)
    {
        T *to = array<T>(from.size());
        if (!from.empty())
            std::memcpy(to, from.data(), from.size() * sizeof(T));
        return to;
    }

  private:
    static constexpr size_t block_size = 4000;

    char *take(size_t size, size_t align)
    {
        size_t start = (used + align - 1) / align * align;
        if (start > capacity || size > capacity - start || capacity == 0) {
            grow(size);
            start = 0;
        }
        used = start + size;
        return blocks.back().get() + start;
    }

    // A large piece gets a block of its own size, so that large data wastes little memory.
    void grow(size_t size)
    {
        size_t next = size > block_size / 4 ? size : block_size;
        blocks.push_back(nullptr);
        blocks.back().reset(new char[next]);
        capacity = next;
        used = 0;
    }

    std::vector<std::unique_ptr<char[]>> blocks;
    size_t capacity = 0, used = 0;
};

// A plain structure of the header together with the memory that its pointers lead to.
template <class Plain> struct Page : Plain {
    Page() : Plain()
    {
    }
    Arena arena;
};

template <class Plain>
void
free_page(Plain *plain) noexcept
{
    delete static_cast<Page<Plain> *>(plain);
}

} // namespace xc
