// SPDX-License-Identifier: GPL-2.0-or-later
/* Vectors of an index: an update makes the same vectors as learning, the order of documents does
   not matter, and readers on several threads share the vectors. */

#include "folder.h"

#include "engine/semantic/vectors.h"
#include <signpost/index_settings.h>
#include <signpost/ranking.h>
#include <signpost/reader.h>
#include <signpost/search.h>
#include <signpost/update.h>
#include <signpost/writer.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define POSTS 80

struct fixture {
    char directory[FOLDER_MAX], index[96];
};

/* The words of the topics. A post contains all words of its topic except one, and some words that
   occur in posts of every topic. */
static const char *const topics[][5] = {
    {"kitchen", "flour", "oven", "bread", "yeast"},
    {"harbour", "anchor", "rope", "tide", "mast"},
    {"violin", "melody", "orchestra", "choir", "rhythm"},
    {"glacier", "summit", "avalanche", "ridge", "crampon"},
};
#define RELATED 4 /* posts of a topic that do not contain a given word of the topic */

static void
make_post(size_t number, size_t topic, char *path, char *text, sp_section *section, sp_post *out)
{
    int title = sprintf(text, "Post %zu\n", number), len = title;
    for (size_t i = 0; i < 5; i++)
        len += i == number / 4 % 5 ? 0 : sprintf(text + len, "%s ", topics[topic][i]);
    for (size_t i = 1; i <= 3; i++)
        len += sprintf(text + len, "common%zu ", (number * 7 + number * number * i) % 41);
    sprintf(path, "%zu.md", number);
    *section = (sp_section){.body = {(uint32_t)title, (uint32_t)len}, .parent = SP_NO_SECTION};
    *out = (sp_post){.path = sp_bytes_of(path),
                     .url = sp_bytes_of(path),
                     .lang = SP_LITERAL("en"),
                     .date = SP_LITERAL(""),
                     .text = {text, (size_t)len},
                     .title = {0, (uint32_t)title - 1},
                     .sections = section,
                     .section_count = 1};
}

static sp_index_settings
settings(void)
{
    return (sp_index_settings){
        .language = SP_LITERAL("en"), .revision = SP_LITERAL("1"), .ranking = SP_RANKING_DEFAULT};
}

/* Builds an index. Adds the posts in ascending or descending order of their numbers. */
static void
make_index(const struct fixture *fixture, const char *index, bool falling)
{
    char name[96];
    const char *const shards[] = {name};
    sp_shard *shard;
    snprintf(name, sizeof name, "%s/shard%d", fixture->directory, falling);
    assert_int_equal(sp_shard_open(name, SP_LITERAL("en"), &shard, NULL), SP_OK);
    for (size_t i = 0; i < POSTS; i++) {
        char path[32], text[256];
        uint64_t digest;
        sp_section section;
        sp_post post;
        size_t number = falling ? POSTS - 1 - i : i;
        make_post(number, number % 4, path, text, &section, &post);
        assert_int_equal(sp_shard_add_post(shard, &post, &digest, NULL), SP_OK);
    }
    assert_int_equal(sp_shard_commit(shard, NULL), SP_OK);
    sp_shard_close(shard);
    const sp_index_settings made = settings();
    assert_int_equal(sp_index_merge(shards, 1, index, &made, NULL, NULL), SP_OK);
    assert_int_equal(sp_vectors_make(index, 77, NULL, NULL), SP_OK);
}

static int
set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    assert_int_equal(make_folder(fixture->directory), 0);
    snprintf(fixture->index, sizeof fixture->index, "%s/index", fixture->directory);
    make_index(fixture, fixture->index, false);
    *state = fixture;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *fixture = *state;
    int status = remove_folder(fixture->directory);
    free(fixture);
    return status;
}

static void
read_header(const char *index, sp_vectors_header *out)
{
    xc_reader *reader;
    bool there;
    assert_int_equal(xc_reader_open(index, &reader, NULL), XC_OK);
    assert_int_equal(sp_vectors_read_header(reader, index, out, &there, NULL), SP_OK);
    assert_true(there);
    xc_reader_close(reader);
}

/* Returns a block of vectors, which the caller owns. */
static sp_str
block_of(const char *index, char kind, uint32_t number)
{
    SP_AUTO(sp_str_done) sp_str key = {0};
    sp_str out = {0};
    xc_bytes value;
    xc_reader *reader;
    sp_vectors_key(&key, kind, number);
    assert_int_equal(xc_reader_open(index, &reader, NULL), XC_OK);
    assert_int_equal(xc_reader_metadata(reader, (xc_bytes){key.data, key.len}, &value, NULL),
                     XC_OK);
    sp_str_append(&out, (sp_bytes){value.data, value.len});
    xc_reader_close(reader);
    return out;
}

/* Returns the vector of a document, to compare it. */
static void
vector_of(const char *index, uint32_t docid, int8_t *out, uint32_t *dimensions)
{
    sp_vectors_header header;
    read_header(index, &header);
    sp_str block = block_of(index, 'd', (docid - 1) / SP_VECTORS_BLOCK);
    size_t at = (size_t)((docid - 1) % SP_VECTORS_BLOCK) * header.dimensions;
    memset(out, 0, SP_VECTORS_DIMENSIONS_MAX);
    if (block.len >= at + header.dimensions)
        memcpy(out, block.data + at, header.dimensions);
    *dimensions = header.dimensions;
    sp_str_done(&block);
}

static void
change(const char *index, size_t number, int topic)
{
    char path[32], text[256];
    uint64_t digest;
    sp_section section;
    sp_post post;
    sp_update *update;
    assert_int_equal(sp_update_open(index, SP_LITERAL("en"), &update, NULL), SP_OK);
    make_post(number, topic < 0 ? 0 : (size_t)topic, path, text, &section, &post);
    if (topic < 0)
        assert_int_equal(sp_update_remove(update, SP_PREFIX_POST, post.path, NULL), SP_OK);
    else
        assert_int_equal(sp_update_post(update, &post, NULL, &digest, NULL), SP_OK);
    const sp_index_settings made = settings();
    assert_int_equal(sp_update_commit(update, &made, NULL), SP_OK);
    sp_update_close(update);
}

/* A post that changes and changes back gets its first vector again; a removed post leaves zeros;
   when it is added again, it gets the same vector under its new id. */
static void
test_an_update_gives_the_vectors_that_learning_gives(void **state)
{
    const struct fixture *fixture = *state;
    int8_t before[SP_VECTORS_DIMENSIONS_MAX], after[SP_VECTORS_DIMENSIONS_MAX];
    const int8_t zeros[SP_VECTORS_DIMENSIONS_MAX] = {0};
    uint32_t dimensions;
    sp_vectors_header header;
    vector_of(fixture->index, 6, before, &dimensions);
    assert_true(dimensions >= 4);
    assert_memory_not_equal(before, zeros, dimensions);
    change(fixture->index, 5, 3);
    vector_of(fixture->index, 6, after, &dimensions);
    assert_memory_not_equal(before, after, dimensions);
    change(fixture->index, 5, 1);
    vector_of(fixture->index, 6, after, &dimensions);
    assert_memory_equal(before, after, dimensions);
    change(fixture->index, 5, -1);
    vector_of(fixture->index, 6, after, &dimensions);
    assert_memory_equal(after, zeros, dimensions);
    change(fixture->index, 5, 1);
    vector_of(fixture->index, POSTS + 1, after, &dimensions);
    assert_memory_equal(before, after, dimensions);
    read_header(fixture->index, &header);
    assert_int_equal(header.changed, 4);
    assert_int_equal(header.documents, POSTS);
    assert_int_equal(header.trained, 77);
}

static void
test_vectors_do_not_depend_on_the_order_of_documents(void **state)
{
    const struct fixture *fixture = *state;
    char other[96];
    sp_vectors_header header;
    snprintf(other, sizeof other, "%s/other", fixture->directory);
    make_index(fixture, other, true);
    read_header(other, &header);
    assert_true(header.blocks > 0);
    for (uint32_t i = 0; i < header.blocks; i++) {
        sp_str ours = block_of(fixture->index, 's', i), theirs = block_of(other, 's', i);
        assert_int_equal(ours.len, theirs.len);
        if (ours.len > 0)
            assert_memory_equal(ours.data, theirs.data, ours.len);
        sp_str_done(&ours);
        sp_str_done(&theirs);
    }
    int8_t ours[SP_VECTORS_DIMENSIONS_MAX], theirs[SP_VECTORS_DIMENSIONS_MAX];
    uint32_t dimensions;
    vector_of(fixture->index, 1, ours, &dimensions);
    vector_of(other, POSTS, theirs, &dimensions);
    assert_memory_equal(ours, theirs, dimensions);
}

static sp_answer *
ask(sp_reader *reader, const char *text, uint32_t limit)
{
    sp_answer *answer = NULL;
    const sp_request request = {.text = sp_bytes_of(text), .limit = limit};
    assert_int_equal(sp_search(reader, &request, &answer, NULL), SP_OK);
    return answer;
}

/* Related documents have the topic of the query but none of its words, and are not among the
   hits. */
static void
test_related_documents_are_found_without_the_words_of_the_query(void **state)
{
    const struct fixture *fixture = *state;
    const char *const paths[] = {fixture->index, fixture->index};
    sp_reader *reader;
    assert_int_equal(sp_reader_open(paths, 1, &reader, NULL), SP_OK);
    sp_answer *answer = ask(reader, "glacier", 50);
    assert_int_equal(answer->related_count, RELATED);
    for (uint32_t i = 0; i < answer->related_count; i++) {
        assert_int_equal(atoi(answer->related[i].url.data) % 4, 3);
        for (uint32_t k = 0; k < answer->hit_count; k++)
            assert_false(sp_bytes_equal(answer->related[i].url, answer->hits[k].url));
    }
    sp_answer_free(answer);
    answer = ask(reader, "glacier", 3); /* a full page has no related documents */
    assert_int_equal(answer->hit_count, 3);
    assert_int_equal(answer->related_count, 0);
    sp_answer_free(answer);
    answer = ask(reader, "\"glacier\"", 50);
    assert_int_equal(answer->related_count, 0);
    sp_answer_free(answer);
    sp_reader_close(reader);
    assert_int_equal(sp_reader_open(paths, 2, &reader, NULL),
                     SP_OK); /* several indexes together have no related documents */
    answer = ask(reader, "glacier", 100);
    assert_true(answer->hit_count > 0);
    assert_int_equal(answer->related_count, 0);
    sp_answer_free(answer);
    sp_reader_close(reader);
}

struct readers {
    const char *index;
    atomic_bool stop;
    atomic_int faults, answers;
};

static void *
read_until_stopped(void *argument)
{
    struct readers *readers = argument;
    const char *const paths[] = {readers->index};
    sp_reader *reader = NULL;
    if (sp_reader_open(paths, 1, &reader, NULL) != SP_OK) {
        atomic_fetch_add(&readers->faults, 1);
        return NULL;
    }
    while (!atomic_load(&readers->stop)) {
        bool changed;
        sp_answer *answer = NULL;
        const sp_request request = {.text = SP_LITERAL("violin"), .limit = 100};
        if (sp_reader_refresh(reader, &changed, NULL) != SP_OK ||
            sp_search(reader, &request, &answer, NULL) != SP_OK || answer->related_count == 0)
            atomic_fetch_add(&readers->faults, 1);
        for (uint32_t i = 0; answer && i < answer->related_count; i++)
            atomic_fetch_add(&readers->faults, atoi(answer->related[i].url.data) % 4 != 2);
        sp_answer_free(answer);
        atomic_fetch_add(&readers->answers, 1);
    }
    sp_reader_close(reader);
    return NULL;
}

static void
test_readers_share_the_vectors_of_one_index(void **state)
{
    const struct fixture *fixture = *state;
    struct readers readers = {.index = fixture->index};
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_until_stopped, &readers), 0);
    for (int round = 0; round < 20; round++)
        change(fixture->index, 1, round % 2 ? 1 : 0);
    while (atomic_load(&readers.answers) < 40 && atomic_load(&readers.faults) == 0)
        continue;
    atomic_store(&readers.stop, true);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&readers.faults), 0);
}

/* Learning ends soon, and the database stays as it is. */
static void
test_learning_can_be_cancelled(void **state)
{
    const struct fixture *fixture = *state;
    const atomic_bool cancel = true;
    sp_vectors_header before, after;
    read_header(fixture->index, &before);
    assert_int_equal(sp_vectors_make(fixture->index, 78, &cancel, NULL), SP_CANCELLED);
    read_header(fixture->index, &after);
    assert_int_equal(after.trained, before.trained);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_an_update_gives_the_vectors_that_learning_gives,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_vectors_do_not_depend_on_the_order_of_documents,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_related_documents_are_found_without_the_words_of_the_query, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_learning_can_be_cancelled, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_readers_share_the_vectors_of_one_index, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests_name("vectors", tests, NULL, NULL);
}
