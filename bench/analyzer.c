// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Speed of the analyzer: bench_analyzer FILE [LANGUAGE] prints MB/s, the best of several rounds,
 * for splitting and folding alone, for the whole analyzer with an empty stem cache, and with a
 * warm one.
 */
#include "engine/analysis/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 7

static void
fail(const char *what)
{
    fprintf(stderr, "bench_analyzer: %s\n", what);
    exit(3);
}

static double
seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
read_file(const char *path, sp_str *out)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        fail("cannot open the file");
    char buffer[65536];
    size_t len;
    while ((len = fread(buffer, 1, sizeof buffer, file)) > 0)
        sp_str_append(out, (sp_bytes){buffer, len});
    fclose(file);
    if (sp_str_check(out, NULL) != SP_OK)
        fail("out of memory");
}

static void
count_word(void *context, const struct sp_word *word)
{
    *(size_t *)context += word->folded.len;
}

static void
report(const char *what, sp_bytes text, double best, size_t count)
{
    printf("%-8s %8.1f MB/s  %zu bytes, %zu %s\n", what, (double)text.len / best / 1e6, text.len,
           count, strcmp(what, "split") == 0 ? "folded bytes" : "tokens");
}

static void
bench_split(sp_bytes text)
{
    double best = 1e9;
    size_t bytes = 0;
    for (int i = 0; i < ROUNDS; i++) {
        bytes = 0;
        double begin = seconds();
        sp_split_words(text, count_word, &bytes);
        double took = seconds() - begin;
        best = took < best ? took : best;
    }
    report("split", text, best, bytes);
}

static void
bench_analyze(sp_bytes text, sp_bytes language, bool warm)
{
    double best = 1e9;
    sp_analyzer *analyzer = NULL;
    sp_tokens tokens = {0};
    for (int i = 0; i < ROUNDS; i++) {
        if (!warm || !analyzer) {
            sp_analyzer_free(analyzer);
            if (sp_analyzer_new(language, &analyzer, NULL) != SP_OK)
                fail("no analyzer");
        }
        double begin = seconds();
        if (sp_analyze(analyzer, text, &tokens, NULL) != SP_OK)
            fail("cannot analyze");
        double took = seconds() - begin;
        best = took < best ? took : best;
    }
    report(warm ? "warm" : "cold", text, best, tokens.count);
    sp_analyzer_free(analyzer);
}

int
main(int argc, char **argv)
{
    if (argc < 2)
        fail("usage: bench_analyzer FILE [LANGUAGE]");
    SP_AUTO(sp_str_done) sp_str text = {0};
    read_file(argv[1], &text);
    sp_bytes language = argc > 2 ? sp_bytes_of(argv[2]) : SP_LITERAL("en");
    bench_split(sp_str_bytes(&text));
    bench_analyze(sp_str_bytes(&text), language, false);
    bench_analyze(sp_str_bytes(&text), language, true);
    return 0;
}
