// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A hill climb to a slow query: slowest_query INDEX STEPS FILE [SEED]. Each step changes the
 * slowest query so far, of at most 4,096 bytes, and keeps the change if the query becomes slower.
 * Every tenth step starts from an earlier query, so that the climb does not end on the first hill.
 * Writes the slowest query to FILE, and prints its CPU time in milliseconds, the memory in MB that
 * the whole climb took above that of a short search, and whether the query counts facets. Exit
 * status 1 if a query fails.
 */
#include "tests/support/cpu_time.h"

#include <signpost/reader.h>
#include <signpost/search.h>

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <xapian-c.h>

#define WORDS_MAX 20000
#define FREQUENT 60 /* words that are taken in half of the cases */
#define TOKENS_MAX 1200
#define TOKEN_MAX 64
#define BEST 8 /* queries that are kept */

struct word {
    char text[TOKEN_MAX - 8];
    uint32_t freq;
};

struct query {
    char tokens[TOKENS_MAX][TOKEN_MAX];
    size_t count;
    bool facets, exact;
    double cost;
};

static struct word words[WORDS_MAX];
static size_t word_count;
static sp_reader *reader;

static void
fail(const char *what)
{
    fprintf(stderr, "slowest_query: %s\n", what);
    exit(1);
}

static size_t
below(size_t limit)
{
    return (size_t)rand() % limit;
}

static int
more_frequent(const void *left, const void *right)
{
    const struct word *a = left, *b = right;
    return a->freq < b->freq ? 1 : a->freq > b->freq ? -1 : strcmp(a->text, b->text);
}

/* Reads words of the index, the most frequent first. Starts after "[", because terms with prefixes
   sort before it. */
static void
read_words(const char *index)
{
    xc_reader *terms_of = NULL;
    xc_terms *terms = NULL;
    if (xc_reader_open(index, &terms_of, NULL) != XC_OK ||
        xc_reader_vocabulary(terms_of, (xc_bytes){NULL, 0}, XC_BYTES("["), WORDS_MAX, &terms,
                             NULL) != XC_OK)
        fail("cannot read the words of the index");
    for (size_t i = 0; i < terms->count; i++) {
        if (terms->items[i].term.len >= sizeof words->text)
            continue;
        memcpy(words[word_count].text, terms->items[i].term.data, terms->items[i].term.len);
        words[word_count++].freq = terms->items[i].freq;
    }
    xc_terms_free(terms);
    xc_reader_close(terms_of);
    qsort(words, word_count, sizeof *words, more_frequent);
    if (word_count < FREQUENT)
        fail("the index has too few words");
}

static void
make_token(char out[TOKEN_MAX])
{
    static const char *const pieces[] = {
        "(",          ")",           "OR",        "AND",     "NOT", "-",  "\"",
        "title:",     "under:",      "kind:post", "tag:t1",  "a*",  "-(", "category:c1",
        "after:2012", "before:2018", "sort:date", "lang:en", "s*",  "e*", "t*",
        "\xc3\xa9",   "C++",         "a-b-c-d-e", "x",       "((",  "))", "+"};
    const char *word = words[below(below(2) ? FREQUENT : word_count)].text;
    size_t len = strlen(word);
    switch (below(8)) {
    case 0:
        snprintf(out, TOKEN_MAX, "%s", pieces[below(sizeof pieces / sizeof *pieces)]);
        break;
    case 1: /* a prefix */
        snprintf(out, TOKEN_MAX, "%.*s*", (int)(1 + below(len)), word);
        break;
    case 2: /* misspelt */
        snprintf(out, TOKEN_MAX, "%.*s%c%s", (int)(len / 2), word, (int)('a' + below(26)),
                 word + len / 2);
        break;
    case 3:
        snprintf(out, TOKEN_MAX, "\"%.40s %.20s", word, words[below(FREQUENT)].text);
        break;
    case 4:
        snprintf(out, TOKEN_MAX, "-%s", word);
        break;
    default:
        snprintf(out, TOKEN_MAX, "%s", word);
    }
}

static void
change(struct query *query)
{
    size_t at = below(query->count + 1), some = 1 + below(below(2) ? 3 : 60);
    if (some > TOKENS_MAX - query->count)
        some = TOKENS_MAX - query->count;
    switch (below(8)) {
    case 0:
        query->facets = !query->facets;
        return;
    case 1:
        query->exact = !query->exact;
        return;
    case 2: /* remove */
        if (some > query->count - (at < query->count ? at : query->count))
            some = query->count - at;
        memmove(query->tokens[at], query->tokens[at + some],
                (query->count - at - some) * TOKEN_MAX);
        query->count -= some;
        return;
    case 3: /* replace */
        for (size_t i = at; i < query->count && i < at + some; i++)
            make_token(query->tokens[i]);
        return;
    default:
        memmove(query->tokens[at + some], query->tokens[at], (query->count - at) * TOKEN_MAX);
        query->count += some;
        for (size_t i = at; i < at + some; i++)
            make_token(query->tokens[i]);
    }
}

static void
write_text(const struct query *query, sp_str *out)
{
    sp_str_clear(out);
    for (size_t i = 0; i < query->count; i++) {
        if (out->len + strlen(query->tokens[i]) + 1 > SP_QUERY_BYTES_MAX)
            return;
        sp_str_append_text(out, query->tokens[i]);
        sp_str_append_char(out, ' ');
    }
}

static double
measure(const struct query *query)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_error err;
    sp_answer *answer;
    write_text(query, &text);
    const sp_request request = {
        .text = sp_str_bytes(&text), .limit = 100, .facets = query->facets, .exact = query->exact};
    double began = cpu_now();
    if (sp_search(reader, &request, &answer, &err) != SP_OK)
        fail(err.text);
    double took = (cpu_now() - began) / 1e3;
    sp_answer_free(answer);
    return took;
}

/* The lower of two measurements, because other processes can only make a query slower. */
static void
measure_twice(struct query *query, double least)
{
    query->cost = measure(query);
    if (query->cost <= least)
        return;
    double again = measure(query);
    query->cost = again < query->cost ? again : query->cost;
}

/* The highest resident memory so far. getrusage would also count the memory of the process that
   started this program. */
static long
memory_kb(void)
{
    char line[128];
    long kb = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        sscanf(line, "VmHWM: %ld", &kb);
    if (!file || kb == 0)
        fail("cannot read /proc/self/status");
    fclose(file);
    return kb;
}

static void
climb(struct query best[BEST], size_t steps)
{
    static struct query next;
    for (size_t i = 0; i < steps; i++) {
        next = best[below(10) ? 0 : below(BEST)];
        for (size_t changes = 1 + below(4); changes > 0; changes--)
            change(&next);
        measure_twice(&next, best[0].cost);
        if (next.cost > best[0].cost) {
            memmove(&best[1], &best[0], (BEST - 1) * sizeof *best);
            best[0] = next;
        }
    }
}

int
main(int argc, char **argv)
{
    static struct query best[BEST];
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_error err;
    if (argc < 4)
        fail("usage: slowest_query INDEX STEPS FILE [SEED]");
    const char *index = argv[1];
    mallopt(M_MMAP_THRESHOLD, 128 * 1024); /* as searchd does */
    mallopt(M_TRIM_THRESHOLD, 128 * 1024);
    srand(argc > 4 ? (unsigned)strtoul(argv[4], NULL, 10) : 1);
    read_words(index);
    if (sp_reader_open(&index, 1, &reader, &err) != SP_OK)
        fail("cannot open the index");
    make_token(best[0].tokens[0]);
    best[0].count = 1;
    best[0].cost = measure(&best[0]);
    long idle = memory_kb();
    climb(best, strtoul(argv[2], NULL, 10));
    write_text(&best[0], &text);
    FILE *file = fopen(argv[3], "w");
    if (!file || fwrite(text.data, 1, text.len, file) != text.len || fclose(file) != 0)
        fail("cannot write the query");
    printf("%.1f %.1f %d\n", best[0].cost, (double)(memory_kb() - idle) / 1024, best[0].facets);
    sp_reader_close(reader);
    return 0;
}
