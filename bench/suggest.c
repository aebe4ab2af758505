// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * CPU time of suggestions: bench_suggest INDEX TEXTS simulates typing each line of the file TEXTS
 * character by character, and prints percentiles of microseconds per call: with a reader opened for
 * each text, with an empty record cache for each call, and warm.
 */
#include "engine/search/reader.h"
#include "tests/support/cpu_time.h"

#include <signpost/suggest.h>

#include <stdio.h>
#include <stdlib.h>

#define LIMIT 10
#define CALLS_MAX 400000

enum mode { FRESH, COLD, WARM, MODES };

static const char *const mode_names[MODES] = {"fresh reader", "cold records", "warm"};

struct call {
    double took;
    char text[128];
    uint32_t count;
};

static struct call *calls;
static size_t call_count;

static void
fail(const char *what)
{
    fprintf(stderr, "bench_suggest: %s\n", what);
    exit(3);
}

static sp_reader *
open_reader(const char *index)
{
    sp_error err;
    sp_reader *reader;
    if (sp_reader_open(&index, 1, &reader, &err) != SP_OK)
        fail(err.text);
    return reader;
}

static void
ask(sp_reader *reader, sp_bytes text)
{
    sp_error err;
    sp_suggestions *suggestions;
    struct call *call = &calls[call_count];
    double began = cpu_now();
    if (sp_suggest(reader, text, LIMIT, SP_LITERAL(""), &suggestions, &err) != SP_OK)
        fail(err.text);
    call->count = suggestions->count;
    sp_suggestions_free(suggestions);
    call->took = cpu_now() - began;
    snprintf(call->text, sizeof call->text, "%.*s", (int)text.len, text.data);
    call_count += call_count + 1 < CALLS_MAX;
}

static void
type(sp_reader *reader, const char *line, enum mode mode)
{
    size_t len = strlen(line);
    for (size_t end = 1; end <= len; end++) {
        if (((unsigned char)line[end] & 0xC0) == 0x80)
            continue;
        if (mode == COLD)
            sp_record_cache_clear(&reader->cache);
        ask(reader, (sp_bytes){line, end});
    }
}

static void
run(const char *index, const char *path, enum mode mode)
{
    char line[1024];
    sp_reader *shared = open_reader(index);
    FILE *file = fopen(path, "r");
    if (!file)
        fail("cannot open the texts");
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        sp_reader *own = mode == FRESH ? open_reader(index) : NULL;
        type(own ? own : shared, line, mode);
        sp_reader_close(own);
    }
    fclose(file);
    sp_reader_close(shared);
}

static int
by_time(const void *a, const void *b)
{
    double left = ((const struct call *)a)->took, right = ((const struct call *)b)->took;
    return (left > right) - (left < right);
}

static void
print(enum mode mode)
{
    double sum = 0;
    size_t none = 0;
    for (size_t i = 0; i < call_count; i++) {
        sum += calls[i].took;
        none += calls[i].count == 0;
    }
    qsort(calls, call_count, sizeof *calls, by_time);
    printf("%-14s %7zu calls  mean %6.1f  p50 %6.1f  p90 %6.1f  p99 %6.1f  max %7.1f us"
           "  none %zu  slowest:",
           mode_names[mode], call_count, sum / (double)call_count, calls[call_count / 2].took,
           calls[call_count * 9 / 10].took, calls[call_count * 99 / 100].took,
           calls[call_count - 1].took, none);
    for (size_t i = 1; i <= 4 && i <= call_count; i++)
        printf(" '%s' %.0f", calls[call_count - i].text, calls[call_count - i].took);
    putchar('\n');
}

int
main(int argc, char **argv)
{
    if (argc != 3)
        fail("usage: bench_suggest INDEX TEXTS");
    calls = calloc(CALLS_MAX, sizeof *calls);
    if (!calls)
        fail("out of memory");
    run(argv[1], argv[2], WARM);
    for (enum mode mode = FRESH; mode < MODES; mode++) {
        call_count = 0;
        run(argv[1], argv[2], mode);
        if (call_count > 0)
            print(mode);
    }
    free(calls);
    return 0;
}
