// SPDX-License-Identifier: GPL-2.0-or-later
/* The index directory: lock, generations, leftovers, and folders that are refused. */

#include "folder.h"

#include "indexer/store/copy.h"
#include "indexer/store/store.h"

#include <signpost/index_directory.h>

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char directory[FOLDER_MAX], path[256];

int __real_renameat(int from, const char *old, int to, const char *new);
int __wrap_renameat(int from, const char *old, int to, const char *new);

static const char *
in_store(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

static bool replace_lock; /* another run does, before the next F_GETLK */
static bool rename_fails;

int __real_fcntl(int file, int command, void *argument);
int __wrap_fcntl(int file, int command, void *argument);

int
__wrap_fcntl(int file, int command, void *argument)
{
    if (replace_lock && command == F_GETLK) {
        replace_lock = false;
        int folder = open(directory, O_RDONLY | O_DIRECTORY);
        assert_int_equal(__real_renameat(folder, "other", folder, "lock"), 0);
        close(folder);
    }
    return __real_fcntl(file, command, argument);
}

int
__wrap_renameat(int from, const char *old, int to, const char *new)
{
    if (!rename_fails)
        return __real_renameat(from, old, to, new);
    errno = ENOSPC;
    return -1;
}

static atomic_bool cancel;
static int copied; /* how many parts of large files; each part cancels */

ssize_t __real_copy_file_range(int from, void *at, int to, void *there, size_t size,
                               unsigned flags);
ssize_t __wrap_copy_file_range(int from, void *at, int to, void *there, size_t size,
                               unsigned flags);

ssize_t
__wrap_copy_file_range(int from, void *at, int to, void *there, size_t size, unsigned flags)
{
    struct stat about;
    assert_int_equal(fstat(from, &about), 0);
    if (about.st_size > 1 << 20) {
        copied++;
        atomic_store(&cancel, true);
    }
    return __real_copy_file_range(from, at, to, there, size, flags);
}

static const char *
in_other(const char *name)
{
    static char other[256];
    snprintf(other, sizeof other, "%s/%s", directory, name);
    return other;
}

static bool
exists(const char *name)
{
    struct stat info;
    return lstat(in_store(name), &info) == 0;
}

static void
put(const char *name, const char *text)
{
    FILE *file = fopen(in_store(name), "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void
assert_content(const char *name, const char *expected)
{
    char text[64] = "";
    FILE *file = fopen(in_store(name), "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(text, expected);
}

static int
make_directory(void **state)
{
    (void)state;
    return make_folder(directory);
}

static int
remove_directory(void **state)
{
    (void)state;
    return remove_folder(directory);
}

static sp_store *
open_store(void)
{
    sp_store *store = NULL;
    assert_int_equal(sp_store_open(directory, false, NULL, &store, NULL), SP_OK);
    return store;
}

static enum sp_status
try_open(sp_error *err)
{
    sp_store *store = NULL;
    *err = (sp_error){0};
    enum sp_status status = sp_store_open(directory, false, NULL, &store, err);
    assert_true((status == SP_OK) == (store != NULL));
    sp_store_close(store);
    return status;
}

/* Makes a database with a version file and one table. */
static void
make_database(const char *database)
{
    static const char version[] = "\x0f\x0dXapian Glass\0\0"
                                  "0123456789abcdef"
                                  "\x01"
                                  "rest";
    char file[160];
    assert_int_equal(mkdir(database, 0777), 0);
    snprintf(file, sizeof file, "%s/iamglass", database);
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    fwrite(version, 1, sizeof version - 1, out);
    fclose(out);
    snprintf(file, sizeof file, "%s/postlist.glass", database);
    out = fopen(file, "w");
    assert_non_null(out);
    fputs("some blocks", out);
    fclose(out);
}

static void
publish(sp_store *store)
{
    const char *workspace;
    char database[128];
    assert_int_equal(sp_store_workspace(store, &workspace, NULL), SP_OK);
    snprintf(database, sizeof database, "%s/database", workspace);
    make_database(database);
    const struct sp_new_database made = {.path = database};
    assert_int_equal(sp_store_publish(store, &made, NULL), SP_OK);
}

static void
test_publishing_keeps_the_last_two_generations(void **state)
{
    sp_store *store = open_store();
    (void)state;
    assert_false(sp_store_has_index(store));
    publish(store);
    assert_true(sp_store_has_index(store));
    assert_content("XAPIANDB", "auto g1\n");
    publish(store);
    assert_true(exists("g1") && exists("g2"));
    publish(store);
    assert_false(exists("g1"));
    assert_true(exists("g2") && exists("g3"));
    assert_content("XAPIANDB", "auto g3\n");
    sp_store_close(store);
    store = open_store();
    assert_true(sp_store_has_index(store));
    publish(store);
    assert_content("XAPIANDB", "auto g4\n");
    sp_store_close(store);
}

/* Kills a child process while it has the store open. It has made a workspace. */
static void
kill_a_run(void)
{
    int ready[2];
    char byte;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        sp_store *store;
        const char *workspace;
        bool made = sp_store_open(directory, false, NULL, &store, NULL) == SP_OK &&
                    sp_store_workspace(store, &workspace, NULL) == SP_OK;
        (void)!write(ready[1], made ? "y" : "n", 1);
        pause();
        _exit(0);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(ready[0]);
    close(ready[1]);
}

static size_t
count_run_folders(void)
{
    glob_t found;
    int code = glob(in_store("run.????????"), 0, NULL, &found);
    size_t count = code == 0 ? found.gl_pathc : 0;
    globfree(&found);
    return count;
}

static void
test_opening_removes_what_killed_runs_have_left(void **state)
{
    (void)state;
    kill_a_run(); /* before the first index */
    assert_int_equal(count_run_folders(), 1);
    sp_store *store = open_store();
    assert_int_equal(count_run_folders(), 0);
    publish(store);
    publish(store);
    publish(store);
    sp_store_close(store);
    kill_a_run();
    assert_int_equal(count_run_folders(), 1);
    put("XAPIANDB.new", "auto g7\n");
    assert_int_equal(rename(in_store("g2"), in_other("g8")), 0); /* published and not renamed */
    assert_int_equal(rename(in_store("g2.sums"), in_other("g8.sums")), 0);
    sp_store_close(open_store());
    assert_int_equal(count_run_folders(), 0);
    assert_false(exists("g8") || exists("g8.sums") || exists("XAPIANDB.new"));
    assert_true(exists("g3"));
}

/* Files with names like those of an index, in an index directory: only what bears a mark is
   removed. */
static void
test_what_bears_no_mark_is_left(void **state)
{
    static const char *const names[] = {"run.sh",  "run.d/file", "run.abcdefgh/file", "g7/file",
                                        "g1/file", "g9.sums",    ".git/config",       "notes"};
    (void)state;
    sp_store *store = open_store();
    publish(store);
    publish(store);
    publish(store);
    publish(store);
    sp_store_close(store);
    mkdir(in_store("run.d"), 0777);
    mkdir(in_store("run.abcdefgh"), 0777);
    mkdir(in_store("g7"), 0777);
    mkdir(in_store("g1"), 0777);
    mkdir(in_store(".git"), 0777);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        put(names[i], "mine");
    assert_int_equal(symlink("/", in_store("run.link")), 0);
    assert_int_equal(symlink("g7", in_store("g2")), 0);
    store = open_store();
    publish(store);
    publish(store);
    publish(store); /* not as g7 */
    publish(store); /* not as g9 */
    sp_store_close(store);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_content(names[i], "mine");
    assert_true(exists("run.link") && exists("g2"));
    assert_content("XAPIANDB", "auto g10\n");
}

static void
test_closing_removes_the_workspace(void **state)
{
    const char *workspace, *again;
    sp_store *store = open_store();
    (void)state;
    assert_int_equal(sp_store_workspace(store, &workspace, NULL), SP_OK);
    assert_int_equal(sp_store_workspace(store, &again, NULL), SP_OK);
    assert_ptr_equal(workspace, again);
    char kept[128];
    snprintf(kept, sizeof kept, "%s", workspace);
    assert_int_equal(access(kept, F_OK), 0);
    sp_store_close(store);
    assert_int_not_equal(access(kept, F_OK), 0);
}

/* A lock belongs to a process, so the test needs a second process. */
static void
test_a_second_process_cannot_lock(void **state)
{
    int ready[2];
    char byte;
    sp_error err;
    (void)state;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        sp_store *store;
        bool opened = sp_store_open(directory, false, NULL, &store, NULL) == SP_OK;
        (void)!write(ready[1], opened ? "y" : "n", 1);
        pause();
        _exit(0);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    assert_int_equal(try_open(&err), SP_LOCKED);
    char pid[32];
    snprintf(pid, sizeof pid, "%ld", (long)child);
    assert_non_null(strstr(err.text, pid));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(ready[0]);
    close(ready[1]);
    assert_int_equal(try_open(&err), SP_OK);
}

/* Each is left as it is, and the message says what is wrong with it. */
static void
test_a_lock_must_be_a_regular_file(void **state)
{
    sp_error err;
    (void)state;
    sp_store *store = open_store();
    publish(store);
    sp_store_close(store);
    assert_int_equal(unlink(in_store("lock")), 0);
    assert_int_equal(mkdir(in_store("lock"), 0777), 0);
    assert_int_equal(try_open(&err), SP_IO);
    assert_non_null(strstr(err.text, "cannot create the lock"));
    assert_int_equal(rmdir(in_store("lock")), 0);
    assert_int_equal(symlink("g1.sums", in_store("lock")), 0);
    assert_int_not_equal(try_open(&err), SP_OK);
    assert_non_null(strstr(err.text, "cannot create the lock"));
    assert_int_equal(unlink(in_store("lock")), 0);
    assert_int_equal(mkfifo(in_store("lock"), 0600), 0);
    assert_int_equal(try_open(&err), SP_IO);
    assert_non_null(strstr(err.text, "'lock' is not a regular file"));
    assert_true(exists("lock"));
}

static void
test_folders_that_are_not_an_index_are_refused(void **state)
{
    sp_error err;
    (void)state;
    put("letter", "dear");
    assert_int_equal(try_open(&err), SP_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "letter"));
    assert_false(exists("lock"));
    unlink(in_store("letter"));
    static const char *const stubs[] = {
        "", "auto /x\n", "auto g0\n", "auto g1x\n", "remote h:1\n", "auto g18446744073709551615\n"};
    for (size_t i = 0; i < sizeof stubs / sizeof *stubs; i++) {
        put("XAPIANDB", stubs[i]);
        assert_int_not_equal(try_open(&err), SP_OK);
        assert_content("XAPIANDB", stubs[i]);
    }
}

/* At once, and not after the index was built. */
static void
test_a_folder_in_place_of_the_stub_must_be_removed(void **state)
{
    (void)state;
    sp_store *store = open_store();
    publish(store);
    sp_store_close(store);
    assert_int_equal(unlink(in_store("XAPIANDB")), 0);
    assert_int_equal(mkdir(in_store("XAPIANDB"), 0777), 0);
    for (int rebuild = 0; rebuild <= 1; rebuild++) {
        sp_error err;
        assert_int_equal(sp_store_open(directory, rebuild, NULL, &store, &err), SP_DAMAGED);
        assert_non_null(strstr(err.text, "its XAPIANDB is a folder"));
        assert_null(strstr(err.text, "--full"));
    }
    assert_int_equal(rmdir(in_store("XAPIANDB")), 0);
    store = open_store();
    assert_false(sp_store_has_index(store));
    publish(store);
    assert_content("XAPIANDB", "auto g1\n");
    sp_store_close(store);
}

/* Other users can read the lock file of an earlier version. */
static void
make_old_lock(void)
{
    sp_store_close(open_store());
    assert_int_equal(chmod(in_store("lock"), 0644), 0);
}

/* The other run replaces the lock file and lets go of the old one just before this run asks whether
   a writer has locked it. */
static void
test_a_lock_that_another_run_has_replaced_is_not_replaced(void **state)
{
    struct stat made, found;
    (void)state;
    make_old_lock();
    put("other", SP_LOCK_MARK);
    assert_int_equal(chmod(in_store("other"), 0600), 0);
    assert_int_equal(stat(in_store("other"), &made), 0);
    replace_lock = true;
    sp_store *store = open_store();
    assert_false(replace_lock);
    assert_int_equal(stat(in_store("lock"), &found), 0);
    assert_int_equal(found.st_ino, made.st_ino);
    sp_store_close(store);
}

static void
test_a_lock_that_cannot_be_replaced_leaves_nothing(void **state)
{
    sp_error err;
    (void)state;
    make_old_lock();
    rename_fails = true;
    assert_int_equal(try_open(&err), SP_IO);
    rename_fails = false;
    assert_non_null(strstr(err.text, "No space left"));
    assert_false(exists("lock.new"));
    assert_int_equal(try_open(&err), SP_OK);
}

/* Makes a database with a version file and a table of 200 MB, most of which is a hole. */
static void
make_large_database(void)
{
    make_database(in_store("large"));
    assert_int_equal(truncate(in_store("large/postlist.glass"), 200 << 20), 0);
}

static void
test_a_cancelled_copy_ends_soon(void **state)
{
    struct stat about;
    sp_error err;
    (void)state;
    make_large_database();
    atomic_store(&cancel, true);
    copied = 0;
    assert_int_equal(sp_database_copy(in_store("large"), in_other("copy"), &cancel, &err),
                     SP_CANCELLED);
    assert_int_equal(copied, 0);
    atomic_store(&cancel, false);
    assert_int_equal(sp_database_copy(in_store("large"), in_other("part"), &cancel, &err),
                     SP_CANCELLED);
    assert_int_equal(copied, 1);
    assert_int_equal(stat(in_store("part/postlist.glass"), &about), 0);
    assert_true(about.st_size < 200 << 20);
}

/* A directory without an index is ours only if it is empty, or if a run began there. */
static void
test_folders_without_an_index_are_left(void **state)
{
    static const char *const names[] = {"run.sh",   "run.123456",   "g7",           "g1",
                                        "manifest", "manifest.new", "XAPIANDB.new", ".git",
                                        "g1.sums",  "lock"};
    sp_error err;
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        put(names[i], "mine");
        assert_int_equal(try_open(&err), SP_BAD_ARGUMENT);
        assert_non_null(strstr(err.text, names[i]));
        assert_content(names[i], "mine");
        assert_true(strcmp(names[i], "lock") == 0 || !exists("lock"));
        unlink(in_store(names[i]));
    }
    put("lock", ""); /* a run was killed before it wrote the mark */
    assert_int_equal(try_open(&err), SP_OK);
}

static void
test_a_failed_publish_keeps_the_old_index(void **state)
{
    const char *workspace;
    sp_store *store = open_store();
    sp_error err = {0};
    (void)state;
    publish(store);
    assert_int_equal(sp_store_workspace(store, &workspace, NULL), SP_OK);
    const struct sp_new_database made = {.path = "/nowhere/at/all"};
    assert_int_not_equal(sp_store_publish(store, &made, &err), SP_OK);
    assert_content("XAPIANDB", "auto g1\n");
    sp_store_close(store);
    assert_true(exists("g1"));
}

int
main(void)
{
#define WITH_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, make_directory, remove_directory)
    const struct CMUnitTest tests[] = {
        WITH_DIRECTORY(test_publishing_keeps_the_last_two_generations),
        WITH_DIRECTORY(test_opening_removes_what_killed_runs_have_left),
        WITH_DIRECTORY(test_what_bears_no_mark_is_left),
        WITH_DIRECTORY(test_folders_without_an_index_are_left),
        WITH_DIRECTORY(test_closing_removes_the_workspace),
        WITH_DIRECTORY(test_a_second_process_cannot_lock),
        WITH_DIRECTORY(test_a_lock_must_be_a_regular_file),
        WITH_DIRECTORY(test_folders_that_are_not_an_index_are_refused),
        WITH_DIRECTORY(test_a_folder_in_place_of_the_stub_must_be_removed),
        WITH_DIRECTORY(test_a_lock_that_another_run_has_replaced_is_not_replaced),
        WITH_DIRECTORY(test_a_lock_that_cannot_be_replaced_leaves_nothing),
        WITH_DIRECTORY(test_a_cancelled_copy_ends_soon),
        WITH_DIRECTORY(test_a_failed_publish_keeps_the_old_index),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
