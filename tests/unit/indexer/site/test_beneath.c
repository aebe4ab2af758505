// SPDX-License-Identifier: GPL-2.0-or-later
/* Paths that stay in a folder are opened, and others are not, with openat2 and without it. */
#include "folder.h"

#include "indexer/site/beneath.h"

#include <signpost/arena.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* The tests link with --wrap=syscall: the errno with which openat2 fails, or 0 for the kernel. */
static int refuse_with;

long __real_syscall(long number, long a, long b, long c, long d);
long __wrap_syscall(long number, long a, long b, long c, long d);

long
__wrap_syscall(long number, long a, long b, long c, long d)
{
    if (refuse_with == 0 || number != SYS_openat2)
        return __real_syscall(number, a, b, c, d);
    errno = refuse_with;
    return -1;
}

struct fixture {
    char root[FOLDER_MAX], site[FOLDER_MAX + 8];
    sp_beneath folder;
    sp_arena arena;
};

static const char *
path_of(struct fixture *f, const char *path)
{
    SP_AUTO(sp_str_done) sp_str whole = {0};
    sp_str_append_format(&whole, "%s/%s", f->root, path);
    return sp_arena_copy_str(&f->arena, &whole).data;
}

/* Returns a path with the name of the root, which begins with /tmp, for %s. */
static const char *
path_in(struct fixture *f, const char *format, const char *root)
{
    SP_AUTO(sp_str_done) sp_str path = {0};
    const char *at = strstr(format, "%s");
    sp_str_append_format(&path, "%.*s%s%s", (int)(at - format), format, root, at + 2);
    return sp_arena_copy_str(&f->arena, &path).data;
}

static void
make_link(struct fixture *f, const char *target, const char *path)
{
    assert_int_equal(symlink(target, path_of(f, path)), 0);
}

static void
make_tree(struct fixture *f)
{
    static const char *const folders[] = {"site", "site/sub", "site/sub/deep", "private"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        assert_int_equal(mkdir(path_of(f, folders[i]), 0777), 0);
    put_file(path_of(f, "site/a.md"), SP_LITERAL("inside"));
    put_file(path_of(f, "site/sub/b.md"), SP_LITERAL("inside"));
    put_file(path_of(f, "private/x.md"), SP_LITERAL("private"));
    put_file(path_of(f, "sitesecret.md"), SP_LITERAL("private"));
    make_link(f, "site", "alias");
    make_link(f, "site", "unknown");
    make_link(f, "../a.md", "site/sub/up.md");
    make_link(f, "sub/up.md", "site/chain.md");
    make_link(f, "sub", "site/in");
    make_link(f, "../private", "site/out");
    make_link(f, "../private/x.md", "site/out.md");
    make_link(f, "/etc/passwd", "site/etc.md");
    make_link(f, "loop.md", "site/loop.md");
    make_link(f, "nowhere.md", "site/dangling.md");
    make_link(f, "../site/a.md", "site/around.md");
    const char *root = strrchr(f->root, '/') + 1;
    make_link(f, path_in(f, "../../%s/site/a.md", root), "site/two.md");
    make_link(f, path_in(f, "../.././/..//tmp/%s/alias/sub/../a.md", root), "site/three.md");
    make_link(f, path_in(f, "../../../../tmp/%s/site", root), "site/sub/whole");
    make_link(f, path_in(f, "../../../../../../tmp/%s/site/a.md", root), "site/top.md");
    make_link(f, path_in(f, "../../%s/private/x.md", root), "site/two-out.md");
    make_link(f, path_in(f, "../../%s/private/../site/a.md", root), "site/between.md");
    make_link(f, "../..", "site/above");
    make_link(f, "../../..", "site/sub/high");
    make_link(f, path_of(f, "site/a.md"), "site/absolute.md");
    make_link(f, path_of(f, "site/sub"), "site/absolute");
    make_link(f, path_of(f, "alias/a.md"), "site/alias.md");
    make_link(f, path_of(f, "unknown/a.md"), "site/unknown.md");
    make_link(f, path_of(f, ".//./site/.//a.md"), "site/dots.md");
    make_link(f, path_of(f, "sub/../site/a.md"), "site/parent.md");
    make_link(f, path_of(f, "sitesecret.md"), "site/prefix.md");
}

static int
setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (!f)
        return -1;
    *state = f;
    if (make_folder(f->root) != 0)
        return -1;
    make_tree(f);
    snprintf(f->site, sizeof f->site, "%s/site", f->root);
    f->folder.file = open(f->site, O_RDONLY | O_DIRECTORY);
    f->folder.real = sp_bytes_of(f->site);
    f->folder.given = sp_bytes_of(path_of(f, "alias"));
    return 0;
}

static int
teardown(void **state)
{
    struct fixture *f = *state;
    refuse_with = 0;
    close(f->folder.file);
    sp_arena_done(&f->arena);
    int failed = remove_folder(f->root);
    free(f);
    return failed;
}

/* number: the expected errno, or 0 for a file with the content "inside". */
static const struct {
    const char *path;
    int number;
} cases[] = {
    {"a.md", 0},
    {"./sub//b.md", 0},
    {"sub/../a.md", 0},
    {"sub/up.md", 0},
    {"chain.md", 0},
    {"in/b.md", 0},
    {"in/up.md", 0},
    {"in/../a.md", 0},
    {"absolute.md", 0},
    {"absolute/b.md", 0},
    {"alias.md", 0},
    {"dots.md", 0},
    {"around.md", 0},
    {"two.md", 0},
    {"three.md", 0},
    {"sub/whole/in/b.md", 0},
    {"sub/whole/two.md", 0},
    {"top.md", 0},
    {"two-out.md", EXDEV},
    {"between.md", EXDEV},
    {"above", EXDEV},
    {"above/none/x.md", EXDEV},
    {"../private/x.md", EXDEV},
    {"sub/../../private/x.md", EXDEV},
    {"/etc/passwd", EXDEV},
    {"out.md", EXDEV},
    {"out/x.md", EXDEV},
    {"out/none.md", EXDEV}, /* not ENOENT: nobody learns what is there */
    {"etc.md", EXDEV},
    {"prefix.md", EXDEV},
    {"unknown.md", EXDEV}, /* inside, but only a look at what is outside would show it */
    {"parent.md", EXDEV},
    {"sub/high/etc/passwd", EXDEV},
    {"loop.md", ELOOP},
    {"dangling.md", ENOENT},
    {"none/x.md", ENOENT},
    {"a.md/x.md", ENOTDIR},
};

static void
check_cases(struct fixture *f)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SP_AUTO(sp_str_done) sp_str out = {0};
        enum sp_file_result result = sp_beneath_read(&f->folder, cases[i].path, 100, &out, NULL);
        int number = result == SP_FILE_NOT_OPENED ? errno : 0;
        if (number != cases[i].number)
            fail_msg("%s: errno %d instead of %d", cases[i].path, number, cases[i].number);
        if (number == 0)
            assert_str(out, "inside");
        struct stat about;
        assert_int_equal(sp_beneath_stat(&f->folder, cases[i].path, 0, &about), number == 0);
    }
}

static void
paths_are_opened_only_in_the_folder(void **state)
{
    check_cases(*state);
}

/* As on Linux before 5.6, under an old seccomp filter, and when the kernel gives up because
   something was renamed. */
static void
the_same_paths_are_opened_without_openat2(void **state)
{
    static const int numbers[] = {ENOSYS, EPERM, EAGAIN};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        refuse_with = numbers[i];
        check_cases(*state);
    }
}

static void
the_last_link_is_not_followed_if_that_is_asked_for(void **state)
{
    struct fixture *f = *state;
    for (refuse_with = 0; refuse_with <= ENOSYS; refuse_with += ENOSYS) {
        int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
        assert_int_equal(sp_beneath_open(&f->folder, "in", flags), -1);
        assert_int_equal(sp_beneath_open(&f->folder, "out", flags), -1);
        int file = sp_beneath_open(&f->folder, "in/deep", flags);
        assert_true(file >= 0);
        assert_true(fcntl(file, F_GETFD) & FD_CLOEXEC);
        close(file);
    }
}

static void
a_folder_can_be_the_root_of_the_file_system(void **state)
{
    struct fixture *f = *state;
    sp_beneath root = {.file = open("/", O_RDONLY | O_DIRECTORY), .real = SP_LITERAL("/")};
    for (refuse_with = 0; refuse_with <= ENOSYS; refuse_with += ENOSYS) {
        SP_AUTO(sp_str_done) sp_str out = {0};
        const char *path = path_of(f, "site/absolute.md");
        assert_int_equal(sp_beneath_read(&root, path + 1, 100, &out, NULL), SP_FILE_READ);
        assert_str(out, "inside");
    }
    close(root.file);
}

static void
special_files_are_opened_without_waiting_and_not_read(void **state)
{
    struct fixture *f = *state;
    SP_AUTO(sp_str_done) sp_str out = {0};
    assert_int_equal(mkfifo(path_of(f, "site/fifo.md"), 0666), 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path_of(f, "site/socket.md"));
    int made = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(made, (const struct sockaddr *)&address, sizeof address), 0);
    close(made);
    for (refuse_with = 0; refuse_with <= ENOSYS; refuse_with += ENOSYS) {
        alarm(10); /* ends the test program if a call waits */
        assert_int_equal(sp_beneath_read(&f->folder, "fifo.md", 9, &out, NULL),
                         SP_FILE_NOT_REGULAR);
        assert_int_equal(sp_beneath_read(&f->folder, "socket.md", 9, &out, NULL),
                         SP_FILE_NOT_REGULAR);
        assert_int_equal(sp_beneath_read(&f->folder, "sub", 9, &out, NULL), SP_FILE_NOT_REGULAR);
        assert_int_equal(sp_beneath_read(&f->folder, "", 9, &out, NULL), SP_FILE_NOT_REGULAR);
        assert_int_equal(sp_beneath_read(&f->folder, "a.md", 5, &out, NULL), SP_FILE_TOO_LONG);
        alarm(0);
    }
}

static void
links_are_resolved_to_names(void **state)
{
    struct fixture *f = *state;
    SP_AUTO(sp_str_done) sp_str out = {0};
    assert_true(sp_beneath_resolve(&f->folder, "absolute/up.md", &out));
    assert_str(out, "a.md");
    sp_str_clear(&out);
    assert_true(sp_beneath_resolve(&f->folder, "in/deep/..", &out));
    assert_str(out, "sub");
    assert_false(sp_beneath_resolve(&f->folder, "out/x.md", &out));
    assert_int_equal(errno, EXDEV);
}

static void
long_paths_are_refused(void **state)
{
    struct fixture *f = *state;
    char path[3 * PATH_MAX];
    for (size_t i = 0; i < sizeof path; i++)
        path[i] = "a/../"[i % 5];
    path[sizeof path - 1] = '\0';
    struct stat about;
    for (refuse_with = 0; refuse_with <= ENOSYS; refuse_with += ENOSYS) {
        assert_false(sp_beneath_stat(&f->folder, path, 0, &about));
        assert_int_equal(errno, ENAMETOOLONG);
    }
}

/* Folders and files with the longest name that the system allows, and beyond. */
static void
names_have_at_most_255_bytes(void **state)
{
    struct fixture *f = *state;
    for (size_t len = NAME_MAX - 2; len <= NAME_MAX + 2; len++) {
        SP_AUTO(sp_str_done) sp_str path = {0};
        struct stat about;
        while (path.len + 2 <= len)
            sp_str_append_text(&path, "é");
        while (path.len < len)
            sp_str_append_char(&path, 'x');
        sp_str_append_text(&path, "/a.md");
        if (len <= NAME_MAX) {
            SP_AUTO(sp_str_done) sp_str whole = {0};
            sp_str_append_format(&whole, "%s/site/%.*s", f->root, (int)len, path.data);
            assert_int_equal(mkdir(whole.data, 0777), 0);
            sp_str_append_text(&whole, "/a.md");
            put_file(whole.data, SP_LITERAL("inside"));
        }
        for (refuse_with = 0; refuse_with <= ENOSYS; refuse_with += ENOSYS) {
            errno = 0;
            assert_int_equal(sp_beneath_stat(&f->folder, path.data, 0, &about), len <= NAME_MAX);
            if (len > NAME_MAX)
                assert_int_equal(errno, ENAMETOOLONG);
        }
        refuse_with = 0;
    }
}

static void
paths_of_settings_are_relative_and_do_not_go_up(void **state)
{
    (void)state;
    static const char *const good[] = {"", "a", "a/b", "..a/b..", "a/...", "./a"};
    static const char *const bad[] = {"/", "/a", "..", "../a", "a/..", "a/../b", "./../a"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(sp_is_beneath_path(sp_bytes_of(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(sp_is_beneath_path(sp_bytes_of(bad[i])));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(paths_are_opened_only_in_the_folder, setup, teardown),
        cmocka_unit_test_setup_teardown(the_same_paths_are_opened_without_openat2, setup, teardown),
        cmocka_unit_test_setup_teardown(the_last_link_is_not_followed_if_that_is_asked_for, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_folder_can_be_the_root_of_the_file_system, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(special_files_are_opened_without_waiting_and_not_read,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(links_are_resolved_to_names, setup, teardown),
        cmocka_unit_test_setup_teardown(names_have_at_most_255_bytes, setup, teardown),
        cmocka_unit_test_setup_teardown(long_paths_are_refused, setup, teardown),
        cmocka_unit_test(paths_of_settings_are_relative_and_do_not_go_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
