// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * xapian-c-written.h: which parts of an index's files a writer has written, for programs that keep
 * checksums of the files. The conventions are those of xapian-c.h.
 */
#ifndef XAPIAN_C_WRITTEN_H
#define XAPIAN_C_WRITTEN_H

#include "xapian-c.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A range of bytes of a table's file. */
typedef struct xc_written {
    uint64_t device, inode; /* of the file */
    uint64_t offset, length;
} xc_written;

/* Returns the number of ranges that have been written since the writer was opened with note_writes,
 * committed or not, and sets *ranges to them; they are borrowed until the next change. A range can
 * be listed more than once. *complete: false if a range is missing for lack of memory, or if
 * note_writes was not set. Writes are noted only in programs that are linked with the static
 * library: with the shared library, *complete is false. */
XC_API size_t xc_writer_written(const xc_writer *writer, const xc_written **ranges, bool *complete);

#ifdef __cplusplus
}
#endif

#endif
