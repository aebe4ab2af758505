// SPDX-License-Identifier: GPL-2.0-or-later
/* Markdown to text, sections and mentions: runs the cases of tests/cases/markdown.txt, and compares
   heading ids with those that Jekyll gave the fixture site. */
#include "harness.h"
#include "cases.h"
#include "dump.h"
#include "post_check.h"

#include "indexer/markdown/markdown.h"

#include <stdlib.h>

static void
read_post(sp_bytes body, sp_bytes title, sp_arena *arena, sp_post *post)
{
    sp_error err = {0};
    sp_markdown_input input = {.path = SP_LITERAL("x.md"),
                               .body = body,
                               .first_line = 1,
                               .title = title,
                               .site_host = SP_LITERAL("site.example")};
    if (sp_markdown_read(&input, arena, post, &err) != SP_OK)
        fail_msg("%s", err.text);
    uint32_t lines = 1;
    for (size_t i = 0; i < body.len; i++)
        lines += body.data[i] == '\n' || body.data[i] == '\r';
    check_post(post, 1, lines);
}

/* If the name of a case is "title: X", X is the title of the post. */
static bool
run_case(const struct test_case *test)
{
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    SP_AUTO(sp_str_done) sp_str actual = {0};
    sp_post post = {0};
    sp_bytes title = {"", 0};
    if (sp_bytes_starts_with(test->name, SP_LITERAL("title:")))
        title = sp_bytes_trim(sp_bytes_slice(test->name, 6, test->name.len));
    read_post(test->input, title, &arena, &post);
    dump_post(&actual, &post);
    sp_bytes expected = sp_bytes_trim(test->expected);
    if (sp_bytes_equal(sp_bytes_trim(sp_str_bytes(&actual)), expected))
        return true;
    print_error("case: %.*s\n--- expected\n%.*s\n--- actual\n%s\n", (int)test->name.len,
                test->name.data, (int)expected.len, expected.data, actual.data ? actual.data : "");
    return false;
}

/* The dump of the post with each line end replaced by `end`. */
static void
dump_with(sp_str *out, sp_bytes body, const char *end)
{
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_post post = {0};
    for (size_t i = 0; i < body.len; i++) {
        if (body.data[i] == '\n')
            sp_str_append_text(&text, end);
        else
            sp_str_append_char(&text, body.data[i]);
    }
    read_post(text.len > 0 ? sp_str_bytes(&text) : SP_LITERAL(""), SP_LITERAL(""), &arena, &post);
    dump_post(out, &post);
}

static void
test_line_ends_of_every_system_give_the_same_post(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str table = {0};
    read_file(&table, SOURCE_DIR "/tests/cases/markdown.txt");
    sp_bytes rest = sp_str_bytes(&table);
    struct test_case test;
    while (next_case(&rest, &test)) {
        SP_AUTO(sp_str_done) sp_str unix = {0}, windows = {0}, old = {0};
        if (test.input.len == 0 || memchr(test.input.data, '\r', test.input.len))
            continue;
        dump_with(&unix, test.input, "\n");
        dump_with(&windows, test.input, "\r\n");
        dump_with(&old, test.input, "\r");
        if (!sp_bytes_equal(sp_str_bytes(&windows), sp_str_bytes(&unix)) ||
            !sp_bytes_equal(sp_str_bytes(&old), sp_str_bytes(&unix)))
            fail_msg("case: %.*s\n%s\n---\n%s", (int)test.name.len, test.name.data, unix.data,
                     windows.data);
    }
}

static void
test_markdown_gives_the_text_of_each_case(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str table = {0};
    read_file(&table, SOURCE_DIR "/tests/cases/markdown.txt");
    sp_bytes rest = sp_str_bytes(&table);
    struct test_case test;
    size_t count = 0, failed = 0;
    for (; next_case(&rest, &test); count++)
        failed += !run_case(&test);
    assert_true(count > 40);
    assert_int_equal(failed, 0);
}

static void
assert_title(sp_bytes body, sp_bytes title, const char *expected, bool is_fallback)
{
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    sp_post post = {0};
    sp_notes notes;
    sp_error err = {0};
    sp_markdown_input input = {.path = SP_LITERAL("x.md"),
                               .body = body,
                               .first_line = 1,
                               .title = title,
                               .fallback_title = SP_LITERAL("Cv Tips"),
                               .notes = &notes};
    assert_int_equal(sp_markdown_read(&input, &arena, &post, &err), SP_OK);
    assert_bytes(sp_bytes_slice(post.text, post.title.start, post.title.end), expected);
    assert_int_equal(notes.fallback_title, is_fallback);
    check_post(&post, 1, 3);
}

static void
test_only_a_body_without_title_and_heading_takes_the_fallback_title(void **state)
{
    (void)state;
    assert_title(SP_LITERAL("Text."), SP_LITERAL(""), "Cv Tips", true);
    assert_title(SP_LITERAL("## Second level\n\nText."), SP_LITERAL(""), "Cv Tips", true);
    assert_title(SP_LITERAL(""), SP_LITERAL(" "), "Cv Tips", true);
    assert_title(SP_LITERAL("# Heading\n\nText."), SP_LITERAL(""), "Heading", false);
    assert_title(SP_LITERAL("# Heading\n\nText."), SP_LITERAL("Title"), "Title", false);
}

static sp_bytes
field(sp_bytes *line, char end)
{
    const char *stop = line->len ? memchr(line->data, end, line->len) : NULL;
    size_t len = stop ? (size_t)(stop - line->data) : line->len;
    sp_bytes taken = sp_bytes_slice(*line, 0, len);
    *line = sp_bytes_slice(*line, stop ? len + 1 : len, line->len);
    return taken;
}

static sp_bytes
without_front_matter(sp_bytes body)
{
    size_t end = sp_bytes_find(body, SP_LITERAL("\n---\n"), 0);
    if (!sp_bytes_starts_with(body, SP_LITERAL("---\n")) || end == SIZE_MAX)
        return body;
    return sp_bytes_slice(body, end + 5, body.len);
}

/* Appends the ids in order. Leaves out "!", which is recorded for a heading without an id, and ids
   that contain the value of a Liquid variable, which the indexer does not know. */
static void
append_known_ids(sp_str *out, sp_bytes ids)
{
    while (ids.len > 0) {
        sp_bytes id = field(&ids, ' ');
        if (sp_bytes_equal(id, SP_LITERAL("!")) || sp_bytes_ends_with(id, SP_LITERAL("-liquid")))
            continue;
        sp_str_append(out, id);
        sp_str_append_char(out, ' ');
    }
}

static void
append_ids_of(sp_str *out, const sp_post *post)
{
    SP_AUTO(sp_str_done) sp_str ids = {0};
    for (size_t i = 0; i < post->section_count; i++) {
        if (post->sections[i].kind != SP_SECTION_HEADING)
            continue;
        sp_bytes anchor = post->sections[i].anchor;
        sp_str_append(&ids, anchor.len > 0 ? anchor : SP_LITERAL("!"));
        sp_str_append_char(&ids, ' ');
    }
    append_known_ids(out, sp_str_bytes(&ids));
}

static bool
compare_ids(sp_bytes path, sp_bytes recorded)
{
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    SP_AUTO(sp_str_done) sp_str file = {0}, body = {0}, expected = {0}, actual = {0};
    sp_post post = {0};
    sp_str_append_text(&file, SOURCE_DIR "/tests/jekyll/site/");
    sp_str_append(&file, path);
    read_file(&body, file.data);
    read_post(without_front_matter(sp_str_bytes(&body)), SP_LITERAL("t"), &arena, &post);
    append_known_ids(&expected, recorded);
    append_ids_of(&actual, &post);
    if (sp_bytes_equal(sp_str_bytes(&expected), sp_str_bytes(&actual)))
        return true;
    print_error("%s\n  Jekyll: %s\n  ours:   %s\n", file.data, expected.data ? expected.data : "",
                actual.data ? actual.data : "");
    return false;
}

/* Uses only the files in headings/, because the other files of the fixture are about front
   matter. */
static void
test_heading_ids_are_those_of_jekyll(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str table = {0};
    read_file(&table, SOURCE_DIR "/tests/jekyll/expected-ids.tsv");
    sp_bytes rest = sp_str_bytes(&table);
    size_t count = 0, failed = 0;
    while (rest.len > 0) {
        sp_bytes line = field(&rest, '\n');
        field(&line, '\t');
        sp_bytes ids = field(&line, '\t');
        if (!sp_bytes_starts_with(line, SP_LITERAL("headings/")))
            continue;
        count++;
        failed += !compare_ids(line, ids);
    }
    assert_true(count >= 8);
    assert_int_equal(failed, 0);
}

/* libxml2 is left in the middle of such a tag: what comes before and after it must stay, in its
   lines, also after tags whose content is ignored. */
static void
test_only_a_tag_with_too_many_attributes_is_left_out(void **state)
{
    (void)state;
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    SP_AUTO(sp_str_done) sp_str body = {0}, actual = {0};
    sp_post post = {0};
    sp_str_append_text(&body, "<div>caf\xC3\xA9\n<a href='http://b.example/' ");
    for (unsigned i = 0; i < 170; i++)
        sp_str_append_format(&body, "a%u=c ", i);
    sp_str_append_text(&body, ">d</a>\n<svg><a href='http://e.example/'\n");
    for (unsigned i = 0; i < 400; i++)
        sp_str_append_format(&body, "a%u='b' ", i);
    sp_str_append_text(&body, ">f</a></svg>\ng</div>\n\nh\n");
    read_post(sp_str_bytes(&body), SP_LITERAL(""), &arena, &post);
    dump_post(&actual, &post);
    assert_str(actual, "1 | caf\xC3\xA9 d\n4 | f g\n7 | h\n"
                       "- [d](https://b.example) @ 0:2 = caf\xC3\xA9 d\n");
}

/* The text around each of many such tags stays, in its line. */
static void
test_the_text_after_many_tags_with_too_many_attributes_is_kept(void **state)
{
    (void)state;
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    SP_AUTO(sp_str_done) sp_str body = {0}, expected = {0}, actual = {0};
    sp_post post = {0};
    sp_str_append_text(&body, "<div>\n");
    for (unsigned tag = 0; tag < 100; tag++) {
        sp_str_append_text(&body, "<p");
        for (unsigned i = 0; i < 200; i++)
            sp_str_append_format(&body, " a%u", i);
        sp_str_append_format(&body, ">word%u</p>\n", tag);
        sp_str_append_format(&expected, "%u | word%u\n", tag + 2, tag);
    }
    sp_str_append_text(&body, "<p>end</p></div>\n");
    sp_str_append_text(&expected, "102 | end\n");
    read_post(sp_str_bytes(&body), SP_LITERAL(""), &arena, &post);
    dump_post(&actual, &post);
    assert_string_equal(actual.data, expected.data);
}

static void
test_more_than_a_gigabyte_of_text_is_rejected(void **state)
{
    (void)state;
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    sp_post post = {0};
    sp_error err = {0};
    sp_markdown_input input = {
        .path = SP_LITERAL("big.md"), .body = {"", ((size_t)1 << 30) + 1}, .first_line = 5};
    assert_int_equal(sp_markdown_read(&input, &arena, &post, &err), SP_BAD_INPUT);
    assert_int_equal(err.line, 5);
    assert_int_equal(err.column, 1);
    assert_string_equal(err.path, "big.md");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line_ends_of_every_system_give_the_same_post),
        cmocka_unit_test(test_markdown_gives_the_text_of_each_case),
        cmocka_unit_test(test_heading_ids_are_those_of_jekyll),
        cmocka_unit_test(test_only_a_tag_with_too_many_attributes_is_left_out),
        cmocka_unit_test(test_the_text_after_many_tags_with_too_many_attributes_is_kept),
        cmocka_unit_test(test_more_than_a_gigabyte_of_text_is_rejected),
        cmocka_unit_test(test_only_a_body_without_title_and_heading_takes_the_fallback_title),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
