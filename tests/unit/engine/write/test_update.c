// SPDX-License-Identifier: GPL-2.0-or-later
/* An update that fails, or that is not committed, does no harm to the tables. */
#define _GNU_SOURCE /* F_OFD_SETLK */
#include "folder.h"

#include <signpost/update.h>
#include <xapian-c.h>

#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define POSTS 300

static char directory[FOLDER_MAX], database[FOLDER_MAX + 8];
static xc_writer *other; /* of another program, which has the database open for writing */
static int posts, cuts, cuts_with_the_lock;

/* Adds documents that fill tables; nothing is committed. */
static void
write_other(int first, int last)
{
    for (int i = first; i <= last; i++) {
        char term[32], data[4000];
        uint32_t docid;
        xc_doc *doc = xc_doc_new();
        int len = snprintf(term, sizeof term, "Xother%d", i);
        memset(data, 'a' + i % 26, sizeof data);
        assert_non_null(doc);
        assert_int_equal(xc_doc_set_data(doc, (xc_bytes){data, sizeof data}, NULL), XC_OK);
        assert_int_equal(xc_doc_add_boolean_term(doc, (xc_bytes){term, (size_t)len}, NULL), XC_OK);
        assert_int_equal(xc_writer_add(other, doc, &docid, NULL), XC_OK);
        xc_doc_free(doc);
    }
}

/* In place of libc's function. libxapian takes its lock by this call: meanwhile the other program
   writes on. */
__attribute__((visibility("default"))) int
fcntl(int fd, int command, ...)
{
    va_list rest;
    va_start(rest, command);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    if (command == F_OFD_SETLK && other)
        write_other(101, 400);
    return (int)syscall(SYS_fcntl, fd, command, argument);
}

static xc_status
try_to_lock(void)
{
    const xc_writer_options options = {.mode = XC_OPEN};
    xc_writer *writer = NULL;
    xc_status status = xc_writer_open(database, &options, &writer, NULL);
    xc_writer_close(writer);
    return status;
}

/* In place of libc's function. */
__attribute__((visibility("default"))) int
ftruncate(int fd, off_t length)
{
    cuts++;
    cuts_with_the_lock += try_to_lock() == XC_LOCKED;
    return (int)syscall(SYS_ftruncate, fd, length);
}

static void
open_other(xc_open_mode mode)
{
    const xc_writer_options options = {.mode = mode};
    xc_writer *writer;
    assert_int_equal(xc_writer_open(database, &options, &writer, NULL), XC_OK);
    other = writer;
}

static void
close_other(void)
{
    assert_int_equal(xc_writer_commit(other, NULL), XC_OK);
    xc_writer_close(other);
    other = NULL;
}

static int
set_up(void **state)
{
    (void)state;
    posts = cuts = cuts_with_the_lock = 0;
    if (make_folder(directory) != 0 || setenv("XAPIAN_FLUSH_THRESHOLD", "20", 1) != 0)
        return -1;
    snprintf(database, sizeof database, "%s/g1", directory);
    open_other(XC_CREATE);
    write_other(1, 50);
    close_other();
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    return remove_folder(directory);
}

/* The sizes of all tables, one after the other. */
static void
note_sizes(off_t sizes[4])
{
    static const char *const names[] = {"docdata", "postlist", "termlist", "position"};
    for (size_t i = 0; i < 4; i++) {
        char path[FOLDER_MAX + 64];
        struct stat about;
        snprintf(path, sizeof path, "%s/%s.glass", database, names[i]);
        sizes[i] = stat(path, &about) == 0 ? about.st_size : -1;
    }
}

static uint32_t
count_read(void)
{
    xc_reader *reader;
    uint32_t read = 0;
    assert_int_equal(xc_reader_open(database, &reader, NULL), XC_OK);
    for (int i = 1; i <= 400; i++) {
        char term[32];
        xc_record *record;
        int len = snprintf(term, sizeof term, "Xother%d", i);
        if (xc_reader_find(reader, (xc_bytes){term, (size_t)len}, XC_FETCH_DATA, &record, NULL) ==
            XC_OK) {
            read += record->data.len == 4000;
            xc_record_free(record);
        }
    }
    xc_reader_close(reader);
    return read;
}

static void
test_the_blocks_of_another_writer_are_not_cut(void **state)
{
    sp_update *update;
    off_t before[4], after[4];
    (void)state;
    open_other(XC_OPEN);
    write_other(51, 100);
    note_sizes(before);
    assert_int_equal(sp_update_open(database, SP_LITERAL("en"), &update, NULL), SP_LOCKED);
    note_sizes(after);
    assert_true(after[0] > before[0]); /* it wrote meanwhile */
    assert_int_equal(cuts, 0);
    close_other();
    assert_int_equal(count_read(), 400);
}

static void
put_post(sp_update *update)
{
    char path[32];
    static char text[60000];
    uint64_t digest;
    int len = snprintf(text, sizeof text, "Title %d\n", posts);
    int title = len - 1;
    for (int i = 0; i < 500; i++)
        len += snprintf(text + len, sizeof text - (size_t)len, "word%dx%d ", posts, i);
    sp_section section = {.body = {(uint32_t)title + 1, (uint32_t)len}, .parent = SP_NO_SECTION};
    snprintf(path, sizeof path, "%d.md", posts++);
    const sp_post post = {.path = sp_bytes_of(path),
                          .url = sp_bytes_of(path),
                          .lang = SP_LITERAL("en"),
                          .date = SP_LITERAL(""),
                          .text = {text, (size_t)len},
                          .title = {0, (uint32_t)title},
                          .sections = &section,
                          .section_count = 1};
    assert_int_equal(sp_update_post(update, &post, NULL, &digest, NULL), SP_OK);
}

static void
test_an_uncommitted_update_is_cut_off_while_no_other_writer_can_begin(void **state)
{
    sp_update *update;
    off_t before[4], opened[4], grown[4], after[4];
    (void)state;
    note_sizes(before);
    assert_int_equal(sp_update_open(database, SP_LITERAL("en"), &update, NULL), SP_OK);
    note_sizes(opened);
    assert_memory_equal(before, opened, sizeof before); /* opening changes nothing */
    while (posts < POSTS)
        put_post(update);
    note_sizes(grown);
    assert_true(grown[1] > before[1]);
    sp_update_close(update);
    note_sizes(after);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(after[i], before[i]);
    assert_true(cuts > 0);
    assert_int_equal(cuts_with_the_lock, cuts);
    assert_int_equal(count_read(), 50);
    assert_int_equal(try_to_lock(), XC_OK);
    open_other(XC_OPEN);
    write_other(51, 400);
    close_other();
    assert_int_equal(count_read(), 400);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_blocks_of_another_writer_are_not_cut, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            test_an_uncommitted_update_is_cut_off_while_no_other_writer_can_begin, set_up,
            tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
