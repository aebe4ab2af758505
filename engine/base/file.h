// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whole files: reading one into memory, writing one out. Calls that a signal interrupts are
 * repeated. Messages are the caller's. For any thread.
 */
#ifndef SIGNPOST_ENGINE_BASE_FILE_H
#define SIGNPOST_ENGINE_BASE_FILE_H

#include <signpost/text.h>

enum sp_file_result {
    SP_FILE_READ,
    SP_FILE_NOT_OPENED,  /* errno says why */
    SP_FILE_NOT_READ,    /* errno says why */
    SP_FILE_NOT_REGULAR, /* a folder, a pipe, a device */
    SP_FILE_TOO_LONG     /* more than the limit */
};

/* Appends the content of a regular file to out. `path` is relative to the open folder, or AT_FDCWD;
   `flags` (0 or O_NOFOLLOW) are added to those of openat. A pipe's name does not make the call wait
   for a writer. Running out of memory is remembered by out. After a failure, out may hold a part. */
enum sp_file_result sp_file_read(int folder, const char *path, int flags, size_t max, sp_str *out);

/* Writes all of content at the file's offset. False and errno when the system refuses. */
bool sp_file_write_all(int file, sp_bytes content);

#endif
