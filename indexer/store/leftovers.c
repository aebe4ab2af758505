// SPDX-License-Identifier: GPL-2.0-or-later
#include "leftovers.h"

#include "lock.h"

#include "engine/base/file.h"

#include <signpost/ascii.h>
#include <signpost/index_directory.h>
#include <signpost/schema.h>
#include <signpost/sums.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xapian-c.h>

void
sp_remove_tree(int folder, const char *name)
{
    if (unlinkat(folder, name, 0) == 0 || (errno != EISDIR && errno != EPERM))
        return;
    int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *entries = fd >= 0 ? fdopendir(fd) : NULL;
    if (!entries) {
        if (fd >= 0)
            close(fd);
        return;
    }
    for (struct dirent *entry; (entry = readdir(entries));) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            sp_remove_tree(fd, entry->d_name);
    }
    closedir(entries);
    unlinkat(folder, name, AT_REMOVEDIR);
}

/* Entries of the directory */

struct entry_context {
    int folder;
    const char *directory;
    unsigned long current, previous;
};

/* Calls `visit` for each entry until it returns false. Returns false if the directory cannot be
   read. */
static bool
each_entry(struct entry_context *context,
           bool (*visit)(struct entry_context *context, const char *name))
{
    int fd = openat(context->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = fd >= 0 ? fdopendir(fd) : NULL;
    if (!entries) {
        if (fd >= 0)
            sp_close(fd);
        return false;
    }
    bool more = true;
    for (struct dirent *entry; more && (entry = readdir(entries));) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            more = visit(context, entry->d_name);
    }
    closedir(entries);
    return true;
}

/* A directory without an index */

/* What the lock file says about the directory. */
enum trace { NO_TRACE, EMPTY_LOCK, MARKED_LOCK };

static enum trace
read_trace(int folder)
{
    static const char mark[] = SP_LOCK_MARK;
    char begin[sizeof mark] = "";
    struct stat about;
    int fd =
        openat(folder, SP_LOCK_FILE, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return NO_TRACE;
    bool regular = fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
    ssize_t got = regular ? read(fd, begin, sizeof mark - 1) : -1;
    close(fd);
    if (got == 0)
        return EMPTY_LOCK; /* the run was killed before it wrote the mark */
    return got > 0 && strcmp(begin, mark) == 0 ? MARKED_LOCK : NO_TRACE;
}

bool
sp_directory_is_ours(int folder)
{
    return read_trace(folder) == MARKED_LOCK;
}

struct foreign_context {
    struct entry_context entries;
    enum trace trace;
    char name[256]; /* of a file that is not ours; empty: none was found */
};

static bool
find_foreign(struct entry_context *context, const char *name)
{
    struct foreign_context *foreign = (struct foreign_context *)context;
    if (foreign->trace == EMPTY_LOCK && strcmp(name, SP_LOCK_FILE) == 0)
        return true;
    snprintf(foreign->name, sizeof foreign->name, "%s", name);
    return false;
}

enum sp_status
sp_check_is_empty(int folder, const char *directory, sp_error *err)
{
    struct foreign_context foreign = {.entries = {.folder = folder}, .trace = read_trace(folder)};
    if (foreign.trace == MARKED_LOCK)
        return SP_OK;
    if (!each_entry(&foreign.entries, find_foreign))
        return sp_fail_errno(err, errno, directory, "cannot read the index directory");
    if (foreign.name[0] == '\0')
        return SP_OK;
    return sp_fail_at(err, SP_BAD_ARGUMENT, directory, 0, 0, "not an index: it contains '%.200s'",
                      foreign.name);
}

/* Generations */

struct generation_names {
    char database[SP_DATABASE_NAME_MAX], sums[SP_DATABASE_NAME_MAX + sizeof SP_SUMS_SUFFIX];
};

static struct generation_names
names_of(unsigned long number)
{
    struct generation_names names;
    sp_generation_name(number, names.database);
    snprintf(names.sums, sizeof names.sums, "%s" SP_SUMS_SUFFIX, names.database);
    return names;
}

static bool
exists(int folder, const char *name)
{
    struct stat about;
    return fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool
is_folder(int folder, const char *name)
{
    struct stat about;
    return fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(about.st_mode);
}

/* Whether the metadata of a database shows that indexer made it. Earlier versions wrote no sums
   files. */
static bool
has_our_schema(const char *directory, const char *database)
{
    SP_AUTO(sp_str_done) sp_str path = {0};
    xc_reader *reader = NULL;
    xc_bytes schema = {0};
    sp_str_append_format(&path, "%s/%s", directory, database);
    bool ours = !path.failed && xc_reader_open(path.data, &reader, NULL) == XC_OK &&
                xc_reader_metadata(reader, XC_BYTES(SP_META_SCHEMA), &schema, NULL) == XC_OK &&
                schema.len > 0;
    xc_reader_close(reader);
    return ours;
}

/* Whether a generation is ours, by its sums file, or, if it is one of the two before `current`, by
   its metadata: a later one without a sums file is a copy that somebody made. */
static bool
is_ours(int folder, const char *directory, unsigned long number, unsigned long current)
{
    struct generation_names names = names_of(number);
    bool recent = number < current && number + 2 >= current;
    return is_folder(folder, names.database) &&
           (sp_sums_name(folder, names.database) ||
            (recent && !exists(folder, names.sums) && has_our_schema(directory, names.database)));
}

bool
sp_generation_is_free(int folder, unsigned long number)
{
    struct generation_names names = names_of(number);
    bool taken = exists(folder, names.database) || exists(folder, names.sums);
    return !taken || sp_sums_name(folder, names.database);
}

/* The sums file goes last, because it says that the rest is ours. */
void
sp_generation_remove(int folder, const char *directory, unsigned long number, unsigned long current)
{
    struct generation_names names = names_of(number);
    if (is_ours(folder, directory, number, current))
        sp_remove_tree(folder, names.database);
    if (exists(folder, names.database))
        return;
    sp_sums_remove_new(folder, names.database);
    if (sp_sums_name(folder, names.database))
        unlinkat(folder, names.sums, 0);
}

static bool
find_previous(struct entry_context *context, const char *name)
{
    unsigned long number = sp_generation_number(name);
    if (number > context->previous && number < context->current &&
        is_ours(context->folder, context->directory, number, context->current))
        context->previous = number;
    return true;
}

/* The number of the generation to which a database or sums file belongs; 0 for other names. */
static unsigned long
number_of(const char *name)
{
    char database[SP_DATABASE_NAME_MAX];
    size_t len = strcspn(name, ".");
    bool known = name[len] == '\0' || strcmp(name + len, SP_SUMS_SUFFIX) == 0 ||
                 strcmp(name + len, SP_SUMS_SUFFIX SP_SUMS_NEW) == 0;
    if (len >= sizeof database || !known)
        return 0;
    memcpy(database, name, len);
    database[len] = '\0';
    return sp_generation_number(database);
}

static bool
remove_if_old(struct entry_context *context, const char *name)
{
    unsigned long number = number_of(name);
    if (number > 0 && number != context->current && number != context->previous)
        sp_generation_remove(context->folder, context->directory, number, context->current);
    return true;
}

static bool
find_newest(struct entry_context *context, const char *name)
{
    unsigned long number = number_of(name);
    if (number > context->current && sp_sums_name(context->folder, names_of(number).database))
        context->current = number;
    return true;
}

unsigned long
sp_generation_newest(int folder)
{
    struct entry_context context = {.folder = folder};
    each_entry(&context, find_newest);
    return context.current;
}

/* The folders of runs */

static bool
is_run_folder(const char *name)
{
    static const char begin[] = SP_RUN_FOLDER;
    size_t len = sizeof begin - 1;
    if (strncmp(name, begin, len) != 0 || strlen(name) != len + SP_RUN_FOLDER_LETTERS)
        return false;
    for (const char *next = name + len; *next; next++) {
        if (!sp_ascii_is_lower(*next))
            return false;
    }
    return true;
}

struct listed_context {
    int folder;
    bool remain; /* a folder could not be removed */
};

static void
remove_listed(void *context, const char *name)
{
    struct listed_context *listed = context;
    if (!is_run_folder(name) || !is_folder(listed->folder, name))
        return;
    sp_remove_tree(listed->folder, name);
    listed->remain |= is_folder(listed->folder, name);
}

void
sp_run_folders_remove(int folder, int lock)
{
    struct listed_context listed = {.folder = folder};
    if (sp_lock_each_folder(lock, remove_listed, &listed) && !listed.remain)
        sp_lock_clear(lock);
}

void
sp_leftovers_remove(int folder, const char *directory, int lock, unsigned long current)
{
    struct entry_context context = {.folder = folder, .directory = directory, .current = current};
    struct generation_names names = names_of(current);
    each_entry(&context, find_previous);
    each_entry(&context, remove_if_old);
    sp_run_folders_remove(folder, lock);
    unlinkat(folder, SP_NEW_STUB_FILE, 0);
    sp_sums_remove_new(folder, names.database);
}
