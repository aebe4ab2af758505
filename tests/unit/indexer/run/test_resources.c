// SPDX-License-Identifier: GPL-2.0-or-later
/* Resources made from mentions: gathering over posts, and the name and description of a resource.
 */

#include "harness.h"

#include "engine/write/document_resource.h"
#include "engine/write/resource_name.h"
#include "indexer/run/gather.h"
#include "indexer/markdown/markdown.h"

#include <stdio.h>

struct world {
    sp_arena posts, composed;
    sp_batch batch;
    sp_resources resources;
};

/* Reads Markdown as a post and adds its mentions. */
static void
add_post(struct world *world, const char *url, const char *title, const char *date,
         const char *body)
{
    sp_post post = {.path = SP_LITERAL("p.md"), .lang = SP_LITERAL("en")};
    post.url = sp_bytes_of(url);
    post.date = sp_bytes_of(date);
    sp_markdown_input input = {
        .path = post.path, .body = sp_bytes_of(body), .first_line = 1, .title = sp_bytes_of(title)};
    assert_int_equal(sp_markdown_read(&input, &world->posts, &post, NULL), SP_OK);
    assert_int_equal(sp_batch_add(&world->batch, &post, NULL, 0, NULL), SP_OK);
}

static void
add_post_in(struct world *world, const char *lang, const char *url, const char *body)
{
    sp_post post = {.path = SP_LITERAL("p.md"), .lang = sp_bytes_of(lang)};
    post.url = sp_bytes_of(url);
    sp_markdown_input input = {
        .path = post.path, .body = sp_bytes_of(body), .first_line = 1, .title = SP_LITERAL("Post")};
    assert_int_equal(sp_markdown_read(&input, &world->posts, &post, NULL), SP_OK);
    assert_int_equal(sp_batch_add(&world->batch, &post, NULL, 0, NULL), SP_OK);
}

static void
gather(struct world *world)
{
    assert_int_equal(sp_gather(&world->batch, 1, &world->resources, NULL), SP_OK);
}

static sp_record
compose(struct world *world, size_t index)
{
    sp_record record;
    sp_weighted_spans fields = {0};
    assert_true(index < world->resources.count);
    assert_int_equal(sp_compose_resource(&world->resources.items[index], SP_LITERAL("en"),
                                         &SP_WEIGHTS_DEFAULT, &world->composed, &record, &fields,
                                         NULL),
                     SP_OK);
    return record;
}

static void
done(struct world *world)
{
    sp_arena_done(&world->posts);
    sp_arena_done(&world->composed);
    sp_arena_done(&world->resources.arena);
    sp_batch_done(&world->batch);
}

static sp_bytes
text_of(const sp_record *record, sp_range range)
{
    return sp_bytes_slice(record->text, range.start, range.end);
}

static void
test_each_canonical_url_is_one_resource(void **state)
{
    struct world world = {0};
    (void)state;
    add_post(&world, "/a/", "A", "2018-01-01", "- [AI Grant](https://aigrant.org/) pays.\n");
    add_post(&world, "/b/", "B", "2019-01-01",
             "- [AI Grant](http://www.aigrant.org?utm_source=x)\n- [Other](https://aigrant.org/x)\n"
             "- [Part](https://aigrant.org/#part)\n");
    gather(&world);
    assert_int_equal(world.resources.count, 3);
    uint32_t most = 0;
    for (size_t i = 0; i < world.resources.count; i++) {
        if (world.resources.items[i].mention_count > most)
            most = world.resources.items[i].mention_count;
        if (i > 0)
            assert_true(sp_bytes_compare(world.resources.items[i - 1].canonical,
                                         world.resources.items[i].canonical) < 0);
    }
    assert_int_equal(most, 2);
    done(&world);
}

static void
test_vague_names_never_win(void **state)
{
    struct world world = {0};
    (void)state;
    add_post(&world, "/a/", "A", "",
             "See [here](https://x.example/) and [here](https://x.example/).\n\n"
             "- [here](https://x.example/)\n- [this](https://x.example/)\n\n"
             "The [Good Name](https://x.example/) is inline.\n");
    gather(&world);
    assert_int_equal(world.resources.count, 1);
    sp_record record = compose(&world, 0);
    assert_bytes(text_of(&record, record.title), "Good Name");
    done(&world);
}

static void
test_a_resource_with_only_vague_names_is_named_by_its_address(void **state)
{
    struct world world = {0};
    (void)state;
    add_post(&world, "/a/", "A", "", "Click [here](https://x.example/apply).\n");
    gather(&world);
    sp_record record = compose(&world, 0);
    assert_bytes(text_of(&record, record.title), "x.example/apply");
    done(&world);
}

/* "Read more about it here" says too little for a name. */
static void
test_a_resource_with_only_vague_names_is_named_by_its_description(void **state)
{
    static const struct {
        const char *body, *name;
    } cases[] = {
        {"Listen to [this song](https://x.example/a) before your interview.\n",
         "Listen to this song before your interview"},
        {"- [14:54](https://x.example/a) \xE2\x80\x93 How to negotiate\n", "How to negotiate"},
        {"Many people who come to a city without a job ask for advice, and this guide, which "
         "[we wrote](https://x.example/a) together, has it.\n",
         "without a job ask for advice, and this guide, which we wrote together, has it"},
        {"Read more about it [here](https://x.example/a).\n", "x.example/a"},
        {"See the whole list of jobs at <https://x.example/a>.\n", "x.example/a"},
        {"- [here](https://x.example/a) \xE2\x80\x93 a talk\n- [A Good "
         "Talk](https://x.example/a)\n",
         "A Good Talk"},
        {"[\xE3\x81\x93\xE3\x81\xA1\xE3\x82\x89](https://x.example/a)"
         "\xE3\x81\xA7\xE5\xB1\xA5\xE6\xAD\xB4\xE6\x9B\xB8\xE3\x81\xAE"
         "\xE6\x9B\xB8\xE3\x81\x8D\xE6\x96\xB9\xE3\x82\x92\xE8\xAA\xAC\xE6\x98\x8E",
         "\xE3\x81\x93\xE3\x81\xA1\xE3\x82\x89"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world world = {0};
        add_post(&world, "/a/", "A", "", cases[i].body);
        gather(&world);
        sp_record record = compose(&world, 0);
        assert_bytes(text_of(&record, record.title), cases[i].name);
        done(&world);
    }
}

/* An address stays as its author wrote it, but a link text that is a name wins. */
static void
test_an_address_as_name_keeps_its_spelling(void **state)
{
    struct world world = {0};
    (void)state;
    add_post(&world, "/a/", "A", "",
             "- [Levels.fyi](https://www.levels.fyi/services/?ref=X)\n"
             "- [www.Teal.HQ/tools](https://teal.hq/tools/resume)\n"
             "- [https://Job.example](https://job.example)\n"
             "- [Who.is](https://who.is/)\n- [Domain search](https://who.is/)\n"
             "- [M\xC3\xBCller.de/Jobs](https://xn--mller-kva.de/Jobs?ref=1)\n"
             "- [Office.example/K\xC3\xB6ln](https://office.example/K%C3%B6ln?x=1)\n"
             "- [WWW.Upper.COM](https://www.upper.com/a/b?c)\n"
             "- [HTTPS://Foo.Org/Bar](https://foo.org/Bar?x=2)\n"
             "- [Indeed.com.](https://indeed.com/q?a=1)\n"
             "- [Pay.fyi \xE2\x86\x92](https://pay.fyi/?r=1)\n");
    gather(&world);
    static const char *const names[] = {"Foo.Org/Bar",
                                        "Indeed.com",
                                        "Job.example",
                                        "Levels.fyi",
                                        "Office.example/K\xC3\xB6ln",
                                        "Pay.fyi",
                                        "www.Teal.HQ/tools",
                                        "WWW.Upper.COM",
                                        "Domain search",
                                        "M\xC3\xBCller.de/Jobs"};
    size_t count = sizeof names / sizeof *names;
    assert_int_equal(world.resources.count, count);
    for (size_t i = 0; i < count; i++) {
        sp_record record = compose(&world, i);
        assert_bytes(text_of(&record, record.title), names[i]);
    }
    done(&world);
}

/* A post that links to the resource 60 times, by another name and another spelling of its URL. */
static const char *
repeated_mentions(void)
{
    static char body[8192];
    size_t len = 0;
    for (int i = 0; i < 60; i++)
        len +=
            (size_t)snprintf(body + len, sizeof body - len, "- [Buy now](http://www.a.example/)\n");
    return body;
}

static void
test_a_post_has_one_vote_however_often_it_repeats_a_link(void **state)
{
    (void)state;
    struct world world = {0};
    add_post(&world, "/1/", "Spam", "", repeated_mentions());
    add_post(&world, "/2/", "First", "", "- [AI Grant](https://a.example/)");
    add_post(&world, "/3/", "Second", "", "# Money\n\n- [AI Grant](https://a.example/)");
    gather(&world);
    sp_record record = compose(&world, 0);
    assert_int_equal(world.resources.count, 1);
    assert_bytes(world.resources.items[0].url, "https://a.example/");
    assert_int_equal(sp_resource_posts(&world.resources.items[0]), 3);
    assert_bytes(sp_bytes_slice(record.text, record.title.start, record.title.end), "AI Grant");
    done(&world);
}

static void
test_a_name_in_a_list_comes_before_one_in_running_text(void **state)
{
    struct world world = {0};
    (void)state;
    add_post(&world, "/a/", "A", "",
             "I like [that lab](https://x.example/) and words.\n\n"
             "Go to [that lab](https://x.example/) now.\n\n"
             "- [Lab Name](https://x.example/): pays well\n");
    gather(&world);
    sp_record record = compose(&world, 0);
    assert_bytes(text_of(&record, record.title), "Lab Name");
    assert_bytes(text_of(&record, record.description), "pays well");
    done(&world);
}

static void
test_the_longest_listed_description_wins(void **state)
{
    struct world world = {0};
    (void)state;
    add_post(
        &world, "/a/", "A", "2018-05-01",
        "A very long sentence that mentions [Lab](https://x.example/) among many other words.\n\n"
        "- [Lab](https://x.example/) - short\n");
    add_post(&world, "/b/", "B", "2017-05-01", "- [Lab](https://x.example/) - somewhat longer\n");
    gather(&world);
    sp_record record = compose(&world, 0);
    assert_bytes(text_of(&record, record.description), "somewhat longer");
    assert_bytes(record.date, "2018-05-01");
    assert_int_equal(record.mention_count, 3);
    done(&world);
}

static void
test_a_mention_has_its_breadcrumb_and_prose(void **state)
{
    struct world world = {0};
    (void)state;
    add_post(&world, "/a/", "Post", "",
             "# Top\n\n## Programs\n\n**No degree required**\n\nProse of it.\n\n"
             "- [Lab](https://x.example/)\n");
    gather(&world);
    sp_record record = compose(&world, 0);
    assert_int_equal(record.mention_count, 1);
    assert_bytes(record.mentions[0].title, "Post");
    const sp_record_section *section = &record.sections[record.mentions[0].section];
    assert_bytes(text_of(&record, section->heading), "No degree required");
    assert_bytes(section->link, "/a/#programs");
    section = &record.sections[section->parent];
    assert_bytes(text_of(&record, section->heading), "Programs");
    assert_true(sp_bytes_find(record.text, SP_LITERAL("Prose of it."), 0) != SIZE_MAX);
    done(&world);
}

/* The record of a resource that is linked from everywhere must not become larger than that of a
   post. */
static void
test_a_link_in_every_footer_stays_small(void **state)
{
    struct world world = {0};
    (void)state;
    SP_AUTO(sp_str_done) sp_str body = {0};
    for (int i = 0; i < 2000; i++)
        sp_str_append_format(&body,
                             "## H%d\n\nProse %d of the section. [Lab %d](https://x.example/)\n\n",
                             i, i, i % 7);
    add_post(&world, "/a/", "A", "", body.data);
    gather(&world);
    assert_int_equal(world.resources.count, 1);
    assert_int_equal(world.resources.items[0].mention_count, 2000);
    sp_record record = compose(&world, 0);
    assert_int_equal(record.mention_count, 1000);
    assert_true(record.text.len < 20000);
    done(&world);
}

/* Mentions are counted even when there is no room for the prose of their sections. */
static void
test_mentions_beyond_the_room_for_prose_are_still_counted(void **state)
{
    struct world world = {0};
    (void)state;
    for (int i = 0; i < 20; i++) {
        char url[32], body[100];
        snprintf(url, sizeof url, "/%d/", i);
        snprintf(body, sizeof body, "## Course number%d\n\n- [fast.ai](https://fast.ai/)\n", i);
        add_post(&world, url, "A", "", body);
    }
    gather(&world);
    sp_record record = compose(&world, 0);
    assert_int_equal(record.mention_count, 20);
    assert_true(sp_bytes_find(record.text, SP_LITERAL("number19"), 0) != SIZE_MAX);
    done(&world);
}

static void
test_name_and_description_are_in_one_language(void **state)
{
    struct world world = {0};
    (void)state;
    add_post_in(&world, "de", "/1/",
                "- [Der Test](https://a.example/): ein sehr langer Satz dazu\n");
    add_post_in(&world, "ja", "/2/", "- [Ten](https://a.example/): another sentence, longer\n");
    add_post_in(&world, "de", "/3/", "- [Der Test](https://a.example/)\n");
    add_post_in(&world, "en-GB", "/4/", "- [The Test](https://a.example/): a check\n");
    add_post_in(&world, "de", "/5/", "- [Nur Deutsch](https://b.example/): kurz\n");
    add_post_in(&world, "fr", "/6/", "- [Seul](https://b.example/): une phrase plus longue\n");
    gather(&world);
    sp_record record = compose(&world, 0);
    assert_bytes(text_of(&record, record.title), "The Test");
    assert_bytes(text_of(&record, record.description), "a check");
    assert_bytes(record.lang, "en-GB");
    record = compose(&world, 1);
    assert_bytes(text_of(&record, record.title), "Nur Deutsch");
    assert_bytes(text_of(&record, record.description), "kurz");
    assert_bytes(record.lang, "de");
    done(&world);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_name_and_description_are_in_one_language),
        cmocka_unit_test(test_each_canonical_url_is_one_resource),
        cmocka_unit_test(test_vague_names_never_win),
        cmocka_unit_test(test_a_resource_with_only_vague_names_is_named_by_its_address),
        cmocka_unit_test(test_a_resource_with_only_vague_names_is_named_by_its_description),
        cmocka_unit_test(test_an_address_as_name_keeps_its_spelling),
        cmocka_unit_test(test_a_post_has_one_vote_however_often_it_repeats_a_link),
        cmocka_unit_test(test_a_name_in_a_list_comes_before_one_in_running_text),
        cmocka_unit_test(test_the_longest_listed_description_wins),
        cmocka_unit_test(test_a_mention_has_its_breadcrumb_and_prose),
        cmocka_unit_test(test_a_link_in_every_footer_stays_small),
        cmocka_unit_test(test_mentions_beyond_the_room_for_prose_are_still_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
