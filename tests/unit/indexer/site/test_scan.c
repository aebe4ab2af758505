// SPDX-License-Identifier: GPL-2.0-or-later
/* What a path of a site is, for links. */
#define _XOPEN_SOURCE 700 /* mkdtemp, nftw */
#include "folder.h"

#include "indexer/site/scan.h"
#include "indexer/site/site_private.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

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

static const char *
path_of(const char *name)
{
    static char path[FOLDER_MAX + 64];
    snprintf(path, sizeof path, "%s/%s", root, name);
    return path;
}

static void
a_path_is_a_file_a_folder_or_nothing(void **state)
{
    (void)state;
    static const struct {
        sp_bytes path;
        enum sp_site_entry entry;
    } cases[] = {
        {{"", 0}, SP_SITE_FOLDER},           {{"site", 4}, SP_SITE_FOLDER},
        {{"site/a", 6}, SP_SITE_FILE},       {{"site/ab", 6}, SP_SITE_FILE}, /* six bytes of it */
        {{"site/b", 6}, SP_SITE_NOTHING},    {{"site/a/b", 8}, SP_SITE_NOTHING},
        {{"site/a\0b", 8}, SP_SITE_NOTHING}, {{"site/a\0", 7}, SP_SITE_NOTHING},
        {{"\0", 1}, SP_SITE_NOTHING},        {{"site/fifo", 9}, SP_SITE_NOTHING},
        {{"out", 3}, SP_SITE_FILE},          {{"out/none", 8}, SP_SITE_FILE},
        {{"nowhere", 7}, SP_SITE_NOTHING},   {{"in", 2}, SP_SITE_FOLDER},
    };
    assert_int_equal(mkdir(path_of("site"), 0777), 0);
    put_file(path_of("site/a"), SP_LITERAL("a"));
    assert_int_equal(mkfifo(path_of("site/fifo"), 0666), 0);
    assert_int_equal(symlink("/", path_of("out")), 0);
    assert_int_equal(symlink("none", path_of("nowhere")), 0);
    assert_int_equal(symlink("site", path_of("in")), 0);
    sp_site site = {.folder = {.file = open(root, O_RDONLY | O_DIRECTORY)}};
    site.folder.real = sp_bytes_of(root);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (sp_site_find_entry(&site, cases[i].path) != cases[i].entry)
            fail_msg("case %zu: %s", i, cases[i].path.data);
    }
    close(site.folder.file);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_path_is_a_file_a_folder_or_nothing, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
