// SPDX-License-Identifier: GPL-2.0-or-later
#define _XOPEN_SOURCE 700 /* nftw */
#include "support.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
ok_(xc_status status, const xc_error *err, const char *file, int line)
{
    if (status == XC_OK)
        return;
    print_error("%s: %s\n", xc_status_name(status), err->text);
    _fail(file, line);
}

xc_bytes
bytes(const char *string)
{
    return (xc_bytes){string, strlen(string)};
}

void
assert_bytes_(xc_bytes actual, const char *expected, const char *file, int line)
{
    if (actual.len == strlen(expected) && memcmp(actual.data, expected, actual.len) == 0)
        return;
    print_error("\"%.*s\" is not \"%s\"\n", (int)actual.len, actual.data, expected);
    _fail(file, line);
}

int
make_room(void **state)
{
    const char *base = getenv("TMPDIR");
    char *path = malloc(4096);
    snprintf(path, 4096, "%s/xapian-c.XXXXXX", base ? base : "/tmp");
    *state = path;
    return mkdtemp(path) ? 0 : -1;
}

static int
remove_entry(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status, (void)kind, (void)walk;
    return remove(path);
}

void
remove_tree(const char *path)
{
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

int
clear_room(void **state)
{
    remove_tree(*state);
    free(*state);
    return 0;
}

const char *
in(void **state, const char *name)
{
    static char paths[16][4200];
    static unsigned next;
    char *path = paths[next++ % 16];
    snprintf(path, sizeof paths[0], "%s/%s", (const char *)*state, name);
    return path;
}

void
fill_doc(xc_doc *doc, unsigned n)
{
    xc_error err;
    char text[32], number[XC_SORTABLE_MAX];
    xc_doc_clear(doc);
    snprintf(text, sizeof text, "Q%u", n);
    ok(xc_doc_add_boolean_term(doc, bytes(text), &err));
    ok(xc_doc_add_posting(doc, XC_BYTES("all"), 1, 1, &err));
    ok(xc_doc_add_posting(doc, bytes(n % 2 ? "odd" : "even"), 2, 1 + n % 5, &err));
    snprintf(text, sizeof text, "w%u", n % 100);
    ok(xc_doc_add_posting(doc, bytes(text), 3, 1, &err));
    ok(xc_doc_set_value(doc, 0, (xc_bytes){number, xc_sortable(n, number)}, &err));
    snprintf(text, sizeof text, "%u", n % 3);
    ok(xc_doc_set_value(doc, 1, bytes(text), &err));
    snprintf(text, sizeof text, "doc %u", n);
    ok(xc_doc_set_data(doc, bytes(text), &err));
}

void
write_docs(xc_writer *writer, unsigned first, unsigned last)
{
    xc_error err;
    xc_doc *doc = xc_doc_new();
    for (unsigned n = first; n <= last; n++) {
        fill_doc(doc, n);
        ok(xc_writer_add(writer, doc, NULL, &err));
    }
    xc_doc_free(doc);
}

void
make_index(const char *path, unsigned first, unsigned last)
{
    xc_error err;
    xc_writer *writer = open_writer(path, XC_OPEN_OR_CREATE);
    write_docs(writer, first, last);
    ok(xc_writer_commit(writer, &err));
    xc_writer_close(writer);
}

xc_writer *
open_writer(const char *path, xc_open_mode mode)
{
    xc_error err;
    xc_writer *writer = NULL;
    ok(xc_writer_open(path, &(xc_writer_options){.mode = mode}, &writer, &err));
    return writer;
}

xc_reader *
open_stub(const char *path, unsigned allow)
{
    xc_error err;
    xc_reader *reader = NULL;
    const xc_reader_options options = {.allow = allow};
    ok(xc_reader_open_with(&path, 1, &options, &reader, &err));
    return reader;
}

xc_reader *
open_reader(const char *path)
{
    xc_error err;
    xc_reader *reader = NULL;
    ok(xc_reader_open(path, &reader, &err));
    return reader;
}

uint32_t
doc_count(xc_reader *reader)
{
    xc_error err;
    xc_info info;
    ok(xc_reader_info(reader, &info, &err));
    return info.doc_count;
}

void
write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

xc_query *
term(const char *text)
{
    return xc_query_term(bytes(text), 1);
}

xc_reader *shared_reader;

int
open_shared(void **state)
{
    int failed = make_room(state);
    make_index(in(state, "index"), 1, 300);
    shared_reader = open_reader(in(state, "index"));
    return failed;
}

int
close_shared(void **state)
{
    xc_reader_close(shared_reader);
    return clear_room(state);
}

unsigned
matches(xc_query *query)
{
    xc_error err;
    xc_page *page = NULL;
    xc_request request = {.query = query, .limit = 1000};
    ok(xc_search(shared_reader, &request, &page, &err));
    unsigned count = (unsigned)page->hit_count;
    assert_int_equal(page->matches_lower, count);
    assert_int_equal(page->matches_upper, count);
    xc_page_free(page);
    xc_query_free(query);
    return count;
}

xc_status
fault_of(xc_query *query)
{
    xc_error err;
    xc_page *page = NULL;
    xc_request request = {.query = query, .limit = 1};
    xc_status status = xc_query_check(query, &err);
    assert_int_equal(xc_search(shared_reader, &request, &page, &err), status);
    assert_int_equal(err.status, status);
    assert_true(err.text[0]);
    assert_int_equal(xc_query_describe(query).len, 0);
    xc_query_free(query);
    return status;
}
