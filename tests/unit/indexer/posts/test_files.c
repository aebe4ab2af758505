// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists of files with thousands of errors. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "folder.h"

#include "indexer/posts/files.h"

#include <sys/stat.h>
#include <time.h>

#define LINKS 10000
#define IDS 100000

static char root[FOLDER_MAX];

static int
setup(void **state)
{
    (void)state;
    return make_folder(root);
}

static int
teardown(void **state)
{
    (void)state;
    return remove_folder(root);
}

static void
make_broken_link(const char *name)
{
    char path[FOLDER_MAX + 64];
    snprintf(path, sizeof path, "%s/%s", root, name);
    assert_int_equal(symlink("none", path), 0);
}

/* Asks for each post of a large index whose files are gone. */
static void
count_posts_that_may_be_there(const sp_files *files, unsigned *count)
{
    clock_t start = clock();
    *count = 0;
    for (unsigned i = 0; i < IDS; i++) {
        char id[64];
        snprintf(id, sizeof id, "folder%u/post%u.md", i % 100, i);
        *count += sp_files_may_hold(files, sp_bytes_of(id));
    }
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 1);
}

static void
errors_are_found_by_the_paths_below_them(void **state)
{
    (void)state;
    static const char *const within[] = {"a.md", "a.md/b.md", "a.md/b/c.md", "link7.md"};
    static const char *const without[] = {"",       "a",    "a.m", "a.mdx", "a.md-b/c.md",
                                          "b/a.md", "/a.md"};
    const char *const folders[] = {root};
    const sp_site_options options = {.now = 1};
    sp_files files = {0};
    unsigned count;
    sp_error err;
    make_broken_link("a.md");
    for (unsigned i = 0; i < LINKS; i++) {
        char name[32];
        snprintf(name, sizeof name, "link%u.md", i);
        make_broken_link(name);
    }
    assert_int_equal(sp_files_open(folders, 1, &options, &files, &err), SP_OK);
    assert_int_equal(files.error_count, LINKS + 1);
    for (size_t i = 0; i < sizeof within / sizeof *within; i++)
        assert_true(sp_files_may_hold(&files, sp_bytes_of(within[i])));
    for (size_t i = 0; i < sizeof without / sizeof *without; i++)
        assert_false(sp_files_may_hold(&files, sp_bytes_of(without[i])));
    count_posts_that_may_be_there(&files, &count);
    assert_int_equal(count, 0);
    sp_files_done(&files);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(errors_are_found_by_the_paths_below_them, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
