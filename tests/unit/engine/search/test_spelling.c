// SPDX-License-Identifier: GPL-2.0-or-later
/* Spelling correction, from Markdown through an index: which words are corrected and how. */

#include "folder.h"

#include "engine/search/likeness.h"
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
test_misspelt_words_are_corrected(void **state)
{
    (void)state;
    struct ground ground;
    open_ground(&ground, bodies, COUNT_OF(bodies));
    expect(&ground, "residncy", "residency");   /* deletion */
    expect(&ground, "residdency", "residency"); /* insertion */
    expect(&ground, "residemcy", "residency");  /* replacement */
    expect(&ground, "residecny", "residency");  /* swap */
    expect(&ground, "ersidency", "residency");  /* of the first two letters */
    expect(&ground, "residenc", "residency");   /* at the end */
    expect(&ground, "resiednyc", "residency");  /* two edits */
    expect(&ground, "reesiednyc", "residency"); /* three cheap edits */
    expect(&ground, "rexsixdenxcy", "");        /* three dear edits */
    expect(&ground, "R\u00c9SIDNCY", "residency");
    expect(&ground, "uebersetzung", "ubersetzung");
    expect(&ground, "\xD0\xB8\xD0\xBD\xD0\xB6\xD0\xB5\xD0\xBD\xD0\xB5",
           "\xD0\xB8\xD0\xBD\xD0\xB6"
           "\xD0\xB5\xD0\xBD\xD0\xB5\xD1\x80");
    close_ground(&ground);
}

static void
test_the_first_letter_of_short_words_is_kept(void **state)
{
    (void)state;
    struct ground ground;
    open_ground(&ground, bodies, COUNT_OF(bodies));
    expect(&ground, "areer", "");
    expect(&ground, "tareers", "");
    expect(&ground, "htce", "");
    expect(&ground, "esidency", "residency"); /* long words may differ in it by one edit */
    expect(&ground, "tesidency", "residency");
    expect(&ground, "tesidencu", "");
    close_ground(&ground);
}

/* Short words are corrected by one edit, those of six or seven letters by one edit and a cheap one,
   longer ones by two. Of four letters, none is replaced by a different one. */
static void
test_short_words_need_more_likeness(void **state)
{
    (void)state;
    struct ground ground;
    open_ground(&ground, bodies, COUNT_OF(bodies));
    expect(&ground, "tceh", "tech");
    expect(&ground, "tehc", "tech");
    expect(&ground, "carer", "career");
    expect(&ground, "joob", "job"); /* three letters remain only if one was doubled */
    expect(&ground, "jobe", "");
    expect(&ground, "caxxer", "");
    expect(&ground, "carrers", "careers");
    expect(&ground, "tqhc", "");
    expect(&ground, "tich", "");
    close_ground(&ground);
}

/* Words with capitals are often names: unless they are long, they need a cheaper edit. */
static void
test_words_with_capitals_need_more_likeness(void **state)
{
    static const char *const texts[] = {"A vote, verbal and open.", "A colleague looked.",
                                        "The manager gave an interview."};
    static const char *const names[] = {"Vite", "Vercel", "OpenAI", "Looker", "Managir"};
    (void)state;
    struct ground ground;
    open_ground(&ground, texts, COUNT_OF(texts));
    for (size_t i = 0; i < COUNT_OF(names); i++)
        expect(&ground, names[i], "");
    expect(&ground, "looker", "looked");
    expect(&ground, "managir", "manager");
    expect(&ground, "Mangaer", "manager");
    expect(&ground, "Intervaew", "interview");
    expect(&ground, "INTERVAEW", "interview");
    expect(&ground, "Collegue", "colleague");
    close_ground(&ground);
}

/* A short word is not taken for a much shorter one that it begins with. */
static void
test_short_words_are_not_corrected_to_much_shorter_ones(void **state)
{
    static const char *const texts[] = {"Pell and open."};
    (void)state;
    struct ground ground;
    open_ground(&ground, texts, COUNT_OF(texts));
    expect(&ground, "paella", "");
    expect(&ground, "opinia", "");
    close_ground(&ground);
}

static void
test_liker_and_more_frequent_words_come_first(void **state)
{
    static const char *const texts[] = {"A belch and a bench.", "At the bench.",
                                        "Sails and seals."};
    (void)state;
    struct ground ground;
    open_ground(&ground, texts, COUNT_OF(texts));
    expect(&ground, "bezch", "bench belch"); /* two documents have "bench" */
    expect(&ground, "sealls", "seals");      /* a doubled letter */
    expect(&ground, "saeils", "sails seals");
    close_ground(&ground);
}

/* Ordinary words are not misspelt, even if no document has them. */
static void
test_ordinary_words_stop_words_and_acronyms_are_left_alone(void **state)
{
    static const char *const texts[] = {"Purple prose, a wanted policy, and one is done; get the "
                                        "medal back. He paid for what fits.",
                                        "Where and which, those others, because of weather."};
    static const char *const queries[] = {"parole",  "waiter",  "police", "drone",  "pad",
                                          "metal",   "planted", "hiring", "GPT",    "PADI",
                                          "becuase", "whicht",  "thsoe",  "policy2"};
    (void)state;
    struct ground ground;
    open_ground(&ground, texts, COUNT_OF(texts));
    for (size_t i = 0; i < COUNT_OF(queries); i++) {
        (void)find(&ground, queries[i]);
        if (ground.found.instead.data)
            fail_msg("'%s' is corrected to '%s'", queries[i], ground.found.instead.data);
    }
    expect(&ground, "padi", "paid");
    expect(&ground, "purpel", "purple");
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
    assert_int_equal(find(&ground, " payz  \"the R\u00e9sidncy's\" tag:x reserch-xyzzy"), 4);
    assert_bytes(ground.found.words[0].typed, "payz");
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
        sp_str_append_format(&body, "qword%c%c%c%c ", 'a' + i % 26, 'a' + i / 26 % 26,
                             'a' + i / 676 % 26, 'a' + i / 17576);
    for (int i = 0; i < 64; i++)
        sp_str_append_format(&query, "qwrodx%c%c ", 'a' + i % 26, 'a' + i / 26);
    const char *const many[] = {body.data};
    open_ground(&ground, many, 1);
    assert_int_equal(find(&ground, query.data), SP_CORRECTED_WORDS_MAX);
    assert_int_equal(find(&ground, "qwordffpdb"), 1); /* the last word */
    assert_bytes(ground.found.words[0].near[0], "qwordfpdb");
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

static uint32_t
cost(const char *typed, const char *word)
{
    sp_suspect suspect;
    sp_spelling spelling;
    sp_bytes bytes = sp_bytes_of(typed);
    assert_true(sp_suspect_init(bytes, bytes, false, &suspect));
    assert_true(sp_spell(sp_bytes_of(word), &spelling));
    return sp_suspect_cost(&suspect, &spelling);
}

/* The first comparison leaves a low cost on the stack, where the second one may not read it. */
static void
test_words_of_very_different_lengths_are_unlike(void **state)
{
    (void)state;
    assert_true(cost("bootstrappingg", "bootstrapping") < 100);
    assert_true(cost("bootz", "bootstrapping") > 100);
    assert_true(cost("bootstrapping", "bootstrappin") < 200);
    assert_true(cost("bootstrapping", "bootz") > 200);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_misspelt_words_are_corrected),
        cmocka_unit_test(test_the_first_letter_of_short_words_is_kept),
        cmocka_unit_test(test_short_words_need_more_likeness),
        cmocka_unit_test(test_words_with_capitals_need_more_likeness),
        cmocka_unit_test(test_short_words_are_not_corrected_to_much_shorter_ones),
        cmocka_unit_test(test_liker_and_more_frequent_words_come_first),
        cmocka_unit_test(test_ordinary_words_stop_words_and_acronyms_are_left_alone),
        cmocka_unit_test(test_known_short_and_excluded_words_are_not_corrected),
        cmocka_unit_test(test_the_corrected_query_keeps_the_rest_of_the_text),
        cmocka_unit_test(test_the_number_of_words_and_the_time_are_limited),
        cmocka_unit_test(test_words_of_very_different_lengths_are_unlike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
