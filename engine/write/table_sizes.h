// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The sizes of a database's tables before a change in place. A change that fails, for instance on a
 * full disk, can leave its blocks behind the old ones. libxapian would use them again, but only for
 * the same table, so the disk would stay full. For one thread, which holds the index's lock.
 */
#ifndef SIGNPOST_ENGINE_WRITE_TABLE_SIZES_H
#define SIGNPOST_ENGINE_WRITE_TABLE_SIZES_H

#include <signpost/text.h>

#include <sys/stat.h>

#define SP_TABLES_MAX 8

typedef struct sp_table_sizes {
    struct stat commit; /* of the file that a commit replaces */
    char names[SP_TABLES_MAX][32];
    off_t sizes[SP_TABLES_MAX];
    size_t count; /* 0: nothing is known, so nothing will be cut */
} sp_table_sizes;

/* Notes the sizes of the tables and the commit. If the database cannot be read, notes nothing. */
void sp_table_sizes_note(const char *database, sp_table_sizes *sizes);

/* Cuts tables that have grown back to their sizes, unless a commit has been made since. The caller
   has the database open for writing, without pending changes, so that no other program changes it.
   Readers may stay open: none of them uses blocks that were not committed. */
void sp_table_sizes_restore(const char *database, const sp_table_sizes *sizes);

#endif
