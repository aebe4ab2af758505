// SPDX-License-Identifier: GPL-2.0-or-later
// libxapian does not say which blocks a commit has changed, and to find them by reading would mean
// reading a block of every 8 KiB of the index from the disk. But libxapian writes every block by
// pwrite, and the dynamic linker resolves pwrite to the definition in a program before that in
// libc, as it does for a program's own malloc. So pwrite is defined here: it calls the next
// definition and notes the range. The shared library does not export it, and so notes nothing.
#include "written.hh"

#include "guard.hh"

#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace xc;

namespace
{

thread_local Written *noted_by = nullptr;

using write_function = ssize_t (*)(int, const void *, size_t, off_t);

ssize_t
write_and_note(write_function next, int fd, const void *data, size_t len, off_t offset)
{
    ssize_t put = next(fd, data, len, offset);
    if (noted_by && put > 0)
        noted_by->note(fd, static_cast<uint64_t>(offset), static_cast<uint64_t>(put));
    return put;
}

write_function
find_from(void *place, const char *name) noexcept
{
    return reinterpret_cast<write_function>(dlsym(place, name));
}

} // namespace

void
Written::note(int fd, uint64_t offset, uint64_t length) noexcept
{
    struct stat file;
    if (fstat(fd, &file)) {
        complete = false;
        return;
    }
    if (guard(nullptr, [&] { ranges.push_back({file.st_dev, file.st_ino, offset, length}); }))
        complete = false;
}

Noting::Noting(Written *written) noexcept : before(noted_by)
{
    if (written)
        noted_by = written;
}

Noting::~Noting()
{
    noted_by = before;
}

bool
xc::notes_all_writes() noexcept
{
    return find_from(RTLD_DEFAULT, "pwrite") == &::pwrite;
}

// 64-bit systems have one type of offset, and libxapian may have been compiled to use either name.
static_assert(sizeof(off_t) == sizeof(uint64_t), "the two functions below are the same function");

extern "C" {

__attribute__((visibility("default"))) ssize_t
pwrite(int fd, const void *data, size_t len, off_t offset)
{
    static const write_function next = find_from(RTLD_NEXT, "pwrite");
    return write_and_note(next, fd, data, len, offset);
}

__attribute__((visibility("default"))) ssize_t
pwrite64(int fd, const void *data, size_t len, off_t offset)
{
    static const write_function next = find_from(RTLD_NEXT, "pwrite64");
    return write_and_note(next, fd, data, len, offset);
}
}
