// SPDX-License-Identifier: GPL-2.0-or-later
#define _XOPEN_SOURCE 700 /* realpath */
#include "replace.h"

#include "engine/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Writes the content, and closes the file in any case. */
static enum sp_status
fill(int file, const char *path, sp_bytes content, sp_error *err)
{
    bool written = sp_file_write_all(file, content);
    int number = errno;
    if (close(file) != 0 && written) {
        number = errno;
        written = false;
    }
    return written ? SP_OK : sp_fail_errno(err, number, path, "cannot be written");
}

static enum sp_status
write_directly(const char *path, sp_bytes content, sp_error *err)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOCTTY | O_CLOEXEC, 0666);
    if (file < 0)
        return sp_fail_errno(err, errno, path, "cannot be written");
    return fill(file, path, content, err);
}

static enum sp_status
write_and_rename(int file, const char *new_path, const char *path, sp_bytes content, sp_error *err)
{
    enum sp_status status = fill(file, new_path, content, err);
    if (status == SP_OK && rename(new_path, path) != 0)
        status = sp_fail_errno(err, errno, path, "cannot be replaced");
    if (status != SP_OK)
        unlink(new_path);
    return status;
}

static enum sp_status
replace(const char *path, sp_bytes content, sp_error *err)
{
    struct stat about;
    bool exists = stat(path, &about) == 0;
    SP_AUTO(sp_str_done) sp_str new_path = {0};
    sp_str_append_format(&new_path, "%s.new", path);
    if (sp_str_check(&new_path, err) != SP_OK)
        return SP_NO_MEMORY;
    if (exists && !S_ISREG(about.st_mode))
        return write_directly(path, content, err);
    int file = open(new_path.data,
                    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666);
    if (file < 0 || (exists && fchmod(file, about.st_mode & 07777) != 0)) {
        if (file >= 0)
            close(file);
        return write_directly(path, content, err);
    }
    return write_and_rename(file, new_path.data, path, content, err);
}

enum sp_status
sp_replace_file(const char *path, sp_bytes content, sp_error *err)
{
    char *real = realpath(path, NULL);
    enum sp_status status = replace(real ? real : path, content, err);
    free(real);
    return status;
}
