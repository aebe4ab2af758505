// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A watch waits until something happens in a set of folders.
 *
 * A watch does not report which files changed; the next run finds that out. A watch ignores names
 * that cannot matter, and waits until changes have ended: to save a file, an editor renames,
 * empties and writes it within milliseconds, and a run between two of these steps would miss a
 * post.
 *
 * Watches use inotify. Where inotify cannot be used, the caller has to poll. Changes that another
 * machine makes on a network file system are not noticed. A watch belongs to one thread.
 */
#ifndef SIGNPOST_INDEXER_RUN_WATCH_H
#define SIGNPOST_INDEXER_RUN_WATCH_H

#include <signpost/arena.h>

#include <stdatomic.h>

/* Times in milliseconds. A wait returns when nothing has changed for QUIET. If changes do not end,
   the wait returns at the first instant after BUSY at which no save is pending, and after MAX at
   the latest; BUSY and MAX count from the first change. A save is pending while a file is open
   after it was written to, and for QUIET after a file has disappeared or appeared. */
#define SP_WATCH_QUIET_MS 200
#define SP_WATCH_BUSY_MS 1500
#define SP_WATCH_MAX_MS 5000

typedef struct sp_watched {
    sp_bytes folder; /* NUL-terminated */
    sp_bytes name;   /* the only name that counts; empty: every name that may matter */
} sp_watched;

/* A name can matter if it ends in a dot and one of the extensions, begins with "index.", "_index."
   or "_config.", or is the name of a folder. */
typedef struct sp_watchlist {
    sp_watched *items;
    sp_bytes *extensions;
    size_t count, capacity, extension_count, extension_capacity;
} sp_watchlist;

typedef struct sp_watch sp_watch;

/* Opens a watch without folders. */
enum sp_status sp_watch_open(sp_watch **out, sp_error *err) SP_MUST_CHECK;
void sp_watch_close(sp_watch *watch);

/* Replaces the folders by those of the list, which is copied. Folders that do not exist or cannot
   be read are left out. A folder that was not watched before counts as a change, because changes in
   it were not noticed before. After a failure (too many watches, no inotify) the watch has freed
   all its inotify watches and no longer notices changes. */
enum sp_status sp_watch_set(sp_watch *watch, const sp_watchlist *list, sp_error *err) SP_MUST_CHECK;

/* Returns when something has changed since the last wait and changes have ended. If nothing
   changes, returns after `most_ms` milliseconds (-1: never), or when CLOCK_REALTIME reaches `due`
   (seconds since 1970; 0: never), or when that clock is set. That clock can be ahead of time().
   Returns as soon as *stop is true; a handler of SIGINT or SIGTERM may set it. */
void sp_watch_wait(sp_watch *watch, int64_t most_ms, int64_t due, const atomic_bool *stop);

/* Returns false if a save has begun since the last wait returned: files that were read since then
   are possibly partially written, and the next wait returns because of that change. Takes
   SP_WATCH_LAG_MS, because events arrive some time after their change when the disk is busy. */
#define SP_WATCH_LAG_MS 50
bool sp_watch_is_quiet(sp_watch *watch);

#endif
