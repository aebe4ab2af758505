// SPDX-License-Identifier: GPL-2.0-or-later
/* A line of a log that is incomplete, because the disk was full, spoils no other line. */

#include "harness.h"

#include "searchd/log.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static char folder[] = "/tmp/signpost-log.XXXXXX";
static char path[sizeof folder + 8];
static char content[4096];

static const char *
read_log(void)
{
    int file = open(path, O_RDONLY);
    ssize_t got = read(file, content, sizeof content - 1);
    assert_true(file >= 0 && got >= 0);
    close(file);
    content[got] = '\0';
    return content;
}

/* The size that files may have, as on a full disk. */
static void
limit(rlim_t size)
{
    struct rlimit now;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &now), 0);
    now.rlim_cur = size;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &now), 0);
}

static void
log_query(sp_logs *logs, const char *query)
{
    const sp_query_entry entry = {.query = sp_bytes_of(query)};
    sp_logs_query(logs, &entry);
}

static void
open_logs(sp_logs *logs)
{
    sp_error err;
    assert_int_equal(sp_logs_open(NULL, path, logs, &err), SP_OK);
}

/* The last line is whole, and the one before begins like this. */
static void
check_last_lines(const char *before, const char *last)
{
    read_log();
    char *end = strrchr(content, '\n');
    assert_non_null(end);
    assert_string_equal(end, "\n");
    *end = '\0';
    char *line = strrchr(content, '\n');
    assert_non_null(line);
    assert_int_equal(line[1], '{');
    assert_non_null(strstr(line, last));
    *line = '\0';
    line = strrchr(content, '\n');
    assert_non_null(strstr(line ? line : content, before));
}

static void
a_torn_line_is_known_after_the_log_is_opened_again_by_its_name(void **state)
{
    sp_logs logs;
    sp_error err;
    (void)state;
    open_logs(&logs);
    limit(20);
    log_query(&logs, "first");
    log_query(&logs, "lost");
    assert_int_equal(strlen(read_log()), 20);
    assert_int_equal(sp_logs_reopen(&logs, &err), SP_OK);
    limit(RLIM_INFINITY);
    log_query(&logs, "second");
    check_last_lines("{", "second");
    log_query(&logs, "third");
    check_last_lines("second", "third");
    sp_logs_close(&logs);
}

static void
a_file_that_ends_inside_a_line_is_continued_on_a_line_of_its_own(void **state)
{
    sp_logs logs;
    (void)state;
    for (int whole = 0; whole < 2; whole++) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(whole ? "a line\n" : "a fragm", file);
        assert_int_equal(fclose(file), 0);
        open_logs(&logs);
        log_query(&logs, "first");
        check_last_lines(whole ? "a line" : "a fragm", "first");
        sp_logs_close(&logs);
    }
}

static void
a_new_file_does_not_begin_with_an_empty_line(void **state)
{
    sp_logs logs;
    sp_error err;
    (void)state;
    open_logs(&logs);
    limit(20);
    log_query(&logs, "first");
    limit(RLIM_INFINITY);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(sp_logs_reopen(&logs, &err), SP_OK);
    log_query(&logs, "second");
    assert_int_equal(read_log()[0], '{');
    sp_logs_close(&logs);
}

static int
remove_log(void **state)
{
    (void)state;
    unlink(path);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_torn_line_is_known_after_the_log_is_opened_again_by_its_name,
                                  remove_log),
        cmocka_unit_test_teardown(a_file_that_ends_inside_a_line_is_continued_on_a_line_of_its_own,
                                  remove_log),
        cmocka_unit_test_teardown(a_new_file_does_not_begin_with_an_empty_line, remove_log),
    };
    signal(SIGXFSZ, SIG_IGN);
    if (!mkdtemp(folder))
        return 1;
    snprintf(path, sizeof path, "%s/log", folder);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(folder);
    return failed;
}
