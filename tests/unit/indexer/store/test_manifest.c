// SPDX-License-Identifier: GPL-2.0-or-later
/* A manifest is read as it was written; a damaged manifest or another kind of file is ignored. */

#include "folder.h"

#include "indexer/store/manifest.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME "manifest"
#define REVISION SP_LITERAL("0123abcd")

static char directory[FOLDER_MAX];
static int folder;

static int
make_directory(void **state)
{
    (void)state;
    if (make_folder(directory) != 0)
        return -1;
    folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return folder < 0;
}

static int
remove_directory(void **state)
{
    (void)state;
    close(folder);
    return remove_folder(directory);
}

#define TEXT(text)                                                                                 \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

/* Files with the extreme values of every field, and with a path that looks like an entry. */
static sp_manifest_file files[] = {
    {TEXT("a b\tc\nfile 1 2 check 0000"), 0, 0, 0, 0, 0, SP_LEFT_OUT, 0, INT64_MAX, 0, TEXT("")},
    {TEXT("b.md"), INT64_MAX, INT64_MIN, -1, UINT64_MAX, UINT32_MAX, SP_INDEXED, UINT64_MAX,
     INT64_MIN, INT64_MAX, TEXT("/b/ /old b/")},
    {TEXT("c.md"), 1, 2, 3, 4, 5, SP_OVERWRITTEN, 6, 0, INT64_MIN, TEXT("/b/")},
    {TEXT("\xC3\xA9.md"), 1, 2, 3, 4, 5, SP_FAILED, 6, 0, -1, TEXT("/\xC3\xA9/")},
};
static uint64_t settings[] = {0, UINT64_MAX};

static void
write_one(sp_bytes revision)
{
    const sp_manifest manifest = {.generator = SP_LITERAL("0.1.0 with blanks"),
                                  .revision = revision,
                                  .began_ns = INT64_MAX,
                                  .full_bytes = UINT64_MAX,
                                  .unsettled = true,
                                  .settings = settings,
                                  .site_count = 2,
                                  .files = files,
                                  .count = sizeof files / sizeof *files};
    assert_int_equal(sp_manifest_write(folder, NAME, &manifest, NULL), SP_OK);
}

static bool
is_believed(sp_bytes revision)
{
    sp_manifest manifest;
    assert_int_equal(sp_manifest_read(folder, NAME, revision, &manifest, NULL), SP_OK);
    bool believed = manifest.revision.len > 0;
    if (!believed) {
        assert_int_equal(manifest.count, 0);
        assert_int_equal(manifest.site_count, 0);
    }
    sp_manifest_done(&manifest);
    return believed;
}

/* Returns the bytes of the file, which the caller owns. */
static char *
content(size_t *len)
{
    struct stat about = {0};
    int file = openat(folder, NAME, O_RDONLY | O_CLOEXEC);
    assert_true(file >= 0 && fstat(file, &about) == 0);
    char *bytes = malloc((size_t)about.st_size + 1);
    assert_non_null(bytes);
    *len = (size_t)about.st_size;
    assert_int_equal(read(file, bytes, *len), *len);
    close(file);
    return bytes;
}

static void
put(const char *bytes, size_t len)
{
    int file = openat(folder, NAME, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    assert_true(file >= 0);
    assert_int_equal(write(file, bytes, len), len);
    close(file);
}

static void
test_a_manifest_is_read_as_it_was_written(void **state)
{
    sp_manifest read;
    (void)state;
    write_one(REVISION);
    assert_int_equal(sp_manifest_read(folder, NAME, REVISION, &read, NULL), SP_OK);
    assert_bytes(read.generator, "0.1.0 with blanks");
    assert_bytes(read.revision, "0123abcd");
    assert_true(read.began_ns == INT64_MAX && read.full_bytes == UINT64_MAX && read.unsettled);
    assert_int_equal(read.site_count, 2);
    assert_memory_equal(read.settings, settings, sizeof settings);
    assert_int_equal(read.count, sizeof files / sizeof *files);
    for (size_t i = 0; i < read.count; i++) {
        const sp_manifest_file *a = &read.files[i], *b = &files[i];
        assert_true(sp_bytes_equal(a->id, b->id));
        assert_true(a->size == b->size && a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns);
        assert_true(a->inode == b->inode && a->listing == b->listing && a->outcome == b->outcome);
        assert_true(a->hash == b->hash && a->due == b->due && a->time == b->time);
        assert_true(sp_bytes_equal(a->urls, b->urls));
    }
    sp_manifest_done(&read);
}

static void
test_a_manifest_of_another_revision_is_ignored(void **state)
{
    (void)state;
    write_one(REVISION);
    assert_true(is_believed(REVISION));
    assert_false(is_believed(SP_LITERAL("0123abce")));
    assert_false(is_believed(SP_LITERAL("")));
    write_one(SP_LITERAL(""));
    assert_false(is_believed(SP_LITERAL("")));
    unlinkat(folder, NAME, 0);
    assert_false(is_believed(REVISION));
    sp_manifest none;
    assert_int_equal(sp_manifest_read(-1, NAME, REVISION, &none, NULL), SP_OK);
    assert_int_equal(none.revision.len, 0);
}

static void
test_one_flipped_bit_makes_a_manifest_invalid(void **state)
{
    size_t len;
    (void)state;
    write_one(REVISION);
    char *bytes = content(&len);
    for (size_t i = 0; i < len; i++) {
        bytes[i] ^= (char)(1 << (i % 8));
        put(bytes, len);
        if (is_believed(REVISION))
            fail_msg("byte %zu of %zu may be anything", i, len);
        bytes[i] ^= (char)(1 << (i % 8));
    }
    for (size_t i = 0; i < len; i++) {
        put(bytes, i);
        assert_false(is_believed(REVISION));
    }
    bytes[len] = '\0';
    put(bytes, len + 1);
    assert_false(is_believed(REVISION));
    put(bytes, len);
    assert_true(is_believed(REVISION));
    free(bytes);
}

static void
test_only_a_regular_file_is_read(void **state)
{
    (void)state;
    assert_int_equal(mkdirat(folder, NAME, 0777), 0);
    assert_false(is_believed(REVISION));
    unlinkat(folder, NAME, AT_REMOVEDIR);
    assert_int_equal(mkfifoat(folder, NAME, 0666), 0);
    assert_false(is_believed(REVISION));
    unlinkat(folder, NAME, 0);
    assert_int_equal(symlinkat("/dev/zero", folder, NAME), 0);
    assert_false(is_believed(REVISION));
}

static void
test_a_manifest_that_cannot_be_written_fails(void **state)
{
    const sp_manifest manifest = {.revision = REVISION};
    sp_error err = {0};
    (void)state;
    assert_int_equal(mkdirat(folder, NAME, 0777), 0);
    assert_int_not_equal(sp_manifest_write(folder, NAME, &manifest, &err), SP_OK);
    assert_non_null(strstr(err.text, "cannot write"));
}

static void
test_file_times_near_the_run_are_close(void **state)
{
    const int64_t second = INT64_C(1000000000);
    const sp_manifest manifest = {.began_ns = 100 * second};
    sp_manifest_file file = {.mtime_ns = 97 * second, .ctime_ns = 98 * second};
    (void)state;
    assert_false(sp_manifest_is_close(&manifest, &file));
    file.ctime_ns++;
    assert_true(sp_manifest_is_close(&manifest, &file));
    file.ctime_ns = 0;
    file.mtime_ns = INT64_MAX; /* a time in the future */
    assert_true(sp_manifest_is_close(&manifest, &file));
}

int
main(void)
{
#define WITH_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, make_directory, remove_directory)
    const struct CMUnitTest tests[] = {
        WITH_DIRECTORY(test_a_manifest_is_read_as_it_was_written),
        WITH_DIRECTORY(test_a_manifest_of_another_revision_is_ignored),
        WITH_DIRECTORY(test_one_flipped_bit_makes_a_manifest_invalid),
        WITH_DIRECTORY(test_only_a_regular_file_is_read),
        WITH_DIRECTORY(test_a_manifest_that_cannot_be_written_fails),
        cmocka_unit_test(test_file_times_near_the_run_are_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
