// SPDX-License-Identifier: GPL-2.0-or-later
/* Suggestions, from Markdown through an index: which texts are completed, and how suggestions are
   ranked and shown. */

#include "folder.h"

#include "indexer/run/gather.h"
#include "indexer/markdown/markdown.h"
#include <signpost/index_settings.h>
#include <signpost/ranking.h>
#include <signpost/suggest.h>
#include <signpost/writer.h>

#include <stdio.h>
#include <stdlib.h>

#define INDEXES_MAX 2

struct ground {
    char directory[FOLDER_MAX];
    size_t count;
    sp_reader *reader;
    sp_suggestions *found;
};

struct source {
    const char *url, *title, *body;
};

static void
open_ground(struct ground *ground)
{
    *ground = (struct ground){0};
    assert_int_equal(make_folder(ground->directory), 0);
}

static void
close_ground(struct ground *ground)
{
    sp_suggestions_free(ground->found);
    sp_reader_close(ground->reader);
    assert_int_equal(remove_folder(ground->directory), 0);
}

/* Adds posts and the resources that they mention to one shard. */
static void
fill(sp_shard *shard, const struct source *sources, size_t count)
{
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    sp_batch batch = {0};
    sp_resources resources = {0};
    uint64_t digest;
    for (size_t i = 0; i < count; i++) {
        char path[32];
        snprintf(path, sizeof path, "%zu.md", i);
        sp_post post = {.path = sp_arena_copy(&arena, sp_bytes_of(path)),
                        .url = sp_bytes_of(sources[i].url),
                        .lang = SP_LITERAL("en"),
                        .date = SP_LITERAL("")};
        sp_markdown_input input = {.path = post.path,
                                   .body = sp_bytes_of(sources[i].body),
                                   .first_line = 1,
                                   .title = sp_bytes_of(sources[i].title)};
        assert_int_equal(sp_markdown_read(&input, &arena, &post, NULL), SP_OK);
        assert_int_equal(sp_shard_add_post(shard, &post, &digest, NULL), SP_OK);
        assert_int_equal(sp_batch_add(&batch, &post, NULL, 0, NULL), SP_OK);
    }
    assert_int_equal(sp_gather(&batch, 1, &resources, NULL), SP_OK);
    for (size_t i = 0; i < resources.count; i++)
        assert_int_equal(sp_shard_add_resource(shard, &resources.items[i], &digest, NULL), SP_OK);
    sp_arena_done(&resources.arena);
    sp_batch_done(&batch);
}

/* Adds another index to those that the reader answers from. */
static void
add_index(struct ground *ground, const struct source *sources, size_t count)
{
    char shard_path[128], names[INDEXES_MAX][128];
    const char *paths[INDEXES_MAX], *shards[] = {shard_path};
    sp_shard *shard;
    const sp_index_settings settings = {
        .language = SP_LITERAL("en"), .revision = SP_LITERAL("1"), .ranking = SP_RANKING_DEFAULT};
    snprintf(shard_path, sizeof shard_path, "%s/p%zu", ground->directory, ground->count);
    assert_int_equal(sp_shard_open(shard_path, SP_LITERAL("en"), &shard, NULL), SP_OK);
    fill(shard, sources, count);
    assert_int_equal(sp_shard_commit(shard, NULL), SP_OK);
    sp_shard_close(shard);
    ground->count++;
    for (size_t i = 0; i < ground->count; i++) {
        snprintf(names[i], sizeof names[i], "%s/i%zu", ground->directory, i);
        paths[i] = names[i];
    }
    assert_int_equal(sp_index_merge(shards, 1, names[ground->count - 1], &settings, NULL, NULL),
                     SP_OK);
    sp_reader_close(ground->reader);
    ground->reader = NULL;
    assert_int_equal(sp_reader_open(paths, ground->count, &ground->reader, NULL), SP_OK);
}

static uint32_t
suggest(struct ground *ground, const char *text, uint32_t limit)
{
    sp_error err;
    sp_suggestions_free(ground->found);
    ground->found = NULL;
    assert_int_equal(sp_suggest(ground->reader, sp_bytes_of(text), limit,
                                SP_LITERAL("https://x.example"), &ground->found, &err),
                     SP_OK);
    return ground->found->count;
}

static void
expect(struct ground *ground, uint32_t at, enum sp_suggestion_kind kind, const char *text,
       const char *url)
{
    assert_in_range(at, 0, ground->found->count - 1);
    assert_bytes(ground->found->items[at].text, text);
    assert_bytes(ground->found->items[at].url, url);
    assert_int_equal(ground->found->items[at].kind, kind);
}

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static const struct source guides[] = {
    {"/cv/", "Résumé or CV", "## The one-page résumé\n\ntext\n\n**No degree required**\n\nmore\n"},
    {"/a/", "Machines", "machine learning and machine learning\n\n- [Zeta](https://z.example/)\n"},
    {"/b/", "Engines", "machine learning, machine learning\n\n- [Zeta](https://z.example/)\n"},
    {"/c/", "Wheels",
     "odd pair, odd pair\n\n- [Zeta](https://z.example/)\n- [Zebra](https://y.example/)\n"}};

static void
test_titles_headings_labels_and_names_are_completed(void **state)
{
    (void)state;
    struct ground ground;
    open_ground(&ground);
    add_index(&ground, guides, COUNT_OF(guides));
    assert_int_equal(suggest(&ground, "RESUME o", 10), 1);
    expect(&ground, 0, SP_SUGGESTION_POST, "Résumé or CV", "https://x.example/cv/");
    assert_int_equal(suggest(&ground, "page rés", 10), 1);
    expect(&ground, 0, SP_SUGGESTION_HEADING, "The one-page résumé",
           "https://x.example/cv/#the-one-page-résumé");
    assert_int_equal(suggest(&ground, "degree r", 10), 1);
    expect(&ground, 0, SP_SUGGESTION_HEADING, "No degree required",
           "https://x.example/cv/#the-one-page-résumé");
    assert_int_equal(suggest(&ground, "ze", 10), 2); /* the resource with more mentions is first */
    expect(&ground, 0, SP_SUGGESTION_RESOURCE, "Zeta", "https://z.example/");
    expect(&ground, 1, SP_SUGGESTION_RESOURCE, "Zebra", "https://y.example/");
    close_ground(&ground);
}

static void
test_frequent_pairs_complete_the_last_words(void **state)
{
    (void)state;
    struct ground ground;
    open_ground(&ground);
    add_index(&ground, guides, COUNT_OF(guides));
    assert_int_equal(suggest(&ground, "machine l", 10), 1);
    expect(&ground, 0, SP_SUGGESTION_QUERY, "machine learning", "");
    assert_int_equal(suggest(&ground, "I want Machine lea", 10), 1);
    expect(&ground, 0, SP_SUGGESTION_QUERY, "I want machine learning", "");
    assert_int_equal(suggest(&ground, "odd ", 10), 0);     /* only one post contains it */
    assert_int_equal(suggest(&ground, "machine ", 10), 1); /* "machine learning", not "Machines" */
    close_ground(&ground);
}

static void
test_empty_and_unknown_texts_have_no_suggestions(void **state)
{
    (void)state;
    struct ground ground;
    static char endless[100001];
    open_ground(&ground);
    add_index(&ground, guides, COUNT_OF(guides));
    assert_int_equal(suggest(&ground, "", 10), 0);
    assert_int_equal(suggest(&ground, " ,", 10), 0);
    assert_int_equal(suggest(&ground, "\xff\xfe", 10), 0);
    assert_bytes(ground.found->query, "\xEF\xBF\xBD\xEF\xBF\xBD");
    assert_int_equal(suggest(&ground, "ze", 0), 0);
    assert_int_equal(suggest(&ground, "ze", 1), 1);
    memset(endless, 'z', sizeof endless - 1);
    assert_int_equal(suggest(&ground, endless, 10), 0);
    close_ground(&ground);
}

static void
test_several_indexes_give_suggestions_together(void **state)
{
    (void)state;
    static const struct source more[] = {{"/z/", "Zebras", "text\n"},
                                         {"/cv/", "Résumé or CV", "text\n"}};
    struct ground ground;
    open_ground(&ground);
    add_index(&ground, guides, COUNT_OF(guides));
    add_index(&ground, more, COUNT_OF(more));
    assert_int_equal(suggest(&ground, "zeb", 10), 2);
    assert_int_equal(suggest(&ground, "resume o", 10),
                     1); /* a text of both indexes is suggested once */
    close_ground(&ground);
}

static void
test_a_long_query_is_kept_before_its_completed_end(void **state)
{
    (void)state;
    struct ground ground;
    SP_AUTO(sp_str_done) sp_str text = {0};
    SP_AUTO(sp_str_done) sp_str completed = {0};
    open_ground(&ground);
    add_index(&ground, guides, COUNT_OF(guides));
    for (int i = 0; i < 60; i++)
        sp_str_append_text(&text, "x\xC3\xA9yz ");
    sp_str_append(&completed, sp_str_bytes(&text));
    sp_str_append_text(&completed, "machine learning");
    sp_str_append_text(&text, "machine lea");
    sp_str_append_char(&text, '\0');
    assert_int_equal(suggest(&ground, text.data, 10), 1);
    assert_bytes(ground.found->query, text.data);
    assert_true(sp_bytes_equal(ground.found->items[0].text, sp_str_bytes(&completed)));
    close_ground(&ground);
}

/* The prefix has more terms than a suggestion compares. */
static void
test_a_prefix_of_many_terms_gives_the_maximal_number(void **state)
{
    (void)state;
    struct ground ground;
    SP_AUTO(sp_str_done) sp_str body = {0};
    open_ground(&ground);
    for (int i = 0; i < 4000; i++)
        sp_str_append_format(&body, "## Many%d\n\n", i);
    sp_str_append_char(&body, '\0');
    const struct source long_page = {"/m/", "Page", body.data};
    add_index(&ground, &long_page, 1);
    assert_int_equal(suggest(&ground, "m", 100), SP_SUGGESTIONS_MAX);
    assert_int_equal(suggest(&ground, "many3999", 10), 1);
    close_ground(&ground);
}

#define LONG_TITLE "My office gathers data from a wide variety of sources: how can I "

/* The typed text may be longer than SP_COMPLETION_MAX. */
static void
test_text_longer_than_a_completion_is_compared_whole(void **state)
{
    (void)state;
    static const struct source sources[] = {
        {"/a/", LONG_TITLE "sort it", "## " LONG_TITLE "begin\n\ninnovation fellows\n"},
        {"/b/", LONG_TITLE "keep it", "text\n"}};
    struct ground ground;
    open_ground(&ground);
    add_index(&ground, sources, COUNT_OF(sources));
    assert_int_equal(suggest(&ground, LONG_TITLE, 10), 3);
    assert_int_equal(suggest(&ground, LONG_TITLE "so", 10), 1);
    expect(&ground, 0, SP_SUGGESTION_POST, LONG_TITLE "sort it", "https://x.example/a/");
    assert_int_equal(suggest(&ground, LONG_TITLE "beg", 10), 1);
    assert_int_equal(ground.found->items[0].kind, SP_SUGGESTION_HEADING);
    assert_int_equal(suggest(&ground, LONG_TITLE "x", 10), 0);
    close_ground(&ground);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_titles_headings_labels_and_names_are_completed),
        cmocka_unit_test(test_frequent_pairs_complete_the_last_words),
        cmocka_unit_test(test_empty_and_unknown_texts_have_no_suggestions),
        cmocka_unit_test(test_several_indexes_give_suggestions_together),
        cmocka_unit_test(test_a_prefix_of_many_terms_gives_the_maximal_number),
        cmocka_unit_test(test_text_longer_than_a_completion_is_compared_whole),
        cmocka_unit_test(test_a_long_query_is_kept_before_its_completed_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
