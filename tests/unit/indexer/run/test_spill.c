// SPDX-License-Identifier: GPL-2.0-or-later
/* Mentions stored on disk are read back unchanged and in the order of the batches, all mentions of
   a resource are in one partition, and damage to the file is detected. */

#include "harness.h"

#include "indexer/run/parallel.h"
#include "indexer/run/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define BATCHES 60
#define MENTIONS 7
#define RESOURCES 20
#define PARTITIONS 5

static sp_bytes
print(sp_arena *arena, const char *words, size_t number)
{
    char text[64];
    snprintf(text, sizeof text, "%s%zu", words, number);
    return sp_arena_copy(arena, sp_bytes_of(text));
}

/* Makes the context of mentions under a label or, without `label`, under a heading. */
static sp_context *
make_context(sp_batch *batch, size_t number, bool label)
{
    sp_context *context = sp_arena_alloc(&batch->arena, sizeof *context);
    assert_non_null(context);
    *context = (sp_context){.title = print(&batch->arena, "Post ", number),
                            .tags = print(&batch->arena, "tag ", number),
                            .categories = print(&batch->arena, "category ", number),
                            .link = SP_LITERAL("/post/#part"),
                            .date = SP_LITERAL("20180410"),
                            .lang = SP_LITERAL("en"),
                            .breadcrumb_count = label ? 2 : 0,
                            .line = label ? UINT32_MAX : 0};
    context->breadcrumb = sp_arena_array(&batch->arena, 2, sizeof *context->breadcrumb);
    context->breadcrumb[0] = SP_LITERAL("Heading");
    context->breadcrumb[1] = (sp_bytes){"NUL \0 in it", 11};
    return context;
}

static void
fill(sp_batch *batch, size_t number)
{
    sp_context *label = make_context(batch, number, true);
    sp_context *heading = make_context(batch, number, false);
    batch->mentions = sp_arena_array(&batch->arena, MENTIONS, sizeof *batch->mentions);
    batch->count = MENTIONS;
    sp_line *lines = sp_arena_array(&batch->arena, 2, sizeof *lines);
    lines[0] = (sp_line){0, 7};
    lines[1] = (sp_line){9, UINT32_MAX};
    for (size_t i = 0; i < MENTIONS; i++) {
        size_t resource = (number * 3 + i) % RESOURCES;
        batch->mentions[i] = (sp_batch_mention){
            .canonical = print(&batch->arena, "example.org/", resource),
            .url = print(&batch->arena, "https://example.org/", resource),
            .mention = {.context = i < 3 ? label : heading,
                        .name = print(&batch->arena, i == 0 ? "" : "Name ", number),
                        .description = print(&batch->arena, "Mention ", number * MENTIONS + i),
                        .prose = print(&batch->arena, "Prose of\n", number),
                        .lines = lines,
                        .line_count = i == 2 ? 0 : 2,
                        .line = (uint32_t)(number * MENTIONS + i),
                        .form = i % 2 ? SP_MENTION_LISTED : SP_MENTION_INLINE,
                        .vague = i == 4}};
    }
}

static void
assert_same_context(const sp_context *a, const sp_context *b)
{
    if (!a || !b) {
        fail_msg("a context is missing");
        return;
    }
    assert_true(sp_bytes_equal(a->title, b->title) && sp_bytes_equal(a->link, b->link));
    assert_true(sp_bytes_equal(a->date, b->date) && sp_bytes_equal(a->lang, b->lang));
    assert_true(sp_bytes_equal(a->tags, b->tags));
    assert_true(sp_bytes_equal(a->categories, b->categories));
    assert_int_equal(a->line, b->line);
    assert_int_equal(a->breadcrumb_count, b->breadcrumb_count);
    for (uint32_t i = 0; i < a->breadcrumb_count; i++)
        assert_true(sp_bytes_equal(a->breadcrumb[i], b->breadcrumb[i]));
}

static void
assert_same(const sp_batch_mention *a, const sp_batch_mention *b)
{
    assert_true(sp_bytes_equal(a->canonical, b->canonical) && sp_bytes_equal(a->url, b->url));
    assert_true(sp_bytes_equal(a->mention.name, b->mention.name));
    assert_true(sp_bytes_equal(a->mention.description, b->mention.description));
    assert_int_equal(a->mention.line, b->mention.line);
    assert_true(sp_bytes_equal(a->mention.prose, b->mention.prose));
    assert_int_equal(a->mention.line_count, b->mention.line_count);
    for (uint32_t i = 0; i < a->mention.line_count; i++)
        assert_true(a->mention.lines[i].offset == b->mention.lines[i].offset &&
                    a->mention.lines[i].line == b->mention.lines[i].line);
    assert_int_equal(a->mention.form, b->mention.form);
    assert_int_equal(a->mention.vague, b->mention.vague);
    assert_same_context(a->mention.context, b->mention.context);
}

static enum sp_status
add_one(void *context, size_t turn, sp_error *err)
{
    sp_batch batch = {0};
    size_t number = BATCHES - 1 - turn; /* batches are added in reverse order */
    fill(&batch, number);
    enum sp_status status = sp_spill_add(context, number, &batch, err);
    sp_batch_done(&batch);
    return status;
}

static sp_spill *
open_filled(size_t partitions)
{
    sp_spill *spill;
    assert_int_equal(sp_spill_open("/tmp", partitions, &spill, NULL), SP_OK);
    assert_int_equal(sp_spill_partitions(spill), partitions);
    assert_int_equal(sp_parallel(8, BATCHES, add_one, spill, NULL), SP_OK);
    return spill;
}

/* Checks that the mentions of a partition are in the order of the batches and, within a batch, in
   the order in which they were added. */
static void
check_partition(const sp_batch *found, size_t partition, size_t *partition_of)
{
    long last = -1;
    for (size_t i = 0; i < found->count; i++) {
        sp_batch expected = {0};
        const sp_batch_mention *mention = &found->mentions[i];
        long line = (long)mention->mention.line;
        assert_true(line > last);
        last = line;
        fill(&expected, (size_t)line / MENTIONS);
        assert_same(mention, &expected.mentions[line % MENTIONS]);
        sp_batch_done(&expected);
        size_t resource = strtoul(mention->canonical.data + strlen("example.org/"), NULL, 10);
        assert_true(partition_of[resource] == SIZE_MAX || partition_of[resource] == partition);
        partition_of[resource] = partition;
    }
}

static void
test_mentions_are_read_back_in_order(void **state)
{
    (void)state;
    for (size_t partitions = 1; partitions <= PARTITIONS; partitions += PARTITIONS - 1) {
        size_t total = 0, partition_of[RESOURCES];
        memset(partition_of, 0xFF, sizeof partition_of);
        sp_spill *spill = open_filled(partitions);
        for (size_t i = 0; i < partitions; i++) {
            sp_batch found = {0};
            assert_int_equal(sp_spill_read(spill, i, &found, NULL), SP_OK);
            check_partition(&found, i, partition_of);
            total += found.count;
            sp_batch_done(&found);
        }
        assert_int_equal(total, BATCHES * MENTIONS);
        sp_spill_close(spill);
    }
}

static enum sp_status
read_one(void *context, size_t turn, sp_error *err)
{
    sp_batch found = {0};
    enum sp_status status = sp_spill_read(context, turn % PARTITIONS, &found, err);
    sp_batch_done(&found);
    return status;
}

static void
test_many_threads_read_at_once(void **state)
{
    sp_spill *spill = open_filled(PARTITIONS);
    (void)state;
    assert_int_equal(sp_parallel(8, 100, read_one, spill, NULL), SP_OK);
    sp_spill_close(spill);
}

static void
test_empty_batches_give_empty_partitions(void **state)
{
    sp_spill *spill;
    sp_batch none = {0}, found = {0};
    (void)state;
    assert_int_equal(sp_spill_open("/tmp", 3, &spill, NULL), SP_OK);
    assert_int_equal(sp_spill_add(spill, 0, &none, NULL), SP_OK);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(sp_spill_read(spill, i, &found, NULL), SP_OK);
    assert_int_equal(found.count, 0);
    sp_batch_done(&found);
    sp_spill_close(spill);
    sp_spill_close(NULL);
    assert_int_not_equal(sp_spill_open("/nowhere/at/all", 3, &spill, NULL), SP_OK);
}

/* The descriptor of the nameless file. Descriptors that the process inherited are not
   close-on-exec, and are skipped. */
static int
find_nameless(void)
{
    for (int file = 3; file < 256; file++) {
        struct stat about;
        if (fstat(file, &about) == 0 && S_ISREG(about.st_mode) && about.st_nlink == 0 &&
            (fcntl(file, F_GETFD) & FD_CLOEXEC))
            return file;
    }
    fail_msg("the file has a name");
    return -1;
}

static bool
reads_well(sp_spill *spill)
{
    sp_error err = {0};
    enum sp_status status = SP_OK;
    for (size_t i = 0; status == SP_OK && i < PARTITIONS; i++) {
        sp_batch found = {0};
        status = sp_spill_read(spill, i, &found, &err);
        sp_batch_done(&found);
    }
    assert_true(status == SP_OK || (status == SP_IO && strstr(err.text, "temporary file")));
    return status == SP_OK;
}

static void
test_a_damaged_file_fails_the_read(void **state)
{
    sp_spill *spill = open_filled(PARTITIONS);
    struct stat about;
    int file = find_nameless();
    (void)state;
    assert_int_equal(fstat(file, &about), 0);
    for (off_t at = 0; at < about.st_size; at += 97) {
        char byte, other;
        assert_int_equal(pread(file, &byte, 1, at), 1);
        other = (char)~byte;
        assert_int_equal(pwrite(file, &other, 1, at), 1);
        assert_false(reads_well(spill));
        assert_int_equal(pwrite(file, &byte, 1, at), 1);
    }
    assert_true(reads_well(spill));
    assert_int_equal(ftruncate(file, about.st_size - 1), 0);
    assert_false(reads_well(spill));
    sp_spill_close(spill);
}

/* A limit of the size of files stands for a full disk. */
static void
test_a_full_disk_fails_the_write(void **state)
{
    sp_spill *spill = NULL;
    sp_batch batch = {0};
    sp_error err = {0};
    struct rlimit before, none;
    (void)state;
    fill(&batch, 0);
    assert_int_equal(sp_spill_open("/tmp", 1, &spill, NULL), SP_OK);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    none = (struct rlimit){.rlim_cur = 10, .rlim_max = before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    errno = EINTR; /* of an earlier call */
    assert_int_equal(sp_spill_add(spill, 0, &batch, &err), SP_IO);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    sp_batch_done(&batch);
    sp_spill_close(spill);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mentions_are_read_back_in_order),
        cmocka_unit_test(test_many_threads_read_at_once),
        cmocka_unit_test(test_empty_batches_give_empty_partitions),
        cmocka_unit_test(test_a_damaged_file_fails_the_read),
        cmocka_unit_test(test_a_full_disk_fails_the_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
