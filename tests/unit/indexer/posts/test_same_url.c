// SPDX-License-Identifier: GPL-2.0-or-later
/* Which of several pages with one URL readers get: in the fixture site of tests/jekyll, in each of
   its configurations, that which Jekyll writes last. tests/jekyll/record.sh recorded it. */
#include "harness.h"
#include "cases.h"

#include "indexer/posts/read_post.h"
#include "indexer/posts/same_url.h"

#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

#define FIXTURE SOURCE_DIR "/tests/jekyll"
#define NOW INT64_C(1800000000)     /* after all dates of the fixture except those of 2999 */
#define TOUCHED INT64_C(1588680000) /* 2020-05-05T12:00:00Z, set by record.sh */

/* Reads the URLs and times of the files, as a run does. */
static void
read_urls(sp_files *files)
{
    sp_post_reader reader = {0};
    for (size_t i = 0; i < files->count; i++) {
        sp_file *file = &files->items[i];
        sp_source source = *file->source;
        sp_post post = {0};
        enum sp_site_page_verdict verdict;
        source.mtime_ns = TOUCHED * 1000000000;
        if (sp_post_read(&reader, files->sites[file->site], &source, &verdict, &post, NULL) !=
            SP_OK)
            continue;
        file->urls = sp_arena_copy(&files->arena, reader.page.urls);
        file->time = post.time;
        file->outcome = verdict == SP_PAGE_PUBLISHED ? SP_INDEXED : SP_LEFT_OUT;
    }
    sp_post_reader_done(&reader);
}

static void
open_files(const char *const *folders, size_t count, const sp_site_options *options,
           sp_files *files)
{
    sp_error err;
    *files = (sp_files){0};
    if (sp_files_open(folders, count, options, files, &err) != SP_OK)
        fail_msg("%s: %s", err.path, err.text);
    read_urls(files);
    assert_int_equal(sp_files_find_overwritten(files, &err), SP_OK);
}

/* Whether the file whose path begins the line is the winner, and has won against others. */
static bool
is_winner(const sp_files *files, sp_bytes line)
{
    sp_bytes path = sp_bytes_slice(line, 0, sp_bytes_find(line, SP_LITERAL("\t"), 0));
    bool wins = false, has_losers = false;
    for (size_t i = 0; i < files->count; i++) {
        const sp_file *file = &files->items[i];
        if (sp_bytes_equal(file->id, path))
            wins = !file->overwritten;
        else if (file->overwritten && sp_bytes_equal(files->items[file->winner].id, path))
            has_losers = true;
    }
    if (!wins || !has_losers)
        print_error("Jekyll writes last: %.*s\n", (int)line.len, line.data);
    return wins && has_losers;
}

static size_t
count_winners(const sp_files *files)
{
    size_t count = 0;
    for (size_t i = 0; i < files->count; i++) {
        bool wins = false;
        for (size_t k = 0; k < files->count; k++)
            wins |= files->items[k].overwritten && files->items[k].winner == i;
        count += wins;
    }
    return count;
}

static void
compare_variant(const char *variant, const char *config)
{
    SP_AUTO(sp_str_done) sp_str expected = {0}, settings = {0};
    const char *const folders[] = {FIXTURE "/site"};
    sp_files files;
    size_t lines = 0, failed = 0;
    read_file(&expected, FIXTURE "/expected-last.tsv");
    read_file(&settings, config);
    bool all = sp_bytes_starts_with(sp_str_bytes(&settings), SP_LITERAL("# options: --drafts"));
    const sp_site_options options = {
        .config = config, .drafts = all, .future = all, .unpublished = all, .now = NOW};
    open_files(folders, 1, &options, &files);
    for (size_t at = 0, end; at < expected.len; at = end + 1) {
        end = sp_bytes_find(sp_str_bytes(&expected), SP_LITERAL("\n"), at);
        sp_bytes line = sp_bytes_slice(sp_str_bytes(&expected), at, end);
        size_t tab = sp_bytes_find(line, SP_LITERAL("\t"), 0);
        if (!sp_bytes_equal(sp_bytes_slice(line, 0, tab), sp_bytes_of(variant)))
            continue;
        lines++;
        failed += !is_winner(&files, sp_bytes_slice(line, tab + 1, line.len));
    }
    assert_int_equal(failed, 0);
    assert_int_equal(count_winners(&files), lines);
    sp_files_done(&files);
}

static void
test_the_page_that_jekyll_writes_last_wins(void **state)
{
    (void)state;
    compare_variant("default", FIXTURE "/site/_config.yml");
    compare_variant("all", FIXTURE "/variants/all.yml");
    compare_variant("gathered", FIXTURE "/variants/gathered.yml");
    compare_variant("holders", FIXTURE "/variants/holders.yml");
    compare_variant("none", FIXTURE "/variants/none.yml");
    compare_variant("ordinal", FIXTURE "/variants/ordinal.yml");
    compare_variant("pretty", FIXTURE "/variants/pretty.yml");
    compare_variant("weekdate", FIXTURE "/variants/weekdate.yml");
}

/* XXH64 reads the bytes 0 to 7 and 32 to 39 of a text into one number, one after the other: any
   change of the first can be made good by the second. */
#define PRIME_1 UINT64_C(11400714785074694791)
#define PRIME_2 UINT64_C(14029467366897019727)

static uint64_t
xxh64_round(uint64_t number, uint64_t bytes)
{
    number += bytes * PRIME_2;
    return (number << 31 | number >> 33) * PRIME_1;
}

/* Changes the bytes of a URL so that its hash stays. */
static void
forge_url(char url[40])
{
    uint64_t first, second, changed, start = PRIME_1 + PRIME_2, inverse = 1;
    for (int i = 0; i < 6; i++)
        inverse *= 2 - PRIME_2 * inverse; /* Newton's method, modulo 2^64 */
    memcpy(&first, url, 8);
    memcpy(&second, url + 32, 8);
    for (unsigned n = 1;; n++) {
        snprintf(url, 8, "/%06u", n);
        url[7] = 'x';
        memcpy(&changed, url, 8);
        changed = second + (xxh64_round(start, first) - xxh64_round(start, changed)) * inverse;
        memcpy(url + 32, &changed, 8);
        if (!memchr(url + 32, ' ', 8))
            return;
    }
}

/* Authors choose the URLs of their pages. */
static void
test_urls_with_the_same_hash_are_different(void **state)
{
    (void)state;
    char urls[2][65] = {"/victim/page-with-a-long-name-0123456789-0123456789-0123456.html", ""};
    memcpy(urls[1], urls[0], sizeof urls[0]);
    forge_url(urls[1]);
    assert_true(strcmp(urls[0], urls[1]) != 0);
    assert_true(XXH64(urls[0], 64, 0) == XXH64(urls[1], 64, 0));
    sp_source sources[] = {
        {.path = SP_LITERAL("a.md")}, {.path = SP_LITERAL("b.md")}, {.path = SP_LITERAL("c.md")}};
    sp_file items[] = {{.urls = {urls[0], 64}, .source = &sources[0]},
                       {.urls = {urls[1], 64}, .source = &sources[1]},
                       {.urls = {urls[0], 64}, .source = &sources[2]}};
    sp_files files = {.items = items, .count = 3};
    assert_int_equal(sp_files_find_overwritten(&files, NULL), SP_OK);
    assert_false(items[1].overwritten);
    assert_true(items[0].overwritten != items[2].overwritten);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_page_that_jekyll_writes_last_wins),
        cmocka_unit_test(test_urls_with_the_same_hash_are_different),
    };
    setenv("TZ", "UTC", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
