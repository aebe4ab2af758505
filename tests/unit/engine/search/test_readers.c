// SPDX-License-Identifier: GPL-2.0-or-later
/* Readers in several threads while the index changes: each answer is from one revision. Under
   ThreadSanitizer these tests also show that readers share nothing. */

#include "folder.h"

#include <signpost/reader.h>
#include <signpost/search.h>
#include <support/generations.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define READERS 4
#define GENERATIONS 30

struct ground {
    char directory[FOLDER_MAX];
    atomic_int published;
    atomic_bool stop;
    atomic_size_t answers, faults, changes;
};

/* Whether the total, the hits and their texts are those of the revision that the answer names. */
static bool
is_of_one_revision(const sp_answer *answer)
{
    char word[32];
    int generation = atoi(answer->revision.data);
    snprintf(word, sizeof word, "generation%d ", generation);
    if (answer->total != (uint32_t)(GENERATION_POSTS + generation) || answer->hit_count != 10)
        return false;
    for (uint32_t i = 0; i < answer->hit_count; i++) {
        sp_bytes text = answer->hits[i].passages[0].text.text;
        if (sp_bytes_find(text, sp_bytes_of(word), 0) == SIZE_MAX)
            return false;
    }
    return true;
}

static void *
read_on(void *argument)
{
    struct ground *ground = argument;
    sp_reader *reader = NULL;
    const char *paths[] = {ground->directory};
    const sp_request request = {.text = SP_LITERAL("residency research"), .limit = 10};
    if (sp_reader_open(paths, 1, &reader, NULL) != SP_OK) {
        atomic_fetch_add(&ground->faults, 1);
        return NULL;
    }
    while (!atomic_load(&ground->stop)) {
        bool changed = false;
        sp_answer *answer = NULL;
        sp_error err;
        if (sp_reader_refresh(reader, &changed, &err) != SP_OK ||
            sp_search(reader, &request, &answer, &err) != SP_OK) {
            print_error("%s\n", err.text);
            atomic_fetch_add(&ground->faults, 1);
        } else {
            atomic_fetch_add(&ground->faults, !is_of_one_revision(answer));
            atomic_fetch_add(&ground->answers, 1);
            atomic_fetch_add(&ground->changes, changed);
        }
        sp_answer_free(answer);
    }
    sp_reader_close(reader);
    return NULL;
}

static void
remove_index(const char *directory)
{
    assert_int_equal(remove_folder(directory), 0);
}

static void
test_each_answer_is_from_one_revision_while_the_index_changes(void **state)
{
    (void)state;
    struct ground ground = {0};
    pthread_t threads[READERS];
    sp_store *store;
    assert_int_equal(make_folder(ground.directory), 0);
    assert_int_equal(sp_store_open(ground.directory, false, NULL, &store, NULL), SP_OK);
    generation_swap(store, 0);
    for (int i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &ground), 0);
    for (int generation = 1; generation <= GENERATIONS; generation++)
        generation % 3 == 0 ? generation_swap(store, generation)
                            : generation_commit(ground.directory, generation);
    while (atomic_load(&ground.changes) == 0 && atomic_load(&ground.faults) == 0)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    atomic_store(&ground.stop, true);
    for (int i = 0; i < READERS; i++)
        pthread_join(threads[i], NULL);
    sp_store_close(store);
    print_message("%zu answers, %zu changes of revision seen\n", ground.answers, ground.changes);
    assert_int_equal(ground.faults, 0);
    assert_true(ground.answers > READERS);
    remove_index(ground.directory);
}

/* Whether the answer of two indexes counts the documents of the revisions that it names. */
static bool
has_the_documents_of_its_revisions(const sp_answer *answer)
{
    int first = atoi(answer->revision.data);
    const char *plus = strchr(answer->revision.data, '+');
    return plus && answer->total == (uint32_t)(2 * GENERATION_POSTS + first + atoi(plus + 1));
}

struct pair {
    char directories[2][FOLDER_MAX];
    atomic_bool stop;
};

static void *
change_the_second(void *argument)
{
    struct pair *pair = argument;
    for (int generation = 1; generation <= 60; generation++)
        generation_commit(pair->directories[1], generation);
    atomic_store(&pair->stop, true);
    return NULL;
}

static void
test_answers_of_two_indexes_name_both_revisions(void **state)
{
    (void)state;
    struct pair pair = {0};
    const char *paths[] = {pair.directories[0], pair.directories[1]};
    const sp_request request = {.text = SP_LITERAL("residency"), .limit = 1};
    pthread_t writer;
    sp_reader *reader = NULL;
    size_t answers = 0, faults = 0;
    for (int i = 0; i < 2; i++) {
        sp_store *store;
        assert_int_equal(make_folder(pair.directories[i]), 0);
        assert_int_equal(sp_store_open(pair.directories[i], false, NULL, &store, NULL), SP_OK);
        generation_swap(store, 0);
        sp_store_close(store);
    }
    assert_int_equal(sp_reader_open(paths, 2, &reader, NULL), SP_OK);
    assert_int_equal(pthread_create(&writer, NULL, change_the_second, &pair), 0);
    for (; !atomic_load(&pair.stop); answers++) {
        bool changed;
        sp_answer *answer = NULL;
        sp_error err;
        assert_int_equal(sp_reader_refresh(reader, &changed, &err), SP_OK);
        assert_int_equal(sp_search(reader, &request, &answer, &err), SP_OK);
        faults += !has_the_documents_of_its_revisions(answer);
        sp_answer_free(answer);
    }
    pthread_join(writer, NULL);
    sp_reader_close(reader);
    print_message("%zu answers\n", answers);
    assert_int_equal(faults, 0);
    remove_index(pair.directories[0]);
    remove_index(pair.directories[1]);
}

static void
test_a_query_times_out(void **state)
{
    (void)state;
    char directory[FOLDER_MAX];
    const char *paths[] = {directory};
    sp_request request = {.text = SP_LITERAL("residency research"), .limit = 10, .timeout_us = 1};
    sp_store *store;
    sp_reader *reader;
    sp_answer *answer = NULL;
    sp_error err;
    assert_int_equal(make_folder(directory), 0);
    assert_int_equal(sp_store_open(directory, false, NULL, &store, NULL), SP_OK);
    generation_swap(store, 0);
    sp_store_close(store);
    assert_int_equal(sp_reader_open(paths, 1, &reader, NULL), SP_OK);
    assert_int_equal(sp_search(reader, &request, &answer, &err), SP_TIMEOUT);
    assert_null(answer);
    request.timeout_us = 60 * 1000 * 1000;
    assert_int_equal(sp_search(reader, &request, &answer, &err), SP_OK);
    assert_int_equal(answer->total, GENERATION_POSTS);
    assert_true(answer->total_exact);
    sp_answer_free(answer);
    sp_reader_close(reader);
    remove_index(directory);
}

static void
test_a_reader_without_a_cache_gives_the_same_answers(void **state)
{
    (void)state;
    char directory[FOLDER_MAX];
    const char *paths[] = {directory};
    const sp_request request = {.text = SP_LITERAL("residency"), .limit = 10};
    uint32_t posts, resources;
    sp_store *store;
    sp_reader *reader;
    assert_int_equal(make_folder(directory), 0);
    assert_int_equal(sp_store_open(directory, false, NULL, &store, NULL), SP_OK);
    generation_swap(store, 3);
    sp_store_close(store);
    assert_int_equal(sp_reader_open(paths, 1, &reader, NULL), SP_OK);
    sp_reader_set_cache(reader, 0);
    for (int i = 0; i < 3; i++) {
        sp_answer *answer = NULL;
        assert_int_equal(sp_search(reader, &request, &answer, NULL), SP_OK);
        assert_int_equal(answer->hit_count, 10);
        assert_true(is_of_one_revision(answer));
        sp_answer_free(answer);
    }
    assert_int_equal(sp_reader_counts(reader, &posts, &resources, NULL), SP_OK);
    assert_int_equal(posts, GENERATION_POSTS + 3);
    assert_int_equal(resources, 0);
    sp_reader_close(reader);
    remove_index(directory);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_answer_is_from_one_revision_while_the_index_changes),
        cmocka_unit_test(test_answers_of_two_indexes_name_both_revisions),
        cmocka_unit_test(test_a_query_times_out),
        cmocka_unit_test(test_a_reader_without_a_cache_gives_the_same_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
