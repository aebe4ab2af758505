// SPDX-License-Identifier: GPL-2.0-or-later
#include "table_sizes.h"

#include <signpost/index_directory.h>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#define TABLE_SUFFIX SP_LITERAL(".glass")

static void
note_table(int folder, const char *name, sp_table_sizes *sizes)
{
    struct stat about;
    size_t len = strlen(name);
    if (!sp_bytes_ends_with(sp_bytes_of(name), TABLE_SUFFIX) || len >= sizeof *sizes->names ||
        sizes->count == SP_TABLES_MAX || fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) != 0)
        return;
    memcpy(sizes->names[sizes->count], name, len + 1);
    sizes->sizes[sizes->count++] = about.st_size;
}

void
sp_table_sizes_note(const char *database, sp_table_sizes *sizes)
{
    sizes->count = 0;
    DIR *entries = opendir(database);
    if (!entries)
        return;
    if (fstatat(dirfd(entries), SP_VERSION_FILE, &sizes->commit, AT_SYMLINK_NOFOLLOW) == 0) {
        for (struct dirent *entry; (entry = readdir(entries));)
            note_table(dirfd(entries), entry->d_name, sizes);
    }
    closedir(entries);
}

static bool
is_same_commit(int folder, const struct stat *before)
{
    struct stat now;
    return fstatat(folder, SP_VERSION_FILE, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
           now.st_dev == before->st_dev && now.st_ino == before->st_ino &&
           now.st_mtim.tv_sec == before->st_mtim.tv_sec &&
           now.st_mtim.tv_nsec == before->st_mtim.tv_nsec;
}

static void
cut(int folder, const char *name, off_t size)
{
    struct stat about;
    int file = openat(folder, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return;
    /* If it fails, the table keeps its size, and the index is as good as before. */
    if (fstat(file, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > size)
        (void)!ftruncate(file, size);
    close(file);
}

void
sp_table_sizes_restore(const char *database, const sp_table_sizes *sizes)
{
    int folder =
        sizes->count > 0 ? open(database, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
    if (folder < 0)
        return;
    for (size_t i = 0; i < sizes->count && is_same_commit(folder, &sizes->commit); i++)
        cut(folder, sizes->names[i], sizes->sizes[i]);
    close(folder);
}
