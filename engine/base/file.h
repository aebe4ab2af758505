// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whole files: reading one into memory, writing one out. A call that a signal interrupts is
 * repeated. Callers write the error messages. For any thread.
 */
#ifndef SIGNPOST_ENGINE_BASE_FILE_H
#define SIGNPOST_ENGINE_BASE_FILE_H

#include <signpost/text.h>

#include <sys/stat.h>

enum sp_file_result {
    SP_FILE_READ,
    SP_FILE_NOT_OPENED,  /* errno says why */
    SP_FILE_NOT_READ,    /* errno says why */
    SP_FILE_NOT_REGULAR, /* a folder, a pipe, a socket, a device; a link, with O_NOFOLLOW */
    SP_FILE_TOO_LONG     /* more than the limit */
};

/* Appends the content of a regular file to out. `path` is relative to `folder`, an open folder or
   AT_FDCWD; `flags` (0 or O_NOFOLLOW) are passed to openat. The call never waits for the writer of
   a pipe. If memory is out, `out` remembers it. After a failure `out` can hold part of the file. */
enum sp_file_result sp_file_read(int folder, const char *path, int flags, size_t max, sp_str *out);

/* Like sp_file_read, of an open file, which stays open. *about (which may be NULL) is set to the
   result of fstat, unless the result is SP_FILE_NOT_READ. */
enum sp_file_result sp_file_read_open(int file, size_t max, sp_str *out, struct stat *about);

/* Closes a file and keeps errno. */
void sp_close(int file);

/* Writes all of content at the file's offset. Returns false, with errno set, when the system
   refuses to write. */
bool sp_file_write_all(int file, sp_bytes content);

#endif
