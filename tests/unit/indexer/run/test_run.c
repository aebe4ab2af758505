// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs on an index that does not follow its schema: --full rebuilds it, any other run refuses it.
   Runs that have no memory left after their commit. */
#include "folder.h"

#include "indexer/run/run.h"

#include <signpost/memory.h>
#include <signpost/schema.h>
#include <signpost/sums.h>
#include <signpost/update.h>
#include <signpost/verify.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <xapian-c.h>

static char directory[FOLDER_MAX];
static char site[FOLDER_MAX + 8], index_path[FOLDER_MAX + 8];

static enum sp_status
run(bool full, sp_run_report *report, sp_error *err)
{
    const char *sites[] = {site};
    const sp_run_options options = {.sites = sites,
                                    .site_count = 1,
                                    .index = index_path,
                                    .site = {.now = (int64_t)time(NULL)},
                                    .jobs = 1,
                                    .full = full};
    sp_run_progress progress = {0};
    *report = (sp_run_report){0};
    return sp_run(&options, &progress, report, err);
}

static void
write_post(const char *name, const char *text)
{
    char path[FOLDER_MAX + 32];
    snprintf(path, sizeof path, "%s/%s", site, name);
    put_file(path, sp_bytes_of(text));
}

static int
make_index(void **state)
{
    sp_run_report report;
    (void)state;
    if (make_folder(directory) != 0)
        return -1;
    snprintf(site, sizeof site, "%s/site", directory);
    snprintf(index_path, sizeof index_path, "%s/index", directory);
    if (mkdir(site, 0777) != 0)
        return -1;
    write_post("a.md", "# A\n\nOne.\n");
    write_post("b.md", "# B\n\nTwo.\n");
    enum sp_status status = run(false, &report, NULL);
    sp_run_report_done(&report);
    return status == SP_OK ? 0 : -1;
}

static int
remove_index(void **state)
{
    (void)state;
    return remove_folder(directory);
}

/* Replaces the document of a.md by one with its terms but without its digest. */
static void
remove_digest(void)
{
    static const char *const terms[] = {SP_PREFIX_KIND SP_POST_NAME, SP_PREFIX_POST "a.md"};
    char database[FOLDER_MAX + 16];
    xc_writer *writer;
    xc_error err;
    xc_doc *doc = xc_doc_new();
    snprintf(database, sizeof database, "%s/g1", index_path);
    assert_int_equal(xc_writer_open(database, NULL, &writer, &err), XC_OK);
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        const xc_bytes term = {terms[i], strlen(terms[i])};
        assert_int_equal(xc_doc_add_boolean_term(doc, term, &err), XC_OK);
    }
    const xc_bytes unique = {terms[1], strlen(terms[1])};
    assert_int_equal(xc_writer_replace(writer, unique, doc, NULL, &err), XC_OK);
    assert_int_equal(xc_writer_commit(writer, &err), XC_OK);
    xc_writer_close(writer);
    xc_doc_free(doc);
}

static void
documents_without_digests_are_refused_and_rebuilt_by_full(void **state)
{
    sp_run_report report;
    sp_error err;
    (void)state;
    remove_digest();
    write_post("a.md", "# A\n\nThree.\n");
    assert_int_equal(run(false, &report, &err), SP_DAMAGED);
    assert_non_null(strstr(err.text, "digest"));
    sp_run_report_done(&report);
    assert_int_equal(run(true, &report, &err), SP_OK);
    assert_int_equal(report.posts.total, 2);
    sp_run_report_done(&report);
    write_post("a.md", "# A\n\nFour.\n");
    assert_int_equal(run(false, &report, &err), SP_OK);
    assert_int_equal(report.posts.updated, 1);
    sp_run_report_done(&report);
}

static bool fails;

/* The linker passes the calls of sp_update_written to this function. */
// NOLINTBEGIN(bugprone-reserved-identifier): the linker gives these names
enum sp_status __real_sp_update_written(sp_update *, sp_written_list *, sp_error *);
enum sp_status __wrap_sp_update_written(sp_update *, sp_written_list *, sp_error *);

enum sp_status
__wrap_sp_update_written(sp_update *update, sp_written_list *out, sp_error *err)
{
    if (!fails)
        return __real_sp_update_written(update, out, err);
    sp_memory_failed();
    return sp_fail(err, SP_NO_MEMORY, "out of memory");
}
// NOLINTEND(bugprone-reserved-identifier)

static enum sp_sums_state
read_state(void)
{
    sp_sums sums;
    int folder = open(index_path, O_RDONLY | O_DIRECTORY);
    assert_int_equal(sp_sums_read(folder, "g1", &sums, NULL), SP_OK);
    enum sp_sums_state found = sums.state;
    sp_sums_done(&sums);
    close(folder);
    return found;
}

static void
count_fault(void *context, const sp_error *fault)
{
    (void)fault;
    ++*(int *)context;
}

static void
a_run_that_forgets_what_it_wrote_has_published_and_leaves_the_checksums_open(void **state)
{
    sp_run_report report;
    int faults = 0;
    (void)state;
    write_post("a.md", "# A\n\nThree.\n");
    fails = true;
    assert_int_equal(run(false, &report, NULL), SP_OK);
    fails = false;
    assert_true(report.published);
    sp_run_report_done(&report);
    assert_int_equal(read_state(), SP_SUMS_CHANGING);
    assert_int_equal(sp_verify_index(index_path, count_fault, &faults, NULL), SP_OK);
    assert_int_equal(run(false, &report, NULL), SP_OK);
    sp_run_report_done(&report);
    assert_int_equal(read_state(), SP_SUMS_SETTLED);
    assert_int_equal(sp_verify_index(index_path, count_fault, &faults, NULL), SP_OK);
    assert_int_equal(faults, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(documents_without_digests_are_refused_and_rebuilt_by_full,
                                        make_index, remove_index),
        cmocka_unit_test_setup_teardown(
            a_run_that_forgets_what_it_wrote_has_published_and_leaves_the_checksums_open,
            make_index, remove_index),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
