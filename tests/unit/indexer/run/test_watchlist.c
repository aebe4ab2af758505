// SPDX-License-Identifier: GPL-2.0-or-later
/* Which places of a site are watched. */

#include "folder.h"

#include "indexer/run/watchlist.h"

#include <sys/stat.h>

struct fixture {
    char root[FOLDER_MAX];
    sp_arena arena;
    sp_error err;
};

static int
setup(void **state)
{
    static struct fixture fixture;
    *state = &fixture;
    return make_folder(fixture.root);
}

static int
teardown(void **state)
{
    struct fixture *f = *state;
    sp_arena_done(&f->arena);
    return remove_folder(f->root);
}

static const char *
path_of(struct fixture *f, const char *path)
{
    SP_AUTO(sp_str_done) sp_str whole = {0};
    sp_str_append_format(&whole, "%s%s%s", f->root, *path ? "/" : "", path);
    return sp_arena_copy_str(&f->arena, &whole).data;
}

static void
make_subfolder(struct fixture *f, const char *path)
{
    assert_int_equal(mkdir(path_of(f, path), 0777), 0);
}

static void
write_file(struct fixture *f, const char *path, const char *content)
{
    put_file(path_of(f, path), sp_bytes_of(content));
}

static sp_watchlist
list_for(struct fixture *f, const char *site, const char *index)
{
    sp_files files = {0};
    sp_watchlist list;
    sp_site_options options = {.now = 1};
    const char *const sites[] = {path_of(f, site)};
    assert_int_equal(sp_files_open(sites, 1, &options, &files, &f->err), SP_OK);
    assert_int_equal(sp_watchlist_make(&files, path_of(f, index), &f->arena, &list, &f->err),
                     SP_OK);
    sp_files_done(&files);
    return list;
}

static bool
has(struct fixture *f, const sp_watchlist *list, const char *folder, const char *name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (sp_bytes_equal(list->items[i].folder, sp_bytes_of(path_of(f, folder))) &&
            sp_bytes_equal(list->items[i].name, sp_bytes_of(name)))
            return true;
    }
    return false;
}

static void
a_jekyll_site_is_watched_where_it_is_read(void **state)
{
    struct fixture *f = *state;
    static const char *const folders[] = {"site",          "site/_posts",        "site/_posts/deep",
                                          "site/_site",    "site/sub",           "site/_cols",
                                          "site/assets",   "site/_cols/_guides", "site/_shared",
                                          "site/excluded", "site/index"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        make_subfolder(f, folders[i]);
    write_file(f, "site/_shared/settings.yml",
               "collections_dir: _cols\ncollections: {guides: {output: true}}\n"
               "exclude: [excluded]\ninclude: [_more/one.md]\nmarkdown_ext: md,text\n");
    assert_int_equal(symlink("_shared/settings.yml", path_of(f, "site/_config.yml")), 0);
    write_file(f, "site/_shared/text.txt", "---\n---\n");
    assert_int_equal(symlink("../_shared/text.txt", path_of(f, "site/sub/link.md")), 0);
    make_subfolder(f, "private");
    write_file(f, "private/x.md", "x");
    assert_int_equal(symlink("../private/x.md", path_of(f, "site/out.md")), 0);
    assert_int_equal(symlink("../private/pins.tsv", path_of(f, "site/pins.tsv")), 0);
    sp_watchlist list = list_for(f, "site", "site/index");
    assert_false(has(f, &list, "private", "x.md"));
    assert_false(has(f, &list, "private", "pins.tsv"));
    assert_true(has(f, &list, "site", "pins.tsv"));
    assert_true(has(f, &list, "site", ""));
    assert_true(has(f, &list, "", "site"));
    assert_true(has(f, &list, "site/_shared", "settings.yml"));
    assert_true(has(f, &list, "site/sub", ""));
    assert_true(has(f, &list, "site/_cols", ""));
    assert_true(has(f, &list, "site/_cols/_guides", ""));
    assert_true(has(f, &list, "site/_shared", "text.txt"));
    assert_true(has(f, &list, "site/_more", "one.md"));
    assert_false(has(f, &list, "site/_shared", ""));
    assert_false(has(f, &list, "site/_site", ""));
    assert_false(has(f, &list, "site/excluded", ""));
    assert_false(has(f, &list, "site/index", ""));
    assert_int_equal(list.extension_count, 2);
    assert_bytes(list.extensions[1], "text");
}

static void
a_plain_tree_is_watched_except_for_the_index(void **state)
{
    struct fixture *f = *state;
    static const char *const folders[] = {"real",          "real/a",    "real/a/b",   "real/index",
                                          "real/index/g1", "real/.git", "real/index2"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        make_subfolder(f, folders[i]);
    assert_int_equal(symlink("real", path_of(f, "link")), 0);
    assert_int_equal(symlink(".", path_of(f, "way")), 0);
    sp_watchlist list = list_for(f, "way/link/", "link/index");
    assert_true(has(f, &list, "real", ""));
    assert_true(has(f, &list, "real/a/b", ""));
    assert_true(has(f, &list, "real/index2", ""));
    assert_true(has(f, &list, "", "way"));
    assert_true(has(f, &list, "way", "link"));
    assert_false(has(f, &list, "real/index", ""));
    assert_false(has(f, &list, "real/index/g1", ""));
    assert_false(has(f, &list, "real/.git", ""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_jekyll_site_is_watched_where_it_is_read, setup, teardown),
        cmocka_unit_test_setup_teardown(a_plain_tree_is_watched_except_for_the_index, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
