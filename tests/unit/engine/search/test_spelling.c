// SPDX-License-Identifier: GPL-2.0-or-later
/* Spelling correction, from Markdown through an index: which words are corrected and how. */

#include "folder.h"

#include "indexer/markdown/markdown.h"
#include <signpost/index_settings.h>
#include <signpost/ranking.h>
#include <signpost/search.h>
#include <signpost/spelling.h>
#include <signpost/writer.h>

#include <stdio.h>
#include <stdlib.h>

struct ground {
    char directory[FOLDER_MAX];
    sp_reader *reader;
    sp_arena arena;
    sp_corrections found;
};

static void
add_post(sp_shard *shard, const char *path, const char *body)
{
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    uint64_t digest;
    sp_post post = {.path = sp_bytes_of(path),
                    .url = sp_bytes_of(path),
                    .lang = SP_LITERAL("en"),
                    .date = SP_LITERAL("")};
    sp_markdown_input input = {
        .path = post.path, .body = sp_bytes_of(body), .first_line = 1, .title = SP_LITERAL("Page")};
    assert_int_equal(sp_markdown_read(&input, &arena, &post, NULL), SP_OK);
    assert_int_equal(sp_shard_add_post(shard, &post, &digest, NULL), SP_OK);
}

/* An index with a post for each body. */
static void
open_ground(struct ground *ground, const char *const *bodies, size_t count)
{
    char shard_path[128], index_path[128];
    const char *shards[] = {shard_path}, *paths[] = {index_path};
    sp_shard *shard;
    const sp_index_settings settings = {
        .language = SP_LITERAL("en"), .revision = SP_LITERAL("1"), .ranking = SP_RANKING_DEFAULT};
    *ground = (struct ground){0};
    assert_int_equal(make_folder(ground->directory), 0);
    snprintf(shard_path, sizeof shard_path, "%s/shard", ground->directory);
    snprintf(index_path, sizeof index_path, "%s/index", ground->directory);
    assert_int_equal(sp_shard_open(shard_path, SP_LITERAL("en"), &shard, NULL), SP_OK);
    for (size_t i = 0; i < count; i++) {
        char path[32];
        snprintf(path, sizeof path, "%zu.md", i);
        add_post(shard, path, bodies[i]);
    }
    assert_int_equal(sp_shard_commit(shard, NULL), SP_OK);
    sp_shard_close(shard);
    assert_int_equal(sp_index_merge(shards, 1, index_path, &settings, NULL, NULL), SP_OK);
    assert_int_equal(sp_reader_open(paths, 1, &ground->reader, NULL), SP_OK);
}

static void
close_ground(struct ground *ground)
{
    sp_arena_done(&ground->arena);
    sp_reader_close(ground->reader);
    assert_int_equal(remove_folder(ground->directory), 0);
}

static uint32_t
find(struct ground *ground, const char *text)
{
    sp_error err;
    const sp_request request = {.text = sp_bytes_of(text)};
    assert_int_equal(
        sp_corrections_find(ground->reader, &request, &ground->arena, &ground->found, &err), SP_OK);
    return ground->found.count;
}

/* Checks the similar words that are found for the only unknown word of a query. `near` contains the
   expected words, separated by spaces. */
static void
expect(struct ground *ground, const char *text, const char *near)
{
    SP_AUTO(sp_str_done) sp_str all = {0};
    assert_int_equal(find(ground, text), 1);
    const sp_misspelt_word *word = &ground->found.words[0];
    for (uint32_t i = 0; i < word->near_count; i++) {
        sp_str_append_text(&all, i > 0 ? " " : "");
        sp_str_append(&all, word->near[i]);
    }
    if (!sp_bytes_equal(sp_str_bytes(&all), sp_bytes_of(near)))
        fail_msg("'%s' is near to '%.*s'", text, (int)all.len, all.data ? all.data : "");
}

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static const char *const bodies[] = {
    "A residency in research. Résumés and a career in nursing.",
    "The residency pays. Research on teaching, and a tech job.",
    "One résumé, two careers; peach, beach and reach. A 401k plan in 2018.",
    "Full-time work at a coöperative, and at a beach. Übersetzung. Инженер.",
};

static void
test_words_within_two_edits_are_corrected(void **state)
{
    (void)state;
    struct ground ground;
    open_ground(&ground, bodies, COUNT_OF(bodies));
    expect(&ground, "residncy", "residency");   /* deletion */
    expect(&ground, "residdency", "residency"); /* insertion */
    expect(&ground, "residemcy", "residency");  /* replacement */
    expect(&ground, "residecny", "residency");  /* swap */
    expect(&ground, "esidency", "residency");   /* at the start */
    expect(&ground, "tesidency", "residency");
    expect(&ground, "ersidency", "residency");
    expect(&ground, "residenc", "residency");  /* at the end */
    expect(&ground, "resiednyc", "residency"); /* two edits */
    expect(&ground, "raesdiency", "residency");
    expect(&ground, "reesiednyc", ""); /* three edits */
    expect(&ground, "RÉSIDNCY", "residency");
    expect(&ground, "uebersetzung", "ubersetzung");
    expect(&ground, "\xD0\xB8\xD0\xBD\xD0\xB6\xD0\xB5\xD0\xBD\xD0\xB5",
           "\xD0\xB8\xD0\xBD\xD0\xB6"
           "\xD0\xB5\xD0\xBD\xD0\xB5\xD1\x80");
    close_ground(&ground);
}

/* Words of up to five characters are corrected by one edit. A swap of two characters that are not
   neighbours is more than one edit. */
static void
test_short_words_are_corrected_by_one_edit(void **state)
{
    (void)state;
    struct ground ground;
    open_ground(&ground, bodies, COUNT_OF(bodies));
    expect(&ground, "tceh", "tech");
    expect(&ground, "tehc", "tech");
    expect(&ground, "htce", "");
    expect(&ground, "carer", "career");
    expect(&ground, "jub", "job");
    expect(&ground, "wrko", "");
    close_ground(&ground);
}

static void
test_nearer_and_more_frequent_words_come_first(void **state)
{
    (void)state;
    struct ground ground;
    open_ground(&ground, bodies, COUNT_OF(bodies));
    expect(&ground, "meach", "beach peach reach"); /* "beach" first: two documents contain it */
    expect(&ground, "careerz", "career careers");
    close_ground(&ground);
}

static void
test_known_short_and_excluded_words_are_not_corrected(void **state)
{
    static const char *const queries[] = {"",
                                          "residency",
                                          "residencies",
                                          "RÉSUMÉ",
                                          "fulltime",
                                          "xx",
                                          "q",
                                          "401j",
                                          "2019",
                                          "herself",
                                          "r&e",
                                          "-residncy",
                                          "-full-tmie",
                                          "title:full-tmie",
                                          "residnc*",
                                          "tag:xyz",
                                          "full-time",
                                          "c++",
                                          "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E"};
    (void)state;
    struct ground ground;
    open_ground(&ground, bodies, COUNT_OF(bodies));
    for (size_t i = 0; i < COUNT_OF(queries); i++) {
        if (find(&ground, queries[i]) != 0)
            fail_msg("'%s' is corrected", queries[i]);
        assert_null(ground.found.instead.data);
    }
    close_ground(&ground);
}

static void
test_the_corrected_query_keeps_the_rest_of_the_text(void **state)
{
    (void)state;
    struct ground ground;
    open_ground(&ground, bodies, COUNT_OF(bodies));
    assert_int_equal(find(&ground, " Payz  \"the R\u00e9sidncy's\" tag:x reserch-xyzzy"), 4);
    assert_bytes(ground.found.words[0].typed, "Payz");
    assert_bytes(ground.found.words[1].typed, "R\u00e9sidncy");
    assert_bytes(ground.found.words[2].typed, "reserch");
    assert_bytes(ground.found.words[3].typed, "xyzzy");
    assert_int_equal(ground.found.words[3].near_count, 0);
    assert_bytes(ground.found.instead, " pays  \"the residency's\" tag:x research-xyzzy");
    assert_int_equal(find(&ground, "xyzzy"), 1);
    assert_null(ground.found.instead.data);
    close_ground(&ground);
}

static void
test_the_number_of_words_and_the_time_are_limited(void **state)
{
    (void)state;
    struct ground ground;
    SP_AUTO(sp_str_done) sp_str body = {0};
    SP_AUTO(sp_str_done) sp_str query = {0};
    for (int i = 0; i < 20000; i++)
        sp_str_append_format(&body, "word%cx%d ", 'a' + i % 26, i);
    for (int i = 0; i < 64; i++)
        sp_str_append_format(&query, "wrdo%d ", i);
    const char *const many[] = {body.data};
    open_ground(&ground, many, 1);
    assert_int_equal(find(&ground, query.data), SP_CORRECTED_WORDS_MAX);
    expect(&ground, "wordzx19993q", "wordzx19993");
    sp_error err;
    sp_request request = {.text = sp_str_bytes(&query), .timeout_us = 1};
    assert_int_equal(
        sp_corrections_find(ground.reader, &request, &ground.arena, &ground.found, &err),
        SP_TIMEOUT);
    request.timeout_us = 60 * 1000 * 1000;
    assert_int_equal(
        sp_corrections_find(ground.reader, &request, &ground.arena, &ground.found, &err), SP_OK);
    close_ground(&ground);
}

/* Computes the distance directly from its definition, by filling the whole table. */
static unsigned
reference_distance(const char *a, const char *b)
{
    unsigned cells[16][16];
    for (size_t i = 0; i <= strlen(a); i++) {
        for (size_t j = 0; j <= strlen(b); j++) {
            unsigned least = i == 0 ? (unsigned)j : j == 0 ? (unsigned)i : UINT32_MAX;
            if (i > 0 && j > 0) {
                unsigned options[] = {cells[i - 1][j] + 1, cells[i][j - 1] + 1,
                                      cells[i - 1][j - 1] + (a[i - 1] != b[j - 1])};
                for (size_t k = 0; k < COUNT_OF(options); k++)
                    least = options[k] < least ? options[k] : least;
            }
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                cells[i - 2][j - 2] + 1 < least)
                least = cells[i - 2][j - 2] + 1;
            cells[i][j] = least;
        }
    }
    return cells[strlen(a)][strlen(b)];
}

static unsigned
make_word(unsigned random, char word[16])
{
    size_t len = 3;
    random = random * 1103515245u + 12345u;
    len += (random >> 16) % 6;
    for (size_t i = 0; i < len; i++) {
        random = random * 1103515245u + 12345u;
        word[i] = (char)('b' + (random >> 16) % 3);
    }
    word[len] = '\0';
    return random;
}

enum { WORDS = 60, QUERIES = 500 };

/* Counts the different words at each distance from the typed word. */
static void
count_near(char words[WORDS][16], const char *typed, unsigned counts[3])
{
    unsigned most = strlen(typed) > 5 ? 2 : 1;
    for (int i = 0; i < WORDS; i++) {
        bool repeated = false;
        for (int before = 0; before < i; before++)
            repeated |= strcmp(words[before], words[i]) == 0;
        unsigned distance = reference_distance(typed, words[i]);
        if (!repeated && distance <= most)
            counts[distance]++;
    }
}

static void
check_near(char words[WORDS][16], const sp_misspelt_word *found)
{
    unsigned counts[3] = {0}, checked = 0;
    count_near(words, found->typed.data, counts);
    for (unsigned distance = 1; distance < COUNT_OF(counts); distance++) {
        for (; counts[distance] > 0 && checked < SP_CORRECTIONS_PER_WORD_MAX;
             counts[distance]--, checked++) {
            assert_true(checked < found->near_count);
            assert_int_equal(reference_distance(found->typed.data, found->near[checked].data),
                             distance);
        }
    }
    assert_int_equal(found->near_count, checked);
}

/* The words consist of only three different letters, so that many words are similar. */
static void
test_corrections_are_the_nearest_by_a_reference_distance(void **state)
{
    static char words[WORDS][16];
    SP_AUTO(sp_str_done) sp_str body = {0};
    struct ground ground;
    unsigned random = 1, compared = 0;
    (void)state;
    for (int i = 0; i < WORDS; i++) {
        random = make_word(random, words[i]);
        sp_str_append_format(&body, "%s ", words[i]);
    }
    const char *const one[] = {body.data};
    open_ground(&ground, one, 1);
    for (int i = 0; i < QUERIES; i++) {
        char typed[16];
        random = make_word(random, typed);
        if (find(&ground, typed) == 0)
            continue;
        check_near(words, &ground.found.words[0]);
        compared++;
    }
    assert_true(compared > QUERIES / 2);
    close_ground(&ground);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_within_two_edits_are_corrected),
        cmocka_unit_test(test_short_words_are_corrected_by_one_edit),
        cmocka_unit_test(test_nearer_and_more_frequent_words_come_first),
        cmocka_unit_test(test_known_short_and_excluded_words_are_not_corrected),
        cmocka_unit_test(test_the_corrected_query_keeps_the_rest_of_the_text),
        cmocka_unit_test(test_the_number_of_words_and_the_time_are_limited),
        cmocka_unit_test(test_corrections_are_the_nearest_by_a_reference_distance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
