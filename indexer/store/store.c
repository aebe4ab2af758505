// SPDX-License-Identifier: GPL-2.0-or-later
#include "store.h"

#include "engine/base/file.h"
#include "lock.h"

#include <signpost/schema.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define NEW_STUB SP_STUB_FILE ".new"

struct sp_store {
    sp_str directory;
    int fd;                   /* of the directory */
    int lock;                 /* of the lock file */
    unsigned long generation; /* the one that readers see; 0: none */
    sp_str workspace;         /* empty before sp_store_workspace */
};

static enum sp_status
fail_here(const sp_store *store, const char *what, sp_error *err)
{
    return sp_fail_errno(err, errno, store->directory.data, what);
}

void
sp_store_remove_tree(int folder, const char *name)
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
            sp_store_remove_tree(fd, entry->d_name);
    }
    closedir(entries);
    unlinkat(folder, name, AT_REMOVEDIR);
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

/* Digits of a generation's number; the next number, too, fits into 64 bits. */
#define DIGITS_MAX 18
#define STUB_BYTES_MAX 64

/* The number in "gN", 0 for another name. */
static unsigned long
generation_of(const char *name)
{
    char *end;
    if (name[0] != 'g' || name[1] < '1' || name[1] > '9' || strlen(name) > DIGITS_MAX + 1)
        return 0;
    unsigned long number = strtoul(name + 1, &end, 10);
    return *end == '\0' ? number : 0;
}

static bool
is_workspace(const char *name)
{
    return strncmp(name, "run.", 4) == 0;
}

static bool
is_ours(const char *name)
{
    return name[0] == '.' || generation_of(name) > 0 || is_workspace(name) ||
           strcmp(name, SP_LOCK_FILE) == 0 || strcmp(name, SP_STUB_FILE) == 0 ||
           strcmp(name, NEW_STUB) == 0 || strcmp(name, SP_MANIFEST) == 0 ||
           strcmp(name, SP_NEW_MANIFEST) == 0;
}

/* Checks that the directory contains only files of an index: a folder given to `-o` by mistake must
   not be changed. */
static enum sp_status
check_contents(const sp_store *store, sp_error *err)
{
    enum sp_status status = SP_OK;
    DIR *entries = opendir(store->directory.data);
    if (!entries)
        return fail_here(store, "cannot read the index directory", err);
    for (struct dirent *entry; status == SP_OK && (entry = readdir(entries));) {
        if (!is_ours(entry->d_name))
            status = sp_fail_at(err, SP_BAD_ARGUMENT, store->directory.data, 0, 0,
                                "not an index: it contains '%.200s'", entry->d_name);
    }
    closedir(entries);
    return status;
}

/* The generation in "auto gN" and a line end; 0 for any other text. */
static unsigned long
generation_in(sp_bytes content)
{
    char name[DIGITS_MAX + 2] = "";
    const sp_bytes start = SP_LITERAL("auto ");
    content = sp_bytes_ends_with(content, SP_LITERAL("\n"))
                  ? sp_bytes_slice(content, 0, content.len - 1)
                  : content;
    if (!sp_bytes_starts_with(content, start) || content.len >= start.len + sizeof name)
        return 0;
    memcpy(name, content.data + start.len, content.len - start.len);
    return strlen(name) == content.len - start.len ? generation_of(name) : 0;
}

static enum sp_status
read_generation(sp_store *store, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str content = {0};
    enum sp_file_result result =
        sp_file_read(store->fd, SP_STUB_FILE, O_NOFOLLOW, STUB_BYTES_MAX, &content);
    if (result == SP_FILE_NOT_OPENED && errno == ENOENT)
        return SP_OK;
    if ((result == SP_FILE_NOT_OPENED && errno != ELOOP) || result == SP_FILE_NOT_READ)
        return fail_here(store, "cannot read the index", err);
    if (result == SP_FILE_READ)
        store->generation = generation_in(sp_str_bytes(&content));
    if (content.failed)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    if (store->generation == 0)
        return sp_fail_at(err, SP_DAMAGED, store->directory.data, 0, 0,
                          "not an index that indexer made, or damaged: its " SP_STUB_FILE
                          " is not the line 'auto gN'");
    return SP_OK;
}

/* Removes what interrupted runs have left, but not the previous generation: readers may still use
   it, and open some of its files late. */
static void
remove_leftovers(sp_store *store)
{
    DIR *entries = opendir(store->directory.data);
    if (!entries)
        return;
    for (struct dirent *entry; (entry = readdir(entries));) {
        unsigned long number = generation_of(entry->d_name);
        bool old = number > 0 && number != store->generation && number + 1 != store->generation;
        if (old || is_workspace(entry->d_name) || strcmp(entry->d_name, NEW_STUB) == 0)
            sp_store_remove_tree(store->fd, entry->d_name);
    }
    closedir(entries);
}

enum sp_status
sp_store_open(const char *directory, sp_store **out, sp_error *err)
{
    sp_store *store = calloc(1, sizeof *store);
    if (!store)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    store->fd = store->lock = -1;
    sp_str_append_text(&store->directory, directory);
    enum sp_status status = sp_str_check(&store->directory, err);
    if (status == SP_OK)
        status = make_directory(store, err);
    if (status == SP_OK)
        status = check_contents(store, err);
    if (status == SP_OK)
        status = sp_lock_acquire(store->fd, directory, &store->lock, err);
    if (status == SP_OK)
        status = read_generation(store, err);
    if (status != SP_OK) {
        sp_store_close(store);
        return status;
    }
    remove_leftovers(store);
    *out = store;
    return SP_OK;
}

static void
remove_workspace(sp_store *store)
{
    if (store->workspace.len > 0)
        sp_store_remove_tree(store->fd, store->workspace.data + store->directory.len + 1);
    sp_str_restart(&store->workspace);
}

void
sp_store_close(sp_store *store)
{
    if (!store)
        return;
    remove_workspace(store);
    if (store->lock >= 0)
        close(store->lock);
    if (store->fd >= 0)
        close(store->fd);
    sp_str_done(&store->directory);
    sp_str_done(&store->workspace);
    free(store);
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
    if (fstat(store->fd, &ours) == 0 && stat(path, &there) == 0 && ours.st_dev == there.st_dev &&
        ours.st_ino == there.st_ino)
        return SP_OK;
    return sp_fail_at(err, SP_IO, path, 0, 0, "the index was removed or moved during the run");
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
    if (status == SP_OK && store.generation == 0)
        status = sp_fail_at(err, SP_NOT_FOUND, directory, 0, 0, "no index here");
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

enum sp_status
sp_store_workspace(sp_store *store, const char **out, sp_error *err)
{
    if (store->workspace.len == 0) {
        sp_str_append_format(&store->workspace, "%s/run.%ld", store->directory.data,
                             (long)getpid());
        if (store->workspace.failed)
            return sp_fail(err, SP_NO_MEMORY, "out of memory");
        if (mkdir(store->workspace.data, 0777) != 0) {
            sp_str_restart(&store->workspace);
            return fail_here(store, "cannot create a folder for the new index", err);
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
    int fd =
        openat(store->fd, NEW_STUB, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0)
        return fail_here(store, "cannot write " NEW_STUB, err);
    bool written = sp_file_write_all(fd, (sp_bytes){line, (size_t)len}) && fsync(fd) == 0;
    enum sp_status status = written ? SP_OK : fail_here(store, "cannot write " NEW_STUB, err);
    close(fd);
    return status;
}

/* Does those steps of publishing that can fail before readers see the new index. Xapian syncs the
   files that it writes; their names are synced here, with the directory. */
static enum sp_status
put_in_place(sp_store *store, const char *database, const char *name, unsigned long next,
             sp_error *err)
{
    sp_store_remove_tree(store->fd, name);
    if (renameat(AT_FDCWD, database, store->fd, name) != 0 || fsync(store->fd) != 0)
        return fail_here(store, "cannot put the new index in place", err);
    enum sp_status status = write_stub(store, next, err);
    if (status != SP_OK)
        return status;
    if (renameat(store->fd, NEW_STUB, store->fd, SP_STUB_FILE) != 0)
        return fail_here(store, "cannot publish the new index", err);
    return SP_OK;
}

enum sp_status
sp_store_publish(sp_store *store, const char *database, sp_error *err)
{
    char name[32];
    unsigned long next = store->generation + 1;
    snprintf(name, sizeof name, "g%lu", next);
    enum sp_status status = sp_store_check_place(store, err);
    if (status == SP_OK)
        status = put_in_place(store, database, name, next, err);
    if (status != SP_OK) { /* the disk may be full */
        sp_store_remove_tree(store->fd, name);
        sp_store_remove_tree(store->fd, NEW_STUB);
        return status;
    }
    store->generation = next;
    if (fsync(store->fd) != 0)
        return fail_here(store, "the new index is in place but may not survive a power cut", err);
    remove_workspace(store);
    remove_leftovers(store);
    return SP_OK;
}
