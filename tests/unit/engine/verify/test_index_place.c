// SPDX-License-Identifier: GPL-2.0-or-later
/* The database that the path of an index leads to: which folder is verified, and the paths of
   errors. */

#include "folder.h"

#include <signpost/sums.h>
#include <signpost/verify.h>

#include <fcntl.h>
#include <sys/stat.h>

static char directory[FOLDER_MAX];
static int folder;

static void
put_below(const char *name, sp_bytes content)
{
    char path[FOLDER_MAX + 64];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    put_file(path, content);
}

static void
write_sums(void)
{
    sp_sums sums;
    assert_int_equal(sp_sums_make(folder, "g1", NULL, &sums, NULL), SP_OK);
    assert_int_equal(sp_sums_write(&sums, folder, "g1", NULL), SP_OK);
    sp_sums_done(&sums);
}

static int
make_index(void **state)
{
    (void)state;
    if (make_folder(directory) != 0)
        return -1;
    folder = open(directory, O_RDONLY | O_DIRECTORY);
    mkdirat(folder, "g1", 0777);
    put_below("g1/iamglass", SP_LITERAL("\x0f\x0dXapian Glass\1\2"
                                        "0123456789abcdef"
                                        "\5and the rest"));
    put_below("g1/postlist.glass", SP_LITERAL("whole"));
    put_below("XAPIANDB", SP_LITERAL("auto g1\n"));
    return 0;
}

static int
remove_index(void **state)
{
    (void)state;
    close(folder);
    return remove_folder(directory);
}

static void
copy_database(void)
{
    char command[3 * FOLDER_MAX];
    snprintf(command, sizeof command, "cp -r %s/g1 %s/g2", directory, directory);
    assert_int_equal(system(command), 0); // NOLINT(cert-env33-c): the folder is the test's own
}

static void
count_fault(void *context, const sp_error *fault)
{
    (void)fault;
    ++*(int *)context;
}

/* The folder of a place stays open, so another one in its place is not the one that is verified. */
static void
test_the_open_folder_is_verified(void **state)
{
    int faults = 0;
    sp_index_place place;
    (void)state;
    write_sums();
    copy_database();
    assert_int_equal(sp_index_find(directory, &place, NULL), SP_OK);
    assert_int_equal(sp_verify_place(&place, NULL, NULL), SP_OK);
    assert_int_equal(renameat(folder, "g1", folder, "held"), 0);
    assert_int_equal(renameat(folder, "g2", folder, "g1"), 0);
    put_below("g1/postlist.glass", SP_LITERAL("wrong"));
    assert_int_equal(sp_verify_place(&place, NULL, NULL), SP_OK);
    assert_int_equal(renameat(folder, "g1", folder, "g2"), 0);
    assert_int_equal(renameat(folder, "held", folder, "g1"), 0);
    put_below("g1/postlist.glass", SP_LITERAL("wrong"));
    assert_int_equal(sp_verify_place(&place, NULL, NULL), SP_DAMAGED);
    assert_int_equal(renameat(folder, "g1", folder, "held"), 0);
    assert_int_equal(renameat(folder, "g2", folder, "g1"), 0);
    put_below("g1/postlist.glass", SP_LITERAL("whole"));
    assert_int_equal(sp_verify_place(&place, NULL, NULL), SP_NOT_FOUND);
    sp_index_place_done(&place);
    assert_int_equal(sp_verify_index(directory, count_fault, &faults, NULL), SP_OK);
    assert_int_equal(faults, 0);
}

/* Returns the path in the error of a database whose checksums are missing. */
static const char *
path_of_fault(const char *path)
{
    static sp_error err;
    sp_index_place place;
    assert_int_equal(sp_index_find(path, &place, &err), SP_OK);
    assert_int_equal(sp_verify_place(&place, NULL, &err), SP_STALE);
    sp_index_place_prefix_error(&place, path, &err);
    sp_index_place_done(&place);
    return err.path;
}

static void
test_errors_name_files_that_exist(void **state)
{
    char path[3 * FOLDER_MAX + 700], real[FOLDER_MAX + 16], here[4096];
    (void)state;
    snprintf(real, sizeof real, "%s/g1", directory);
    assert_below(directory, path_of_fault(directory), "g1");
    snprintf(path, sizeof path, "%s///", directory);
    assert_below(directory, path_of_fault(path), "g1");
    assert_string_equal(path_of_fault(real), real);
    for (const char *const *end =
             (const char *const[]){"/", "/.", "/./", "/../g1", "/../g1/.", NULL};
         *end; end++) {
        snprintf(path, sizeof path, "%s%s", real, *end);
        const char *fault = path_of_fault(path);
        bool by_name = strcmp(*end, "/../g1") == 0;
        assert_string_equal(fault, by_name ? path : real);
    }
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir(real), 0);
    assert_string_equal(path_of_fault("."), real);
    assert_int_equal(chdir(directory), 0);
    assert_string_equal(path_of_fault("."), "./g1");
    assert_string_equal(path_of_fault("g1"), "g1");
    assert_string_equal(path_of_fault("g1/."), real);
    assert_int_equal(chdir(here), 0);
}

/* Of a path that is too long for an error, the end is kept. */
static void
test_errors_of_long_paths_end_with_the_file(void **state)
{
    SP_AUTO(sp_str_done) sp_str path = {0};
    sp_error err;
    (void)state;
    sp_str_append_text(&path, directory);
    for (size_t i = 0; i < 300; i++)
        sp_str_append_text(&path, "/.");
    const char *fault = path_of_fault(path.data);
    assert_int_equal(strlen(fault), sizeof err.path - 1);
    sp_str_append_text(&path, "/g1");
    assert_string_equal(fault, path.data + path.len - strlen(fault));
    assert_string_equal(path_of_fault(path.data), fault);
    sp_str_clear(&path);
    sp_str_append_text(&path, directory);
    for (size_t i = 0; i < 100; i++)
        sp_str_append_text(&path, "/.");
    sp_str_append_text(&path, "/g1");
    assert_string_equal(path_of_fault(path.data), path.data);
}

int
main(void)
{
#define WITH_INDEX(test) cmocka_unit_test_setup_teardown(test, make_index, remove_index)
    const struct CMUnitTest tests[] = {
        WITH_INDEX(test_the_open_folder_is_verified),
        WITH_INDEX(test_errors_name_files_that_exist),
        WITH_INDEX(test_errors_of_long_paths_end_with_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
