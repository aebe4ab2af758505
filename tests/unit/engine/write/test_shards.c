// SPDX-License-Identifier: GPL-2.0-or-later
/* Shards: one shard fills several databases in sequence, and any number of them are merged into one
   index. */

#include "folder.h"

#include <signpost/index_settings.h>
#include <signpost/ranking.h>
#include <signpost/writer.h>
#include <xapian-c.h>

#include <stdio.h>
#include <stdlib.h>

/* The number of shards: more than can be merged at once. */
#define SHARDS (SP_MERGED_MAX + 5)

struct fixture {
    char directory[FOLDER_MAX];
    char (*names)[96];
    const char **paths;
};

static int
set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    assert_int_equal(make_folder(fixture->directory), 0);
    fixture->names = calloc(SHARDS, sizeof *fixture->names);
    fixture->paths = calloc(SHARDS, sizeof *fixture->paths);
    assert_true(fixture->names && fixture->paths);
    for (size_t i = 0; i < SHARDS; i++) {
        snprintf(fixture->names[i], sizeof fixture->names[i], "%s/%zu", fixture->directory, i);
        fixture->paths[i] = fixture->names[i];
    }
    *state = fixture;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *fixture = *state;
    int status = remove_folder(fixture->directory);
    free(fixture->names);
    free(fixture->paths);
    free(fixture);
    return status;
}

static void
add(sp_shard *shard, size_t number)
{
    char path[32], text[64];
    uint64_t digest;
    snprintf(path, sizeof path, "%zu.md", number);
    int len = snprintf(text, sizeof text, "Title %zu\n", number);
    sp_section section = {.body = {(uint32_t)len, (uint32_t)len}, .parent = SP_NO_SECTION};
    const sp_post post = {.path = sp_bytes_of(path),
                          .url = SP_LITERAL("/x/"),
                          .lang = SP_LITERAL("en"),
                          .date = SP_LITERAL(""),
                          .text = {text, (size_t)len},
                          .title = {0, (uint32_t)len - 1},
                          .sections = &section,
                          .section_count = 1};
    assert_int_equal(sp_shard_add_post(shard, &post, &digest, NULL), SP_OK);
}

/* Makes shards with one post each; one of them is not committed. */
static void
make_shards(const struct fixture *fixture, size_t count, size_t uncommitted)
{
    sp_shard *shard;
    assert_int_equal(sp_shard_open(fixture->paths[0], SP_LITERAL("en"), &shard, NULL), SP_OK);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            assert_int_equal(sp_shard_reopen(shard, fixture->paths[i], NULL), SP_OK);
        add(shard, i);
        if (i != uncommitted)
            assert_int_equal(sp_shard_commit(shard, NULL), SP_OK);
    }
    sp_shard_close(shard);
}

static xc_reader *
open_index(const struct fixture *fixture)
{
    char path[96];
    xc_reader *reader;
    snprintf(path, sizeof path, "%s/index", fixture->directory);
    assert_int_equal(xc_reader_open(path, &reader, NULL), XC_OK);
    return reader;
}

/* Returns the docid of a post, or 0 if the index does not contain the post. */
static uint32_t
docid_of(xc_reader *reader, size_t number)
{
    char term[32];
    xc_record *record;
    int len = snprintf(term, sizeof term, SP_PREFIX_POST "%zu.md", number);
    if (xc_reader_find(reader, (xc_bytes){term, (size_t)len}, 0, &record, NULL) != XC_OK)
        return 0;
    uint32_t docid = record->docid;
    xc_record_free(record);
    return docid;
}

static void
merge(const struct fixture *fixture, const char *const *shards, size_t count)
{
    char path[96];
    const sp_index_settings settings = {
        .language = SP_LITERAL("en"), .revision = SP_LITERAL("1"), .ranking = SP_RANKING_DEFAULT};
    snprintf(path, sizeof path, "%s/index", fixture->directory);
    assert_int_equal(sp_index_merge(shards, count, path, &settings, NULL, NULL), SP_OK);
}

static void
test_more_shards_than_can_be_merged_at_once_become_one_index(void **state)
{
    const struct fixture *fixture = *state;
    make_shards(fixture, SHARDS, SHARDS);
    merge(fixture, fixture->paths, SHARDS);
    xc_reader *reader = open_index(fixture);
    for (size_t i = 0; i < SHARDS; i++)
        assert_int_equal(docid_of(reader, i), i + 1);
    xc_reader_close(reader);
}

static void
test_merging_can_be_cancelled(void **state)
{
    const struct fixture *fixture = *state;
    const atomic_bool cancel = true;
    char path[96];
    const sp_index_settings settings = {
        .language = SP_LITERAL("en"), .revision = SP_LITERAL("1"), .ranking = SP_RANKING_DEFAULT};
    make_shards(fixture, 3, 3);
    snprintf(path, sizeof path, "%s/index", fixture->directory);
    sp_error err;
    assert_int_equal(sp_index_merge(fixture->paths, 3, path, &settings, &cancel, &err),
                     SP_CANCELLED);
    assert_string_equal(err.path, "");
    snprintf(path, sizeof path, "%s/group", fixture->directory);
    assert_int_equal(sp_shards_merge(fixture->paths, 3, path, &cancel, NULL), SP_CANCELLED);
}

static void
test_merged_shards_can_be_merged_again(void **state)
{
    const struct fixture *fixture = *state;
    char names[2][96];
    const char *groups[] = {names[0], names[1]};
    make_shards(fixture, 5, 5);
    for (size_t i = 0; i < 2; i++)
        snprintf(names[i], sizeof names[i], "%s/group%zu", fixture->directory, i);
    assert_int_equal(sp_shards_merge(fixture->paths, 2, names[0], NULL, NULL), SP_OK);
    assert_int_equal(sp_shards_merge(fixture->paths + 2, 3, names[1], NULL, NULL), SP_OK);
    merge(fixture, groups, 2);
    xc_reader *reader = open_index(fixture);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(docid_of(reader, i), i + 1);
    xc_reader_close(reader);
}

static void
test_reopening_discards_uncommitted_documents(void **state)
{
    const struct fixture *fixture = *state;
    make_shards(fixture, 3, 1);
    merge(fixture, fixture->paths, 3);
    xc_reader *reader = open_index(fixture);
    assert_int_equal(docid_of(reader, 0), 1);
    assert_int_equal(docid_of(reader, 1), 0);
    assert_int_equal(docid_of(reader, 2), 2);
    xc_reader_close(reader);
}

static void
test_a_shard_can_be_reopened_after_a_failure(void **state)
{
    const struct fixture *fixture = *state;
    sp_shard *shard;
    sp_error err;
    char nowhere[128];
    make_shards(fixture, 1, 1);
    snprintf(nowhere, sizeof nowhere, "%s/nowhere/0", fixture->directory);
    assert_int_equal(sp_shard_open(fixture->paths[1], SP_LITERAL("en"), &shard, NULL), SP_OK);
    assert_int_not_equal(sp_shard_reopen(shard, nowhere, &err), SP_OK);
    assert_int_equal(sp_shard_reopen(shard, fixture->paths[2], NULL), SP_OK);
    add(shard, 2);
    assert_int_equal(sp_shard_commit(shard, NULL), SP_OK);
    sp_shard_close(shard);
    merge(fixture, fixture->paths + 2, 1);
    xc_reader *reader = open_index(fixture);
    assert_int_equal(docid_of(reader, 2), 1);
    xc_reader_close(reader);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_more_shards_than_can_be_merged_at_once_become_one_index),
        TEST(test_merging_can_be_cancelled),
        TEST(test_merged_shards_can_be_merged_again),
        TEST(test_reopening_discards_uncommitted_documents),
        TEST(test_a_shard_can_be_reopened_after_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
