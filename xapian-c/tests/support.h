// SPDX-License-Identifier: GPL-2.0-or-later
/* Shared by the tests of the binding: a temporary directory and small indexes in it. */
#ifndef XC_TESTS_SUPPORT_H
#define XC_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "xapian-c-remote.h"

/* Asserts that a call succeeded; prints its error otherwise. Needs a variable `xc_error err`. */
#define ok(call) ok_(call, &err, __FILE__, __LINE__)
void ok_(xc_status status, const xc_error *err, const char *file, int line);

xc_bytes bytes(const char *string);
#define assert_bytes(b, string) assert_bytes_(b, string, __FILE__, __LINE__)
void assert_bytes_(xc_bytes actual, const char *expected, const char *file, int line);

/* Setup and teardown of a group: *state is the directory's path. */
int make_room(void **state);
int clear_room(void **state);

/* The path of a name in the directory; valid until the sixteenth call after this one. */
const char *in(void **state, const char *name);

void remove_tree(const char *path);

/* Document n has the unique term "Q<n>"; the terms "all", "even" or "odd", and "w<n%100>" at the
 * positions 1, 2 and 3; xc_sortable(n) in slot 0, n % 3 as a digit in slot 1; and the data
 * "doc <n>". first and last are document numbers, from 1. */
void fill_doc(xc_doc *doc, unsigned n);
void write_docs(xc_writer *writer, unsigned first, unsigned last);
void make_index(const char *path, unsigned first, unsigned last);

xc_writer *open_writer(const char *path, xc_open_mode mode);
xc_reader *open_reader(const char *path);
xc_reader *open_stub(const char *path, unsigned allow); /* allow: XC_ALLOW_... */
uint32_t doc_count(xc_reader *reader);

xc_query *term(const char *text);

/* The reader that the tests of a program share. open_shared makes a room with an index of 300
 * documents, which it reads; a program can also open the reader on an index of its own.
 * close_shared closes the reader and clears the room. */
extern xc_reader *shared_reader;
int open_shared(void **state);
int close_shared(void **state);

/* Run the query with the shared reader and free it. matches returns how many documents match.
 * fault_of asserts that the query is bad, and returns why. */
unsigned matches(xc_query *query);
xc_status fault_of(xc_query *query);

void write_file(const char *path, const char *text);

#endif
