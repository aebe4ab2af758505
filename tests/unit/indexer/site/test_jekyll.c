// SPDX-License-Identifier: GPL-2.0-or-later
/* Compares the fixture site of tests/jekyll, in each of its configurations, with the output of
   Jekyll itself, which tests/jekyll/record.sh wrote to expected.tsv. */
#include "harness.h"

#include "indexer/site/page.h"

#include <stdio.h>
#include <stdlib.h>

#define FIXTURE SOURCE_DIR "/tests/jekyll"
#define NOW INT64_C(1800000000)     /* after all dates of the fixture except those of 2999 */
#define TOUCHED INT64_C(1588680000) /* 2020-05-05T12:00:00Z, set by record.sh */
#define COLUMNS 8

static void
read_text(const char *path, sp_str *out)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char buffer[4096];
    size_t got;
    while ((got = fread(buffer, 1, sizeof buffer, file)) > 0)
        sp_str_append(out, (sp_bytes){buffer, got});
    fclose(file);
}

/* Escapes text as record.rb does. Titles contain no line breaks here, so only the other escapes are
   needed. */
static void
append_field(sp_str *out, sp_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '\\')
            sp_str_append_text(out, "\\\\");
        else if (text.data[i] == '|')
            sp_str_append_text(out, "\\p");
        else
            sp_str_append_char(out, text.data[i]);
    }
}

static void
append_list(sp_str *out, const sp_bytes *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            sp_str_append_char(out, '|');
        append_field(out, items[i]);
    }
}

/* Appends a published file as a line of expected.tsv. For pages the lists of categories and tags
   are empty, because pages in Jekyll have neither. */
static void
append_line(sp_str *out, const char *variant, const sp_source *source, const sp_site_page *page,
            const sp_post *post)
{
    bool is_page = source->kind == SP_SOURCE_PAGE;
    sp_str_append_text(out, variant);
    sp_str_append_char(out, '\t');
    append_field(out, post->path);
    sp_str_append_char(out, '\t');
    sp_str_append(out, post->url);
    sp_str_append_char(out, '\t');
    append_field(out, page->title);
    sp_str_append_char(out, '\t');
    sp_str_append(out, post->date);
    sp_str_append_char(out, '\t');
    if (post->date.len > 0)
        sp_str_append_format(out, "%lld", (long long)post->time);
    sp_str_append_char(out, '\t');
    append_list(out, post->categories, is_page ? 0 : post->category_count);
    sp_str_append_char(out, '\t');
    append_list(out, post->tags, is_page ? 0 : post->tag_count);
    sp_str_append_char(out, '\n');
}

/* Appends a field. Replaces each run of spaces and escaped line breaks by one space, and removes
   spaces at both ends. */
static void
append_collapsed(sp_str *out, sp_bytes field)
{
    size_t start = out->len;
    for (size_t i = 0; i < field.len; i++) {
        bool escaped = field.data[i] == '\\' && i + 1 < field.len &&
                       (field.data[i + 1] == 'n' || field.data[i + 1] == 't');
        bool space = escaped || field.data[i] == ' ';
        i += escaped;
        if (!space)
            sp_str_append_char(out, field.data[i]);
        else if (out->len > start && out->data[out->len - 1] != ' ')
            sp_str_append_char(out, ' ');
    }
    while (out->len > start && out->data[out->len - 1] == ' ')
        out->len--;
}

/* Appends the lines of expected.tsv for one variant. Line breaks in titles become spaces. */
static void
append_expected(sp_str *out, sp_bytes all, const char *variant)
{
    for (size_t at = 0; at < all.len;) {
        size_t end = sp_bytes_find(all, SP_LITERAL("\n"), at);
        sp_bytes line = sp_bytes_slice(all, at, end);
        at = end + 1;
        size_t tab = sp_bytes_find(line, SP_LITERAL("\t"), 0);
        if (!sp_bytes_equal(sp_bytes_slice(line, 0, tab), sp_bytes_of(variant)))
            continue;
        for (size_t column = 0, from = 0; column < COLUMNS; column++) {
            size_t stop = sp_bytes_find(line, SP_LITERAL("\t"), from);
            sp_bytes field = sp_bytes_slice(line, from, stop == SIZE_MAX ? line.len : stop);
            if (column == 3)
                append_collapsed(out, field);
            else
                sp_str_append(out, field);
            sp_str_append_char(out, column + 1 < COLUMNS ? '\t' : '\n');
            from = stop + 1;
        }
    }
}

static void
append_actual(sp_str *out, const sp_site *site, const char *variant)
{
    sp_error err;
    sp_scan scan = {0};
    sp_arena arena = {0};
    SP_AUTO(sp_str_done) sp_str content = {0};
    assert_int_equal(sp_site_scan(site, &scan, &err), SP_OK);
    assert_int_equal(scan.error_count, 0);
    for (size_t i = 0; i < scan.count; i++) {
        sp_source source = scan.sources[i];
        sp_site_page page;
        sp_post post = {0};
        source.mtime_ns = TOUCHED * 1000000000;
        sp_str_clear(&content);
        sp_arena_clear(&arena);
        assert_int_equal(sp_site_read(site, source.path, 1 << 20, &content, &err), SP_OK);
        if (sp_site_page_read(site, &source, sp_str_bytes(&content), &arena, &page, &post, &err) !=
            SP_OK)
            fail_msg("%s:%u:%u: %s", err.path, err.line, err.column, err.text);
        if (page.verdict == SP_PAGE_PUBLISHED)
            append_line(out, variant, &source, &page, &post);
    }
    sp_arena_done(&arena);
    sp_scan_done(&scan);
}

static size_t
next_line(sp_bytes text, size_t at)
{
    size_t end = sp_bytes_find(text, SP_LITERAL("\n"), at);
    return end == SIZE_MAX ? text.len : end + 1;
}

/* Compares two texts line by line, and prints every line that differs, not only the first. */
static void
assert_same_lines(sp_bytes actual, sp_bytes expected)
{
    size_t a = 0, e = 0, differences = 0;
    while (a < actual.len || e < expected.len) {
        size_t a_end = next_line(actual, a), e_end = next_line(expected, e);
        sp_bytes ours = sp_bytes_slice(actual, a, a_end),
                 theirs = sp_bytes_slice(expected, e, e_end);
        if (sp_bytes_equal(ours, theirs)) {
            a = a_end;
            e = e_end;
            continue;
        }
        bool is_ours = e >= expected.len || (a < actual.len && sp_bytes_compare(ours, theirs) < 0);
        print_error("%s %.*s",
                    is_ours ? "ours:  " : "jekyll:", (int)(is_ours ? ours.len : theirs.len),
                    is_ours ? ours.data : theirs.data);
        a = is_ours ? a_end : a;
        e = is_ours ? e : e_end;
        differences++;
    }
    assert_int_equal(differences, 0);
}

static void
compare_variant(const char *variant, const char *config)
{
    sp_error err;
    sp_site *site = NULL;
    SP_AUTO(sp_str_done) sp_str settings = {0};
    SP_AUTO(sp_str_done) sp_str all = {0};
    SP_AUTO(sp_str_done) sp_str expected = {0};
    SP_AUTO(sp_str_done) sp_str actual = {0};
    read_text(config, &settings);
    read_text(FIXTURE "/expected.tsv", &all);
    bool everything = sp_bytes_starts_with(
        sp_str_bytes(&settings), SP_LITERAL("# options: --drafts --future --unpublished"));
    sp_site_options options = {.config = config,
                               .drafts = everything,
                               .future = everything,
                               .unpublished = everything,
                               .now = NOW};
    if (sp_site_open(FIXTURE "/site", &options, &site, &err) != SP_OK)
        fail_msg("%s:%u:%u: %s", err.path, err.line, err.column, err.text);
    append_expected(&expected, sp_str_bytes(&all), variant);
    append_actual(&actual, site, variant);
    sp_site_close(site);
    assert_true(expected.len > 0);
    assert_same_lines(sp_str_bytes(&actual), sp_str_bytes(&expected));
}

#define VARIANT(name)                                                                              \
    static void variant_##name##_is_published_as_by_jekyll(void **state)                           \
    {                                                                                              \
        (void)state;                                                                               \
        compare_variant(#name, FIXTURE "/variants/" #name ".yml");                                 \
    }

static void
variant_default_is_published_as_by_jekyll(void **state)
{
    (void)state;
    compare_variant("default", FIXTURE "/site/_config.yml");
}

VARIANT(pretty)
VARIANT(ordinal)
VARIANT(weekdate)
VARIANT(none)
VARIANT(all)
VARIANT(holders)
VARIANT(gathered)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(variant_default_is_published_as_by_jekyll),
        cmocka_unit_test(variant_pretty_is_published_as_by_jekyll),
        cmocka_unit_test(variant_ordinal_is_published_as_by_jekyll),
        cmocka_unit_test(variant_weekdate_is_published_as_by_jekyll),
        cmocka_unit_test(variant_none_is_published_as_by_jekyll),
        cmocka_unit_test(variant_all_is_published_as_by_jekyll),
        cmocka_unit_test(variant_holders_is_published_as_by_jekyll),
        cmocka_unit_test(variant_gathered_is_published_as_by_jekyll),
    };
    setenv("TZ", "UTC", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
