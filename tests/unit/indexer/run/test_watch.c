// SPDX-License-Identifier: GPL-2.0-or-later
/* Which events wake a watch, and when a change counts as finished. Uses the kernel's inotify,
   except in tests that make inotify_add_watch fail.  The monotonic clock is simulated, so that no
   result depends on how busy the machine is: time passes only in a poll with a time limit while no
   event is queued. The kernel queues the event of a change before the call that makes the change
   returns. */
#define _GNU_SOURCE /* mkdtemp, nftw, ppoll */
#include "harness.h"

#include "indexer/run/run.h"
#include "indexer/run/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int refused; /* errno with which inotify_add_watch fails; 0: it does not fail */

int __real_inotify_add_watch(int fd, const char *path, uint32_t mask);
int __wrap_inotify_add_watch(int fd, const char *path, uint32_t mask);

int
__wrap_inotify_add_watch(int fd, const char *path, uint32_t mask)
{
    if (refused == 0)
        return __real_inotify_add_watch(fd, path, mask);
    errno = refused;
    return -1;
}

struct fixture {
    char root[64];
    sp_watch *watch;
    sp_arena arena;
    sp_error err;
    atomic_bool stop;
};

/* The simulated clock */

static int64_t clock_ms;

/* A simulated editor that saves slowly: again and again it renames a post to a backup and then
   writes a new file. Most of the time the post does not exist. */
#define AWAY_MS 30
#define PRESENT_MS 20
static struct saver {
    struct fixture *f; /* NULL: saves nothing */
    int64_t next_ms;
    bool away;
    int saved;
} saver;

static void save_step(void);

int __real_clock_gettime(clockid_t id, struct timespec *now);
int __wrap_clock_gettime(clockid_t id, struct timespec *now);
int __real_ppoll(struct pollfd *files, nfds_t count, const struct timespec *limit,
                 const sigset_t *signals);
int __wrap_ppoll(struct pollfd *files, nfds_t count, const struct timespec *limit,
                 const sigset_t *signals);
int __wrap_poll(struct pollfd *files, nfds_t count, int limit_ms);

int
__wrap_clock_gettime(clockid_t id, struct timespec *now)
{
    if (id != CLOCK_MONOTONIC)
        return __real_clock_gettime(id, now);
    now->tv_sec = (time_t)(clock_ms / 1000);
    now->tv_nsec = clock_ms % 1000 * 1000000;
    return 0;
}

int
__wrap_ppoll(struct pollfd *files, nfds_t count, const struct timespec *limit,
             const sigset_t *signals)
{
    if (!limit)
        return __real_ppoll(files, count, NULL, signals);
    int64_t end = clock_ms + limit->tv_sec * 1000 + limit->tv_nsec / 1000000;
    for (;;) {
        int ready = __real_ppoll(files, count, &(struct timespec){0}, signals);
        if (ready != 0)
            return ready;
        if (!saver.f || saver.next_ms > end)
            break;
        clock_ms = saver.next_ms;
        save_step();
    }
    clock_ms = end;
    return 0;
}

int
__wrap_poll(struct pollfd *files, nfds_t count, int limit_ms)
{
    struct timespec limit = {.tv_sec = limit_ms / 1000, .tv_nsec = limit_ms % 1000 * 1000000L};
    return __wrap_ppoll(files, count, &limit, NULL);
}

static int
setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (!f)
        return -1;
    snprintf(f->root, sizeof f->root, "/tmp/signpost-watch-XXXXXX");
    *state = f;
    refused = 0;
    clock_ms = 1000000;
    saver.f = NULL;
    return mkdtemp(f->root) && sp_watch_open(&f->watch, &f->err) == SP_OK ? 0 : -1;
}

static int
remove_entry(const char *path, const struct stat *about, int type, struct FTW *where)
{
    (void)about, (void)type, (void)where;
    return remove(path);
}

static int
teardown(void **state)
{
    struct fixture *f = *state;
    sp_watch_close(f->watch);
    sp_arena_done(&f->arena);
    nftw(f->root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(f);
    return 0;
}

static const char *
path_of(struct fixture *f, const char *path)
{
    SP_AUTO(sp_str_done) sp_str whole = {0};
    sp_str_append_format(&whole, "%s%s%s", f->root, *path ? "/" : "", path);
    return sp_arena_copy_str(&f->arena, &whole).data;
}

static void
write_file(struct fixture *f, const char *path, const char *content)
{
    FILE *file = fopen(path_of(f, path), "wb");
    assert_non_null(file);
    fputs(content, file);
    assert_int_equal(fclose(file), 0);
}

static void
make_folder(struct fixture *f, const char *path)
{
    assert_int_equal(mkdir(path_of(f, path), 0777), 0);
}

/* Watches the fixture's folder, or only the file `name` in the folder. A new watch counts as a
   change; waits for that change. */
static void
watch(struct fixture *f, const char *name)
{
    sp_bytes extensions[] = {SP_LITERAL("md"), SP_LITERAL("markdown")};
    sp_watched items[] = {{sp_bytes_of(path_of(f, "")), sp_bytes_of(name)},
                          {sp_bytes_of(path_of(f, "absent")), SP_LITERAL("")}};
    sp_watchlist list = {
        .items = items, .extensions = extensions, .count = 2, .extension_count = 2};
    assert_int_equal(sp_watch_set(f->watch, &list, &f->err), SP_OK);
    sp_watch_wait(f->watch, 0, 0, &f->stop);
}

/* Returns how many milliseconds a wait takes, which shows why the wait ended. */
static int64_t
waited(struct fixture *f, int64_t most_ms)
{
    int64_t began = clock_ms;
    sp_watch_wait(f->watch, most_ms, 0, &f->stop);
    return clock_ms - began;
}

/* A wait for a change is shorter by SP_WATCH_LAG_MS after sp_watch_is_quiet. */
#define QUIET_LEFT_MS (SP_WATCH_QUIET_MS - SP_WATCH_LAG_MS)
#define assert_woken(f) assert_in_range(waited(f, 5000), QUIET_LEFT_MS, SP_WATCH_QUIET_MS)
#define assert_asleep(f) assert_int_equal(waited(f, 60), 60)

static void
a_changed_post_wakes(void **state)
{
    struct fixture *f = *state;
    watch(f, "");
    assert_asleep(f);
    write_file(f, "post.md", "text");
    assert_woken(f);
    assert_asleep(f);
    chmod(path_of(f, "post.md"), 0600);
    assert_woken(f);
    rename(path_of(f, "post.md"), path_of(f, "POST.Markdown"));
    assert_woken(f);
    remove(path_of(f, "POST.Markdown"));
    assert_woken(f);
    write_file(f, "_config.yml", "");
    assert_woken(f);
    write_file(f, "index.html", "");
    assert_woken(f);
    assert_asleep(f);
}

static void
files_that_are_not_posts_do_not_wake(void **state)
{
    struct fixture *f = *state;
    watch(f, "");
    static const char *const names[] = {"report.json", "md",       ".post.md.swp", "post.md~",
                                        "4913",        "post.mdx", "image.png",    "xmd"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        write_file(f, names[i], "text");
        remove(path_of(f, names[i]));
    }
    assert_asleep(f);
    fclose(fopen(path_of(f, "."), "rb")); /* reading is not a change */
    assert_asleep(f);
}

static void
a_folder_that_comes_or_goes_wakes(void **state)
{
    struct fixture *f = *state;
    watch(f, "");
    make_folder(f, "new");
    assert_woken(f);
    rename(path_of(f, "new"), path_of(f, "newer"));
    assert_woken(f);
    rmdir(path_of(f, "newer"));
    assert_woken(f);
    rmdir(f->root);
    assert_woken(f);
    assert_asleep(f);
    assert_int_equal(mkdir(f->root, 0777), 0);
}

static void
a_watch_for_one_name_ignores_other_names(void **state)
{
    struct fixture *f = *state;
    watch(f, "current");
    write_file(f, "post.md", "text");
    assert_asleep(f);
    assert_int_equal(symlink("x", path_of(f, "current")), 0);
    assert_woken(f);
}

/* A folder that is watched for the first time may have changed before; removing a folder's watch
   causes no event. */
static void
a_newly_watched_folder_wakes_and_a_removed_watch_does_not(void **state)
{
    struct fixture *f = *state;
    make_folder(f, "a");
    sp_bytes folder = sp_bytes_of(path_of(f, "a"));
    sp_watched items[] = {{folder, SP_LITERAL("")}, {folder, SP_LITERAL("")}};
    sp_watchlist list = {.items = items, .count = 2};
    watch(f, "");
    assert_int_equal(sp_watch_set(f->watch, &list, &f->err), SP_OK);
    assert_woken(f);
    assert_int_equal(sp_watch_set(f->watch, &list, &f->err), SP_OK);
    assert_asleep(f);
    write_file(f, "post.md", "text");
    assert_asleep(f);
    rmdir(folder.data);
    assert_woken(f);
    make_folder(f, "a");
    assert_int_equal(sp_watch_set(f->watch, &list, &f->err), SP_OK);
    assert_woken(f);
}

/* An editor may empty a file and fill it slowly. The wait for such a file ends after a limit. */
static void
an_open_file_is_waited_for_up_to_a_limit(void **state)
{
    struct fixture *f = *state;
    write_file(f, "post.md", "text");
    watch(f, "");
    int file = open(path_of(f, "post.md"), O_WRONLY | O_TRUNC);
    assert_true(file >= 0);
    assert_int_equal(waited(f, 9000), SP_WATCH_MAX_MS);
    assert_int_equal(ftruncate(file, 5), 0);
    close(file);
    assert_woken(f);
}

static void
save_step(void)
{
    saver.away = !saver.away;
    saver.next_ms += saver.away ? AWAY_MS : PRESENT_MS;
    if (saver.away) {
        rename(path_of(saver.f, "post.md"), path_of(saver.f, "post.md~"));
        return;
    }
    write_file(saver.f, "post.md", "text");
    saver.saved++;
}

static void
endless_saving_ends_a_wait_while_the_post_exists(void **state)
{
    struct fixture *f = *state;
    write_file(f, "post.md", "text");
    watch(f, "");
    saver = (struct saver){.f = f, .next_ms = clock_ms + PRESENT_MS};
    size_t away = 0;
    for (int i = 0; i < 3; i++) {
        assert_in_range(waited(f, 9000), SP_WATCH_BUSY_MS, SP_WATCH_MAX_MS - 1000);
        away += access(path_of(f, "post.md"), F_OK) != 0;
    }
    assert_true(saver.saved > 20);
    assert_int_equal(away, 0);
}

static void
a_watch_is_not_quiet_while_a_save_is_pending(void **state)
{
    struct fixture *f = *state;
    assert_true(sp_watch_is_quiet(f->watch));
    write_file(f, "post.md", "text");
    watch(f, "");
    assert_true(sp_watch_is_quiet(f->watch));
    write_file(f, "other.png", "text");
    rename(path_of(f, "other.png"),
           path_of(f, "post.md")); /* a rename gives a complete file at once */
    assert_true(sp_watch_is_quiet(f->watch));
    assert_woken(f);
    rename(path_of(f, "post.md"), path_of(f, "post.md~"));
    assert_false(sp_watch_is_quiet(f->watch));
    write_file(f, "post.md", "text");
    assert_false(sp_watch_is_quiet(f->watch));
    assert_woken(f);
    assert_true(sp_watch_is_quiet(f->watch));
    fclose(fopen(path_of(f, "post.md"), "wb"));
    assert_false(sp_watch_is_quiet(f->watch));
    assert_woken(f);
    assert_asleep(f);
}

static void
an_overflow_of_the_event_queue_wakes(void **state)
{
    struct fixture *f = *state;
    long most = 0;
    FILE *limit = fopen("/proc/sys/fs/inotify/max_queued_events", "r");
    if (!limit || fscanf(limit, "%ld", &most) != 1 || most > 100000)
        most = 0;
    if (limit)
        fclose(limit);
    if (most == 0)
        skip();
    watch(f, "");
    const char *path = path_of(f, "noise");
    for (long i = 0; i <= most / 3; i++) {
        close(open(path, O_WRONLY | O_CREAT, 0666));
        remove(path);
    }
    assert_woken(f);
    write_file(f, "post.md", "text");
    assert_woken(f);
}

static void
a_watch_that_cannot_be_set_notices_nothing(void **state)
{
    struct fixture *f = *state;
    sp_watched item = {sp_bytes_of(f->root), SP_LITERAL("")};
    sp_watchlist list = {.items = &item, .count = 1};
    watch(f, "");
    refused = ENOSPC;
    assert_int_equal(sp_watch_set(f->watch, &list, &f->err), SP_IO);
    refused = 0;
    sp_watch_wait(f->watch, 0, 0, &f->stop);
    write_file(f, "post.md", "text");
    assert_asleep(f);
    assert_int_equal(sp_watch_set(f->watch, &list, &f->err), SP_IO);
}

static void
folders_that_cannot_be_read_are_left_out(void **state)
{
    struct fixture *f = *state;
    sp_watched item = {sp_bytes_of(f->root), SP_LITERAL("")};
    sp_watchlist list = {.items = &item, .count = 1};
    static const int reasons[] = {ENOENT, EACCES, ENOTDIR, ELOOP};
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        refused = reasons[i];
        assert_int_equal(sp_watch_set(f->watch, &list, &f->err), SP_OK);
    }
}

static void
a_wait_ends_at_the_due_time(void **state)
{
    struct fixture *f = *state;
    watch(f, "");
    int64_t due = (int64_t)time(NULL) + 2;
    sp_watch_wait(f->watch, -1, due, &f->stop);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    assert_in_range(now.tv_sec, due, due + 60);
    assert_asleep(f);
    sp_watch_wait(f->watch, -1, 1, &f->stop); /* the due time is in the past */
}

static atomic_bool *signalled;

static void
on_signal(int number)
{
    (void)number;
    atomic_store(signalled, true);
}

static void *
send_signal(void *argument)
{
    const struct timespec pause = {.tv_nsec = 50000000};
    nanosleep(&pause, NULL);
    pthread_kill(*(pthread_t *)argument, SIGTERM); // NOLINT(*-kill-thread,cert-pos44-c): handled
    return NULL;
}

static void
a_signal_wakes(void **state)
{
    struct fixture *f = *state;
    pthread_t self = pthread_self(), thread;
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART}, before;
    signalled = &f->stop;
    sigaction(SIGTERM, &action, &before);
    assert_int_equal(pthread_create(&thread, NULL, send_signal, &self), 0);
    sp_watch_wait(f->watch, -1, 0, &f->stop);
    assert_true(atomic_load(&f->stop));
    assert_int_equal(waited(f, 5000), 0);
    pthread_join(thread, NULL);
    sigaction(SIGTERM, &before, NULL);
}

/* Runs */

struct asked {
    bool answer, partially_written;
    int times;
};

static bool
answer(void *context, bool partially_written)
{
    struct asked *asked = context;
    asked->times++;
    asked->partially_written = partially_written;
    return asked->answer;
}

static void
a_run_whose_files_changed_publishes_nothing(void **state)
{
    struct fixture *f = *state;
    struct asked asked = {.answer = false};
    make_folder(f, "site");
    write_file(f, "site/post.md", "");
    const char *const sites[] = {path_of(f, "site")};
    sp_run_options options = {.sites = sites,
                              .site_count = 1,
                              .index = path_of(f, "index"),
                              .jobs = 1,
                              .is_stable = answer,
                              .context = &asked};
    for (int i = 0; i < 3; i++) {
        sp_run_progress progress = {0};
        sp_run_report report = {0};
        asked.answer = i > 0;
        assert_int_equal(sp_run(&options, &progress, &report, &f->err), i ? SP_OK : SP_STALE);
        assert_int_equal(report.published, i > 0);
        assert_int_equal(access(path_of(f, "index/XAPIANDB"), F_OK), i > 0 ? 0 : -1);
        assert_int_equal(asked.partially_written, i < 2);
        sp_run_report_done(&report);
        if (i == 1)
            write_file(f, "site/post.md", "text");
    }
    assert_int_equal(asked.times, 3);
}

#define WATCH_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WATCH_TEST(a_changed_post_wakes),
        WATCH_TEST(files_that_are_not_posts_do_not_wake),
        WATCH_TEST(a_folder_that_comes_or_goes_wakes),
        WATCH_TEST(a_watch_for_one_name_ignores_other_names),
        WATCH_TEST(a_newly_watched_folder_wakes_and_a_removed_watch_does_not),
        WATCH_TEST(an_open_file_is_waited_for_up_to_a_limit),
        WATCH_TEST(endless_saving_ends_a_wait_while_the_post_exists),
        WATCH_TEST(a_watch_is_not_quiet_while_a_save_is_pending),
        WATCH_TEST(an_overflow_of_the_event_queue_wakes),
        WATCH_TEST(a_watch_that_cannot_be_set_notices_nothing),
        WATCH_TEST(folders_that_cannot_be_read_are_left_out),
        WATCH_TEST(a_wait_ends_at_the_due_time),
        WATCH_TEST(a_signal_wakes),
        WATCH_TEST(a_run_whose_files_changed_publishes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
