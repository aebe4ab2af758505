// SPDX-License-Identifier: GPL-2.0-or-later
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Room for reading when a file is longer than its stated size, which is 0 for files in /proc. */
#define ROOM_MIN 4096

static enum sp_file_result
read_to_end(int file, size_t expected, size_t max, sp_str *out)
{
    size_t start = out->len;
    size_t room = expected + 1; /* the extra byte makes the next read find the end of the file */
    while (sp_str_reserve(out, room)) {
        ssize_t got = read(file, out->data + out->len, room);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return SP_FILE_NOT_READ;
        out->len += (size_t)got;
        out->data[out->len] = '\0';
        if (out->len - start > max)
            return SP_FILE_TOO_LONG;
        if (got == 0)
            return SP_FILE_READ;
        room = room > (size_t)got ? room - (size_t)got : ROOM_MIN;
    }
    return SP_FILE_READ; /* memory is out, which `out` remembers */
}

enum sp_file_result
sp_file_read_open(int file, size_t max, sp_str *out, struct stat *about)
{
    struct stat own;
    about = about ? about : &own;
    if (fstat(file, about) != 0)
        return SP_FILE_NOT_READ;
    if (!S_ISREG(about->st_mode))
        return SP_FILE_NOT_REGULAR;
    if ((uint64_t)about->st_size > max)
        return SP_FILE_TOO_LONG;
    return read_to_end(file, (size_t)about->st_size, max, out);
}

void
sp_close(int file)
{
    int number = errno;
    close(file);
    errno = number;
}

enum sp_file_result
sp_file_read(int folder, const char *path, int flags, size_t max, sp_str *out)
{
    int file = openat(folder, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | flags);
    if (file < 0)
        return errno == ENXIO || ((flags & O_NOFOLLOW) && errno == ELOOP) ? SP_FILE_NOT_REGULAR
                                                                          : SP_FILE_NOT_OPENED;
    enum sp_file_result result = sp_file_read_open(file, max, out, NULL);
    sp_close(file);
    return result;
}

bool
sp_file_write_all(int file, sp_bytes content)
{
    while (content.len > 0) {
        ssize_t put = write(file, content.data, content.len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put == 0)
            errno = EIO; /* the system did not say why */
        if (put <= 0)
            return false;
        content = sp_bytes_slice(content, (size_t)put, content.len);
    }
    return true;
}
