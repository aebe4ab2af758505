// SPDX-License-Identifier: GPL-2.0-or-later
/* Shared by the files in this folder only: opening the folder of a database, and reading its tables
   block by block. */
#ifndef SIGNPOST_ENGINE_VERIFY_SUMS_PRIVATE_H
#define SIGNPOST_ENGINE_VERIFY_SUMS_PRIVATE_H

#include <signpost/sums.h>

#include <sys/stat.h>

/* The first bytes of a version file, and of a database in a single file. */
#define SP_GLASS_MAGIC "\x0f\x0dXapian Glass"

/* Bytes that are read at once. */
#define SP_PIECE ((size_t)1 << 20)

/* Opens the folder of a database, which the caller closes. Beneath an index directory, a link in
   its place is damage: the index must not lead elsewhere. SP_NOT_FOUND if it is missing. */
enum sp_status sp_database_open(int folder, const char *database, int *out,
                                sp_error *err) SP_MUST_CHECK;

struct sp_table_file {
    int fd; /* -1: the table does not exist */
    struct stat about;
    sp_str path; /* for messages */
};

/* Opens table number i in the open folder of a database. path: of the database, for messages. The
   table need not exist. SP_DAMAGED if it is not a regular file. */
enum sp_status sp_table_open(int database, const char *path, size_t i, struct sp_table_file *out,
                             sp_error *err) SP_MUST_CHECK;
void sp_table_close(struct sp_table_file *table);

/* Reads up to `size` bytes at `offset`, fewer only at the end of the file. *got: how many. */
enum sp_status sp_table_read(const struct sp_table_file *table, uint64_t offset, size_t size,
                             char *out, size_t *got, sp_error *err) SP_MUST_CHECK;

uint64_t sp_block_digest(sp_bytes block);

/* The revision that wrote the block; 0 if the block is too short. */
uint64_t sp_block_revision(sp_bytes block);

/* The number of blocks in a file of this size. */
size_t sp_block_count(uint64_t size);

#endif
