// SPDX-License-Identifier: GPL-2.0-or-later
/* A remote shard, served by xapian-tcpsrv on the loopback interface. Searches and lookups work;
 * what the remote protocol cannot do returns an empty result or XC_UNSUPPORTED. Skipped if
 * xapian-tcpsrv is not installed. */
#define _GNU_SOURCE
#include "support.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ; // NOLINT(readability-redundant-declaration): POSIX does not declare it

static pid_t server;

/* A teardown, so that it also runs when an assertion fails. Kills the whole process group with
 * SIGKILL, because the server's own handler calls exit(), which never returns in a child that was
 * interrupted while allocating memory. */
static int
stop_server(void **state)
{
    (void)state;
    if (server > 0) {
        kill(-server, SIGKILL);
        waitpid(server, NULL, 0);
    }
    server = 0;
    return 0;
}

static unsigned
free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    close(fd);
    return ntohs(address.sin_port);
}

/* Starts the server in its own process group, so that it ends together with its children, one for
 * each connection. */
static void
serve(const char *path, unsigned port)
{
    char port_text[16], path_text[4200];
    pid_t pid = -1;
    snprintf(port_text, sizeof port_text, "%u", port);
    snprintf(path_text, sizeof path_text, "%s", path);
    char *arguments[] = {"xapian-tcpsrv", "--quiet", "--interface", "127.0.0.1",
                         "--port",        port_text, path_text,     NULL};
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    assert_int_equal(posix_spawnp(&pid, arguments[0], NULL, &attributes, arguments, environ), 0);
    posix_spawnattr_destroy(&attributes);
    server = pid;
}

/* Opens the database at a port, waiting for up to five seconds until the server listens. */
static xc_reader *
connect_to(unsigned port, uint32_t timeout_ms)
{
    xc_error err;
    xc_reader *reader = NULL;
    const xc_remote remote = {"127.0.0.1", (uint16_t)port};
    const xc_reader_options options = {.allow = XC_ALLOW_REMOTE,
                                       .remotes = &remote,
                                       .remote_count = 1,
                                       .timeout_ms = timeout_ms,
                                       .revision_key = "revision"};
    for (int i = 0; i < 100 && xc_reader_open_with(NULL, 0, &options, &reader, &err); i++)
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    if (!reader)
        print_error("%s\n", err.text);
    assert_non_null(reader);
    return reader;
}

static void
check_search(xc_reader *reader, uint64_t timeout_us)
{
    xc_error err;
    xc_page *page = NULL;
    const uint32_t slots[] = {1};
    xc_query *query = xc_query_term(XC_BYTES("even"), 1);
    xc_request request = {.query = query,
                          .limit = 3,
                          .fetch = XC_FETCH_DATA | XC_FETCH_TERMS | XC_FETCH_STATS,
                          .value_slots = slots,
                          .value_slot_count = 1,
                          .facet_slots = slots,
                          .facet_slot_count = 1,
                          .check_at_least = UINT32_MAX,
                          .timeout_us = timeout_us};
    ok(xc_search(reader, &request, &page, &err));
    assert_int_equal(page->hit_count, 3);
    assert_int_equal(page->matches_estimated, 50);
    assert_bytes(page->hits[0].data, "doc 4");
    assert_bytes(page->hits[0].values[0], "1");
    assert_bytes(page->hits[0].terms[0], "even");
    assert_int_equal(page->facets[0].seen, 50);
    assert_int_equal(page->stats[0].term_freq, 50);
    xc_page_free(page);
    xc_query_free(query);
}

static void
a_remote_shard_answers_and_reconnects(void **state)
{
    xc_error err;
    char line[64];
    unsigned port = free_port();
    make_index(in(state, "index"), 1, 100);
    serve(in(state, "index"), port);
    xc_reader *reader = connect_to(port, 0);
    assert_true(xc_reader_is_remote(reader));

    assert_int_equal(doc_count(reader), 100);
    check_search(reader, 0);
    check_search(reader, 10000000);
    uint64_t revision;
    assert_int_equal(xc_reader_revision(reader, &revision, &err), XC_UNSUPPORTED);
    xc_bytes value;
    ok(xc_reader_suggest(reader, XC_BYTES("carreer"), 2, &value, &err));
    assert_int_equal(value.len, 0);
    xc_terms *terms = NULL;
    ok(xc_reader_synonyms(reader, XC_BYTES("cv"), 9, &terms, &err));
    xc_terms_free(terms);
    ok(xc_reader_vocabulary(reader, XC_BYTES("w"), XC_BYTES(""), 10, &terms, &err));
    assert_int_equal(terms->count, 10);
    xc_terms_free(terms);
    ok(xc_reader_metadata(reader, XC_BYTES("none"), &value, &err));
    xc_record *record = NULL;
    ok(xc_reader_find(reader, XC_BYTES("Q7"), XC_FETCH_DATA | XC_FETCH_TERMS, &record, &err));
    assert_bytes(record->data, "doc 7");
    xc_record_free(record);

    make_index(in(state, "index"), 101, 102);
    ok(xc_reader_refresh(reader, NULL, &err));
    assert_int_equal(doc_count(reader), 102);
    stop_server(NULL);

    /* The server stops and starts again: the same reader connects again. */
    xc_reader *second = NULL;
    const char *stub = in(state, "stub");
    const xc_reader_options both = {.allow = XC_ALLOW_REMOTE | XC_ALLOW_STUBS};
    snprintf(line, sizeof line, "remote 127.0.0.1:%u\n", port);
    write_file(stub, line);
    assert_int_equal(xc_reader_open_with(&stub, 1, &both, &second, &err), XC_NETWORK);
    assert_non_null(strstr(err.text, "127.0.0.1")); /* which server */
    assert_int_equal(xc_reader_find(reader, XC_BYTES("Q7"), 0, &record, &err), XC_NETWORK);
    assert_int_equal(xc_reader_refresh(reader, NULL, &err), XC_NETWORK);
    serve(in(state, "index"), port);
    xc_reader_close(connect_to(port, 0));
    ok(xc_reader_open_with(&stub, 1, &both, &second, &err));
    ok(xc_reader_refresh(reader, NULL, &err));
    assert_int_equal(doc_count(reader), 102);
    xc_reader_close(reader);
    xc_reader_close(second);
    stop_server(NULL);
}

static uint64_t
now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Writes a generation of the index "live" with `count` documents and points XAPIANDB at it. */
static void
publish(void **state, unsigned generation, unsigned count)
{
    xc_error err;
    char name[64], line[64];
    mkdir(in(state, "live"), 0777);
    snprintf(name, sizeof name, "live/g%u", generation);
    xc_writer *writer = open_writer(in(state, name), XC_CREATE);
    write_docs(writer, 1, count);
    snprintf(line, sizeof line, "%u", generation);
    ok(xc_writer_set_metadata(writer, XC_BYTES("revision"), bytes(line), &err));
    ok(xc_writer_commit(writer, &err));
    xc_writer_close(writer);
    snprintf(line, sizeof line, "auto g%u\n", generation);
    write_file(in(state, "live/new"), line);
    assert_int_equal(rename(in(state, "live/new"), in(state, "live/XAPIANDB")), 0);
}

/* A server reads the old generation for as long as a connection is open. */
static void
a_reader_moves_to_the_next_generation_at_a_server(void **state)
{
    xc_error err;
    xc_bytes revision;
    unsigned port = free_port();
    publish(state, 1, 10);
    serve(in(state, "live"), port);
    xc_reader *reader = connect_to(port, 0);
    assert_int_equal(doc_count(reader), 10);
    publish(state, 2, 20);
    remove_tree(in(state, "live/g1"));
    uint64_t began = now_ms();
    while (doc_count(reader) != 20 && now_ms() - began < 5000) {
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
        ok(xc_reader_refresh(reader, NULL, &err));
    }
    assert_int_equal(doc_count(reader), 20);
    assert_true(now_ms() - began < 1000);
    ok(xc_reader_database_metadata(reader, 0, XC_BYTES("revision"), &revision, &err));
    assert_bytes(revision, "2");
    assert_int_equal(xc_reader_database_metadata(reader, 1, XC_BYTES("revision"), &revision, &err),
                     XC_BAD_ARGUMENT);
    xc_reader_close(reader);
    stop_server(NULL);
}

/* A server that is stopped, and a socket that accepts and never answers, hold a reader no longer
   than its timeout; then the reader connects again. */
static void
a_server_that_hangs_costs_no_more_than_the_timeout(void **state)
{
    xc_error err;
    xc_record *record = NULL;
    unsigned port = free_port();
    make_index(in(state, "hung"), 1, 10);
    serve(in(state, "hung"), port);
    xc_reader *reader = connect_to(port, 200);
    kill(-server, SIGSTOP);
    uint64_t began = now_ms();
    xc_reader_set_timeout(reader, 1000000);
    assert_int_equal(xc_reader_find(reader, XC_BYTES("Q7"), 0, &record, &err), XC_NETWORK);
    assert_int_equal(xc_reader_refresh(reader, NULL, &err), XC_NETWORK); /* connects, no greeting */
    assert_true(now_ms() - began >= 200 && now_ms() - began < 1000);
    while (now_ms() - began < 900)
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    assert_int_equal(xc_reader_refresh(reader, NULL, &err), XC_TIMEOUT); /* does not even try */
    kill(-server, SIGCONT);
    xc_reader_set_timeout(reader, 0);
    ok(xc_reader_refresh(reader, NULL, &err));
    ok(xc_reader_find(reader, XC_BYTES("Q7"), 0, &record, &err));
    xc_record_free(record);
    kill(-server, SIGSTOP);
    began = now_ms();
    xc_reader_close(reader); /* says nothing to the server and does not wait for it */
    assert_true(now_ms() - began < 150);
    stop_server(NULL);
}

/* The generation that a reader may open. */
struct choice {
    const char *directory;
    unsigned generation;
};

static uint64_t
choose(void *context, size_t number, int *folder, char *name)
{
    const struct choice *choice = context;
    char path[4200];
    assert_int_equal(number, 0);
    if (folder) {
        snprintf(name, XC_CHOICE_MAX, "g%u", choice->generation);
        snprintf(path, sizeof path, "%s/%s", choice->directory, name);
        *folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    return choice->generation;
}

/* A reader that has to connect again stays with its local generation until the next is chosen. */
static void
a_lost_connection_does_not_let_a_generation_in(void **state)
{
    xc_error err;
    unsigned port = free_port();
    make_index(in(state, "partner"), 1, 100);
    serve(in(state, "partner"), port);
    xc_reader_close(connect_to(port, 0));
    publish(state, 3, 30);
    xc_reader *reader = NULL;
    char path[4100];
    const char *paths[] = {path};
    snprintf(path, sizeof path, "%s", in(state, "live"));
    struct choice choice = {path, 3};
    const xc_remote remote = {"127.0.0.1", (uint16_t)port};
    const xc_reader_options options = {.allow = XC_ALLOW_REMOTE,
                                       .remotes = &remote,
                                       .remote_count = 1,
                                       .revision_key = "revision",
                                       .choose = choose,
                                       .choose_context = &choice};
    ok(xc_reader_open_with(paths, 1, &options, &reader, &err));
    assert_int_equal(doc_count(reader), 130);
    publish(state, 4, 40);
    for (int i = 0; i < 2; i++) {
        stop_server(NULL);
        serve(in(state, "partner"), port);
        xc_reader_close(connect_to(port, 0));
        ok(xc_reader_refresh(reader, NULL, &err));
        assert_int_equal(doc_count(reader), 130);
    }
    choice.generation = 4;
    ok(xc_reader_refresh(reader, NULL, &err));
    assert_int_equal(doc_count(reader), 140);
    xc_reader_close(reader);
    stop_server(NULL);
}

int
main(void)
{
    if (system("command -v xapian-tcpsrv >/dev/null 2>&1")) { // NOLINT(cert-env33-c): constant
        puts("skipped: xapian-tcpsrv not found (package xapian-tools)");
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_remote_shard_answers_and_reconnects, stop_server),
        cmocka_unit_test_teardown(a_reader_moves_to_the_next_generation_at_a_server, stop_server),
        cmocka_unit_test_teardown(a_server_that_hangs_costs_no_more_than_the_timeout, stop_server),
        cmocka_unit_test_teardown(a_lost_connection_does_not_let_a_generation_in, stop_server)};
    return cmocka_run_group_tests_name("binding.remote", tests, make_room, clear_room);
}
