// SPDX-License-Identifier: GPL-2.0-or-later
/* What a path of a site is, for links; sites given by links; times and settings out of the
   ordinary. */
#define _XOPEN_SOURCE 700 /* mkdtemp, nftw */
#include "folder.h"

#include "indexer/site/scan.h"
#include "indexer/site/site_private.h"

#include <errno.h>
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

static void
make_link(const char *target, const char *path)
{
    assert_int_equal(symlink(target, path_of(path)), 0);
}

static void
check_scan(const char *folder, size_t count)
{
    sp_site *site = NULL;
    sp_scan scan = {0};
    sp_error err;
    const sp_site_options options = {.now = 1};
    if (sp_site_open(folder, &options, &site, &err) != SP_OK ||
        sp_site_scan(site, &scan, &err) != SP_OK)
        fail_msg("%s:%u: %s", err.path, err.line, err.text);
    assert_int_equal(scan.count, count);
    assert_int_equal(scan.error_count, 0);
    sp_scan_done(&scan);
    sp_site_close(site);
}

/* The paths of the site are given as they are, and as shells do, by $PWD. */
static void
absolute_links_may_name_the_folder_as_it_was_given(void **state)
{
    (void)state;
    static const char *const folders[] = {"real", "real/site", "real/site/content", "real/x"};
    static const char *const given[] = {"alias/site", "alias/./x/..//site/", "alias/site/in"};
    char target[FOLDER_MAX + 64], here[PATH_MAX];
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        assert_int_equal(mkdir(path_of(folders[i]), 0777), 0);
    put_file(path_of("real/site/_config.yml"), SP_LITERAL("source: in\n"));
    put_file(path_of("real/site/content/a.md"), SP_LITERAL("---\n---\nx"));
    make_link("real", "alias");
    make_link("content", "real/site/in");
    snprintf(target, sizeof target, "%s", path_of("alias/site/in/a.md"));
    make_link(target, "real/site/content/b.md");
    snprintf(target, sizeof target, "%s", path_of("real/site/content/a.md"));
    make_link(target, "real/site/content/c.md");
    assert_non_null(getcwd(here, sizeof here));
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        check_scan(path_of(given[i]), 3);
        assert_int_equal(chdir(path_of(given[i])), 0);
        assert_int_equal(setenv("PWD", path_of(given[i]), 1), 0);
        check_scan(".", 3);
        assert_int_equal(chdir(here), 0);
    }
}

static void
collections_may_be_behind_a_link_inside_the_site(void **state)
{
    (void)state;
    static const char *const folders[] = {"real", "real/in", "real/in/_posts"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        assert_int_equal(mkdir(path_of(folders[i]), 0777), 0);
    put_file(path_of("real/in/_posts/2020-01-01-a.md"), SP_LITERAL("---\n---\nx"));
    put_file(path_of("_config.yml"), SP_LITERAL("collections_dir: alias/in\n"));
    check_scan(root, 0);
    make_link("real", "alias");
    check_scan(root, 1);
    assert_int_equal(unlink(path_of("alias")), 0);
    assert_int_equal(mkdir(path_of("alias"), 0777), 0);
    make_link("../real/in", "alias/in");
    check_scan(root, 1);
}

/* As deep as the limit of values allows: each list holds the one before, 30 levels further in. */
static void
aliases_may_nest_settings_deeply(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str config = {0};
    sp_str_append_text(&config, "a0: &a0 x\n");
    for (int i = 1; i <= 78; i++)
        sp_str_append_format(&config, "a%d: &a%d %s*a%d%s\n", i, i,
                             "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", i - 1,
                             "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
    sp_str_append_text(&config, "collections: *a78\n"
                                "defaults: [{scope: {path: ''}, values: {tags: *a78}}]\n");
    put_file(path_of("_config.yml"), sp_str_bytes(&config));
    check_scan(root, 0);
}

/* The tests link with --wrap=get_current_dir_name: the errno with which it fails, or 0. */
static int no_current_folder;

char *__real_get_current_dir_name(void);
char *__wrap_get_current_dir_name(void);

char *
__wrap_get_current_dir_name(void)
{
    if (no_current_folder == 0)
        return __real_get_current_dir_name();
    errno = no_current_folder;
    return NULL;
}

static void
a_site_is_not_opened_without_its_second_path_if_memory_is_out(void **state)
{
    const sp_site_options options = {.now = 0};
    sp_site *site = NULL;
    char here[4096];
    (void)state;
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir(root), 0);
    no_current_folder = ENOMEM;
    assert_int_equal(sp_site_open(".", &options, &site, NULL), SP_NO_MEMORY);
    no_current_folder = ENOENT;
    assert_int_equal(sp_site_open(".", &options, &site, NULL), SP_OK);
    no_current_folder = 0;
    sp_site_close(site);
    assert_int_equal(chdir(here), 0);
}

/* Times that do not fit into nanoseconds are cut off. */
static void
files_may_have_times_that_are_far_away(void **state)
{
    (void)state;
    static const int64_t seconds[] = {INT64_MIN,  -9000000001, 0,
                                      9000000000, 15032385535, INT64_MAX};
    int64_t last = INT64_MIN;
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
        struct stat about = {.st_mtim = {.tv_sec = seconds[i], .tv_nsec = 999999999},
                             .st_ctim = {.tv_sec = seconds[i]}};
        sp_source source;
        sp_source_set_stat(&source, &about);
        assert_true(source.mtime_ns >= last);
        assert_int_equal(source.mtime_ns, source.ctime_ns + 999999999);
        last = source.mtime_ns;
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_path_is_a_file_a_folder_or_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(absolute_links_may_name_the_folder_as_it_was_given, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            a_site_is_not_opened_without_its_second_path_if_memory_is_out, setup, teardown),
        cmocka_unit_test_setup_teardown(collections_may_be_behind_a_link_inside_the_site, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(aliases_may_nest_settings_deeply, setup, teardown),
        cmocka_unit_test(files_may_have_times_that_are_far_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
