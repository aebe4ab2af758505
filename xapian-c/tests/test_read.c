// SPDX-License-Identifier: GPL-2.0-or-later
/* Lookups, refreshing, replaced indexes, and several indexes read as one. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
the_vocabulary_is_read_page_by_page(void **state)
{
    xc_error err;
    make_index(in(state, "voc"), 1, 250);
    xc_reader *reader = open_reader(in(state, "voc"));
    xc_terms *page = NULL;
    char after[16] = "";
    unsigned terms = 0, pages = 0;
    bool more = true;
    while (more) {
        ok(xc_reader_vocabulary(reader, XC_BYTES("w"), bytes(after), 30, &page, &err));
        assert_true(page->count <= 30);
        assert_true(strcmp(page->items[0].term.data, after) > 0);
        assert_true(page->items[0].freq == 2 || page->items[0].freq == 3);
        terms += (unsigned)page->count, pages++, more = page->more;
        snprintf(after, sizeof after, "%s", page->items[page->count - 1].term.data);
        xc_terms_free(page);
    }
    assert_int_equal(terms, 100);
    assert_int_equal(pages, 4);
    ok(xc_reader_vocabulary(reader, XC_BYTES("none"), XC_BYTES(""), 30, &page, &err));
    assert_int_equal(page->count, 0);
    assert_false(page->more);
    xc_terms_free(page);
    ok(xc_reader_vocabulary(reader, XC_BYTES(""), XC_BYTES("zzz"), 30, &page, &err));
    assert_int_equal(page->count, 0);
    xc_terms_free(page);

    xc_term_stats stats;
    ok(xc_reader_term(reader, XC_BYTES("all"), &stats, &err));
    assert_int_equal(stats.term_freq, 250);
    assert_int_equal(stats.collection_freq, 250);
    ok(xc_reader_term(reader, XC_BYTES("unheard"), &stats, &err));
    assert_int_equal(stats.term_freq, 0);
    xc_info info;
    ok(xc_reader_info(reader, &info, &err));
    assert_int_equal(info.doc_count, 250);
    assert_int_equal(info.last_docid, 250);
    assert_int_equal(info.uuid.len, 36);
    assert_true(info.has_positions);
    assert_true(info.average_length * 250 == (double)info.total_length);
    xc_reader_close(reader);
}

static void
postings_are_read_page_by_page(void **state)
{
    xc_error err;
    make_index(in(state, "post"), 1, 20);
    xc_reader *reader = open_reader(in(state, "post"));
    uint32_t ids[8];
    size_t count = 0;
    ok(xc_reader_postings(reader, XC_BYTES("even"), 0, 8, ids, &count, &err));
    assert_int_equal(count, 8);
    assert_int_equal(ids[7], 16);
    ok(xc_reader_postings(reader, XC_BYTES("even"), ids[7], 8, ids, &count, &err));
    assert_int_equal(count, 2);
    assert_int_equal(ids[0], 18);
    ok(xc_reader_postings(reader, XC_BYTES(""), 3, 2, ids, &count, &err));
    assert_int_equal(count, 2);
    assert_int_equal(ids[0], 4);
    ok(xc_reader_postings(reader, XC_BYTES("odd"), 4, 1, ids, &count, &err));
    assert_int_equal(ids[0], 5);
    ok(xc_reader_postings(reader, XC_BYTES("unheard"), 0, 2, ids, &count, &err));
    assert_int_equal(count, 0);
    ok(xc_reader_postings(reader, XC_BYTES("all"), UINT32_MAX, 2, ids, &count, &err));
    assert_int_equal(count, 0);
    uint32_t wdfs[8] = {0};
    ok(xc_reader_frequencies(reader, XC_BYTES("even"), 12, 8, ids, wdfs, &count, &err));
    assert_int_equal(count, 4);
    assert_int_equal(ids[0], 14);
    assert_int_equal(wdfs[0], 1 + 14 % 5);
    ok(xc_reader_frequencies(reader, XC_BYTES("unheard"), 0, 8, ids, wdfs, &count, &err));
    assert_int_equal(count, 0);
    xc_reader_close(reader);
}

static void
metadata_synonyms_and_spelling_are_read_back(void **state)
{
    xc_error err;
    xc_terms *terms = NULL;
    xc_bytes value;
    xc_writer *writer = open_writer(in(state, "meta"), XC_CREATE);
    ok(xc_writer_set_metadata(writer, XC_BYTES("a1"), XC_BYTES("one"), &err));
    ok(xc_writer_set_metadata(writer, XC_BYTES("a2"), XC_BYTES("two"), &err));
    ok(xc_writer_set_metadata(writer, XC_BYTES("b"), XC_BYTES("b"), &err));
    ok(xc_writer_set_metadata(writer, XC_BYTES("b"), XC_BYTES(""), &err));
    ok(xc_writer_add_synonym(writer, XC_BYTES("cv"), XC_BYTES("resume"), &err));
    ok(xc_writer_add_synonym(writer, XC_BYTES("cv"), XC_BYTES("curriculum"), &err));
    ok(xc_writer_add_synonym(writer, XC_BYTES("gone"), XC_BYTES("x"), &err));
    ok(xc_writer_clear_synonyms(writer, XC_BYTES("gone"), &err));
    ok(xc_writer_add_spelling(writer, XC_BYTES("career"), 3, &err));
    ok(xc_writer_add_spelling(writer, XC_BYTES("carrier"), 1, &err));
    ok(xc_writer_remove_spelling(writer, XC_BYTES("carrier"), 1, &err));
    ok(xc_writer_commit(writer, &err));
    xc_writer_close(writer);

    xc_reader *reader = open_reader(in(state, "meta"));
    ok(xc_reader_metadata(reader, XC_BYTES("a2"), &value, &err));
    assert_bytes(value, "two");
    ok(xc_reader_metadata(reader, XC_BYTES("b"), &value, &err));
    assert_bytes(value, "");
    ok(xc_reader_metadata_keys(reader, XC_BYTES("a"), XC_BYTES("a1"), 9, &terms, &err));
    assert_int_equal(terms->count, 1);
    assert_bytes(terms->items[0].term, "a2");
    xc_terms_free(terms);
    ok(xc_reader_synonyms(reader, XC_BYTES("cv"), 9, &terms, &err));
    assert_int_equal(terms->count, 2);
    assert_bytes(terms->items[0].term, "curriculum");
    xc_terms_free(terms);
    ok(xc_reader_synonyms(reader, XC_BYTES("gone"), 9, &terms, &err));
    assert_int_equal(terms->count, 0);
    xc_terms_free(terms);
    ok(xc_reader_suggest(reader, XC_BYTES("carreer"), 2, &value, &err));
    assert_bytes(value, "career");
    ok(xc_reader_suggest(reader, XC_BYTES("career"), 2, &value, &err));
    assert_bytes(value, "");
    ok(xc_reader_suggest(reader, XC_BYTES(""), 2, &value, &err));
    assert_bytes(value, "");
    xc_reader_close(reader);
}

static void
refresh_moves_to_the_latest_commit(void **state)
{
    xc_error err;
    uint64_t before = 0, after = 0;
    bool changed = true;
    make_index(in(state, "rev"), 1, 5);
    xc_reader *reader = open_reader(in(state, "rev"));
    ok(xc_reader_revision(reader, &before, &err));
    ok(xc_reader_refresh(reader, &changed, &err));
    assert_false(changed);
    assert_int_equal(xc_reader_moves(reader), 0);
    make_index(in(state, "rev"), 6, 7);
    assert_int_equal(doc_count(reader), 5);
    ok(xc_reader_refresh(reader, &changed, &err));
    assert_true(changed);
    assert_int_equal(xc_reader_moves(reader), 1);
    assert_int_equal(doc_count(reader), 7);
    ok(xc_reader_revision(reader, &after, &err));
    assert_true(after > before);
    xc_reader_close(reader);
}

/* Asserts that the index reports, lists and finds the same number of documents. After a reopen() of
 * a replaced index these numbers can differ. */
static void
assert_whole(xc_reader *reader, uint32_t docs)
{
    xc_error err;
    uint32_t ids[1000];
    size_t count = 0;
    xc_page *page = NULL;
    assert_int_equal(doc_count(reader), docs);
    ok(xc_reader_postings(reader, XC_BYTES("all"), 0, 1000, ids, &count, &err));
    assert_int_equal(count, docs);
    xc_query *query = xc_query_term(XC_BYTES("all"), 1);
    xc_request request = {.query = query, .limit = 1000, .fetch = XC_FETCH_DATA};
    ok(xc_search(reader, &request, &page, &err));
    assert_int_equal(page->hit_count, docs);
    xc_page_free(page);
    xc_query_free(query);
}

/* Points the symlink to `target` by a rename, as a deployment does. */
static void
turn_link(void **state, const char *link, const char *target)
{
    assert_int_equal(symlink(target, in(state, "link.new")), 0);
    assert_int_equal(rename(in(state, "link.new"), in(state, link)), 0);
}

static void
refresh_follows_a_replaced_symlink(void **state)
{
    xc_error err;
    bool changed = false;
    make_index(in(state, "g1"), 1, 300);
    make_index(in(state, "g2"), 1, 500);
    turn_link(state, "current", "g1");
    xc_reader *reader = open_reader(in(state, "current"));
    assert_whole(reader, 300);
    turn_link(state, "current", "g2");
    assert_whole(reader, 300);
    ok(xc_reader_refresh(reader, &changed, &err));
    assert_true(changed);
    assert_whole(reader, 500);
    turn_link(state, "current", "g1");
    remove_tree(in(state, "g2"));
    ok(xc_reader_refresh(reader, &changed, &err));
    assert_true(changed);
    assert_whole(reader, 300);
    xc_reader_close(reader);
}

static void
a_reader_keeps_its_index_until_it_is_refreshed(void **state)
{
    static const char *const words[] = {"career", "carrier"};
    xc_error err;
    xc_bytes suggestion;
    for (int i = 0; i < 2; i++) {
        xc_writer *writer = open_writer(in(state, i ? "l2" : "l1"), XC_CREATE);
        write_docs(writer, 1, 10);
        ok(xc_writer_add_spelling(writer, bytes(words[i]), 1, &err));
        ok(xc_writer_commit(writer, &err));
        xc_writer_close(writer);
    }
    turn_link(state, "late", "l1");
    xc_reader *reader = open_reader(in(state, "late"));
    turn_link(state, "late", "l2");
    ok(xc_reader_suggest(reader, XC_BYTES("carreer"), 2, &suggestion, &err));
    assert_bytes(suggestion, "career");
    assert_int_equal(xc_reader_moves(reader), 0);
    ok(xc_reader_refresh(reader, NULL, &err));
    ok(xc_reader_suggest(reader, XC_BYTES("carreer"), 2, &suggestion, &err));
    assert_bytes(suggestion, "carrier");
    xc_reader_close(reader);
}

static void
refresh_follows_a_replaced_directory(void **state)
{
    xc_error err;
    bool changed = false;
    make_index(in(state, "dir"), 1, 300);
    make_index(in(state, "dir.new"), 1, 500);
    xc_reader *reader = open_reader(in(state, "dir"));
    rename(in(state, "dir"), in(state, "dir.old"));
    rename(in(state, "dir.new"), in(state, "dir"));
    ok(xc_reader_refresh(reader, &changed, &err));
    assert_true(changed);
    assert_whole(reader, 500);
    /* A new index in the same directory: only the UUID differs. */
    xc_writer *writer = open_writer(in(state, "dir"), XC_OVERWRITE);
    write_docs(writer, 1, 200);
    ok(xc_writer_commit(writer, &err));
    xc_writer_close(writer);
    ok(xc_reader_refresh(reader, &changed, &err));
    assert_true(changed);
    assert_whole(reader, 200);
    /* The directory is gone: the reader stays where it was. */
    rename(in(state, "dir"), in(state, "dir.away"));
    assert_int_equal(xc_reader_refresh(reader, &changed, &err), XC_NOT_FOUND);
    assert_whole(reader, 200);
    rename(in(state, "dir.away"), in(state, "dir"));
    ok(xc_reader_refresh(reader, &changed, &err));
    assert_whole(reader, 200);
    xc_reader_close(reader);
}

static void
replaced_stub(void **state, const char *stub, const char *stub_new, const char *prefix)
{
    xc_error err;
    bool changed = false;
    char line[64];
    snprintf(line, sizeof line, "auto %ss1\n", prefix);
    write_file(in(state, stub), line);
    const char *slash = strrchr(stub, '/');
    char path[64];
    snprintf(path, sizeof path, "%.*s", (int)(slash ? slash - stub : (long)strlen(stub)), stub);
    xc_reader *reader = open_stub(in(state, path), XC_ALLOW_STUBS);
    assert_whole(reader, 300);
    snprintf(line, sizeof line, "auto %ss2\n", prefix);
    write_file(in(state, stub_new), line);
    assert_int_equal(rename(in(state, stub_new), in(state, stub)), 0);
    ok(xc_reader_refresh(reader, &changed, &err));
    assert_true(changed);
    assert_whole(reader, 500);
    ok(xc_reader_refresh(reader, &changed, &err));
    assert_false(changed);
    xc_reader_close(reader);
}

static void
refresh_follows_a_replaced_stub(void **state)
{
    make_index(in(state, "s1"), 1, 300);
    make_index(in(state, "s2"), 1, 500);
    replaced_stub(state, "stub", "stub.new", "");
    mkdir(in(state, "sd"), 0777);
    replaced_stub(state, "sd/XAPIANDB", "sd/new", "../");
}

static void
several_indexes_are_read_as_one(void **state)
{
    xc_error err;
    xc_reader *reader = NULL;
    uint64_t revision = 0;
    make_index(in(state, "p1"), 1, 3);
    make_index(in(state, "p2"), 4, 5);
    const char *paths[] = {in(state, "p1"), in(state, "p2")};
    ok(xc_reader_open_many(paths, 2, &reader, &err));
    assert_whole(reader, 5);
    assert_int_equal(xc_reader_revision(reader, &revision, &err), XC_UNSUPPORTED);
    xc_record *record = NULL;
    ok(xc_reader_find(reader, XC_BYTES("Q4"), XC_FETCH_DATA, &record, &err));
    assert_int_equal(record->docid, 2); /* (1-1)*2 + 1 + 1 */
    assert_bytes(record->data, "doc 4");
    xc_record_free(record);
    xc_info info;
    ok(xc_reader_info(reader, &info, &err));
    assert_int_equal(info.uuid.len, 73);
    make_index(in(state, "p2"), 6, 6);
    ok(xc_reader_refresh(reader, NULL, &err));
    assert_whole(reader, 6);
    xc_reader_close(reader);
    assert_int_equal(xc_reader_open_many(paths, 0, &reader, &err), XC_BAD_ARGUMENT);

    write_file(in(state, "both"), "auto p1\nauto p2\n");
    reader = open_stub(in(state, "both"), XC_ALLOW_STUBS);
    assert_whole(reader, 6);
    assert_int_equal(xc_reader_revision(reader, &revision, &err), XC_UNSUPPORTED);
    xc_reader_close(reader);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vocabulary_is_read_page_by_page),
        cmocka_unit_test(postings_are_read_page_by_page),
        cmocka_unit_test(metadata_synonyms_and_spelling_are_read_back),
        cmocka_unit_test(refresh_moves_to_the_latest_commit),
        cmocka_unit_test(refresh_follows_a_replaced_symlink),
        cmocka_unit_test(a_reader_keeps_its_index_until_it_is_refreshed),
        cmocka_unit_test(refresh_follows_a_replaced_directory),
        cmocka_unit_test(refresh_follows_a_replaced_stub),
        cmocka_unit_test(several_indexes_are_read_as_one),
    };
    return cmocka_run_group_tests_name("binding.read", tests, make_room, clear_room);
}
