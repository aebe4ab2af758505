// SPDX-License-Identifier: GPL-2.0-or-later
/* Hostile input: it must not crash the reader, break the promises of post.h, or take more than
   linear time. */
#include "harness.h"
#include "post_check.h"

#include "indexer/markdown/markdown.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void
read_and_check(sp_bytes body)
{
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    sp_post post = {0};
    sp_error err;
    sp_markdown_input input = {.path = SP_LITERAL("x.md"), .body = body, .first_line = 7};
    assert_int_equal(sp_markdown_read(&input, &arena, &post, &err), SP_OK);
    check_post(&post, 7, 7 + count_lines(body));
}

static double
seconds_to_read(sp_bytes body)
{
    struct timespec from, to;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    read_and_check(body);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

/* Quadratic time would take hundreds of times as long as prose of the same size. */
#define TIMES_MAX 30

#define PROSE_MAX 1000000

/* How many times as long as prose of the same size the text takes. Prose takes linear time, so a
   part of that size is enough. */
static double
times_of_prose(const sp_str *text)
{
    SP_AUTO(sp_str_done) sp_str prose = {0};
    for (unsigned n = 0; prose.len < text->len && prose.len < PROSE_MAX; n++)
        sp_str_append_format(&prose, "word%u%s", n * 7919 % 4999, n % 80 == 79 ? "\n\n" : " ");
    double each = seconds_to_read(sp_str_bytes(&prose)) / (double)prose.len;
    return seconds_to_read(sp_str_bytes(text)) / (double)text->len / each;
}

/* Input that repeats `unit` between `begin` and `end`. */
static const struct pattern {
    const char *begin, *unit, *end;
} patterns[] = {
    {"", "- ", "x"},
    {"", "- ", ""},
    {"", "> ", "x"},
    {"", ">", "a"},
    {"", "> - ", "x"},
    {"", "1. ", "x\n\n\n\n"},
    {"", "- a\n  ", "x"},
    {"> > > > > > > > > > > >", "a*", ""},
    {"", "![[]()", ""},
    {"", "[", ""},
    {"", "![", ""},
    {"", "[a](b", ""},
    {"", "[a](<b", ""},
    {"", "*a **a ", ""},
    {"", "*a_ ", ""},
    {"", "`a``", ""},
    {"", "<!--", ""},
    {"a ", "<!--", ""},
    {"a ", "<!A ", ""},
    {"a ", "<?", ""},
    {"a ", "<![CDATA[", ""},
    {"", "<a href=\"http://a.b/\">", ""},
    {"", "x <a href=\"http://a.b/\">", ""},
    {"", "<b>", ""},
    {"<p>", "<b>", ""},
    {"<p>", "<b>", "</i></i>"},
    {"", "<div>\n", ""},
    {"", "<div>\n\n", ""},
    {"", "<div><i>", "</b></b></b></b></b></b></b>"},
    {"<div>", "</i><b>", ""},
    {"<div ", "a=b ", ">x"},
    {"<div ", "a='", ">x"},
    {"<div>", "<p a=", ">x"},
    {"<div>", "&amp;&#1;&bogus;&#x110000;", ""},
    {"<table>", "<tr><td>a<td>b", ""},
    {"<div>", "<!--", ""},
    {"<div>", "<", ""},
    {"", "<script>\n", ""},
    {"", "<style>", ""},
    {"", "{% raw", ""},
    {"", "{{", ""},
    {"", "{{ a }}", ""},
    {"", "{% comment %}", ""},
    {"", "{% highlight x %}\n", ""},
    {"", "{::comment}\n", ""},
    {"", "{: #a}\n", "# A"},
    {"# A\n", "{: #a}\n", ""},
    {"", "# A\n{: #a}\n", ""},
    {"", "# same\n", ""},
    {"", "{:", ""},
    {"", "[^", ""},
    {"", "http://a.b/(", ""},
    {"", "http://a.b/.", ""},
    {"", "http://a.b/ ", ""},
    {"x", "http://a.b/", ""},
    {"", "[x](http://a.b/) ", ""},
    {"", "[x](http://a.b/)\n", ""},
    {"", "- [x](http://a.b/)\n", ""},
    {"", "- [x](http://a.b/)\n\n  b\n\n", ""},
    {"", "| [x](http://a.b/) | b |\n", ""},
    {"", "a | b\n", "--|--"},
    {"", "**a**\n\n", ""},
    {"", "**a** ", ""},
    {"", "[a]: http://a.b/\n", ""},
    {"[a]: http://a.b/ccccccccccccccccccccccccccccccccccccccccccccccccccccccc\n\n", "[a] ", ""},
    {"", "~~~", ""},
    {"", "```\n", ""},
    {"", "\t", "x"},
    {"", " ", "x"},
    {"", "\r", "x"},
    {"", "\n", "x"},
    {"", "\xFF", ""},
    {"", "\xEF\xB7\x90", ""},
    {"", "\xC2\x85\xE2\x80\xA8", "x"},
    {"", "&", ""},
    {"", "a ", ""},
    {"", "a", ""},
    {"", "\\", ""},
    {"", ": a\n", ""},
};

static void
repeat(sp_str *out, const struct pattern *pattern, size_t size)
{
    sp_str_clear(out);
    sp_str_append_text(out, pattern->begin);
    while (out->len < size)
        sp_str_append_text(out, pattern->unit);
    sp_str_append_text(out, pattern->end);
}

static double
least_seconds(const struct pattern *pattern, size_t size, sp_str *text)
{
    double least = 1e9;
    repeat(text, pattern, size);
    for (int attempt = 0; attempt < 3; attempt++) {
        double seconds = seconds_to_read(sp_str_bytes(text));
        least = seconds < least ? seconds : least;
    }
    return least;
}

/* Four times the input may take four times as long; a factor of ten allows for noise, but not for
   quadratic time. A slow run is measured again, since a sanitizer or a busy machine may delay one.
   */
static void
test_repeated_input_takes_linear_time(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str text = {0};
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        repeat(&text, &patterns[i], 200000);
        double big = seconds_to_read(sp_str_bytes(&text));
        if (big <= 0.5)
            continue;
        double small = least_seconds(&patterns[i], 50000, &text);
        if (big > 10 * small)
            big = least_seconds(&patterns[i], 200000, &text);
        if (big > 0.5 && big > 10 * small)
            fail_msg("\"%s\" repeated: %.3f s, four times as long: %.3f s", patterns[i].unit, small,
                     big);
    }
}

/* What can come before the first attribute. Most of these make a simple reader believe that a
   quoted value begins before the tag. */
static const char *const tag_begins[] = {
    "<a ",
    "<div\n",
    "x <b ",
    "<p b==\" ",
    "<!-- <x y=\" --><a ",
    "<div></x <y z=\"><a ",
    "<div><?<y z=\"?><a ",
    "<div><script>a<y z=\"</script><a ",
    "<div><!-- a --!><a b='-->' ",
    "<div><![CDATA[<x y='><a ",
    "<textarea><x y=\"</textarea><a ",
    "<div><!DOCTYPE a \"<b c='\"><a ",
    "<title><1 y='</title><a ",
};

/* Names that differ, in each way to write an attribute. */
static void
test_many_attributes_take_little_time(void **state)
{
    (void)state;
    static const struct {
        const char *before, *after;
    } forms[] = {{" ", "='b'"}, {"", "=\"b\""},  {" ", ""},
                 {"\n", "=b"},  {" \" ", " =c"}, {"/", "="}};
    for (size_t i = 0; i < sizeof tag_begins / sizeof *tag_begins; i++) {
        for (size_t k = 0; k < sizeof forms / sizeof *forms; k++) {
            SP_AUTO(sp_str_done) sp_str text = {0};
            sp_str_append_text(&text, tag_begins[i]);
            for (unsigned n = 0; text.len < 500000; n++)
                sp_str_append_format(&text, "%sa%u%s", forms[k].before, n, forms[k].after);
            sp_str_append_text(&text, ">x</div>");
            double times = times_of_prose(&text);
            if (times > TIMES_MAX)
                fail_msg("%s %sa1%s: %.0f times as long as prose", tag_begins[i], forms[k].before,
                         forms[k].after, times);
        }
    }
}

/* libxml2 ends a name after 100 bytes, so a long one counts as many. */
static void
test_long_attribute_names_take_little_time(void **state)
{
    (void)state;
    static const char *const begins[] = {"<div ", "<div><", "<div><a b=c ", "<!-- <x y=' --><a "};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        SP_AUTO(sp_str_done) sp_str text = {0};
        sp_str_append_text(&text, begins[i]);
        for (unsigned n = 0; text.len < 8000000; n++)
            sp_str_append_char(&text, (char)('a' + (n * 2654435761u >> 16) % 26));
        sp_str_append_text(&text, ">x</div>");
        double times = times_of_prose(&text);
        if (times > TIMES_MAX)
            fail_msg("%s: %.0f times as long as prose", begins[i], times);
    }
}

/* Many tags with too many attributes, in one line and in many; and a name that is repeated. */
static void
test_many_tags_of_many_attributes_take_little_time(void **state)
{
    (void)state;
    static const struct {
        unsigned different, repeated;
        const char *end;
    } cases[] = {{180, 0, "></i>"},
                 {400, 0, "></i>"},
                 {400, 0, "></i>\n"},
                 {170, 230, "></i>"},
                 {170, 400000, "></i>\n"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SP_AUTO(sp_str_done) sp_str text = {0};
        sp_str_append_text(&text, "<div>");
        while (text.len < 4000000) {
            sp_str_append_text(&text, "<i");
            for (unsigned n = 0; n < cases[i].different; n++)
                sp_str_append_format(&text, " a%u", n);
            for (unsigned n = 0; n < cases[i].repeated; n++)
                sp_str_append_text(&text, " a169");
            sp_str_append_text(&text, cases[i].end);
        }
        sp_str_append_text(&text, "</div>");
        double times = times_of_prose(&text);
        if (times > TIMES_MAX)
            fail_msg("case %zu: %.0f times as long as prose", i, times);
    }
}

static void
test_nul_bytes_are_read_as_data(void **state)
{
    (void)state;
    read_and_check((sp_bytes){"a\0b [x](http://a\0.b/) <p title=\"\0\">\0</p>", 40});
    read_and_check((sp_bytes){"<p>\0</p>", 8});
    read_and_check((sp_bytes){"", 0});
    read_and_check(SP_LITERAL("\xEF\xBB\xBF# A\r\n\r\nb\rc"));
}

static void
test_deeply_nested_lists_are_read(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str text = {0};
    for (unsigned depth = 0; depth < 10000; depth++) {
        for (unsigned i = 0; i < depth % 2000; i++)
            sp_str_append_text(&text, "  ");
        sp_str_append_text(&text, "- a\n");
    }
    for (unsigned i = 0; i < 100000; i++)
        sp_str_append_char(&text, '\n');
    read_and_check(sp_str_bytes(&text));
}

static const char *const seeds[] = {
    "# A [b](http://c.d/) {#e}\n\n**Label**\n\n- [x](http://a.b/) - y\n  - [z](http://a.b/c)\n\n   "
    " w\n",
    "<p class=\"x\"><span>I</span>'ve <a href='http://a.b/?x=1&amp;y'>been</a></p>\n\n<h2 "
    "id=i>H</h2>\n",
    "| a | [b](http://c.d) |\n|---|---|\n| c | d |\n{: .x #y}\n\nterm\n: def `code` ~~s~~ $$x$$ "
    "[^1]\n",
    "{% raw %}{{ x }}{% endraw %}{% comment %}c{% endcomment %}\n{% highlight c %}\nint x;\n{% "
    "endhighlight %}\n",
    "<div markdown=\"1\">\n## H\n</div>\n> q <!-- c --> https://a.b/c_d.\n\n```\ncode\n```\n\n[r]: "
    "http://e.f/ 'T'\n[r] ![i](j)\n",
};

static uint32_t
next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* Makes one to eight changes to a seed: overwrites a byte, cuts the end off, or appends the end of
   another seed. */
static void
mutate(sp_str *out, uint32_t *state)
{
    static const char marks[] = "<>[](){}#*_-`~|:!&\"'\\/ \n\t\r\0\xFF\xC3%$^=.h";
    enum { SEEDS = sizeof seeds / sizeof *seeds };
    sp_str_clear(out);
    sp_str_append_text(out, seeds[next_random(state) % SEEDS]);
    for (uint32_t changes = next_random(state) % 8 + 1; changes > 0 && out->len > 0; changes--) {
        size_t at = next_random(state) % out->len;
        uint32_t change = next_random(state) % 4;
        if (change < 2) {
            out->data[at] = marks[next_random(state) % (sizeof marks - 1)];
        } else if (change == 2) {
            out->len = at;
        } else {
            sp_bytes other = sp_bytes_of(seeds[next_random(state) % SEEDS]);
            sp_str_append(out, sp_bytes_slice(other, next_random(state) % other.len, other.len));
        }
    }
}

static void
test_mutated_posts_keep_the_promises_of_post_h(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str text = {0};
    const char *wanted = getenv("SIGNPOST_MUTATIONS");
    unsigned long count = wanted ? strtoul(wanted, NULL, 10) : 20000;
    uint32_t random = 2463534242u;
    for (unsigned long i = 0; i < count; i++) {
        mutate(&text, &random);
        read_and_check(sp_str_bytes(&text));
    }
}

static void *
read_seeds(void *unused)
{
    for (unsigned round = 0; round < 200; round++) {
        for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++)
            read_and_check(sp_bytes_of(seeds[i]));
    }
    return unused;
}

static void
test_threads_read_posts_at_the_same_time(void **state)
{
    (void)state;
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_seeds, NULL), 0);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads_read_posts_at_the_same_time),
        cmocka_unit_test(test_many_attributes_take_little_time),
        cmocka_unit_test(test_long_attribute_names_take_little_time),
        cmocka_unit_test(test_many_tags_of_many_attributes_take_little_time),
        cmocka_unit_test(test_nul_bytes_are_read_as_data),
        cmocka_unit_test(test_mutated_posts_keep_the_promises_of_post_h),
        cmocka_unit_test(test_deeply_nested_lists_are_read),
        cmocka_unit_test(test_repeated_input_takes_linear_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
