// SPDX-License-Identifier: GPL-2.0-or-later
// Notes which parts of which files libxapian writes on behalf of a writer.
#pragma once

#include "xapian-c-written.h"

#include <vector>

namespace xc
{

struct Written {
    std::vector<xc_written> ranges;
    bool complete = true; // false: a write could not be noted

    void note(int fd, uint64_t offset, uint64_t length) noexcept;
};

// Whether the writes of libxapian come here: not from the shared library of this binding.
bool notes_all_writes() noexcept;

// While it lives, the writes of this thread are noted. written may be NULL.
class Noting
{
  public:
    explicit Noting(Written *written) noexcept;
    ~Noting();
    Noting(const Noting &) = delete;
    Noting &operator=(const Noting &) = delete;

  private:
    Written *before;
};

} // namespace xc
