/* Readers on threads of their own while generations are published under them: every answer is made
   from one revision. Run under ThreadSanitizer it also shows that readers share nothing. */

#include "harness.h"

#include <indexer/store.h>
#include <signpost/reader.h>
#include <signpost/writer.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define READERS 4
#define GENERATIONS 30
#define POSTS 20 /* of generation 0; generation n has n more, and revision "n" */

struct ground {
    char directory[64];
    atomic_int published;
    atomic_bool stop;
    atomic_size_t answers, faults, changes;
};

static void
add_post(sp_shard *shard, int generation, int number)
{
    char path[32], text[200];
    uint64_t digest;
    snprintf(path, sizeof path, "%d.md", number);
    int len =
        snprintf(text, sizeof text, "Guide %d\nA residency of generation%d with research in it.\n",
                 number, generation);
    sp_section section = {.parent = SP_NO_SECTION, .heading = {9, 9}, .anchor = SP_LITERAL("")};
    uint32_t title = (uint32_t)strcspn(text, "\n");
    section.body = (sp_range){title + 1, (uint32_t)len};
    section.heading = (sp_range){title + 1, title + 1};
    sp_post post = {.path = sp_bytes_of(path),
                    .url = SP_LITERAL("/x/"),
                    .lang = SP_LITERAL("en"),
                    .date = SP_LITERAL("2018-04-10"),
                    .text = {text, (size_t)len},
                    .title = {0, title},
                    .sections = &section,
                    .section_count = 1};
    assert_int_equal(sp_shard_add_post(shard, &post, &digest, NULL), SP_OK);
}

static void
publish(sp_store *store, int generation)
{
    char shard_path[128], database[128], revision[16];
    const char *workspace;
    sp_shard *shard;
    assert_int_equal(sp_store_workspace(store, &workspace, NULL), SP_OK);
    snprintf(shard_path, sizeof shard_path, "%s/p0", workspace);
    snprintf(database, sizeof database, "%s/database", workspace);
    snprintf(revision, sizeof revision, "%d", generation);
    assert_int_equal(sp_shard_open(shard_path, SP_LITERAL("en"), &shard, NULL), SP_OK);
    for (int i = 0; i < POSTS + generation; i++)
        add_post(shard, generation, i);
    assert_int_equal(sp_shard_commit(shard, NULL), SP_OK);
    sp_shard_close(shard);
    const sp_index_settings settings = {.language = SP_LITERAL("en"),
                                        .revision = sp_bytes_of(revision),
                                        .ranking = SP_RANKING_DEFAULT};
    const char *shards[] = {shard_path};
    assert_int_equal(sp_index_merge(shards, 1, database, &settings, NULL), SP_OK);
    assert_int_equal(sp_store_publish(store, database, NULL), SP_OK);
}

/* Total, hits and their text must all be of the revision that the answer names. */
static bool
is_of_one_revision(const sp_answer *answer)
{
    char word[32];
    int generation = atoi(answer->revision.data);
    snprintf(word, sizeof word, "generation%d ", generation);
    if (answer->total != (uint32_t)(POSTS + generation) || answer->hit_count != 10)
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
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", directory);
    assert_int_equal(system(command), 0);
}

static void
test_answers_are_of_one_revision_while_generations_change(void **state)
{
    (void)state;
    struct ground ground = {.directory = "/tmp/signpost-readers-XXXXXX"};
    pthread_t threads[READERS];
    sp_store *store;
    assert_non_null(mkdtemp(ground.directory));
    assert_int_equal(sp_store_open(ground.directory, &store, NULL), SP_OK);
    publish(store, 0);
    for (int i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &ground), 0);
    for (int generation = 1; generation <= GENERATIONS; generation++)
        publish(store, generation);
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers_are_of_one_revision_while_generations_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
