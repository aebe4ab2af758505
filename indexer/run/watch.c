// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE /* ppoll */
#include "watch.h"

#include "engine/base/bound.h"

#include <signpost/clock.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

#define EVENTS                                                                                     \
    (IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_MODIFY | IN_CLOSE_WRITE |            \
     IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK)
#define SELF_EVENTS (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_Q_OVERFLOW)
#define BUFFER_BYTES ((size_t)64 * 1024)
#define PENDING_MAX 64
/* Events after which an editor may not have finished saving. A file that appears by renaming is
   complete. */
#define PARTIAL_EVENTS (IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MODIFY | IN_Q_OVERFLOW)

struct entry {
    int wd;
    sp_bytes name;
};

/* A file that seems to be only partly saved. */
struct pending_save {
    int wd;
    uint64_t name;
    bool writing; /* open for writing; if false, it has disappeared, or is new and empty */
    int64_t since_ms;
};

struct sp_watch {
    int inotify; /* -1 before sp_watch_set and after a failure */
    int timer;
    bool gave_up;   /* inotify cannot be used: changes are not noticed */
    sp_arena arena; /* holds `extensions` and the names of `entries` */
    struct entry *entries;
    size_t entry_count; /* ascending by wd */
    sp_bytes *extensions;
    size_t extension_count;
    bool changed;
    int64_t first_ms, last_ms; /* times of the first and last change, by the monotonic clock */
    struct pending_save pending[PENDING_MAX];
    size_t pending_count;
    bool pending_lost; /* there were more than PENDING_MAX */
    bool saw_partial;  /* a partial save was seen since the last wait */
    _Alignas(struct inotify_event) char buffer[BUFFER_BYTES];
};

static void
note_change(sp_watch *watch)
{
    watch->last_ms = sp_now_ms();
    if (!watch->changed)
        watch->first_ms = watch->last_ms;
    watch->changed = true;
}

/* Events */

static bool
may_matter(const sp_watch *watch, sp_bytes name)
{
    if (sp_bytes_starts_with(name, SP_LITERAL("index.")) ||
        sp_bytes_starts_with(name, SP_LITERAL("_index.")) ||
        sp_bytes_starts_with(name, SP_LITERAL("_config.")))
        return true;
    for (size_t i = 0; i < watch->extension_count; i++) {
        sp_bytes extension = watch->extensions[i];
        if (name.len <= extension.len || name.data[name.len - extension.len - 1] != '.')
            continue;
        sp_bytes end = sp_bytes_slice(name, name.len - extension.len, name.len);
        if (sp_bytes_equal_ascii_case(end, extension))
            return true;
    }
    return false;
}

static bool
is_entry_before(const void *items, size_t index, const void *key)
{
    return ((const struct entry *)items)[index].wd < *(const int *)key;
}

static size_t
first_entry(const sp_watch *watch, int wd)
{
    return sp_lower_bound(watch->entries, watch->entry_count, is_entry_before, &wd);
}

static bool
is_watched(const sp_watch *watch, int wd)
{
    size_t first = first_entry(watch, wd);
    return first < watch->entry_count && watch->entries[first].wd == wd;
}

/* Whether an event counts. Events of a removed inotify watch, which may arrive late, do not. */
static bool
matters(const sp_watch *watch, const struct inotify_event *event, sp_bytes name)
{
    if (event->mask & IN_Q_OVERFLOW)
        return true;
    for (size_t i = first_entry(watch, event->wd);
         i < watch->entry_count && watch->entries[i].wd == event->wd; i++) {
        sp_bytes only = watch->entries[i].name;
        if (event->mask & SELF_EVENTS || sp_bytes_equal(only, name) ||
            (only.len == 0 && (event->mask & IN_ISDIR || may_matter(watch, name))))
            return true;
    }
    return false;
}

static struct pending_save *
find_pending(sp_watch *watch, int wd, uint64_t name)
{
    for (size_t i = 0; i < watch->pending_count; i++) {
        if (watch->pending[i].wd == wd && watch->pending[i].name == name)
            return &watch->pending[i];
    }
    return NULL;
}

static void
begin_pending(sp_watch *watch, struct pending_save new)
{
    struct pending_save *pending = find_pending(watch, new.wd, new.name);
    if (pending)
        *pending = new;
    else if (watch->pending_count < PENDING_MAX)
        watch->pending[watch->pending_count++] = new;
    else
        watch->pending_lost = true;
}

static void
end_pending(sp_watch *watch, int wd, uint64_t name)
{
    struct pending_save *pending = find_pending(watch, wd, name);
    if (pending)
        *pending = watch->pending[--watch->pending_count];
}

/* Notes that a save has begun or ended. During a save, a file disappears and appears again, or is
   created or emptied and then written. */
static void
follow(sp_watch *watch, const struct inotify_event *event, sp_bytes name)
{
    uint64_t hash = XXH64(name.data, name.len, 0);
    watch->saw_partial |= (event->mask & PARTIAL_EVENTS) != 0;
    if (event->mask & IN_ISDIR)
        return;
    if (event->mask & (IN_CLOSE_WRITE | IN_MOVED_TO))
        end_pending(watch, event->wd, hash);
    else if (event->mask & PARTIAL_EVENTS & ~(uint32_t)IN_Q_OVERFLOW)
        begin_pending(watch, (struct pending_save){.wd = event->wd,
                                                   .name = hash,
                                                   .writing = event->mask & IN_MODIFY,
                                                   .since_ms = watch->last_ms});
}

static void
read_events(sp_watch *watch)
{
    ssize_t len = read(watch->inotify, watch->buffer, sizeof watch->buffer);
    for (const char *next = watch->buffer; len > 0 && next < watch->buffer + len;) {
        const struct inotify_event *event = (const struct inotify_event *)(const void *)next;
        sp_bytes name = sp_bytes_of(event->len > 0 ? event->name : "");
        if (!(event->mask & IN_IGNORED) && matters(watch, event, name)) {
            note_change(watch);
            follow(watch, event, name);
        }
        next += sizeof *event + event->len;
    }
}

/* Watching */

static void
give_up(sp_watch *watch)
{
    if (watch->inotify >= 0)
        close(watch->inotify);
    watch->inotify = -1;
    watch->gave_up = true;
    watch->entry_count = 0;
}

static int
compare_entries(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    return (a->wd > b->wd) - (a->wd < b->wd);
}

static void
copy_extensions(sp_watch *watch, const sp_watchlist *list)
{
    watch->extension_count = 0;
    watch->extensions =
        sp_arena_array(&watch->arena, list->extension_count, sizeof *watch->extensions);
    for (size_t i = 0; watch->extensions && i < list->extension_count; i++)
        watch->extensions[watch->extension_count++] =
            sp_arena_copy(&watch->arena, list->extensions[i]);
}

/* Such a folder is left out: the watch on its parent folder reports when it appears or becomes
   readable. */
static bool
is_error_of_folder(int number)
{
    return number == ENOENT || number == ENOTDIR || number == EACCES || number == ELOOP;
}

static enum sp_status
add_entries(sp_watch *watch, const sp_watchlist *list, struct entry *entries, size_t *count,
            sp_error *err)
{
    *count = 0;
    for (size_t i = 0; i < list->count; i++) {
        const sp_watched *item = &list->items[i];
        int wd = inotify_add_watch(watch->inotify, item->folder.data, EVENTS);
        if (wd >= 0)
            entries[(*count)++] = (struct entry){wd, sp_arena_copy(&watch->arena, item->name)};
        else if (!is_error_of_folder(errno))
            return sp_fail_errno(err, errno, item->folder.data, "cannot be watched");
    }
    if (*count > 0)
        qsort(entries, *count, sizeof *entries, compare_entries);
    return sp_arena_check(&watch->arena, err);
}

static void
replace_entries(sp_watch *watch, struct entry *entries, size_t count)
{
    sp_watch before = {.entries = watch->entries, .entry_count = watch->entry_count};
    watch->entries = entries;
    watch->entry_count = count;
    for (size_t i = 0; i < count; i++) {
        if (!is_watched(&before, entries[i].wd))
            note_change(watch);
    }
    for (size_t i = 0; i < before.entry_count; i++) {
        int wd = before.entries[i].wd;
        if (!is_watched(watch, wd) && (i == 0 || before.entries[i - 1].wd != wd))
            inotify_rm_watch(watch->inotify, wd);
    }
    free(before.entries);
}

static enum sp_status
start(sp_watch *watch, sp_error *err)
{
    if (watch->gave_up)
        return sp_fail(err, SP_IO, "cannot watch for changes");
    if (watch->inotify < 0)
        watch->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    return watch->inotify >= 0 ? SP_OK
                               : sp_fail_errno(err, errno, NULL, "cannot watch for changes");
}

enum sp_status
sp_watch_set(sp_watch *watch, const sp_watchlist *list, sp_error *err)
{
    size_t count;
    struct entry *entries = calloc(list->count + 1, sizeof *entries);
    enum sp_status status = entries ? SP_OK : sp_fail(err, SP_NO_MEMORY, "out of memory");
    if (status == SP_OK)
        status = start(watch, err);
    sp_arena_clear(&watch->arena);
    copy_extensions(watch, list);
    if (status == SP_OK)
        status = add_entries(watch, list, entries, &count, err);
    if (status != SP_OK) {
        free(entries);
        give_up(watch);
        return status;
    }
    replace_entries(watch, entries, count);
    return SP_OK;
}

/* Waiting */

/* The time at which no save is pending any more, if no further event comes. */
static int64_t
end_of_pending(const sp_watch *watch)
{
    int64_t end = watch->pending_lost ? watch->last_ms + SP_WATCH_QUIET_MS : 0;
    for (size_t i = 0; i < watch->pending_count; i++) {
        const struct pending_save *save = &watch->pending[i];
        int64_t its_end = save->since_ms + (save->writing ? SP_WATCH_MAX_MS : SP_WATCH_QUIET_MS);
        if (its_end > end)
            end = its_end;
    }
    return end;
}

/* When sp_watch_wait must return, by the monotonic clock; INT64_MAX: never. */
static int64_t
end_of_wait(const sp_watch *watch, int64_t began, int64_t most_ms)
{
    if (!watch->changed)
        return most_ms < 0 ? INT64_MAX : began + most_ms;
    int64_t pending = end_of_pending(watch);
    int64_t most = watch->first_ms + SP_WATCH_MAX_MS;
    int64_t quiet = watch->last_ms + SP_WATCH_QUIET_MS;
    int64_t busy = watch->first_ms + SP_WATCH_BUSY_MS;
    int64_t end = quiet < busy ? quiet : busy;
    if (end < pending)
        end = pending;
    return end < most ? end : most;
}

/* Sets the timer to `due` on the real-time clock, which holds even if the clock is set or the
   machine sleeps. */
static void
set_timer(const sp_watch *watch, int64_t due)
{
    struct itimerspec when = {.it_value = {.tv_sec = (time_t)due}};
    timerfd_settime(watch->timer, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &when, NULL);
}

/* Waits for an event or until `until`. False when sp_watch_wait must return. */
static bool
wait_for_more(sp_watch *watch, int64_t until, const sigset_t *signals)
{
    struct pollfd files[] = {{.fd = watch->inotify, .events = POLLIN},
                             {.fd = watch->timer, .events = POLLIN}};
    int64_t left = until == INT64_MAX ? 0 : until - sp_now_ms();
    struct timespec limit = {.tv_sec = (time_t)(left / 1000), .tv_nsec = left % 1000 * 1000000};
    if (left < 0 || (left == 0 && until != INT64_MAX))
        return false;
    int ready = ppoll(files, 2, until == INT64_MAX ? NULL : &limit, signals);
    if (ready > 0 && files[0].revents)
        read_events(watch);
    bool due = ready > 0 && files[1].revents;
    uint64_t times;
    if (due && read(watch->timer, &times, sizeof times) < 0 && errno == EAGAIN)
        due = false;
    return !due || watch->changed;
}

void
sp_watch_wait(sp_watch *watch, int64_t most_ms, int64_t due, const atomic_bool *stop)
{
    sigset_t held, before;
    int64_t began = sp_now_ms();
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    /* Signals are blocked, because a signal between the test of *stop and the sleep would not wake
       the thread. */
    pthread_sigmask(SIG_BLOCK, &held, &before);
    set_timer(watch, due);
    while (!atomic_load(stop) &&
           wait_for_more(watch, end_of_wait(watch, began, most_ms), &before)) {
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    watch->changed = watch->pending_lost = watch->saw_partial = false;
    watch->pending_count = 0;
}

bool
sp_watch_is_quiet(sp_watch *watch)
{
    int64_t end = sp_now_ms() + SP_WATCH_LAG_MS;
    while (watch->inotify >= 0 && !watch->saw_partial) {
        struct pollfd file = {.fd = watch->inotify, .events = POLLIN};
        int64_t left = end - sp_now_ms();
        if (left <= 0 || poll(&file, 1, (int)left) == 0)
            break;
        read_events(watch);
    }
    return !watch->saw_partial;
}

/* Opening */

enum sp_status
sp_watch_open(sp_watch **out, sp_error *err)
{
    sp_watch *watch = calloc(1, sizeof *watch);
    if (!watch)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    watch->inotify = -1;
    watch->timer = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    if (watch->timer < 0) {
        sp_fail_errno(err, errno, NULL, "cannot create a timer");
        free(watch);
        return SP_IO;
    }
    *out = watch;
    return SP_OK;
}

void
sp_watch_close(sp_watch *watch)
{
    if (!watch)
        return;
    if (watch->inotify >= 0)
        close(watch->inotify);
    close(watch->timer);
    sp_arena_done(&watch->arena);
    free(watch->entries);
    free(watch);
}
