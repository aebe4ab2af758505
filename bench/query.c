// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * CPU time of a whole query with ten highlighted hits: bench_query INDEX QUERIES [KIND] runs
 * each line of the file QUERIES (- for standard input), restricted to KIND if given, and prints
 * microseconds per query, the median of several rounds: with a reader opened for each query,
 * with an empty record cache for each query, and warm.
 */
#include "engine/search/reader.h"
#include "tests/support/cpu_time.h"

#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 9
#define QUERIES_MAX 4096

enum mode { FRESH, COLD, WARM, MODES };

static const char *const mode_names[MODES] = {"fresh reader", "cold records", "warm"};

static char *queries[QUERIES_MAX];
static size_t query_count;
static size_t hit_count, passage_count;

static void
fail(const char *what)
{
    fprintf(stderr, "bench_query: %s\n", what);
    exit(3);
}

static void
read_queries(const char *path)
{
    char line[1024];
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
    if (!file)
        fail("cannot open the queries");
    while (query_count < QUERIES_MAX && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        queries[query_count] = strdup(line);
        query_count += queries[query_count] && line[0] != '\0';
    }
    fclose(file);
    if (query_count == 0)
        fail("no queries");
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
ask(sp_reader *reader, const char *text, const char *kind)
{
    sp_error err;
    sp_answer *answer;
    sp_request_filter filter = {SP_FIELD_KIND, sp_bytes_of(kind ? kind : "")};
    sp_request request = {
        .text = sp_bytes_of(text), .limit = 10, .filters = &filter, .filter_count = kind ? 1 : 0};
    if (sp_search(reader, &request, &answer, &err) != SP_OK)
        fail(err.text);
    hit_count += answer->hit_count;
    for (uint32_t i = 0; i < answer->hit_count; i++)
        passage_count += answer->hits[i].passage_count;
    sp_answer_free(answer);
}

/* Runs all queries once; returns the microseconds that this took. */
static double
measure_round(sp_reader *reader, const char *index, const char *kind, enum mode mode)
{
    double began = cpu_now();
    for (size_t i = 0; i < query_count; i++) {
        sp_reader *own = mode == FRESH ? open_reader(index) : NULL;
        if (mode == COLD)
            sp_record_cache_clear(&reader->cache);
        ask(own ? own : reader, queries[i], kind);
        sp_reader_close(own);
    }
    return cpu_now() - began;
}

static int
by_size(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

int
main(int argc, char **argv)
{
    double took[MODES][ROUNDS];
    if (argc < 3)
        fail("usage: bench_query INDEX QUERIES [KIND]");
    const char *kind = argc > 3 ? argv[3] : NULL;
    read_queries(argv[2]);
    sp_reader *reader = open_reader(argv[1]);
    measure_round(reader, argv[1], kind, WARM);
    printf("%zu queries, %.1f hits and %.1f passages each\n", query_count,
           (double)hit_count / (double)query_count, (double)passage_count / (double)query_count);
    for (int round = 0; round < ROUNDS; round++) {
        for (enum mode mode = FRESH; mode < MODES; mode++)
            took[mode][round] = measure_round(reader, argv[1], kind, mode);
    }
    for (enum mode mode = FRESH; mode < MODES; mode++) {
        qsort(took[mode], ROUNDS, sizeof **took, by_size);
        printf("%-14s %8.1f us/query\n", mode_names[mode],
               took[mode][ROUNDS / 2] / (double)query_count);
    }
    sp_reader_close(reader);
    return 0;
}
