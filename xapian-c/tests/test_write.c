// SPDX-License-Identifier: GPL-2.0-or-later
/* Documents, transactions and merging. */
#include "support.h"
#include "xapian-c-written.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Replaces fsync to count the calls; nothing is synced. */
static unsigned directory_syncs, file_syncs;
static int sync_result;

int
fsync(int fd)
{
    struct stat status;
    if (fstat(fd, &status))
        return -1;
    if (S_ISDIR(status.st_mode))
        directory_syncs++;
    else
        file_syncs++;
    return sync_result;
}

static void
a_commit_shows_all_changes_and_a_close_none(void **state)
{
    xc_error err;
    const char *path = in(state, "tx");
    xc_writer *writer = open_writer(path, XC_CREATE);
    xc_reader *reader = open_reader(path);
    uint32_t count = 0;

    write_docs(writer, 1, 10);
    assert_int_equal(xc_writer_pending(writer), 10);
    ok(xc_writer_doc_count(writer, &count, &err));
    assert_int_equal(count, 10);
    ok(xc_reader_refresh(reader, NULL, &err));
    assert_int_equal(doc_count(reader), 0);
    ok(xc_writer_commit(writer, &err));
    assert_int_equal(xc_writer_pending(writer), 0);
    ok(xc_reader_refresh(reader, NULL, &err));
    assert_int_equal(doc_count(reader), 10);

    write_docs(writer, 11, 20);
    ok(xc_writer_cancel(writer, &err));
    write_docs(writer, 21, 21);
    ok(xc_writer_commit(writer, &err));
    ok(xc_writer_commit(writer, &err));
    write_docs(writer, 31, 40);
    xc_writer_close(writer);
    ok(xc_reader_refresh(reader, NULL, &err));
    assert_int_equal(doc_count(reader), 11);
    xc_reader_close(reader);
}

/* Outside a transaction, Xapian would commit by itself every 10,000 documents. */
static void
nothing_is_committed_without_a_call(void **state)
{
    const char *path = in(state, "auto");
    xc_writer *writer = open_writer(path, XC_CREATE);
    write_docs(writer, 1, 10050);
    xc_reader *reader = open_reader(path);
    assert_int_equal(doc_count(reader), 0);
    xc_reader_close(reader);
    xc_writer_close(writer);
    reader = open_reader(path);
    assert_int_equal(doc_count(reader), 0);
    xc_reader_close(reader);
}

static void
open_modes_are_obeyed_and_a_second_writer_is_refused(void **state)
{
    xc_error err;
    xc_writer *writer = NULL;
    const char *path = in(state, "modes");
    xc_writer_options options = {.mode = XC_OPEN};
    assert_int_equal(xc_writer_open(path, &options, &writer, &err), XC_NOT_FOUND);
    assert_int_equal(err.status, XC_NOT_FOUND);
    assert_non_null(strstr(err.text, "modes"));
    make_index(path, 1, 3);
    options.mode = XC_CREATE;
    assert_int_equal(xc_writer_open(path, &options, &writer, &err), XC_BAD_ARGUMENT);
    options.mode = (xc_open_mode)77;
    assert_int_equal(xc_writer_open(path, &options, &writer, &err), XC_BAD_ARGUMENT);
    options = (xc_writer_options){.block_size = 5000};
    assert_int_equal(xc_writer_open(path, &options, &writer, &err), XC_BAD_ARGUMENT);
    assert_int_equal(xc_writer_open(in(state, "no/such/place"), NULL, &writer, &err), XC_IO);

    ok(xc_writer_open(path, NULL, &writer, &err));
    xc_writer *second = NULL;
    assert_int_equal(xc_writer_open(path, NULL, &second, &err), XC_LOCKED);
    assert_null(second);
    xc_writer_close(writer);

    xc_writer_close(open_writer(path, XC_OVERWRITE));
    xc_reader *reader = open_reader(path);
    assert_int_equal(doc_count(reader), 0);
    xc_reader_close(reader);
}

static void
writers_refuse_stubs(void **state)
{
    xc_error err;
    xc_writer *writer = NULL;
    make_index(in(state, "shard"), 1, 1);
    write_file(in(state, "stub"), "auto shard\n");
    assert_int_equal(xc_writer_open(in(state, "stub"), NULL, &writer, &err), XC_UNSUPPORTED);
    mkdir(in(state, "stubdir"), 0777);
    write_file(in(state, "stubdir/XAPIANDB"), "auto ../shard\n");
    assert_int_equal(xc_writer_open(in(state, "stubdir"), NULL, &writer, &err), XC_UNSUPPORTED);
}

static void
replace_and_delete_find_documents_by_unique_term(void **state)
{
    xc_error err;
    const char *path = in(state, "replace");
    xc_writer *writer = open_writer(path, XC_CREATE);
    write_docs(writer, 1, 3);
    xc_doc *doc = xc_doc_new();
    uint32_t id = 0;
    fill_doc(doc, 2);
    ok(xc_doc_set_data(doc, XC_BYTES("new"), &err));
    ok(xc_writer_replace(writer, XC_BYTES("Q2"), doc, &id, &err));
    assert_int_equal(id, 2);
    fill_doc(doc, 9);
    ok(xc_writer_replace(writer, XC_BYTES("Q9"), doc, &id, &err));
    assert_int_equal(id, 4);
    ok(xc_writer_delete(writer, XC_BYTES("Q1"), &err));
    ok(xc_writer_delete(writer, XC_BYTES("nobody"), &err));
    ok(xc_writer_commit(writer, &err));
    xc_writer_close(writer);
    xc_doc_free(doc);

    xc_reader *reader = open_reader(path);
    xc_record *record = NULL;
    assert_int_equal(doc_count(reader), 3);
    ok(xc_reader_find(reader, XC_BYTES("Q2"), XC_FETCH_DATA, &record, &err));
    assert_bytes(record->data, "new");
    assert_int_equal(record->docid, 2);
    xc_record_free(record);
    assert_int_equal(xc_reader_find(reader, XC_BYTES("Q1"), 0, &record, &err), XC_NOT_FOUND);
    assert_int_equal(xc_reader_get(reader, 1, 0, &record, &err), XC_NOT_FOUND);
    xc_reader_close(reader);
}

static const char nuls[128];
static char xs[246];

static void
a_document_lists_its_terms(void **state)
{
    xc_error err;
    xc_terms *terms = NULL;
    xc_doc *doc = xc_doc_new();
    (void)state;
    ok(xc_doc_add_term(doc, XC_BYTES("Zb"), 2, &err));
    ok(xc_doc_add_posting(doc, XC_BYTES("Zb"), 3, 1, &err));
    ok(xc_doc_add_term(doc, XC_BYTES("Za"), 1, &err));
    ok(xc_doc_add_boolean_term(doc, XC_BYTES("Q1"), &err));
    ok(xc_doc_terms(doc, XC_BYTES("Z"), &terms, &err));
    assert_int_equal(terms->count, 2);
    assert_bytes(terms->items[0].term, "Za");
    assert_bytes(terms->items[1].term, "Zb");
    assert_int_equal(terms->items[1].freq, 3);
    xc_terms_free(terms);
    ok(xc_doc_terms(doc, XC_BYTES(""), &terms, &err));
    assert_int_equal(terms->count, 3);
    xc_terms_free(terms);
    assert_int_equal(xc_doc_terms(doc, XC_BYTES(""), NULL, &err), XC_BAD_ARGUMENT);
    assert_int_equal(xc_doc_terms(NULL, XC_BYTES(""), &terms, &err), XC_BAD_ARGUMENT);
    xc_doc_free(doc);
}

/* Xapian accepts some of these terms and then fails at the commit, losing the whole batch. */
static void
bad_terms_are_refused_and_lose_no_changes(void **state)
{
    xc_error err;
    const char *path = in(state, "names");
    xc_writer *writer = open_writer(path, XC_CREATE);
    xc_doc *doc = xc_doc_new();
    const xc_bytes bad[] = {{NULL, 0},           {"", 0},        {NULL, 3}, XC_BYTES("a\0b"),
                            {nuls, sizeof nuls}, {xs, sizeof xs}};
    memset(xs, 'x', sizeof xs);
    fill_doc(doc, 1);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(xc_doc_add_posting(doc, bad[i], 1, 1, &err), XC_BAD_ARGUMENT);
        assert_int_equal(xc_doc_add_term(doc, bad[i], 1, &err), XC_BAD_ARGUMENT);
        assert_int_equal(xc_doc_add_boolean_term(doc, bad[i], &err), XC_BAD_ARGUMENT);
        assert_int_equal(xc_writer_delete(writer, bad[i], &err), XC_BAD_ARGUMENT);
        assert_int_equal(xc_writer_replace(writer, bad[i], doc, NULL, &err), XC_BAD_ARGUMENT);
        assert_int_equal(xc_writer_add_spelling(writer, bad[i], 1, &err), XC_BAD_ARGUMENT);
        assert_int_equal(xc_writer_remove_spelling(writer, bad[i], 1, &err), XC_BAD_ARGUMENT);
        assert_int_equal(xc_writer_add_synonym(writer, bad[i], XC_BYTES("a"), &err),
                         XC_BAD_ARGUMENT);
        assert_int_equal(xc_writer_add_synonym(writer, XC_BYTES("a"), bad[i], &err),
                         XC_BAD_ARGUMENT);
        assert_int_equal(xc_writer_clear_synonyms(writer, bad[i], &err), XC_BAD_ARGUMENT);
        assert_int_equal(xc_writer_set_metadata(writer, bad[i], XC_BYTES("v"), &err),
                         XC_BAD_ARGUMENT);
    }
    assert_int_equal(xc_doc_set_value(doc, UINT32_MAX, XC_BYTES("v"), &err), XC_BAD_ARGUMENT);
    xc_bytes longest = {xs, XC_TERM_MAX};
    ok(xc_doc_add_posting(doc, longest, UINT32_MAX, 1, &err));
    ok(xc_writer_replace(writer, longest, doc, NULL, &err));
    ok(xc_writer_add_spelling(writer, longest, 1, &err));
    ok(xc_writer_add_synonym(writer, longest, longest, &err));
    ok(xc_writer_set_metadata(writer, longest, longest, &err));
    ok(xc_writer_commit(writer, &err));
    xc_writer_close(writer);
    xc_doc_free(doc);
    xc_reader *reader = open_reader(path);
    assert_int_equal(doc_count(reader), 1);
    xc_reader_close(reader);
}

static void
bytes_with_nuls_are_read_back_whole(void **state)
{
    xc_error err;
    const char *path = in(state, "nul");
    xc_writer *writer = open_writer(path, XC_CREATE);
    xc_doc *doc = xc_doc_new();
    fill_doc(doc, 1);
    ok(xc_doc_set_data(doc, XC_BYTES("a\0b\0"), &err));
    ok(xc_doc_set_value(doc, 7, XC_BYTES("\0\0v"), &err));
    ok(xc_doc_set_value(doc, 1, (xc_bytes){NULL, 0}, &err));
    ok(xc_writer_add(writer, doc, NULL, &err));
    ok(xc_writer_set_metadata(writer, XC_BYTES("key"), XC_BYTES("x\0y"), &err));
    ok(xc_writer_commit(writer, &err));
    xc_writer_close(writer);
    xc_doc_free(doc);

    xc_reader *reader = open_reader(path);
    xc_record *record = NULL;
    unsigned all = XC_FETCH_DATA | XC_FETCH_VALUES | XC_FETCH_TERMS;
    ok(xc_reader_get(reader, 1, all, &record, &err));
    assert_int_equal(record->data.len, 4);
    assert_memory_equal(record->data.data, "a\0b\0", 5);
    assert_int_equal(record->value_count, 2);
    assert_int_equal(record->values[1].slot, 7);
    assert_int_equal(record->values[1].value.len, 3);
    assert_memory_equal(record->values[1].value.data, "\0\0v", 4);
    assert_int_equal(record->term_count, 4);
    assert_int_equal(record->length, 4);
    assert_int_equal(xc_record_value(record, 7).len, 3);
    assert_int_equal(xc_record_value(record, 1).len, 0);
    xc_record_free(record);

    ok(xc_reader_get(reader, 1, XC_FETCH_VALUE(7), &record, &err));
    assert_int_equal(record->value_count, 1);
    assert_memory_equal(xc_record_value(record, 7).data, "\0\0v", 4);
    assert_int_equal(record->data.len, 0);
    assert_int_equal(record->term_count, 0);
    xc_record_free(record);
    ok(xc_reader_get(reader, 1, XC_FETCH_VALUE(8) | XC_FETCH_DATA, &record, &err));
    assert_int_equal(record->value_count, 0);
    assert_int_equal(record->data.len, 4);
    xc_record_free(record);
    assert_int_equal(xc_reader_get(reader, 1, 64, &record, &err), XC_BAD_ARGUMENT);
    assert_int_equal(xc_reader_get(reader, 1, 256, &record, &err), XC_BAD_ARGUMENT);
    xc_bytes value;
    ok(xc_reader_metadata(reader, XC_BYTES("key"), &value, &err));
    assert_int_equal(value.len, 3);
    assert_memory_equal(value.data, "x\0y", 3);
    xc_reader_close(reader);
}

/* A commit renames a file; the new name survives a power cut only after the directory is synced. */
static void
commits_sync_the_directory(void **state)
{
    xc_error err;
    xc_writer *writer = open_writer(in(state, "sync"), XC_CREATE);
    write_docs(writer, 1, 2);
    directory_syncs = 0;
    ok(xc_writer_commit(writer, &err));
    assert_int_equal(directory_syncs, 1);
    write_docs(writer, 3, 4);
    sync_result = -1;
    assert_int_equal(xc_writer_commit(writer, &err), XC_IO);
    assert_non_null(strstr(err.text, "sync"));
    sync_result = 0;
    xc_writer_close(writer);
    xc_reader *reader = open_reader(in(state, "sync"));
    assert_int_equal(doc_count(reader), 4);
    xc_reader_close(reader);

    directory_syncs = 0;
    xc_writer_options options = {.no_sync = true, .no_termlist = true, .block_size = 2048};
    ok(xc_writer_open(in(state, "nosync"), &options, &writer, &err));
    write_docs(writer, 1, 2);
    ok(xc_writer_commit(writer, &err));
    assert_int_equal(directory_syncs, 0);
    xc_writer_close(writer);
}

static void
compacting_renumbers_and_syncs(void **state)
{
    xc_error err;
    xc_writer *writer = NULL;
    xc_writer_options options = {.no_sync = true, .no_termlist = true};
    make_index(in(state, "c1"), 1, 10);
    ok(xc_writer_open(in(state, "c2"), &options, &writer, &err));
    write_docs(writer, 11, 15);
    ok(xc_writer_commit(writer, &err));
    xc_writer_close(writer);
    xc_writer_close(open_writer(in(state, "c3"), XC_CREATE));
    const char *sources[] = {in(state, "c2"), in(state, "c1"), in(state, "c3")};
    const char *to = in(state, "merged");
    directory_syncs = file_syncs = 0;
    ok(xc_compact(sources, 3, to, NULL, &err));
    assert_int_equal(directory_syncs, 2);
    assert_true(file_syncs >= 3);
    assert_int_equal(xc_compact(sources, 3, to, NULL, &err), XC_BAD_ARGUMENT);

    xc_reader *reader = open_reader(to);
    xc_record *record = NULL;
    assert_int_equal(doc_count(reader), 15);
    for (uint32_t id = 1; id <= 15; id++) {
        char text[32];
        snprintf(text, sizeof text, "doc %u", id <= 5 ? id + 10 : id - 5);
        ok(xc_reader_get(reader, id, XC_FETCH_DATA, &record, &err));
        assert_bytes(record->data, text);
        xc_record_free(record);
    }
    xc_reader_close(reader);

    mkdir(in(state, "empty"), 0777);
    xc_compact_options fuller = {.level = XC_COMPACT_FULLER, .multipass = true, .no_sync = true};
    ok(xc_compact(sources, 2, in(state, "empty"), &fuller, &err));
    assert_int_equal(xc_compact(sources, 0, in(state, "x"), NULL, &err), XC_BAD_ARGUMENT);
    fuller.level = (xc_compaction)9;
    assert_int_equal(xc_compact(sources, 1, in(state, "x"), &fuller, &err), XC_BAD_ARGUMENT);
    sources[0] = "no such";
    assert_int_equal(xc_compact(sources, 1, in(state, "x"), NULL, &err), XC_NOT_FOUND);
}

static bool
stop_at_third(void *context)
{
    int *asked = context;
    return ++*asked == 3;
}

/* Of LeakSanitizer; NULL in other builds. */
__attribute__((weak)) void __lsan_disable(void);
__attribute__((weak)) void __lsan_enable(void);

static void
compacting_can_be_stopped_between_tables(void **state)
{
    xc_error err;
    int asked = 0;
    make_index(in(state, "c1"), 1, 10);
    const char *sources[] = {in(state, "c1")};
    const xc_compact_options options = {.stop = stop_at_third, .context = &asked};
    if (__lsan_disable)
        __lsan_disable(); /* libxapian leaks when an exception ends its work */
    assert_int_equal(xc_compact(sources, 1, in(state, "stopped"), &options, &err), XC_CANCELLED);
    if (__lsan_enable)
        __lsan_enable();
    assert_int_equal(asked, 3);
    ok(xc_compact(sources, 1, in(state, "whole"), &options, &err));
    assert_true(asked > 6);
}

/* Reads a table's file; returns its size, which must be below `max`. */
static size_t
read_table(const char *path, char *out, size_t max, struct stat *about)
{
    FILE *file = fopen(path, "r");
    size_t size = file ? fread(out, 1, max, file) : 0;
    if (file) {
        assert_int_equal(fstat(fileno(file), about), 0);
        fclose(file);
    }
    assert_true(size < max);
    return size;
}

static bool
is_listed(const xc_written *ranges, size_t count, const struct stat *about, size_t at)
{
    for (size_t i = 0; i < count; i++)
        if (ranges[i].device == about->st_dev && ranges[i].inode == about->st_ino &&
            at >= ranges[i].offset && at < ranges[i].offset + ranges[i].length)
            return true;
    return false;
}

/* Every byte that a commit has changed is in a range that was noted. */
static void
written_ranges_are_noted(void **state)
{
    static const char *const tables[] = {"postlist.glass", "termlist.glass", "position.glass",
                                         "docdata.glass",  "spelling.glass", "synonym.glass"};
    enum { MAX = 1 << 22 };
    static char before[6][MAX], after[MAX];
    size_t sizes[6], changed = 0;
    char path[512];
    struct stat about;
    bool complete;
    xc_error err;
    xc_writer *writer;
    const xc_written *ranges;
    const char *index = in(state, "noted");
    make_index(index, 1, 300);
    for (size_t i = 0; i < 6; i++) {
        snprintf(path, sizeof path, "%s/%s", index, tables[i]);
        sizes[i] = read_table(path, before[i], MAX, &about);
    }
    const xc_writer_options options = {.mode = XC_OPEN, .note_writes = true};
    ok(xc_writer_open(index, &options, &writer, &err));
    assert_int_equal(xc_writer_written(writer, &ranges, &complete), 0);
    assert_true(complete);
    write_docs(writer, 301, 320);
    ok(xc_writer_add_spelling(writer, bytes("word"), 1, &err));
    ok(xc_writer_commit(writer, &err));
    size_t count = xc_writer_written(writer, &ranges, &complete);
    assert_true(complete && count > 0);
    for (size_t i = 0; i < 6; i++) {
        snprintf(path, sizeof path, "%s/%s", index, tables[i]);
        size_t size = read_table(path, after, MAX, &about);
        for (size_t at = 0; at < size; at++) {
            bool differs = at < sizes[i] ? after[at] != before[i][at] : after[at] != 0;
            if (differs && at % 64 == 0)
                changed++;
            if (differs)
                assert_true(is_listed(ranges, count, &about, at));
        }
    }
    assert_true(changed > 10);
    xc_writer_close(writer);
    ok(xc_writer_open(index, NULL, &writer, &err));
    write_docs(writer, 321, 321);
    assert_int_equal(xc_writer_written(writer, &ranges, &complete), 0);
    assert_false(complete);
    xc_writer_close(writer);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_commit_shows_all_changes_and_a_close_none),
        cmocka_unit_test(nothing_is_committed_without_a_call),
        cmocka_unit_test(open_modes_are_obeyed_and_a_second_writer_is_refused),
        cmocka_unit_test(writers_refuse_stubs),
        cmocka_unit_test(replace_and_delete_find_documents_by_unique_term),
        cmocka_unit_test(a_document_lists_its_terms),
        cmocka_unit_test(bad_terms_are_refused_and_lose_no_changes),
        cmocka_unit_test(bytes_with_nuls_are_read_back_whole),
        cmocka_unit_test(commits_sync_the_directory),
        cmocka_unit_test(compacting_renumbers_and_syncs),
        cmocka_unit_test(compacting_can_be_stopped_between_tables),
        cmocka_unit_test(written_ranges_are_noted),
    };
    return cmocka_run_group_tests_name("binding.write", tests, make_room, clear_room);
}
