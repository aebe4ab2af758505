// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A reader of one index, or of several as one.
 *
 * A reader belongs to one thread; a program with several threads opens one reader for each. A
 * reader sees one revision of the index until the reader is refreshed, and each answer is made from
 * one revision.
 */
#ifndef SIGNPOST_READER_H
#define SIGNPOST_READER_H

#include <signpost/remotes.h>

typedef struct sp_reader sp_reader;

/* paths: index directories. SP_NOT_FOUND if there is no index, SP_DAMAGED for a database that
   indexer did not make or that has another schema version, or whose files lead elsewhere. */
enum sp_status sp_reader_open(const char *const *paths, size_t count, sp_reader **out,
                              sp_error *err) SP_MUST_CHECK;

#define SP_CHOICE_MAX 32 /* bytes of the name of a database's folder, with its NUL */

/* What a reader reads as one index. */
typedef struct sp_databases {
    const char *const *paths;
    size_t count;
    const sp_remote *remotes; /* after the paths */
    size_t remote_count;
    uint64_t timeout_us; /* that opening may take; a remote database has a quarter of this time for
                            each reply, also later. 0: 40 seconds */
    /* Chooses the database to open instead of what path `number` leads to, as in xapian-c-remote.h;
       NULL: what the path leads to. name: SP_CHOICE_MAX bytes. */
    uint64_t (*choose)(void *context, size_t number, int *folder, char *name);
    void *choose_context;
} sp_databases;

/* Like sp_reader_open, also for remote databases. SP_IO if one of them does not answer. Answers
   over remote databases are neither corrected nor ranked by meaning. */
enum sp_status sp_reader_open_databases(const sp_databases *databases, sp_reader **out,
                                        sp_error *err) SP_MUST_CHECK;

/* From timeout_us after this call on, calls that would wait for a remote database fail with
   SP_TIMEOUT. 0: never, as for a reader that has just been opened. Does nothing without remote
   databases. */
void sp_reader_set_timeout(sp_reader *reader, uint64_t timeout_us);
void sp_reader_close(sp_reader *reader);

/* Moves to the newest revision and sets *changed to whether the revision changed. Takes
   microseconds if it did not. */
enum sp_status sp_reader_refresh(sp_reader *reader, bool *changed, sp_error *err) SP_MUST_CHECK;

/* Makes the next refresh look more closely for another index at a server, because another reader
   has found another revision. Otherwise it looks closely twice a second. */
void sp_reader_doubt(sp_reader *reader);

/* The revision that the reader sees. Borrowed until the reader is refreshed or closed, as are the
   results of the next three functions. */
sp_bytes sp_reader_revision(const sp_reader *reader);

/* The site's own address, "https://example.org", which site-relative URLs are relative to; can be
   empty. */
sp_bytes sp_reader_base_url(const sp_reader *reader);

/* The site's title; can be empty. */
sp_bytes sp_reader_title(const sp_reader *reader);

/* The language tag of the site. */
sp_bytes sp_reader_language(const sp_reader *reader);

/* Whether a document is in a language; the primary tag counts. Also false if the index cannot be
   read. */
bool sp_reader_has_language(sp_reader *reader, sp_bytes tag);

/* The number of documents of each kind. */
enum sp_status sp_reader_counts(sp_reader *reader, uint32_t *posts, uint32_t *resources,
                                sp_error *err) SP_MUST_CHECK;

/* Limits the memory for records that are cached between searches. SP_READER_CACHE bytes is the
   default; 0 caches one record at a time. */
#define SP_READER_CACHE ((size_t)16 * 1024 * 1024)
void sp_reader_set_cache(sp_reader *reader, size_t bytes);

#endif
