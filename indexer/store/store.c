// SPDX-License-Identifier: GPL-2.0-or-later
#include "store.h"

#include "engine/base/file.h"
#include "leftovers.h"
#include "lock.h"

#include <signpost/index_directory.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Attempts to make a folder whose name is new. */
#define ATTEMPTS 100

struct sp_store {
    sp_str directory;
    int fd;       /* of the directory */
    int lock;     /* of the lock file */
    bool rebuild; /* a damaged index is treated as missing */
    const atomic_bool *cancel;
    unsigned long generation; /* the one that readers see; 0: none */
    unsigned long newest;     /* the same, or if the stub file is damaged: the highest number */
    sp_str workspace;         /* empty before sp_store_workspace */
    sp_sums sums;             /* of this generation */
    bool has_sums, changing;
};

static enum sp_status
fail_here(const sp_store *store, const char *what, sp_error *err)
{
    return sp_fail_errno(err, errno, store->directory.data, what);
}

/* Returns the status. Puts the index directory before the path of the error, which is relative. */
static enum sp_status
name_place(const sp_store *store, enum sp_status status, sp_error *err)
{
    if (status != SP_OK && err && err->path[0] != '\0') {
        sp_error cause = *err;
        SP_AUTO(sp_str_done) sp_str path = {0};
        sp_str_append_format(&path, "%s/%s", store->directory.data, cause.path);
        sp_fail_at(err, status, path.failed ? cause.path : path.data, 0, 0, "%s", cause.text);
    }
    return status;
}

/* Syncs the folder that contains a path, so that the name survives a power cut. */
static int
sync_parent(const char *path)
{
    const char *slash = strrchr(path, '/');
    SP_AUTO(sp_str_done) sp_str parent = {0};
    sp_str_append(&parent, slash ? (sp_bytes){path, (size_t)(slash - path)} : SP_LITERAL("."));
    sp_str_append_text(&parent, slash == path ? "/" : "");
    int fd = parent.failed ? -1 : open(parent.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    int synced = fsync(fd);
    close(fd);
    return synced;
}

static int
make_folder(const char *path)
{
    if (mkdir(path, 0777) == 0)
        return sync_parent(path);
    return errno == EEXIST || errno == EISDIR || errno == EROFS ? 0 : -1;
}

/* Like `mkdir -p`: makes every folder of the path that does not exist. */
static int
make_path(char *path)
{
    for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        int made = make_folder(path);
        *slash = '/';
        if (made != 0)
            return made;
    }
    return make_folder(path);
}

static enum sp_status
make_directory(sp_store *store, sp_error *err)
{
    const char *path = store->directory.data;
    if (path[0] == '\0')
        return sp_fail(err, SP_BAD_ARGUMENT, "the index directory has no name");
    if (make_path(store->directory.data) != 0)
        return fail_here(store, "cannot create the index directory", err);
    store->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (store->fd < 0)
        return fail_here(store, "cannot open the index directory", err);
    return SP_OK;
}

/* Reads which generation readers see. Checks that its folder is not a link, which would lead out of
   the index. */
static enum sp_status
read_generation(sp_store *store, sp_error *err)
{
    char name[SP_DATABASE_NAME_MAX];
    struct stat about;
    const char *path = store->directory.data;
    store->generation = store->newest = 0;
    enum sp_status status = sp_stub_read(store->fd, path, name, err);
    if (status != SP_OK)
        return status;
    store->generation = store->newest = sp_generation_number(name);
    if (store->generation == 0)
        return sp_fail_at(err, SP_DAMAGED, path, 0, 0,
                          "not an index that indexer made: its " SP_STUB_FILE " names '%s'", name);
    if (fstatat(store->fd, name, &about, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISDIR(about.st_mode))
        return sp_fail_at(err, SP_DAMAGED, path, 0, 0,
                          "damaged, or not an index that indexer made: '%s' is not a folder", name);
    return SP_OK;
}

/* Whether a folder is in place of the stub file. A file cannot be renamed over a folder. */
static bool
is_stub_folder(const sp_store *store)
{
    struct stat about;
    return fstatat(store->fd, SP_STUB_FILE, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISDIR(about.st_mode);
}

/* A directory given by mistake must not be changed: it has an index, or it is empty. */
static enum sp_status
check_ownership(sp_store *store, sp_error *err)
{
    enum sp_status status = read_generation(store, err);
    if (status == SP_NOT_FOUND)
        return sp_check_is_empty(store->fd, store->directory.data, err);
    if (status != SP_DAMAGED || store->generation > 0 || !sp_directory_is_ours(store->fd))
        return status;
    if (is_stub_folder(store))
        return sp_fail_at(err, status, store->directory.data, 0, 0,
                          "the index is damaged: its " SP_STUB_FILE
                          " is a folder; after that is removed, the next run rebuilds the index");
    return store->rebuild ? SP_OK
                          : sp_fail_at(err, status, store->directory.data, 0, 0,
                                       "the index is damaged (its " SP_STUB_FILE
                                       " names no generation); --full rebuilds it");
}

/* The index was checked before the lock was taken; another run may have published since. */
static enum sp_status
lock_index(sp_store *store, sp_error *err)
{
    enum sp_status status = sp_lock_acquire(store->fd, store->directory.data, &store->lock, err);
    if (status == SP_OK)
        status = read_generation(store, err);
    if (status == SP_DAMAGED && store->generation == 0 && store->rebuild) {
        store->newest = sp_generation_newest(store->fd);
        return SP_OK;
    }
    return status == SP_NOT_FOUND ? SP_OK : status;
}

enum sp_status
sp_store_open(const char *directory, bool rebuild, const atomic_bool *cancel, sp_store **out,
              sp_error *err)
{
    sp_store *store = calloc(1, sizeof *store);
    if (!store)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    store->fd = store->lock = -1;
    store->rebuild = rebuild;
    store->cancel = cancel;
    sp_str_append_text(&store->directory, directory);
    enum sp_status status = sp_str_check(&store->directory, err);
    if (status == SP_OK)
        status = make_directory(store, err);
    if (status == SP_OK)
        status = check_ownership(store, err);
    if (status == SP_OK)
        status = lock_index(store, err);
    if (status != SP_OK) {
        sp_store_close(store);
        return status;
    }
    sp_leftovers_remove(store->fd, store->directory.data, store->lock, store->newest);
    *out = store;
    return SP_OK;
}

void
sp_store_remove_workspace(sp_store *store)
{
    if (store->workspace.len == 0)
        return;
    sp_run_folders_remove(store->fd, store->lock);
    sp_str_restart(&store->workspace);
}

void
sp_store_close(sp_store *store)
{
    if (!store)
        return;
    sp_store_remove_workspace(store);
    if (store->lock >= 0)
        close(store->lock);
    if (store->fd >= 0)
        close(store->fd);
    sp_str_done(&store->directory);
    sp_str_done(&store->workspace);
    sp_sums_done(&store->sums);
    free(store);
}

/* The checksums of the current generation */

/* Makes checksums of the database from the old ones, and writes them. For `old` and `written` see
   sp_sums_renew. */
static enum sp_status
renew(sp_store *store, const char *name, const sp_sums *old, const sp_written_list *written,
      sp_bytes revision, sp_error *err)
{
    sp_sums sums;
    enum sp_status status = sp_sums_renew(old, store->fd, name, written, store->cancel, &sums, err);
    if (status != SP_OK)
        return name_place(store, status, err);
    sums.revision = sp_arena_copy(&sums.arena, revision);
    sp_sums_done(&store->sums);
    store->sums = sums;
    return name_place(store, sp_sums_write(&sums, store->fd, name, err), err);
}

static enum sp_status
bring_up_to_date(sp_store *store, const char *name, sp_bytes revision, sp_error *err)
{
    const sp_written_list unknown = {.complete = false};
    sp_glass_version version;
    sp_sums *sums = &store->sums;
    enum sp_status status = sp_glass_version_read(store->fd, name, &version, err);
    if (status != SP_OK)
        return name_place(store, status, err);
    bool equal = sp_glass_version_equal(&version, &sums->version);
    bool complete = equal && sums->state != SP_SUMS_CHANGING;
    if (complete && sums->state == SP_SUMS_SETTLED && sp_bytes_equal(sums->revision, revision))
        return SP_OK;
    if (complete) {
        sums->state = SP_SUMS_SETTLED;
        sums->revision = sp_arena_copy(&sums->arena, revision);
        return name_place(store, sp_sums_write(sums, store->fd, name, err), err);
    }
    if (equal || sp_sums_precede(sums, &version))
        return renew(store, name, sums, &unknown, revision, err);
    return sp_fail_at(err, SP_DAMAGED, store->directory.data, 0, 0,
                      "the index is damaged (%s" SP_SUMS_SUFFIX
                      " describes another database); --full rebuilds it",
                      name);
}

enum sp_status
sp_store_settle(sp_store *store, sp_bytes revision, sp_error *err)
{
    char name[SP_DATABASE_NAME_MAX];
    const sp_written_list unknown = {.complete = false};
    sp_generation_name(store->generation, name);
    enum sp_status status = sp_sums_read(store->fd, name, &store->sums, err);
    if (status == SP_NOT_FOUND)
        status = renew(store, name, NULL, &unknown, revision, err);
    else if (status == SP_DAMAGED)
        return sp_fail_at(err, status, store->directory.data, 0, 0,
                          "the index is damaged (%s" SP_SUMS_SUFFIX "); --full rebuilds it", name);
    else if (status == SP_OK)
        status = bring_up_to_date(store, name, revision, err);
    store->has_sums = status == SP_OK;
    return status;
}

enum sp_status
sp_store_begin_change(sp_store *store, sp_error *err)
{
    char name[SP_DATABASE_NAME_MAX];
    sp_generation_name(store->generation, name);
    if (store->changing || !store->has_sums)
        return SP_OK;
    if (!sp_lock_close_to_others(store->fd, name))
        return fail_here(store, "cannot lock the index", err);
    enum sp_status status =
        name_place(store, sp_sums_mark(store->fd, name, SP_SUMS_CHANGING, true, err), err);
    store->changing = status == SP_OK;
    return status;
}

enum sp_status
sp_store_end_change(sp_store *store, const sp_written_list *written, sp_bytes revision,
                    sp_error *err)
{
    char name[SP_DATABASE_NAME_MAX];
    sp_generation_name(store->generation, name);
    if (!store->changing)
        return SP_OK;
    store->changing = false;
    if (written->complete && written->count == 0)
        return name_place(store, sp_sums_mark(store->fd, name, SP_SUMS_SETTLED, false, err), err);
    return renew(store, name, &store->sums, written, revision, err);
}

bool
sp_store_has_index(const sp_store *store)
{
    return store->generation > 0;
}

int
sp_store_folder(const sp_store *store)
{
    return store->fd;
}

void
sp_store_commit_manifest(sp_store *store)
{
    (void)renameat(store->fd, SP_NEW_MANIFEST, store->fd, SP_MANIFEST);
}

void
sp_store_drop_new_manifest(sp_store *store)
{
    (void)unlinkat(store->fd, SP_NEW_MANIFEST, 0);
}

enum sp_status
sp_store_check_place(const sp_store *store, sp_error *err)
{
    struct stat ours, there;
    const char *path = store->directory.data;
    if (fstat(store->fd, &ours) != 0 || stat(path, &there) != 0 || ours.st_dev != there.st_dev ||
        ours.st_ino != there.st_ino)
        return sp_fail_at(err, SP_IO, path, 0, 0, "the index was removed or moved during the run");
    if (!sp_lock_is_in_place(store->fd, store->lock))
        return sp_fail_at(err, SP_IO, path, 0, 0,
                          "the file '" SP_LOCK_FILE "' was removed during the run");
    return SP_OK;
}

void
sp_store_database(const sp_store *store, sp_str *out)
{
    sp_str_append_format(out, "%s/g%lu", store->directory.data, store->generation);
}

enum sp_status
sp_store_find_database(const char *directory, sp_str *out, sp_error *err)
{
    sp_store store = {.lock = -1};
    sp_str_append_text(&store.directory, directory);
    enum sp_status status = sp_str_check(&store.directory, err);
    store.fd = status == SP_OK ? open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (status == SP_OK && store.fd < 0)
        status = fail_here(&store, "cannot open the index directory", err);
    if (status == SP_OK)
        status = read_generation(&store, err);
    if (status == SP_OK)
        sp_store_database(&store, out);
    if (store.fd >= 0)
        close(store.fd);
    sp_str_done(&store.directory);
    return status == SP_OK ? sp_str_check(out, err) : status;
}

uint64_t
sp_store_size(const char *database)
{
    uint64_t size = 0;
    DIR *entries = opendir(database);
    if (!entries)
        return 0;
    for (struct dirent *entry; (entry = readdir(entries));) {
        struct stat about;
        if (fstatat(dirfd(entries), entry->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(about.st_mode))
            size += (uint64_t)about.st_size;
    }
    closedir(entries);
    return size;
}

/* Chooses a name that does not exist. Uses the clock, because a name that is taken only costs
   another attempt. */
static void
name_run_folder(char *out, unsigned attempt)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t number = (uint64_t)now.tv_nsec * 2654435761u + (uint64_t)getpid() * 97 + attempt;
    memcpy(out, SP_RUN_FOLDER, sizeof SP_RUN_FOLDER - 1);
    out += sizeof SP_RUN_FOLDER - 1;
    for (size_t i = 0; i < SP_RUN_FOLDER_LETTERS; i++, number /= 26)
        *out++ = (char)('a' + number % 26);
    *out = '\0';
}

/* Lists each name in the lock file before the folder is made, so that the next run can remove the
   folder even if this run is killed. Other users cannot enter the folder: while libxapian writes
   the new index, they could open its lock. */
static bool
make_run_folder(sp_store *store, char *name)
{
    for (unsigned attempt = 0; attempt < ATTEMPTS; attempt++) {
        name_run_folder(name, attempt);
        if (faccessat(store->fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
            continue;
        if (!sp_lock_list_folder(store->lock, name))
            return false;
        if (mkdirat(store->fd, name, 0700) == 0)
            return true;
        if (errno != EEXIST)
            return false;
        sp_lock_clear(store->lock);
    }
    return false;
}

enum sp_status
sp_store_workspace(sp_store *store, const char **out, sp_error *err)
{
    if (store->workspace.len == 0) {
        char name[sizeof SP_RUN_FOLDER + SP_RUN_FOLDER_LETTERS];
        if (!make_run_folder(store, name))
            return fail_here(store, "cannot create a folder for the new index", err);
        sp_str_append_format(&store->workspace, "%s/%s", store->directory.data, name);
        if (store->workspace.failed) {
            sp_remove_tree(store->fd, name);
            sp_str_restart(&store->workspace);
            return sp_fail(err, SP_NO_MEMORY, "out of memory");
        }
    }
    *out = store->workspace.data;
    return SP_OK;
}

/* Writes the new stub file and syncs it. */
static enum sp_status
write_stub(sp_store *store, unsigned long generation, sp_error *err)
{
    char line[64];
    int len = snprintf(line, sizeof line, "auto g%lu\n", generation);
    int fd = openat(store->fd, SP_NEW_STUB_FILE,
                    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
    if (fd < 0)
        return fail_here(store, "cannot write " SP_NEW_STUB_FILE, err);
    bool written = sp_file_write_all(fd, (sp_bytes){line, (size_t)len}) && fsync(fd) == 0;
    enum sp_status status =
        written ? SP_OK : fail_here(store, "cannot write " SP_NEW_STUB_FILE, err);
    close(fd);
    return status;
}

/* Does those steps of publishing that can fail before readers see the new index. Xapian syncs the
   files that it writes; their names are synced here, with the directory. The checksums are there
   before the database, because they say that it is ours. */
static enum sp_status
put_in_place(sp_store *store, const char *database, const sp_sums *sums, unsigned long next,
             sp_error *err)
{
    char name[SP_DATABASE_NAME_MAX];
    sp_generation_name(next, name);
    sp_generation_remove(store->fd, store->directory.data, next, 0);
    enum sp_status status = name_place(store, sp_sums_write(sums, store->fd, name, err), err);
    if (status != SP_OK)
        return status;
    if (!sp_lock_close_to_others(AT_FDCWD, database) ||
        renameat(AT_FDCWD, database, store->fd, name) != 0 || fsync(store->fd) != 0)
        return fail_here(store, "cannot put the new index in place", err);
    status = write_stub(store, next, err);
    if (status != SP_OK)
        return status;
    if (renameat(store->fd, SP_NEW_STUB_FILE, store->fd, SP_STUB_FILE) != 0)
        return fail_here(store, "cannot publish the new index", err);
    return SP_OK;
}

/* Makes the checksums of a new database. If it is a changed copy of the current one, blocks that
   were only copied keep their digests, so that damage that was copied stays detectable. */
static enum sp_status
digest(sp_store *store, const struct sp_new_database *database, sp_sums *out, sp_error *err)
{
    bool copied = database->written && store->has_sums;
    enum sp_status status = copied
                                ? sp_sums_renew(&store->sums, AT_FDCWD, database->path,
                                                database->written, store->cancel, out, err)
                                : sp_sums_make(AT_FDCWD, database->path, store->cancel, out, err);
    if (status == SP_OK) {
        out->state = SP_SUMS_PREPARED;
        out->revision = database->revision;
    }
    return status;
}

static enum sp_status
publish(sp_store *store, const struct sp_new_database *database, sp_sums *sums, sp_error *err)
{
    const char *directory = store->directory.data;
    unsigned long next = store->newest + 1;
    enum sp_status status = sp_store_check_place(store, err);
    if (status != SP_OK)
        return status;
    while (!sp_generation_is_free(store->fd, next))
        next++;
    status = put_in_place(store, database->path, sums, next, err);
    if (status != SP_OK) { /* the disk may be full */
        sp_generation_remove(store->fd, directory, next, 0);
        unlinkat(store->fd, SP_NEW_STUB_FILE, 0);
        return status;
    }
    store->generation = store->newest = next;
    if (fsync(store->fd) != 0)
        return fail_here(store, "the new index is in place but may not survive a power cut", err);
    return SP_OK;
}

enum sp_status
sp_store_publish(sp_store *store, const struct sp_new_database *database, sp_error *err)
{
    sp_sums sums = {0};
    char name[SP_DATABASE_NAME_MAX];
    enum sp_status status = digest(store, database, &sums, err);
    if (status == SP_OK)
        status = publish(store, database, &sums, err);
    sp_sums_done(&sums);
    if (status != SP_OK)
        return status;
    sp_generation_name(store->generation, name);
    (void)!sp_sums_mark(store->fd, name, SP_SUMS_SETTLED, false, NULL);
    sp_store_remove_workspace(store);
    sp_leftovers_remove(store->fd, store->directory.data, store->lock, store->generation);
    return SP_OK;
}
