// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hostile queries: hostile_queries INDEX [COUNT] runs COUNT (10000) queries. A generator with a
 * fixed seed makes them from words of the index, other words, operators, fields and bytes: deep
 * nesting, thousands of clauses, hundreds of one-letter prefixes. Prints the CPU time per query
 * in milliseconds (median, 99th percentile, maximum) and the slowest query. Exit status 1 if a
 * query fails.
 */
#include "tests/support/cpu_time.h"

#include <signpost/reader.h>
#include <signpost/search.h>

#include <stdio.h>
#include <stdlib.h>
#include <xapian-c.h>

#define WORDS_MAX 4000
#define SHOWN 300 /* maximum number of bytes of a query that are printed */

static char *words[WORDS_MAX];
static size_t word_count;

static void
fail(const char *what)
{
    fprintf(stderr, "hostile_queries: %s\n", what);
    exit(1);
}

static size_t
below(size_t limit)
{
    return (size_t)rand() % limit;
}

/* Reads words of the index. Starts after "[", because terms with prefixes sort before it. */
static void
read_words(const char *index)
{
    xc_reader *reader = NULL;
    xc_terms *terms = NULL;
    if (xc_reader_open(index, &reader, NULL) != XC_OK ||
        xc_reader_vocabulary(reader, (xc_bytes){NULL, 0}, XC_BYTES("["), WORDS_MAX, &terms, NULL) !=
            XC_OK)
        fail("cannot read the words of the index");
    for (size_t i = 0; i < terms->count; i++)
        words[word_count++] = strdup(terms->items[i].term.data);
    xc_terms_free(terms);
    xc_reader_close(reader);
    if (word_count == 0)
        fail("the index has no words");
}

static void
append_word(sp_str *out)
{
    const char *word = words[below(word_count)];
    size_t len = strlen(word);
    switch (below(6)) {
    case 0: /* misspelt: a letter is inserted */
        sp_str_append(out, (sp_bytes){word, len / 2});
        sp_str_append_char(out, (char)('a' + below(26)));
        sp_str_append_text(out, word + len / 2);
        break;
    case 1: /* a prefix */
        sp_str_append(out, (sp_bytes){word, 1 + below(len)});
        sp_str_append_char(out, '*');
        break;
    default:
        sp_str_append_text(out, word);
    }
}

static void
append_piece(sp_str *out)
{
    static const char *const pieces[] = {
        "(",      ")",      " OR ",      " AND ",     " NOT ", "-",          "+",     "\"",
        "title:", "under:", "tag:",      "category:", "site:", "kind:post",  "lang:", "after:2018 ",
        "*",      ":",      "before:x ", "a* ",       "\xff",  "\xe2\x80",   "the ",  "\xc3\xa9",
        "((((",   "))))",   "-(",        "-a ",       "C++ ",  "full-time ", "\\",    "R&D/x "};
    if (below(2))
        append_word(out);
    else
        sp_str_append_text(out, pieces[below(sizeof pieces / sizeof *pieces)]);
    if (below(3))
        sp_str_append_char(out, ' ');
}

static void
repeat(sp_str *out, const char *piece, size_t times)
{
    for (size_t i = 0; i < times; i++)
        sp_str_append_text(out, piece);
}

static void
make_query(sp_str *out)
{
    static const char *const repeated[] = {"a* ",  "(",         "-(",        "a OR ",  "\"",
                                           "-a ",  "title:a* ", "(a OR (b ", "NOT ",   "+a ",
                                           "the ", "tag:x ",    "-",         "a AND ", "x\"a\" "};
    size_t kind = below(8);
    sp_str_clear(out);
    if (kind == 0) {
        repeat(out, repeated[below(sizeof repeated / sizeof *repeated)], 1 + below(2000));
    } else if (kind == 1) {
        for (size_t i = below(600); i > 0; i--)
            sp_str_append_char(out, (char)below(256));
    } else if (kind == 2) { /* many words with one operator */
        static const char *const between[] = {" ", " OR ", " AND ", " -", " +", "-", " OR -"};
        const char *operator= between[below(sizeof between / sizeof *between)];
        for (size_t i = 1 + below(100); i > 0; i--) {
            append_word(out);
            sp_str_append_text(out, operator);
        }
    } else {
        for (size_t i = 1 + below(kind == 3 ? 800 : 30); i > 0; i--)
            append_piece(out);
    }
}

static int
compare_times(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double
ask(sp_reader *reader, sp_bytes text)
{
    sp_error err;
    sp_answer *answer;
    const sp_request request = {.text = text, .limit = 10, .facets = below(4) == 0};
    double began = cpu_now();
    if (sp_search(reader, &request, &answer, &err) != SP_OK)
        fail(err.text);
    double took = (cpu_now() - began) / 1e3;
    sp_answer_free(answer);
    return took;
}

int
main(int argc, char **argv)
{
    SP_AUTO(sp_str_done) sp_str query = {0}, slowest = {0};
    sp_error err;
    sp_reader *reader;
    if (argc < 2)
        fail("usage: hostile_queries INDEX [COUNT]");
    const char *index = argv[1];
    size_t count = argc > 2 ? strtoul(argv[2], NULL, 10) : 10000;
    double *times = calloc(count + 1, sizeof *times), most = 0;
    read_words(index);
    if (!times || count == 0 || sp_reader_open(&index, 1, &reader, &err) != SP_OK)
        fail("cannot open the index");
    srand(1);
    for (size_t i = 0; i < count; i++) {
        make_query(&query);
        times[i] = ask(reader, sp_str_bytes(&query));
        if (times[i] <= most)
            continue;
        most = times[i];
        sp_str_clear(&slowest);
        sp_str_append(&slowest, sp_bytes_slice(sp_str_bytes(&query), 0,
                                               query.len < SHOWN ? query.len : SHOWN));
    }
    qsort(times, count, sizeof *times, compare_times);
    printf("%zu queries, ms CPU: median %.2f, 99 %% %.2f, most %.2f\n", count, times[count / 2],
           times[count * 99 / 100], most);
    printf("the slowest: %s\n", slowest.data ? slowest.data : "");
    sp_reader_close(reader);
    for (size_t i = 0; i < word_count; i++)
        free(words[i]);
    free(times);
    return 0;
}
