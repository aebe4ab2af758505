// SPDX-License-Identifier: GPL-2.0-or-later
/* The databases of a command line. getaddrinfo is replaced. */
#include "harness.h"

#include <signpost/remotes.h>

#include <errno.h>
#include <netdb.h>
#include <stdio.h>

static int lookup_result, lookup_errno; /* of getaddrinfo; 0: works */

int __wrap_getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                       struct addrinfo **found);
int __real_getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                       struct addrinfo **found);

int
__wrap_getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                   struct addrinfo **found)
{
    errno = lookup_errno;
    return lookup_result ? lookup_result : __real_getaddrinfo(host, service, hints, found);
}

struct options {
    int other;
    sp_sources sources;
    sp_arena arena;
};

static const sp_option rows[] = {SP_OPTION_ROWS_SOURCES(struct options)};
static const sp_command_line line = {
    .program = "test", .options = rows, .option_count = sizeof rows / sizeof *rows};

/* Reads a command line of one option or two; returns whether it was accepted. */
static bool
read_line(struct options *out, const char *first, const char *second)
{
    char program[] = "test", words[2][64];
    char *argv[] = {program, words[0], words[1], NULL};
    int code, argc = second ? 3 : 2;
    *out = (struct options){0};
    snprintf(words[0], sizeof words[0], "%s", first);
    snprintf(words[1], sizeof words[1], "%s", second ? second : "");
    argv[argc] = NULL;
    bool accepted = sp_command_line_read(&line, argc, argv, out, &out->arena, &code) > 0;
    sp_sources_settle(&out->sources);
    return accepted;
}

static void
test_remote_databases_replace_the_default_index_only(void **state)
{
    (void)state;
    static const struct {
        const char *first, *second;
        size_t indexes, remotes, lists;
    } cases[] = {
        {"--index=a", NULL, 1, 0, 0},
        {"--index=a", "--remote=h:1", 1, 1, 0},
        {"--remote=h:1", "--remote=h:2", 0, 2, 0},
        {"--remote-list=x", NULL, 0, 0, 1},
        {"--remote-list=x", "-ia", 1, 0, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct options options;
        assert_true(read_line(&options, cases[i].first, cases[i].second));
        assert_int_equal(options.sources.indexes.count, cases[i].indexes);
        assert_int_equal(options.sources.remotes.count, cases[i].remotes);
        assert_int_equal(options.sources.remote_lists.count, cases[i].lists);
        assert_int_equal(sp_sources_connect(&options.sources),
                         cases[i].remotes + cases[i].lists > 0);
        sp_arena_done(&options.arena);
    }
}

static void
test_a_remote_database_is_a_host_and_a_port(void **state)
{
    (void)state;
    static const char *const good[] = {"h:1", "a-b.c_d:65535", "127.0.0.1:080"};
    static const char *const bad[] = {
        "",     "h",       ":1",    "h:",   "h:0",  "h:65536", "h:+1",
        "h:1x", "[::1]:1", "a:b:1", "h :1", "h:1 ", "é:1",     "h:99999999999999999999"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_int_equal(sp_remote_check(&rows[1], good[i], NULL), SP_OK);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct options options;
        char word[64];
        snprintf(word, sizeof word, "--remote=%s", bad[i]);
        assert_false(read_line(&options, word, NULL));
        assert_int_equal(options.sources.remotes.count, 0);
        sp_arena_done(&options.arena);
    }
}

static void
test_a_host_that_is_not_found_has_a_reason(void **state)
{
    (void)state;
    static const struct {
        int result, number;
        enum sp_status status;
        const char *text;
    } cases[] = {
        {EAI_MEMORY, 0, SP_NO_MEMORY, "out of memory"},
        {EAI_SYSTEM, ENOMEM, SP_NO_MEMORY, "out of memory"},
        {EAI_SYSTEM, EMFILE, SP_IO, "cannot find the host 127.0.0.1: Too many open files"},
        {EAI_NONAME, EMFILE, SP_IO, "cannot find the host 127.0.0.1: Name or service not known"},
        {0, EMFILE, SP_OK, ""},
    };
    const char *name = "127.0.0.1:7";
    const sp_sources sources = {.remotes = {&name, 1, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SP_AUTO(sp_arena_done) sp_arena arena = {0};
        sp_remotes remotes = {.arena = &arena};
        sp_error err = {0};
        lookup_result = cases[i].result;
        lookup_errno = cases[i].number;
        assert_int_equal(sp_remotes_read(&remotes, &sources, &err), cases[i].status);
        assert_string_equal(err.text, cases[i].text);
    }
    lookup_result = lookup_errno = 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_remote_databases_replace_the_default_index_only),
        cmocka_unit_test(test_a_remote_database_is_a_host_and_a_port),
        cmocka_unit_test(test_a_host_that_is_not_found_has_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
