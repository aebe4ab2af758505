// SPDX-License-Identifier: GPL-2.0-or-later
/* A run that is cancelled ends after the post at hand, in every step that looks at many posts. The
   test cancels the run in a function that the step calls for each post, and counts the later calls.
   */
#include "folder.h"

#include "indexer/run/run_private.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define POSTS 12

enum step { KEPT, URLS, MENTIONING, REMOVED };

static char directory[FOLDER_MAX], site[FOLDER_MAX + 8], index_path[FOLDER_MAX + 8];
static sp_run_progress progress;
static enum step step; /* the one that is cancelled, */
static int cancel_at;  /* in this call; 0: none is */
static int calls;      /* of the function of that step */

static void
note_call(enum step of)
{
    if (of == step && ++calls == cancel_at)
        atomic_store(&progress.cancel, true);
}

/* The linker passes the calls of each function to a wrapper. */
// NOLINTBEGIN(bugprone-reserved-identifier): the linker gives these names
enum sp_status __real_sp_shard_add_post(sp_shard *, const sp_post *, uint64_t *, sp_error *);
enum sp_status __wrap_sp_shard_add_post(sp_shard *, const sp_post *, uint64_t *, sp_error *);
bool __real_sp_files_may_hold(const sp_files *, sp_bytes);
bool __wrap_sp_files_may_hold(const sp_files *, sp_bytes);
enum sp_status __real_sp_run_read_urls(struct sp_attempt *, sp_file *, sp_post_reader *,
                                       sp_error *);
enum sp_status __wrap_sp_run_read_urls(struct sp_attempt *, sp_file *, sp_post_reader *,
                                       sp_error *);
enum sp_status __real_sp_old_index_post_at(sp_old_index *, uint32_t, sp_old_post **, sp_error *);
enum sp_status __wrap_sp_old_index_post_at(sp_old_index *, uint32_t, sp_old_post **, sp_error *);
enum sp_status __real_sp_update_remove(sp_update *, const char *, sp_bytes, sp_error *);
enum sp_status __wrap_sp_update_remove(sp_update *, const char *, sp_bytes, sp_error *);

enum sp_status
__wrap_sp_shard_add_post(sp_shard *shard, const sp_post *post, uint64_t *digest, sp_error *err)
{
    note_call(KEPT);
    return __real_sp_shard_add_post(shard, post, digest, err);
}

enum sp_status
__wrap_sp_run_read_urls(struct sp_attempt *attempt, sp_file *file, sp_post_reader *reader,
                        sp_error *err)
{
    note_call(URLS);
    return __real_sp_run_read_urls(attempt, file, reader, err);
}

enum sp_status
__wrap_sp_old_index_post_at(sp_old_index *old, uint32_t docid, sp_old_post **out, sp_error *err)
{
    note_call(MENTIONING);
    return __real_sp_old_index_post_at(old, docid, out, err);
}

enum sp_status
__wrap_sp_update_remove(sp_update *update, const char *prefix, sp_bytes id, sp_error *err)
{
    note_call(REMOVED);
    return __real_sp_update_remove(update, prefix, id, err);
}

bool
__wrap_sp_files_may_hold(const sp_files *files, sp_bytes id)
{
    return step == KEPT || __real_sp_files_may_hold(files, id);
}
// NOLINTEND(bugprone-reserved-identifier)

/* Does a run that is cancelled in the given call, and says how many posts it has kept unchanged. */
static enum sp_status
run(bool full, enum step of, int call, size_t *unchanged)
{
    const char *sites[] = {site};
    const sp_run_options options = {.sites = sites,
                                    .site_count = 1,
                                    .index = index_path,
                                    .site = {.now = 1900000000},
                                    .jobs = 1,
                                    .full = full};
    sp_run_report report = {0};
    step = of;
    cancel_at = call;
    calls = 0;
    atomic_store(&progress.cancel, false);
    enum sp_status status = sp_run(&options, &progress, &report, NULL);
    *unchanged = report.posts.unchanged;
    sp_run_report_done(&report);
    return status;
}

static void
path_of(size_t number, char *path, size_t size)
{
    snprintf(path, size, "%s/_posts/2020-01-%02zu-p.md", site, number + 1);
}

static void
write_posts(const char *text)
{
    char path[FOLDER_MAX + 64], content[128];
    for (size_t i = 0; i < POSTS; i++) {
        path_of(i, path, sizeof path);
        snprintf(content, sizeof content, "---\n---\n%s %zu [it](https://it.example/)\n", text, i);
        put_file(path, sp_bytes_of(content));
    }
}

static int
make_index(void **state)
{
    char path[FOLDER_MAX + 32];
    size_t unchanged;
    (void)state;
    if (make_folder(directory) != 0)
        return -1;
    snprintf(site, sizeof site, "%s/site", directory);
    snprintf(index_path, sizeof index_path, "%s/index", directory);
    snprintf(path, sizeof path, "%s/_posts", site);
    if (mkdir(site, 0777) != 0 || mkdir(path, 0777) != 0)
        return -1;
    snprintf(path, sizeof path, "%s/_config.yml", site);
    put_file(path, SP_LITERAL("title: Site\n"));
    snprintf(path, sizeof path, "%s/about.md", site);
    put_file(path, SP_LITERAL("---\n---\nabout\n"));
    write_posts("post");
    return run(false, KEPT, 0, &unchanged) == SP_OK ? 0 : -1;
}

static int
remove_index(void **state)
{
    (void)state;
    return remove_folder(directory);
}

/* The posts are added again from the index. The run has an error, a link that cannot be followed;
   sp_files_may_hold says that the posts are missing because of it. */
static void
test_keeping_the_posts_of_an_unreadable_folder(void **state)
{
    char folder[FOLDER_MAX + 32], path[FOLDER_MAX + 32];
    size_t unchanged;
    (void)state;
    snprintf(folder, sizeof folder, "%s/_posts", site);
    snprintf(path, sizeof path, "%s/elsewhere", directory);
    assert_int_equal(rename(folder, path), 0);
    snprintf(path, sizeof path, "%s/link.md", site);
    assert_int_equal(symlink("nothing", path), 0);
    assert_int_equal(run(true, KEPT, 3, &unchanged), SP_CANCELLED);
    assert_int_equal(calls, 3);
    assert_int_equal(run(true, KEPT, 0, &unchanged), SP_OK);
    assert_int_equal(calls, POSTS + 1);
    assert_int_equal(unchanged, POSTS + 1);
}

static void
test_reading_the_urls_of_changed_posts(void **state)
{
    size_t unchanged;
    (void)state;
    write_posts("another");
    assert_int_equal(run(false, URLS, 2, &unchanged), SP_CANCELLED);
    assert_int_equal(calls, 2);
    assert_int_equal(run(false, URLS, 0, &unchanged), SP_OK);
    assert_int_equal(calls, POSTS);
}

static void
test_reading_the_posts_that_mention_a_resource(void **state)
{
    char path[FOLDER_MAX + 64];
    size_t unchanged;
    (void)state;
    path_of(0, path, sizeof path);
    put_file(path, SP_LITERAL("---\n---\nchanged [it](https://it.example/)\n"));
    assert_int_equal(run(false, MENTIONING, 2, &unchanged), SP_CANCELLED);
    assert_int_equal(calls, 2);
    assert_int_equal(run(false, MENTIONING, 0, &unchanged), SP_OK);
    assert_true(calls >= POSTS - 1);
}

static void
test_removing_posts(void **state)
{
    char path[FOLDER_MAX + 64];
    size_t unchanged;
    (void)state;
    for (size_t i = 0; i < POSTS; i++) {
        path_of(i, path, sizeof path);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(run(false, REMOVED, 2, &unchanged), SP_CANCELLED);
    assert_int_equal(calls, 2);
    assert_int_equal(run(false, REMOVED, 0, &unchanged), SP_OK);
    assert_int_equal(unchanged, 1);
}

int
main(void)
{
#define WITH_INDEX(test) cmocka_unit_test_setup_teardown(test, make_index, remove_index)
    const struct CMUnitTest tests[] = {
        WITH_INDEX(test_keeping_the_posts_of_an_unreadable_folder),
        WITH_INDEX(test_reading_the_urls_of_changed_posts),
        WITH_INDEX(test_reading_the_posts_that_mention_a_resource),
        WITH_INDEX(test_removing_posts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
