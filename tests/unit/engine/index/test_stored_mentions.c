// SPDX-License-Identifier: GPL-2.0-or-later
/* A post restored from its record and mentions equals the original, and damaged bytes never cause
   invalid reads. */

#include "harness.h"

#include "indexer/run/gather.h"
#include "indexer/markdown/markdown.h"
#include <signpost/stored_mentions.h>

#include <stdlib.h>

static const char body[] =
    "# Start\n\nSee [the list](https://www.a.example/?utm_source=x) of *things*.\n\n"
    "## Where\n\n- [One](https://one.example/) is good\n- [here](https://two.example/)\n\n"
    "**No degree**\n\n- [One](http://one.example)\n- [Three](https://three.example/x)\n";

struct fixture {
    sp_arena arena;
    sp_post post;
    sp_record record;
    sp_record_section sections[16];
    sp_str mentions;
};

static void
make(struct fixture *fixture)
{
    *fixture = (struct fixture){.post = {.path = SP_LITERAL("p.md"),
                                         .url = SP_LITERAL("/p/"),
                                         .lang = SP_LITERAL("en"),
                                         .date = SP_LITERAL("2018-04-10")}};
    sp_post *post = &fixture->post;
    sp_markdown_input input = {.path = post->path,
                               .body = sp_bytes_of(body),
                               .first_line = 5,
                               .title = SP_LITERAL("Guide")};
    assert_int_equal(sp_markdown_read(&input, &fixture->arena, post, NULL), SP_OK);
    assert_int_equal(post->mention_count, 5);
    assert_true(post->section_count < 16);
    for (size_t i = 0; i < post->section_count; i++)
        fixture->sections[i] = (sp_record_section){
            post->sections[i].heading, post->sections[i].body, post->sections[i].parent,
            post->sections[i].line, post->sections[i].anchor};
    fixture->record = (sp_record){.url = post->url,
                                  .date = post->date,
                                  .lang = post->lang,
                                  .path = post->path,
                                  .text = post->text,
                                  .title = post->title,
                                  .sections = fixture->sections,
                                  .section_count = (uint32_t)post->section_count,
                                  .lines = post->lines,
                                  .line_count = (uint32_t)post->line_count};
    sp_mentions_pack(post, &fixture->mentions);
}

static void
done(struct fixture *fixture)
{
    sp_arena_done(&fixture->arena);
    sp_str_done(&fixture->mentions);
}

static void
assert_same(sp_bytes a, sp_bytes b)
{
    assert_true(sp_bytes_equal(a, b));
}

static void
assert_same_mention(const sp_mention *a, const sp_mention *b)
{
    assert_same(a->url, b->url);
    assert_same(a->canonical, b->canonical);
    assert_int_equal(a->name.start, b->name.start);
    assert_int_equal(a->name.end, b->name.end);
    assert_int_equal(a->description.start, b->description.start);
    assert_int_equal(a->description.end, b->description.end);
    assert_int_equal(a->section, b->section);
    assert_int_equal(a->line, b->line);
    assert_int_equal(a->form, b->form);
    assert_int_equal(a->vague, b->vague);
}

static void
test_a_stored_post_equals_the_post(void **state)
{
    struct fixture fixture;
    sp_post back;
    (void)state;
    make(&fixture);
    assert_int_equal(sp_stored_mentions_restore(&fixture.record, sp_str_bytes(&fixture.mentions),
                                                &fixture.arena, &back, NULL),
                     SP_OK);
    assert_int_equal(back.mention_count, fixture.post.mention_count);
    for (size_t i = 0; i < back.mention_count; i++)
        assert_same_mention(&back.mentions[i], &fixture.post.mentions[i]);
    assert_int_equal(back.section_count, fixture.post.section_count);
    for (size_t i = 0; i < back.section_count; i++)
        assert_int_equal(back.sections[i].kind == SP_SECTION_LABEL,
                         fixture.post.sections[i].kind == SP_SECTION_LABEL);
    done(&fixture);
}

/* Gathers resources from the post and from the stored post: first all resources, then only some. */
static void
test_resources_gathered_from_a_stored_post_are_the_same(void **state)
{
    struct fixture fixture;
    sp_post back;
    sp_batch first = {0}, second = {0}, some = {0};
    (void)state;
    make(&fixture);
    assert_int_equal(sp_stored_mentions_restore(&fixture.record, sp_str_bytes(&fixture.mentions),
                                                &fixture.arena, &back, NULL),
                     SP_OK);
    assert_int_equal(sp_batch_add(&first, &fixture.post, NULL, 0, NULL), SP_OK);
    assert_int_equal(sp_batch_add(&second, &back, NULL, 0, NULL), SP_OK);
    assert_int_equal(first.count, second.count);
    for (size_t i = 0; i < first.count; i++) {
        const sp_context *a = first.mentions[i].mention.context;
        const sp_context *b = second.mentions[i].mention.context;
        assert_same(first.mentions[i].canonical, second.mentions[i].canonical);
        assert_same(first.mentions[i].mention.prose, second.mentions[i].mention.prose);
        assert_same(a->link, b->link);
        assert_same(a->title, b->title);
        assert_same(a->tags, b->tags);
        assert_same(a->categories, b->categories);
        assert_int_equal(a->breadcrumb_count, b->breadcrumb_count);
    }
    const sp_bytes one = fixture.post.mentions[1].canonical;
    assert_int_equal(sp_batch_add(&some, &back, &one, 1, NULL), SP_OK);
    assert_int_equal(some.count, 2);
    sp_batch_done(&first);
    sp_batch_done(&second);
    sp_batch_done(&some);
    done(&fixture);
}

static void
test_damaged_mentions_are_refused(void **state)
{
    struct fixture fixture;
    sp_post back;
    sp_error err;
    (void)state;
    make(&fixture);
    sp_bytes whole = sp_str_bytes(&fixture.mentions);
    for (size_t len = 0; len < whole.len; len++) {
        char *copy = malloc(len + 1); /* so that a sanitizer detects reads past the end */
        memcpy(copy, whole.data, len);
        assert_int_equal(sp_stored_mentions_restore(&fixture.record, (sp_bytes){copy, len},
                                                    &fixture.arena, &back, &err),
                         SP_DAMAGED);
        free(copy);
    }
    for (size_t at = 0; at < whole.len * 8; at++) {
        fixture.mentions.data[at / 8] ^= (char)(1 << at % 8);
        if (sp_stored_mentions_restore(&fixture.record, whole, &fixture.arena, &back, &err) ==
            SP_OK) {
            sp_batch batch = {0};
            assert_int_equal(sp_batch_add(&batch, &back, NULL, 0, NULL), SP_OK);
            sp_batch_done(&batch);
        }
        fixture.mentions.data[at / 8] ^= (char)(1 << at % 8);
    }
    done(&fixture);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_stored_post_equals_the_post),
        cmocka_unit_test(test_resources_gathered_from_a_stored_post_are_the_same),
        cmocka_unit_test(test_damaged_mentions_are_refused),
    };
    return cmocka_run_group_tests_name("stored_mentions", tests, NULL, NULL);
}
