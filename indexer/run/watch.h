// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A watch: folders in, wait until something happened in them.
 *
 * An event only says that something happened; what it was, the next run finds out. So a watch knows
 * which names can matter, and when it is quiet again: an editor that saves renames, empties and
 * writes a file within milliseconds, and a run between two of these steps would miss a post.
 *
 * Told by inotify; where the system has none to give, the watch is deaf and its caller looks from
 * time to time. Changes that another machine makes on a network file system are not told. A watch
 * belongs to one thread.
 */
#ifndef SIGNPOST_INDEXER_RUN_WATCH_H
#define SIGNPOST_INDEXER_RUN_WATCH_H

#include <signpost/arena.h>

#include <stdatomic.h>

/* Milliseconds. What was changed counts as done when nothing has changed for QUIET; when changes do
   not end, at the first instant after TIRED at which no file is in the middle of being saved: open
   after it was written to, or gone or new for less than QUIET; and then in any case, after MOST.
   The last two are counted from the first change. */
#define SP_WATCH_QUIET_MS 200
#define SP_WATCH_BUSY_MS 1500
#define SP_WATCH_MAX_MS 5000

typedef struct sp_watched {
    sp_bytes folder; /* NUL-terminated */
    sp_bytes name;   /* the one thing in it that counts; empty: any whose name may matter */
} sp_watched;

/* What is to be watched. A name may matter when it ends in a dot and one of the extensions, begins
   with "index.", "_index." or "_config.", or is a folder's. */
typedef struct sp_watchlist {
    sp_watched *items;
    sp_bytes *extensions;
    size_t count, capacity, extension_count, extension_capacity;
} sp_watchlist;

typedef struct sp_watch sp_watch;

/* Watches nothing yet. */
enum sp_status sp_watch_open(sp_watch **out, sp_error *err) SP_MUST_CHECK;
void sp_watch_close(sp_watch *watch);

/* Watches just these from now on, of which it keeps a copy; what is not there, or may not be read,
   is left out. A folder that was not watched before counts as a change, for something may have
   happened in it before. When it fails (too many watches, no inotify) the watch is deaf for good:
   it gives back all that it had of the system's. */
enum sp_status sp_watch_set(sp_watch *watch, const sp_watchlist *list, sp_error *err) SP_MUST_CHECK;

/* Returns when something has changed since it last returned and is quiet again; or when nothing
   has, after `most_ms` milliseconds (-1: never), or when CLOCK_REALTIME, which time() may lag
   behind, shows `due` (seconds since 1970; 0: never) or is set; or as soon as *stop is true, which
   a handler of SIGINT or SIGTERM may set. Sleeps meanwhile. */
void sp_watch_wait(sp_watch *watch, int64_t most_ms, int64_t due, const atomic_bool *stop);

/* Whether no file was in the middle of being saved since the last wait returned, as far as told:
   what was read of them meanwhile may be half of something if not. The next wait then returns for
   what happened. Takes LATE, for an event follows what it tells of, behind a busy disk by some
   time. */
#define SP_WATCH_LAG_MS 50
bool sp_watch_is_quiet(sp_watch *watch);

#endif
