// SPDX-License-Identifier: GPL-2.0-or-later
/* Checksums of a database: making, writing, reading and renewing them, and verifying. */

#include "folder.h"

#include <signpost/index_directory.h>
#include <signpost/seal.h>
#include <signpost/sums.h>
#include <signpost/verify.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCKS 300 /* more than are read at once */

static char directory[FOLDER_MAX];
static int folder;

static long fail_at;      /* the number of the allocation that fails; 0: none */
static bool stub_changes; /* each time that it is read */
static bool readdir_fails;
static const char *refused; /* the name of files that cannot be opened */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static bool
fails(void)
{
    return fail_at > 0 && --fail_at == 0;
}

void *
__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *
__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

enum sp_status __real_sp_stub_read(int at, const char *path, char out[SP_DATABASE_NAME_MAX],
                                   sp_error *err);
enum sp_status __wrap_sp_stub_read(int at, const char *path, char out[SP_DATABASE_NAME_MAX],
                                   sp_error *err);

enum sp_status
__wrap_sp_stub_read(int at, const char *path, char out[SP_DATABASE_NAME_MAX], sp_error *err)
{
    static int generation = 100;
    if (!stub_changes)
        return __real_sp_stub_read(at, path, out, err);
    snprintf(out, SP_DATABASE_NAME_MAX, "g%d", generation++);
    return SP_OK;
}

int __real_openat(int at, const char *path, int flags, mode_t mode);
int __wrap_openat(int at, const char *path, int flags, mode_t mode);

int
__wrap_openat(int at, const char *path, int flags, mode_t mode)
{
    if (!refused || strcmp(path, refused) != 0)
        return __real_openat(at, path, flags, mode);
    errno = EACCES;
    return -1;
}

/* What openat becomes if the flags are not constant and _FORTIFY_SOURCE is set. */
int __wrap___openat_2(int at, const char *path, int flags);

int
__wrap___openat_2(int at, const char *path, int flags)
{
    return __wrap_openat(at, path, flags, 0);
}

struct dirent *__real_readdir(DIR *entries);
struct dirent *__wrap_readdir(DIR *entries);

struct dirent *
__wrap_readdir(DIR *entries)
{
    if (!readdir_fails)
        return __real_readdir(entries);
    errno = EIO;
    return NULL;
}

static void
put_text(const char *name, const char *text)
{
    int fd = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

/* Writes a version file for a revision below 128. */
static void
put_version(char revision)
{
    char content[] = "\x0f\x0dXapian Glass\1\2"
                     "0123456789abcdef"
                     "?and the rest";
    content[32] = revision;
    int fd = openat(folder, "g1/iamglass", O_WRONLY | O_CREAT | O_TRUNC, 0666);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, content, sizeof content - 1), sizeof content - 1);
    close(fd);
}

/* Writes block number `number` of a table, as commit `revision` would. */
static void
put_block(const char *table, size_t number, char revision, char content)
{
    char block[SP_SUMS_BLOCK], path[64];
    memset(block, content, sizeof block);
    memcpy(block, (const char[]){0, 0, 0, revision}, 4);
    snprintf(path, sizeof path, "g1/%s", table);
    int fd = openat(folder, path, O_WRONLY | O_CREAT, 0666);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, block, sizeof block, (off_t)(number * sizeof block)), sizeof block);
    close(fd);
}

static sp_written
range_of(const char *table, size_t number)
{
    char path[64];
    struct stat about;
    snprintf(path, sizeof path, "g1/%s", table);
    assert_int_equal(fstatat(folder, path, &about, 0), 0);
    return (sp_written){about.st_dev, about.st_ino, number * SP_SUMS_BLOCK, SP_SUMS_BLOCK};
}

static int
make_database(void **state)
{
    (void)state;
    if (make_folder(directory) != 0)
        return -1;
    folder = open(directory, O_RDONLY | O_DIRECTORY);
    mkdirat(folder, "g1", 0777);
    put_version(5);
    for (size_t i = 0; i < BLOCKS; i++)
        put_block("postlist.glass", i, (char)(i % 6), (char)i);
    put_block("position.glass", 0, 1, 'x');
    put_text("XAPIANDB", "auto g1\n");
    return 0;
}

static int
remove_database(void **state)
{
    (void)state;
    close(folder);
    return remove_folder(directory);
}

static enum sp_status
verify_or_stop(const atomic_bool *cancel, sp_error *err)
{
    sp_index_place place;
    enum sp_status status = sp_index_find(directory, &place, err);
    if (status == SP_OK) {
        status = sp_verify_place(&place, cancel, err);
        sp_index_place_done(&place);
    }
    return status;
}

static enum sp_status
verify(sp_error *err)
{
    return verify_or_stop(NULL, err);
}

static void
make_sums(sp_sums *out)
{
    assert_int_equal(sp_sums_make(folder, "g1", NULL, out, NULL), SP_OK);
    out->revision = SP_LITERAL("abc");
    assert_int_equal(sp_sums_write(out, folder, "g1", NULL), SP_OK);
}

static void
write_sums(void)
{
    sp_sums sums;
    make_sums(&sums);
    sp_sums_done(&sums);
}

/* Copies g1 and its checksums to g2. */
static void
copy_generation(void)
{
    char command[4 * FOLDER_MAX];
    snprintf(command, sizeof command, "cd %s && cp -r g1 g2 && cp g1.sums g2.sums", directory);
    assert_int_equal(system(command), 0); // NOLINT(cert-env33-c): the folder is the test's own
}

static void
test_sums_that_cannot_be_put_in_place_leave_no_file(void **state)
{
    sp_sums made;
    (void)state;
    make_sums(&made);
    assert_int_equal(unlinkat(folder, "g1.sums", 0), 0);
    assert_int_equal(mkdirat(folder, "g1.sums", 0777), 0);
    assert_int_equal(sp_sums_write(&made, folder, "g1", NULL), SP_IO);
    assert_int_not_equal(faccessat(folder, "g1.sums.new", F_OK, 0), 0);
    assert_int_equal(unlinkat(folder, "g1.sums", AT_REMOVEDIR), 0);
    sp_sums_done(&made);
}

static void
test_sums_are_read_back_as_written(void **state)
{
    sp_sums made, read;
    (void)state;
    make_sums(&made);
    assert_int_equal(sp_sums_read(folder, "g1", &read, NULL), SP_OK);
    assert_int_equal(read.state, SP_SUMS_SETTLED);
    assert_true(sp_bytes_equal(read.revision, SP_LITERAL("abc")));
    assert_true(sp_glass_version_equal(&made.version, &read.version));
    assert_int_equal(read.version.revision, 5);
    for (size_t i = 0; i < SP_SUMS_TABLES; i++) {
        assert_int_equal(read.tables[i].exists, made.tables[i].exists);
        assert_int_equal(read.tables[i].count, made.tables[i].count);
        assert_memory_equal(read.tables[i].blocks, made.tables[i].blocks,
                            made.tables[i].count * sizeof(uint64_t));
    }
    assert_int_equal(verify(NULL), SP_OK);
    assert_true(sp_sums_name(folder, "g1"));
    sp_sums_done(&made);
    sp_sums_done(&read);
}

static void
test_digesting_every_block_can_be_cancelled(void **state)
{
    const atomic_bool cancel = true;
    const sp_written_list unknown = {.complete = false}, nothing = {.complete = true};
    sp_sums sums, other;
    (void)state;
    make_sums(&sums);
    assert_int_equal(sp_sums_make(folder, "g1", &cancel, &other, NULL), SP_CANCELLED);
    assert_int_equal(sp_sums_renew(&sums, folder, "g1", &unknown, &cancel, &other, NULL),
                     SP_CANCELLED);
    assert_int_equal(sp_sums_renew(&sums, folder, "g1", &nothing, &cancel, &other, NULL), SP_OK);
    sp_sums_done(&other);
    sp_sums_done(&sums);
}

/* Changes each byte of the sums file in turn, and cuts the file at each length. */
static void
test_every_change_of_the_file_is_noticed(void **state)
{
    char content[8192], path[FOLDER_MAX + 16];
    sp_sums sums;
    (void)state;
    make_sums(&sums);
    sp_sums_done(&sums);
    snprintf(path, sizeof path, "%s/g1.sums", directory);
    int fd = open(path, O_RDWR);
    ssize_t len = read(fd, content, sizeof content);
    assert_true(len > 100);
    for (ssize_t i = 0; i < len; i++) {
        char changed = content[i] ^ 4;
        assert_int_equal(pwrite(fd, &changed, 1, i), 1);
        assert_int_equal(sp_sums_read(folder, "g1", &sums, NULL), SP_DAMAGED);
        assert_int_equal(pwrite(fd, &content[i], 1, i), 1);
    }
    for (ssize_t i = len - 1; i >= 0; i -= 7) {
        assert_int_equal(ftruncate(fd, i), 0);
        assert_int_equal(sp_sums_read(folder, "g1", &sums, NULL), SP_DAMAGED);
    }
    close(fd);
}

static void
test_each_damaged_block_is_found(void **state)
{
    static const size_t numbers[] = {0, 1, 127, 128, 129, 255, 256, BLOCKS - 1};
    sp_sums sums;
    sp_error err;
    (void)state;
    make_sums(&sums);
    sp_sums_done(&sums);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        size_t number = numbers[i];
        char text[64];
        put_block("postlist.glass", number, (char)(number % 6), (char)(number + 1));
        assert_int_equal(verify(&err), SP_DAMAGED);
        assert_string_equal(err.path, "g1/postlist.glass");
        snprintf(text, sizeof text, "at byte %zu ", number * SP_SUMS_BLOCK);
        assert_non_null(strstr(err.text, text));
        put_block("postlist.glass", number, (char)(number % 6), (char)number);
    }
    assert_int_equal(verify(NULL), SP_OK);
    put_block("position.glass", 1, 1, 'y'); /* longer */
    assert_int_equal(verify(&err), SP_DAMAGED);
    unlinkat(folder, "g1/position.glass", 0);
    assert_int_equal(verify(&err), SP_DAMAGED);
    put_block("position.glass", 0, 1, 'x');
    put_block("termlist.glass", 0, 1, 'z'); /* another table */
    assert_int_equal(verify(&err), SP_DAMAGED);
}

/* A run marks the sums, writes blocks of the next revision, and may be killed at any time. */
static void
test_newer_blocks_are_no_damage_while_a_run_changes_the_database(void **state)
{
    sp_sums sums, renewed;
    const sp_written_list unknown = {.complete = false};
    sp_error err;
    (void)state;
    make_sums(&sums);
    assert_int_equal(sp_sums_mark(folder, "g1", SP_SUMS_CHANGING, true, NULL), SP_OK);
    put_block("postlist.glass", 7, 6, 'n');
    put_block("postlist.glass", BLOCKS + 2, 6, 'n'); /* leaves a hole */
    assert_int_equal(verify(NULL), SP_OK);
    put_version(6);
    assert_int_equal(verify(NULL), SP_OK);
    put_block("postlist.glass", 8, 2, 'd'); /* not newer */
    assert_int_equal(verify(&err), SP_DAMAGED);
    assert_int_equal(sp_sums_renew(&sums, folder, "g1", &unknown, NULL, &renewed, NULL), SP_OK);
    assert_int_equal(sp_sums_write(&renewed, folder, "g1", NULL), SP_OK);
    assert_int_equal(verify(&err), SP_DAMAGED); /* and stays damage */
    put_block("postlist.glass", 8, 2, 8);
    assert_int_equal(verify(NULL), SP_OK);
    sp_sums_done(&sums);
    sp_sums_done(&renewed);
}

static void
test_only_written_blocks_get_new_digests(void **state)
{
    sp_sums sums, renewed;
    sp_error err;
    (void)state;
    make_sums(&sums);
    put_block("postlist.glass", 7, 6, 'n');
    put_block("postlist.glass", BLOCKS, 6, 'n');
    put_block("postlist.glass", 9, 6, 'd'); /* looks newer, but no run wrote it */
    put_version(6);
    const sp_written ranges[] = {range_of("postlist.glass", 7), range_of("postlist.glass", BLOCKS)};
    const sp_written_list written = {ranges, 2, true};
    assert_int_equal(sp_sums_renew(&sums, folder, "g1", &written, NULL, &renewed, NULL), SP_OK);
    assert_int_equal(sp_sums_write(&renewed, folder, "g1", NULL), SP_OK);
    assert_int_equal(verify(&err), SP_DAMAGED);
    assert_non_null(strstr(err.text, "at byte 73728 "));
    put_block("postlist.glass", 9, 9 % 6, 9);
    assert_int_equal(verify(NULL), SP_OK);
    sp_sums_done(&sums);
    sp_sums_done(&renewed);
}

static void
test_sums_of_another_commit_are_not_compared(void **state)
{
    sp_sums sums;
    (void)state;
    assert_int_equal(verify(NULL), SP_STALE); /* no sums */
    make_sums(&sums);
    sp_sums_done(&sums);
    put_version(6);
    assert_int_equal(verify(NULL), SP_STALE); /* another program has changed the database */
    put_version(4);
    assert_int_equal(verify(NULL), SP_DAMAGED); /* no program goes back */
}

static void
test_a_verification_can_be_cancelled(void **state)
{
    atomic_bool cancel = true;
    sp_sums sums;
    (void)state;
    make_sums(&sums);
    sp_sums_done(&sums);
    assert_int_equal(verify_or_stop(&cancel, NULL), SP_CANCELLED);
}

/* A failed allocation is never called damage, and nothing wrong is written. */
static void
test_when_memory_is_out_nothing_looks_damaged(void **state)
{
    enum sp_status status = SP_NO_MEMORY;
    sp_sums sums, read;
    (void)state;
    make_sums(&sums);
    for (long nth = 1; status == SP_NO_MEMORY; nth++) {
        fail_at = nth;
        status = sp_sums_write(&sums, folder, "g1", NULL);
        fail_at = 0;
        assert_int_equal(verify(NULL), SP_OK);
        assert_true(status == SP_OK || status == SP_NO_MEMORY);
    }
    for (long nth = 1; nth == 1 || status == SP_NO_MEMORY; nth++) {
        fail_at = nth;
        status = sp_sums_read(folder, "g1", &read, NULL);
        fail_at = 0;
        assert_true(status == SP_OK || status == SP_NO_MEMORY);
    }
    sp_sums_done(&read);
    for (long nth = 1; nth == 1 || status == SP_NO_MEMORY; nth++) {
        fail_at = nth;
        status = verify(NULL);
        fail_at = 0;
        assert_true(status == SP_OK || status == SP_NO_MEMORY);
    }
    sp_sums_done(&sums);
}

static bool
exists(const char *name)
{
    return faccessat(folder, name, F_OK, 0) == 0;
}

static void
test_only_the_beginning_of_a_sums_file_is_removed(void **state)
{
    static const char *const ours[] = {"", "s", "signpost sums 1", "signpost sums 1 settl",
                                       "signpost sums 1 settled \nrevision"};
    static const char *const others[] = {"x", "notes\n", "signpost sums 2",
                                         "signpost sums 1 settled x",
                                         "a text that is longer than the first line"};
    (void)state;
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        put_text("g1.sums.new", ours[i]);
        sp_sums_remove_new(folder, "g1");
        assert_false(exists("g1.sums.new"));
        put_text("g1.sums.new", others[i]);
        sp_sums_remove_new(folder, "g1");
        assert_true(exists("g1.sums.new"));
    }
}

static void
test_a_database_that_is_a_link_is_damage(void **state)
{
    sp_sums sums;
    sp_error err;
    sp_glass_version version;
    (void)state;
    make_sums(&sums);
    sp_sums_done(&sums);
    assert_int_equal(renameat(folder, "g1", folder, "other"), 0);
    assert_int_equal(symlinkat("other", folder, "g1"), 0);
    assert_int_equal(verify(&err), SP_DAMAGED);
    assert_below(directory, err.path, "g1");
    assert_int_equal(sp_glass_version_read(folder, "g1", &version, NULL), SP_DAMAGED);
    assert_int_equal(sp_sums_make(folder, "g1", NULL, &sums, NULL), SP_DAMAGED);
    assert_false(sp_sums_name(folder, "g1"));
    unlinkat(folder, "g1", 0);
    put_text("g1", "a file");
    assert_int_equal(verify(&err), SP_DAMAGED);
}

/* Faults of an index: how many, and the last one. */
struct faults {
    int count;
    sp_error last;
};

static void
note_fault(void *context, const sp_error *fault)
{
    struct faults *faults = context;
    faults->count++;
    faults->last = *fault;
}

static void
test_an_index_that_keeps_changing_is_not_called_damaged(void **state)
{
    struct faults faults = {0};
    (void)state;
    write_sums();
    assert_int_equal(sp_verify_index(directory, note_fault, &faults, NULL), SP_OK);
    stub_changes = true;
    assert_int_equal(sp_verify_index(directory, note_fault, &faults, NULL), SP_DAMAGED);
    stub_changes = false;
    assert_int_equal(faults.count, 1);
    assert_int_equal(faults.last.status, SP_STALE);
    assert_string_equal(faults.last.path, directory);
    put_text("XAPIANDB", "auto g7\n");
    assert_int_equal(sp_verify_index(directory, note_fault, &faults, NULL), SP_DAMAGED);
    assert_int_equal(faults.count, 2);
    assert_non_null(strstr(faults.last.text, "files are missing"));
}

static void
test_an_index_that_cannot_be_read_is_not_whole(void **state)
{
    static const char *const names[] = {"g1",      "g2",      "iamglass", "postlist.glass",
                                        "g2.sums", "XAPIANDB"};
    (void)state;
    write_sums();
    copy_generation();
    put_text("XAPIANDB", "auto g2\n");
    for (size_t i = 0; i <= sizeof names / sizeof *names; i++) {
        struct faults faults = {0};
        readdir_fails = i == sizeof names / sizeof *names;
        refused = readdir_fails ? NULL : names[i];
        assert_int_equal(sp_verify_index(directory, note_fault, &faults, NULL), SP_DAMAGED);
        refused = NULL;
        assert_true(faults.count > 0);
        assert_int_equal(faults.last.status, SP_IO);
        assert_non_null(strstr(faults.last.text, readdir_fails ? "Input/output" : "Permission"));
    }
    readdir_fails = false;
    struct faults faults = {0};
    refused = "g2";
    assert_int_equal(sp_verify_index(directory, note_fault, &faults, NULL), SP_DAMAGED);
    refused = NULL;
    assert_below(directory, faults.last.path, "g2");
}

static void
test_when_memory_is_out_no_fault_is_reported(void **state)
{
    SP_AUTO(sp_str_done) sp_str manifest = {0};
    struct faults faults = {0};
    enum sp_status status = SP_NO_MEMORY;
    char path[FOLDER_MAX + 16];
    sp_sums sums;
    long nth = 0;
    (void)state;
    make_sums(&sums);
    sp_sums_done(&sums);
    put_text("XAPIANDB", "auto g1\n");
    put_text("lock", SP_LOCK_MARK);
    sp_str_append(&manifest, SP_LITERAL("signpost manifest\0revision abc\0"));
    sp_seal_append(&manifest);
    snprintf(path, sizeof path, "%s/manifest", directory);
    put_file(path, sp_str_bytes(&manifest));
    while (status == SP_NO_MEMORY) {
        fail_at = ++nth;
        status = sp_verify_index(directory, note_fault, &faults, NULL);
        fail_at = 0;
        assert_true(status == SP_OK || status == SP_NO_MEMORY);
        assert_int_equal(faults.count, 0);
    }
    assert_true(nth > 15);
}

int
main(void)
{
#define WITH_DATABASE(test) cmocka_unit_test_setup_teardown(test, make_database, remove_database)
    const struct CMUnitTest tests[] = {
        WITH_DATABASE(test_sums_that_cannot_be_put_in_place_leave_no_file),
        WITH_DATABASE(test_sums_are_read_back_as_written),
        WITH_DATABASE(test_digesting_every_block_can_be_cancelled),
        WITH_DATABASE(test_every_change_of_the_file_is_noticed),
        WITH_DATABASE(test_each_damaged_block_is_found),
        WITH_DATABASE(test_newer_blocks_are_no_damage_while_a_run_changes_the_database),
        WITH_DATABASE(test_only_written_blocks_get_new_digests),
        WITH_DATABASE(test_sums_of_another_commit_are_not_compared),
        WITH_DATABASE(test_a_verification_can_be_cancelled),
        WITH_DATABASE(test_when_memory_is_out_nothing_looks_damaged),
        WITH_DATABASE(test_only_the_beginning_of_a_sums_file_is_removed),
        WITH_DATABASE(test_a_database_that_is_a_link_is_damage),
        WITH_DATABASE(test_an_index_that_keeps_changing_is_not_called_damaged),
        WITH_DATABASE(test_when_memory_is_out_no_fault_is_reported),
        WITH_DATABASE(test_an_index_that_cannot_be_read_is_not_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
