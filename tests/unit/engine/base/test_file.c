// SPDX-License-Identifier: GPL-2.0-or-later
#include "harness.h"

#include "engine/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char folder[] = "/tmp/test-file-XXXXXX";

static int
make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int
remove_folder(void **state)
{
    (void)state;
    unlink("content");
    unlink("pipe");
    unlink("link");
    unlink("loop");
    unlink("socket");
    return rmdir(folder);
}

static void
write_content(sp_bytes content)
{
    int file = open("content", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    assert_true(file >= 0);
    assert_true(sp_file_write_all(file, content));
    close(file);
}

/* The lowest descriptor that is free. */
static int
next_descriptor(void)
{
    int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_true(file >= 0);
    close(file);
    return file;
}

static void
test_reading_leaves_no_file_open(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str read = {0};
    int before = next_descriptor();
    write_content(SP_LITERAL("content"));
    assert_int_equal(sp_file_read(AT_FDCWD, "content", 0, 7, &read), SP_FILE_READ);
    assert_int_equal(sp_file_read(AT_FDCWD, "content", 0, 6, &read), SP_FILE_TOO_LONG);
    assert_int_equal(sp_file_read(AT_FDCWD, ".", 0, 7, &read), SP_FILE_NOT_REGULAR);
    assert_int_equal(next_descriptor(), before);
}

static void
test_a_written_file_is_read_back_unchanged(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str large = {0};
    SP_AUTO(sp_str_done) sp_str read = {0};
    while (large.len < 1000000)
        sp_str_append_format(&large, "%zu\n", large.len);
    write_content(sp_str_bytes(&large));
    sp_str_append_text(&read, "before ");
    assert_int_equal(sp_file_read(AT_FDCWD, "content", 0, large.len, &read), SP_FILE_READ);
    assert_true(
        sp_bytes_equal(sp_bytes_slice(sp_str_bytes(&read), 7, read.len), sp_str_bytes(&large)));
    assert_int_equal(read.data[read.len], '\0');
}

static void
test_an_empty_file_reads_as_nothing(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str read = {0};
    write_content(SP_LITERAL(""));
    assert_int_equal(sp_file_read(AT_FDCWD, "content", 0, 0, &read), SP_FILE_READ);
    assert_int_equal(read.len, 0);
}

static void
test_a_file_over_the_limit_is_refused(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str read = {0};
    write_content(SP_LITERAL("12345"));
    assert_int_equal(sp_file_read(AT_FDCWD, "content", 0, 4, &read), SP_FILE_TOO_LONG);
    assert_int_equal(sp_file_read(AT_FDCWD, "content", 0, 5, &read), SP_FILE_READ);
    assert_str(read, "12345");
}

static void
test_a_file_whose_size_is_unknown_is_read_to_its_end(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str read = {0};
    assert_int_equal(sp_file_read(AT_FDCWD, "/proc/self/status", 0, 1 << 20, &read), SP_FILE_READ);
    assert_true(read.len > 100);
    sp_str_clear(&read);
    assert_int_equal(sp_file_read(AT_FDCWD, "/proc/self/status", 0, 100, &read), SP_FILE_TOO_LONG);
}

static void
test_only_regular_files_are_read(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str read = {0};
    assert_int_equal(mkfifo("pipe", 0600), 0);
    assert_int_equal(sp_file_read(AT_FDCWD, "pipe", 0, 10, &read), SP_FILE_NOT_REGULAR);
    assert_int_equal(sp_file_read(AT_FDCWD, ".", 0, 10, &read), SP_FILE_NOT_REGULAR);
    assert_int_equal(sp_file_read(AT_FDCWD, "missing", 0, 10, &read), SP_FILE_NOT_OPENED);
    assert_int_equal(errno, ENOENT);
    assert_int_equal(symlink("content", "link"), 0);
    assert_int_equal(sp_file_read(AT_FDCWD, "link", O_NOFOLLOW, 10, &read), SP_FILE_NOT_REGULAR);
    assert_int_equal(symlink("loop", "loop"), 0);
    assert_int_equal(sp_file_read(AT_FDCWD, "loop", 0, 10, &read), SP_FILE_NOT_OPENED);
    assert_int_equal(errno, ELOOP);
    int made = socket(AF_UNIX, SOCK_STREAM, 0);
    const struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
    assert_int_equal(bind(made, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(sp_file_read(AT_FDCWD, "socket", 0, 10, &read), SP_FILE_NOT_REGULAR);
    close(made);
}

static void
test_a_refused_write_says_why(void **state)
{
    (void)state;
    int file = open("/dev/full", O_WRONLY | O_CLOEXEC);
    if (file < 0)
        skip();
    assert_false(sp_file_write_all(file, SP_LITERAL("x")));
    assert_int_equal(errno, ENOSPC);
    assert_true(sp_file_write_all(file, SP_LITERAL("")));
    close(file);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reading_leaves_no_file_open),
        cmocka_unit_test(test_a_written_file_is_read_back_unchanged),
        cmocka_unit_test(test_an_empty_file_reads_as_nothing),
        cmocka_unit_test(test_a_file_over_the_limit_is_refused),
        cmocka_unit_test(test_a_file_whose_size_is_unknown_is_read_to_its_end),
        cmocka_unit_test(test_only_regular_files_are_read),
        cmocka_unit_test(test_a_refused_write_says_why),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
