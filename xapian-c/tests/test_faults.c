// SPDX-License-Identifier: GPL-2.0-or-later
/* No entry point lets an exception out: NULL arguments, missing and damaged files, a full disk. */
#include "support.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define bad(call)                                                                                  \
    do {                                                                                           \
        err = (xc_error){XC_OK, ""};                                                               \
        assert_int_equal(call, XC_BAD_ARGUMENT);                                                   \
        assert_int_equal(err.status, XC_BAD_ARGUMENT);                                             \
        assert_true(err.text[0]);                                                                  \
    } while (0)

static void
null_arguments_of_write_functions_are_refused(void **state)
{
    xc_error err;
    const xc_bytes x = XC_BYTES("x");
    uint32_t n;
    xc_writer *writer = NULL;
    xc_doc *doc = xc_doc_new();
    bad(xc_doc_add_posting(NULL, x, 1, 1, &err));
    bad(xc_doc_add_term(NULL, x, 1, &err));
    bad(xc_doc_add_boolean_term(NULL, x, &err));
    bad(xc_doc_set_value(NULL, 1, x, &err));
    bad(xc_doc_set_data(NULL, x, &err));
    bad(xc_doc_set_data(doc, (xc_bytes){NULL, 1}, &err));
    bad(xc_doc_set_data(doc, (xc_bytes){"x", (size_t)200 << 20}, &err));
    bad(xc_writer_open(NULL, NULL, &writer, &err));
    bad(xc_writer_open(in(state, "w"), NULL, NULL, &err));
    bad(xc_writer_commit(NULL, &err));
    bad(xc_writer_cancel(NULL, &err));
    bad(xc_writer_add(NULL, doc, &n, &err));
    bad(xc_writer_replace(NULL, x, doc, &n, &err));
    bad(xc_writer_delete(NULL, x, &err));
    bad(xc_writer_set_metadata(NULL, x, x, &err));
    bad(xc_writer_add_spelling(NULL, x, 1, &err));
    bad(xc_writer_remove_spelling(NULL, x, 1, &err));
    bad(xc_writer_add_synonym(NULL, x, x, &err));
    bad(xc_writer_clear_synonyms(NULL, x, &err));
    bad(xc_writer_doc_count(NULL, &n, &err));
    bad(xc_compact(NULL, 1, "x", NULL, &err));
    bad(xc_compact(&(const char *){NULL}, 1, in(state, "x"), NULL, &err));
    bad(xc_compact(&(const char *){"x"}, 1, NULL, NULL, &err));
    writer = open_writer(in(state, "w"), XC_CREATE);
    bad(xc_writer_add(writer, NULL, &n, &err));
    bad(xc_writer_replace(writer, x, NULL, &n, &err));
    bad(xc_writer_doc_count(writer, NULL, &err));
    xc_writer_close(writer);
    assert_int_equal(xc_writer_pending(NULL), 0);
    xc_writer_close(NULL);
    xc_doc_clear(NULL);
    xc_doc_free(doc);
    xc_doc_free(NULL);
}

static void
null_arguments_of_read_functions_are_refused(void **state)
{
    xc_error err;
    const xc_bytes x = XC_BYTES("x");
    xc_bytes value;
    xc_terms *terms = NULL;
    xc_record *record = NULL;
    xc_page *page = NULL;
    xc_stemmer *stemmer = NULL;
    size_t count;
    uint64_t revision;
    make_index(in(state, "r"), 1, 2);
    xc_reader *readers[] = {NULL, open_reader(in(state, "r"))};
    bad(xc_reader_open(NULL, &readers[0], &err));
    bad(xc_reader_open(in(state, "r"), NULL, &err));
    bad(xc_reader_open_many(NULL, 1, &readers[0], &err));
    bad(xc_reader_refresh(NULL, NULL, &err));
    for (int i = 0; i < 2; i++) {
        xc_reader *reader = readers[i];
        bad(xc_reader_revision(reader, reader ? NULL : &revision, &err));
        bad(xc_reader_info(reader, reader ? NULL : &(xc_info){0}, &err));
        bad(xc_reader_metadata(reader, x, reader ? NULL : &value, &err));
        bad(xc_reader_term(reader, x, reader ? NULL : &(xc_term_stats){0}, &err));
        bad(xc_reader_vocabulary(reader, x, x, 1, reader ? NULL : &terms, &err));
        bad(xc_reader_metadata_keys(reader, x, x, 1, reader ? NULL : &terms, &err));
        bad(xc_reader_synonyms(reader, x, 1, reader ? NULL : &terms, &err));
        bad(xc_reader_suggest(reader, x, 2, reader ? NULL : &value, &err));
        bad(xc_reader_postings(reader, x, 0, 1, NULL, reader ? NULL : &count, &err));
        bad(xc_reader_frequencies(reader, x, 0, 1, NULL, NULL, reader ? NULL : &count, &err));
        bad(xc_reader_get(reader, 1, 0, reader ? NULL : &record, &err));
        bad(xc_reader_find(reader, x, 0, reader ? NULL : &record, &err));
        bad(xc_search(reader, reader ? NULL : &(xc_request){0}, &page, &err));
    }
    bad(xc_reader_get(readers[1], 0, 0, &record, &err));
    bad(xc_reader_get(readers[1], 1, 1024, &record, &err));
    bad(xc_reader_metadata(readers[1], (xc_bytes){NULL, 0}, &value, &err));
    assert_int_equal(xc_reader_get(readers[1], UINT32_MAX, 0, &record, NULL), XC_NOT_FOUND);
    bad(xc_stemmer_new(NULL, &stemmer, &err));
    bad(xc_stemmer_new("english", NULL, &err));
    bad(xc_stemmer_languages(NULL, &err));
    assert_null(xc_stemmer_stem(NULL, x).data);
    assert_int_equal(xc_reader_moves(NULL), 0);
    xc_reader_close(readers[1]);
    xc_reader_close(NULL);
    xc_terms_free(NULL), xc_record_free(NULL), xc_page_free(NULL);
    xc_query_free(NULL), xc_stemmer_free(NULL);
}

static void
opening_a_missing_index_is_an_error(void **state)
{
    xc_error err;
    xc_reader *reader = NULL;
    assert_int_equal(xc_reader_open(in(state, "missing"), &reader, &err), XC_NOT_FOUND);
    assert_non_null(strstr(err.text, "index not found"));
    assert_non_null(strstr(err.text, "missing"));
    mkdir(in(state, "plain"), 0777);
    assert_int_equal(xc_reader_open(in(state, "plain"), &reader, &err), XC_NOT_FOUND);
    write_file(in(state, "text"), "this is not a stub\n");
    xc_status status = xc_reader_open(in(state, "text"), &reader, &err);
    assert_true(status == XC_IO || status == XC_NOT_FOUND || status == XC_CORRUPT);
    write_file(in(state, "dangling"), "auto missing\n");
    assert_int_equal(xc_reader_open(in(state, "dangling"), &reader, &err), XC_NOT_FOUND);
    assert_null(reader);
    assert_int_equal(xc_reader_open(in(state, "missing"), &reader, NULL), XC_NOT_FOUND);
}

/* Cuts a table short: opening or searching the index then returns an error status. */
static void
damaged_tables_give_an_error_status(void **state)
{
    static const char *const files[] = {"postlist.glass", "docdata.glass", "termlist.glass",
                                        "position.glass", "iamglass"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        xc_error err;
        xc_reader *reader = NULL;
        xc_page *page = NULL;
        char name[64];
        snprintf(name, sizeof name, "damaged%zu", i);
        make_index(in(state, name), 1, 2000);
        char path[5000];
        snprintf(path, sizeof path, "%s/%s", in(state, name), files[i]);
        assert_int_equal(truncate(path, i == 4 ? 20 : 0), 0);
        xc_status status = xc_reader_open(in(state, name), &reader, &err);
        if (status == XC_OK) {
            xc_query *query = xc_query_term(XC_BYTES("all"), 1);
            xc_request request = {
                .query = query, .limit = 10, .fetch = XC_FETCH_DATA | XC_FETCH_TERMS};
            status = xc_search(reader, &request, &page, &err);
            xc_query_free(query);
            xc_page_free(page);
        }
        if (i != 3) /* positions are not read here */
            assert_true(status == XC_CORRUPT || status == XC_IO || status == XC_STALE ||
                        status == XC_UNSUPPORTED);
        xc_reader_close(reader);
    }
}

/* Each call returns a status and the reader keeps working, whatever the length. */
static void
arguments_of_any_length_leave_the_reader_working(void **state)
{
    static char text[100000];
    static const size_t lengths[] = {1, 63, 240, 245, 246, 255, 256, 1000, sizeof text};
    xc_error err;
    make_index(in(state, "lengths"), 1, 10);
    xc_reader *reader = open_reader(in(state, "lengths"));
    for (size_t i = 0; i < 2 * sizeof lengths / sizeof *lengths; i++) {
        memset(text, i % 2 ? 'w' : '\0', sizeof text);
        const xc_bytes b = {text, lengths[i / 2]};
        xc_bytes value;
        xc_terms *terms = NULL;
        xc_record *record = NULL;
        xc_page *page = NULL;
        uint32_t id;
        size_t count;
        const xc_status statuses[] = {
            xc_reader_vocabulary(reader, b, b, 5, &terms, &err),
            xc_reader_suggest(reader, b, 2, &value, &err),
            xc_reader_postings(reader, b, 0, 1, &id, &count, &err),
            xc_reader_frequencies(reader, b, 0, 1, &id, &id, &count, &err),
            xc_reader_metadata(reader, b, &value, &err),
            xc_reader_find(reader, b, 0, &record, &err),
        };
        for (size_t j = 0; j < sizeof statuses / sizeof *statuses; j++)
            assert_true(statuses[j] == XC_OK || statuses[j] == XC_BAD_ARGUMENT ||
                        statuses[j] == XC_NOT_FOUND);
        xc_terms_free(terms);
        xc_query *query = xc_query_value_range(0, b, b);
        ok(xc_search(reader, &(xc_request){.query = query, .limit = 1}, &page, &err));
        xc_page_free(page);
        xc_query_free(query);
        assert_int_equal(doc_count(reader), 10);
    }
    xc_reader_close(reader);
}

static void
end_with_42(const xc_error *cause)
{
    _exit(cause->status == XC_IO && cause->text[0] ? 42 : 43);
}

/* Commits a batch of large values in a child process in which no file may grow beyond `room` bytes.
 * Returns 0 if the commit succeeded, 1 if a call failed, 42 if end_with_42 was called. */
static int
write_with_little_room(const char *path, rlim_t room)
{
    static char value[3000];
    pid_t child = fork();
    if (child == 0) {
        xc_doc *doc = xc_doc_new();
        xc_on_terminate(end_with_42);
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){room, room});
        xc_writer *writer = NULL;
        xc_status status =
            xc_writer_open(path, &(xc_writer_options){.mode = XC_OVERWRITE}, &writer, NULL);
        for (int i = 0; status == XC_OK && i < 100; i++) {
            if (xc_doc_set_value(doc, 1, (xc_bytes){value, sizeof value}, NULL) != XC_OK ||
                xc_writer_add(writer, doc, NULL, NULL) != XC_OK)
                _exit(44);
        }
        _exit(status != XC_OK || xc_writer_commit(writer, NULL) != XC_OK);
    }
    int how;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how));
    return WEXITSTATUS(how);
}

/* libxapian writes values in a destructor, which cannot report a failure. */
static void
a_failed_write_in_a_destructor_calls_the_terminate_handler(void **state)
{
    bool handler_called = false;
    const char *path = in(state, "full");
    assert_int_equal(write_with_little_room(path, 1 << 20), 0);
    for (rlim_t room = 8192; room < 400000; room += 32768) {
        int how = write_with_little_room(path, room);
        handler_called |= how == 42;
        assert_true(how == 0 || how == 1 || how == 42);
    }
    assert_true(handler_called);
}

static void
every_status_has_a_name_and_versions_are_reported(void **state)
{
    (void)state;
    for (int status = XC_OK; status <= XC_INTERNAL; status++)
        assert_string_not_equal(xc_status_name((xc_status)status), "unknown");
    assert_string_equal(xc_status_name((xc_status)99), "unknown");
    assert_string_equal(xc_status_name(XC_BAD_ARGUMENT), "bad argument");
    assert_non_null(strchr(xc_version(), '.'));
    assert_int_equal(strncmp(xc_xapian_version(), "1.4.", 4), 0);
}

static void
long_error_texts_are_cut_between_characters(void **state)
{
    xc_error err;
    xc_reader *reader = NULL;
    char path[900];
    for (size_t i = 0; i + 3 < sizeof path; i += 3)
        memcpy(path + i, "\xe2\x82\xac", 3);
    path[sizeof path - 3] = '\0';
    (void)state;
    assert_int_not_equal(xc_stemmer_new(path, (xc_stemmer **)&reader, &err), XC_OK);
    size_t len = strlen(err.text);
    assert_true(len < sizeof err.text && len > sizeof err.text - 5);
    assert_int_equal((unsigned char)err.text[len - 1], 0xac);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_arguments_of_write_functions_are_refused),
        cmocka_unit_test(null_arguments_of_read_functions_are_refused),
        cmocka_unit_test(opening_a_missing_index_is_an_error),
        cmocka_unit_test(damaged_tables_give_an_error_status),
        cmocka_unit_test(arguments_of_any_length_leave_the_reader_working),
        cmocka_unit_test(every_status_has_a_name_and_versions_are_reported),
        cmocka_unit_test(long_error_texts_are_cut_between_characters),
        cmocka_unit_test(a_failed_write_in_a_destructor_calls_the_terminate_handler),
    };
    return cmocka_run_group_tests_name("binding.faults", tests, make_room, clear_room);
}
