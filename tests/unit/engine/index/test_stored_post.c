// SPDX-License-Identifier: GPL-2.0-or-later
/* A post that comes back from its record and mentions is the post that went in, and damaged bytes
   are never read as more than damage. */

#include "harness.h"

#include "indexer/run/gather.h"
#include "indexer/markdown/markdown.h"
#include <signpost/stored_post.h>

#include <stdlib.h>

static const char body[] =
    "# Start\n\nSee [the list](https://www.a.example/?utm_source=x) of *things*.\n\n"
    "## Where\n\n- [One](https://one.example/) is good\n- [here](https://two.example/)\n\n"
    "**No degree**\n\n- [One](http://one.example)\n- [Three](https://three.example/x)\n";

struct world {
    sp_arena arena;
    sp_post post;
    sp_record record;
    sp_record_section sections[16];
    sp_str mentions;
};

static void
make(struct world *world)
{
    *world = (struct world){.post = {.path = SP_LITERAL("p.md"),
                                     .url = SP_LITERAL("/p/"),
                                     .lang = SP_LITERAL("en"),
                                     .date = SP_LITERAL("2018-04-10")}};
    sp_post *post = &world->post;
    sp_markdown_input input = {.path = post->path,
                               .body = sp_bytes_of(body),
                               .first_line = 5,
                               .title = SP_LITERAL("Guide")};
    assert_int_equal(sp_markdown_read(&input, &world->arena, post, NULL), SP_OK);
    assert_int_equal(post->mention_count, 5);
    assert_true(post->section_count < 16);
    for (size_t i = 0; i < post->section_count; i++)
        world->sections[i] = (sp_record_section){post->sections[i].heading, post->sections[i].body,
                                                 post->sections[i].parent, post->sections[i].line,
                                                 post->sections[i].anchor};
    world->record = (sp_record){.url = post->url,
                                .date = post->date,
                                .lang = post->lang,
                                .path = post->path,
                                .text = post->text,
                                .title = post->title,
                                .sections = world->sections,
                                .section_count = (uint32_t)post->section_count,
                                .lines = post->lines,
                                .line_count = (uint32_t)post->line_count};
    sp_mentions_pack(post, &world->mentions);
}

static void
done(struct world *world)
{
    sp_arena_done(&world->arena);
    sp_str_done(&world->mentions);
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
test_comes_back(void **state)
{
    struct world world;
    sp_post back;
    (void)state;
    make(&world);
    assert_int_equal(sp_stored_post_read(&world.record, sp_str_bytes(&world.mentions), &world.arena,
                                         &back, NULL),
                     SP_OK);
    assert_int_equal(back.mention_count, world.post.mention_count);
    for (size_t i = 0; i < back.mention_count; i++)
        assert_same_mention(&back.mentions[i], &world.post.mentions[i]);
    assert_int_equal(back.section_count, world.post.section_count);
    for (size_t i = 0; i < back.section_count; i++)
        assert_int_equal(back.sections[i].kind == SP_SECTION_LABEL,
                         world.post.sections[i].kind == SP_SECTION_LABEL);
    done(&world);
}

/* What resources take of a post, from both, and of some resources alone. */
static void
test_gathers_alike(void **state)
{
    struct world world;
    sp_post back;
    sp_batch first = {0}, second = {0}, some = {0};
    (void)state;
    make(&world);
    assert_int_equal(sp_stored_post_read(&world.record, sp_str_bytes(&world.mentions), &world.arena,
                                         &back, NULL),
                     SP_OK);
    assert_int_equal(sp_batch_add(&first, &world.post, NULL, 0, NULL), SP_OK);
    assert_int_equal(sp_batch_add(&second, &back, NULL, 0, NULL), SP_OK);
    assert_int_equal(first.count, second.count);
    for (size_t i = 0; i < first.count; i++) {
        const sp_context *a = first.mentions[i].mention.context;
        const sp_context *b = second.mentions[i].mention.context;
        assert_same(first.mentions[i].canonical, second.mentions[i].canonical);
        assert_same(a->prose, b->prose);
        assert_same(a->link, b->link);
        assert_same(a->title, b->title);
        assert_same(a->topics, b->topics);
        assert_int_equal(a->breadcrumb_count, b->breadcrumb_count);
        assert_int_equal(a->outer != NULL, b->outer != NULL);
    }
    const sp_bytes one = world.post.mentions[1].canonical;
    assert_int_equal(sp_batch_add(&some, &back, &one, 1, NULL), SP_OK);
    assert_int_equal(some.count, 2);
    sp_batch_done(&first);
    sp_batch_done(&second);
    sp_batch_done(&some);
    done(&world);
}

static void
test_damaged(void **state)
{
    struct world world;
    sp_post back;
    sp_error err;
    (void)state;
    make(&world);
    sp_bytes whole = sp_str_bytes(&world.mentions);
    for (size_t len = 0; len < whole.len; len++) {
        char *copy = malloc(len + 1); /* so that a sanitizer sees a step too far */
        memcpy(copy, whole.data, len);
        assert_int_equal(
            sp_stored_post_read(&world.record, (sp_bytes){copy, len}, &world.arena, &back, &err),
            SP_DAMAGED);
        free(copy);
    }
    for (size_t at = 0; at < whole.len * 8; at++) {
        world.mentions.data[at / 8] ^= (char)(1 << at % 8);
        if (sp_stored_post_read(&world.record, whole, &world.arena, &back, &err) == SP_OK) {
            sp_batch batch = {0};
            assert_int_equal(sp_batch_add(&batch, &back, NULL, 0, NULL), SP_OK);
            sp_batch_done(&batch);
        }
        world.mentions.data[at / 8] ^= (char)(1 << at % 8);
    }
    done(&world);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_comes_back),
        cmocka_unit_test(test_gathers_alike),
        cmocka_unit_test(test_damaged),
    };
    return cmocka_run_group_tests_name("stored_post", tests, NULL, NULL);
}
