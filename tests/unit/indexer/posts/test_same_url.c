// SPDX-License-Identifier: GPL-2.0-or-later
/* Which of several pages with one URL readers get: in the fixture site of tests/jekyll, in each of
   its configurations, that which Jekyll writes last. tests/jekyll/record.sh recorded it. */
#include "harness.h"
#include "cases.h"

#include "indexer/posts/read_post.h"
#include "indexer/posts/same_url.h"

#include <stdlib.h>

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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_page_that_jekyll_writes_last_wins),
    };
    setenv("TZ", "UTC", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
