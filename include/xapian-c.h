// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * xapian-c.h: libxapian 1.4 for C programs.
 *
 * The binding covers the tasks of a search program (open an index, write documents, build a query,
 * search, read the vocabulary) rather than Xapian's classes. Each call does its whole work and
 * returns plain C structures: no C++ exception and no iterator crosses the boundary.
 *
 * Conventions
 *
 *  1. Handles. xc_writer, xc_doc, xc_reader, xc_query and xc_stemmer are opaque. `_open` goes with
 *     `_close`, `_new` with `_free`. `_close` and `_free` accept NULL and cannot fail.
 *
 *  2. Bytes. Terms, values, data and keys are xc_bytes: a pointer and a length. They may contain
 *     any byte, NUL included (terms and keys may not, see 7). Bytes that the library returns are
 *     followed by a NUL that the length does not count. Only paths and language names are
 *     NUL-terminated strings.
 *
 *  3. Failures. A function that can fail returns an xc_status and takes an xc_error as its last
 *     parameter. The caller owns the xc_error and may pass NULL; it is written on failure only. The
 *     library prints nothing, never exits and never aborts, with one exception: xc_on_terminate.
 *
 *  4. Ownership. `T **out` belongs to the caller on XC_OK and is untouched otherwise. A returned
 *     `const` pointer or xc_bytes is borrowed; each function says until when. Parameters named
 *     `take` belong to the callee from the call on, also on failure. All other parameters are read
 *     during the call only and need not outlive it.
 *
 *  5. Pages. xc_page, xc_terms and xc_record are plain, constant and self-contained: they are valid
 *     until freed, whatever happens to the reader.
 *
 *  6. Threads. Only the handler of xc_on_terminate is global. A handle belongs to one thread at a
 *     time, and so do a query and its copies together. Any thread may read a page. To serve many
 *     threads, open a reader for each.
 *
 *  7. Limits. A term, metadata key, spelling word or synonym has 1 to XC_TERM_MAX bytes and no NUL.
 *     Document ids start at 1; 0 means no document. Counts are 32 bits wide, as in Xapian. The call
 *     that passes a bad value returns XC_BAD_ARGUMENT; the error never waits for the commit.
 *
 *  8. Zero is the default. A zero-initialised option structure asks for nothing special, and NULL
 *     may be passed instead of one.
 */
#ifndef XAPIAN_C_H
#define XAPIAN_C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define XC_API __attribute__((visibility("default")))
#define XC_CHECKED __attribute__((visibility("default"), warn_unused_result))
#else
#define XC_API
#define XC_CHECKED
#endif

#define XC_TERM_MAX 245        /* bytes in a term */
#define XC_LIMIT_MAX 10000     /* hits on a page; a higher limit is lowered to this */
#define XC_QUERY_DEPTH_MAX 100 /* operators above a term; deeper trees could overflow a stack */
#define XC_EXPANSION_MAX 10000 /* terms that all wildcards of one query may expand to */

/* ---- Bytes, statuses, errors ---------------------------------------------------------------- */

typedef struct xc_bytes {
    const char *data; /* may be NULL when len is 0 */
    size_t len;
} xc_bytes;

/* A string literal as xc_bytes. */
#ifdef __cplusplus
#define XC_BYTES(literal) (xc_bytes{"" literal, sizeof(literal) - 1})
#else
#define XC_BYTES(literal) ((xc_bytes){"" literal, sizeof(literal) - 1})
#endif

typedef enum xc_status {
    XC_OK = 0,
    XC_NO_MEMORY,
    XC_BAD_ARGUMENT, /* an argument is invalid */
    XC_NOT_FOUND,    /* no such index or document */
    XC_LOCKED,       /* another writer has the index open; or disk full: Xapian cannot tell which */
    XC_STALE,        /* a writer overtook the reader in five attempts in a row: try later */
    XC_CORRUPT,      /* the index is damaged: five attempts to read it failed */
    XC_UNSUPPORTED,  /* this kind of index does not support the call */
    XC_NETWORK,      /* connection to a remote shard lost; xc_reader_refresh reconnects */
    XC_TIMEOUT,      /* the search took longer than its timeout_us */
    XC_CANCELLED,    /* the caller asked to stop */
    XC_IO,           /* a file system call failed */
    XC_INTERNAL      /* libxapian failed an assertion or threw an unexpected exception */
} xc_status;

typedef struct xc_error {
    xc_status status;
    char text[248]; /* one line, NUL-terminated; long text is cut between characters */
} xc_error;

/* The constant's name in lower case without its prefix ("bad argument"); static storage. */
XC_API const char *xc_status_name(xc_status status);

/* The versions of this library and of the libxapian it runs with ("1.4.22"); static storage. */
XC_API const char *xc_version(void);
XC_API const char *xc_xapian_version(void);

/* Sets the handler that is called before C++ terminates the process, in the thread that failed.
 * libxapian 1.4 writes changed value slots in a destructor; if the disk is full or fails, that
 * destructor throws an exception that nobody can catch. `cause` describes the exception. The
 * handler should report the cause, clean up and end the process; if it returns, abort() follows.
 * The index on disk is as after kill -9: as it was before the change. There is one handler per
 * process; NULL removes it. */
XC_API void xc_on_terminate(void (*handler)(const xc_error *cause));

/* ---- Documents to write --------------------------------------------------------------------- */

/* A document under construction; can be cleared and filled again after it was written. */
typedef struct xc_doc xc_doc;

/* NULL when out of memory. */
XC_API xc_doc *xc_doc_new(void);
XC_API void xc_doc_free(xc_doc *doc);

/* Empties the document. */
XC_API void xc_doc_clear(xc_doc *doc);

/* Returns the document's terms that start with `prefix` (empty: all), with their wdf. */
struct xc_terms;
XC_CHECKED xc_status xc_doc_terms(const xc_doc *doc, xc_bytes prefix, struct xc_terms **out,
                                  xc_error *err);

/* Adds one occurrence of a term at a position, and adds wdf_inc to the term's within-document
 * frequency (wdf). A refused term leaves the document unchanged, here and in the next two. */
XC_CHECKED xc_status xc_doc_add_posting(xc_doc *doc, xc_bytes term, uint32_t position,
                                        uint32_t wdf_inc, xc_error *err);

/* Adds a term without a position. */
XC_CHECKED xc_status xc_doc_add_term(xc_doc *doc, xc_bytes term, uint32_t wdf_inc, xc_error *err);

/* Adds a term that filters but does not rank (wdf 0): ids, tags, types. */
XC_CHECKED xc_status xc_doc_add_boolean_term(xc_doc *doc, xc_bytes term, xc_error *err);

/* Sets the value of a slot; an empty value removes it. UINT32_MAX is not a valid slot. */
XC_CHECKED xc_status xc_doc_set_value(xc_doc *doc, uint32_t slot, xc_bytes value, xc_error *err);

/* Sets the document's data, which hits return. At most 100 MiB; the same holds for a value. */
XC_CHECKED xc_status xc_doc_set_data(xc_doc *doc, xc_bytes data, xc_error *err);

/* ---- Writing -------------------------------------------------------------------------------- */

/* The one writer of an index. All changes since it was opened, or since its last commit, form one
 * transaction: readers see all of them after xc_writer_commit, and none of them after
 * xc_writer_cancel, xc_writer_close or a crash. The library never commits by itself. A change
 * refused with XC_BAD_ARGUMENT leaves the transaction as it was. After any other failure (memory,
 * disk) all further changes and the commit fail with the same error, until that commit or a cancel
 * has dropped the transaction. */
typedef struct xc_writer xc_writer;

typedef enum xc_open_mode {
    XC_OPEN_OR_CREATE = 0,
    XC_OPEN,     /* XC_NOT_FOUND if the index does not exist */
    XC_CREATE,   /* XC_BAD_ARGUMENT if the index exists */
    XC_OVERWRITE /* starts empty; an existing index is removed at once, not at the commit */
} xc_open_mode;

typedef struct xc_writer_options {
    xc_open_mode mode;
    uint32_t block_size; /* of a new index; a power of two from 2048 to 65536; 0: 8192 */
    bool no_termlist;    /* new index without term lists: smaller, but cannot replace or delete */
    bool no_sync;        /* commits do not wait for the disk: for a shard that is merged later */
    bool wait_for_lock;  /* wait for another writer to close instead of returning XC_LOCKED */
    bool note_writes;    /* for xc_writer_written (xapian-c-written.h) */
} xc_writer_options;

/* Opens or creates an index in a directory. A stub or symbolic link gets XC_UNSUPPORTED. */
XC_CHECKED xc_status xc_writer_open(const char *path, const xc_writer_options *options,
                                    xc_writer **out, xc_error *err);

/* Drops uncommitted changes. */
XC_API void xc_writer_close(xc_writer *writer);

/* Makes the changes visible and durable: after XC_OK they survive a power cut, because the files
 * and the directory have been synced. On failure the changes are dropped, as by xc_writer_cancel,
 * unless the error text says that the change is in place: then readers see the change, but it may
 * not survive a power cut. */
XC_CHECKED xc_status xc_writer_commit(xc_writer *writer, xc_error *err);

/* Drops the changes since the last commit. */
XC_CHECKED xc_status xc_writer_cancel(xc_writer *writer, xc_error *err);

/* Adds a document and sets *docid (may be NULL) to its id. */
XC_CHECKED xc_status xc_writer_add(xc_writer *writer, const xc_doc *doc, uint32_t *docid,
                                   xc_error *err);

/* Replaces the document that contains unique_term, or adds `doc` if no document contains it. The
 * new document must contain unique_term too; xc_doc_add_boolean_term adds it. */
XC_CHECKED xc_status xc_writer_replace(xc_writer *writer, xc_bytes unique_term, const xc_doc *doc,
                                       uint32_t *docid, xc_error *err);

/* Deletes every document that contains the term. Returns XC_OK if no document does. */
XC_CHECKED xc_status xc_writer_delete(xc_writer *writer, xc_bytes unique_term, xc_error *err);

/* Sets a metadata key of the index; an empty value removes the key. */
XC_CHECKED xc_status xc_writer_set_metadata(xc_writer *writer, xc_bytes key, xc_bytes value,
                                            xc_error *err);

/* Raises or lowers the frequency of a word in the spelling dictionary of xc_reader_suggest. */
XC_CHECKED xc_status xc_writer_add_spelling(xc_writer *writer, xc_bytes word, uint32_t freq,
                                            xc_error *err);
XC_CHECKED xc_status xc_writer_remove_spelling(xc_writer *writer, xc_bytes word, uint32_t freq,
                                               xc_error *err);

/* Records `synonym` as a synonym of `term`; xc_reader_synonyms reads it back. */
XC_CHECKED xc_status xc_writer_add_synonym(xc_writer *writer, xc_bytes term, xc_bytes synonym,
                                           xc_error *err);
XC_CHECKED xc_status xc_writer_clear_synonyms(xc_writer *writer, xc_bytes term, xc_error *err);

/* Sets *count to the number of documents in the index, uncommitted changes included. */
XC_CHECKED xc_status xc_writer_doc_count(xc_writer *writer, uint32_t *count, xc_error *err);

/* The number of changes since the last commit. */
XC_API uint32_t xc_writer_pending(const xc_writer *writer);

typedef enum xc_compaction {
    XC_COMPACT_FULL = 0, /* fills blocks, so later updates have to split them */
    XC_COMPACT_STANDARD, /* fastest */
    XC_COMPACT_FULLER    /* smallest; for an index that is never updated */
} xc_compaction;

typedef struct xc_compact_options {
    xc_compaction level;
    uint32_t block_size; /* as in xc_writer_options */
    bool multipass;      /* merge in several passes: faster for many sources, needs more disk */
    bool no_sync;        /* do not wait for the disk */
    bool (*stop)(void *context); /* asked before and after each table; true: XC_CANCELLED */
    void *context;
} xc_compact_options;

/* Merges the committed documents of `count` source indexes into one new index. Documents keep the
 * order of the sources and are renumbered from 1 without a gap between sources. Spelling
 * frequencies are added up; if several sources have the same metadata key, the first one wins. The
 * destination must not exist, or must be an empty directory. After XC_OK it is complete and synced
 * (files, directory, parent); after a failure it may be incomplete. Sources must be local. */
XC_CHECKED xc_status xc_compact(const char *const *sources, size_t count, const char *destination,
                                const xc_compact_options *options, xc_error *err);

/* ---- Reading -------------------------------------------------------------------------------- */

/* A reader sees the index as of one commit until xc_reader_refresh moves it to the latest. While a
 * writer is busy, the blocks of that commit may be overwritten. The functions below then move the
 * reader to the latest commit and start again, five attempts in all, before they return XC_STALE.
 * xc_reader_moves counts the moves. A page always comes from one commit. */
typedef struct xc_reader xc_reader;

/* Opens an index: a single file, or a directory. A database in the directory itself comes first.
 * Otherwise the only line of the file XAPIANDB without # must be `auto gN` or `auto replica_N` (N:
 * a number), the folder beside it to open; other lines, cut ones, and links get XC_CORRUPT. */
XC_CHECKED xc_status xc_reader_open(const char *path, xc_reader **out, xc_error *err);

/* Opens n indexes as one. Document d of index s (counted from 0) has the id (d-1)*n + s + 1. */
XC_CHECKED xc_status xc_reader_open_many(const char *const *paths, size_t count, xc_reader **out,
                                         xc_error *err);
XC_API void xc_reader_close(xc_reader *reader);

/* Moves to the latest commit, or to the index that replaced the one at the path (directory, symlink
 * or XAPIANDB) or server. Reconnects after XC_NETWORK. Takes a few microseconds if nothing changed.
 * *changed (may be NULL) says whether the reader moved. On failure it stays where it was. */
XC_CHECKED xc_status xc_reader_refresh(xc_reader *reader, bool *changed, xc_error *err);

/* How many times the reader has moved to another commit or index. Do not combine results from
 * before a move (revision, document ids, pages) with results from after it. */
XC_API uint64_t xc_reader_moves(const xc_reader *reader);

/* The number of the commit; each commit has a different one. XC_UNSUPPORTED for remote shards and
 * for several indexes: compare uuid and doc_count there, or keep a number in the metadata. */
XC_CHECKED xc_status xc_reader_revision(xc_reader *reader, uint64_t *revision, xc_error *err);

typedef struct xc_info {
    uint32_t doc_count;
    uint32_t last_docid;   /* highest id ever used; lower ids may be unused */
    uint64_t total_length; /* sum of all document lengths (of the wdf of all terms) */
    double average_length;
    bool has_positions;
    xc_bytes uuid; /* of each shard, separated by ':'; borrowed until the reader moves or closes */
} xc_info;

XC_CHECKED xc_status xc_reader_info(xc_reader *reader, xc_info *out, xc_error *err);

/* The value of a metadata key, empty if not set; borrowed until the next call of this function. */
XC_CHECKED xc_status xc_reader_metadata(xc_reader *reader, xc_bytes key, xc_bytes *value,
                                        xc_error *err);

typedef struct xc_term_stats {
    uint32_t term_freq;       /* documents that contain the term; 0 if the index has no such term */
    uint64_t collection_freq; /* sum of the term's wdf over all documents */
} xc_term_stats;

XC_CHECKED xc_status xc_reader_term(xc_reader *reader, xc_bytes term, xc_term_stats *out,
                                    xc_error *err);

typedef struct xc_term {
    xc_bytes term;
    uint32_t freq; /* in a vocabulary: documents with the term; in a document: wdf; else 0 */
} xc_term;

/* A list of terms in byte order. */
typedef struct xc_terms {
    const xc_term *items;
    size_t count;
    bool more; /* the list was cut at the maximum; continue after the last item */
} xc_terms;

XC_API void xc_terms_free(xc_terms *terms);

/* Returns at most `max` terms that start with `prefix` and sort after `after` (empty: all do). */
XC_CHECKED xc_status xc_reader_vocabulary(xc_reader *reader, xc_bytes prefix, xc_bytes after,
                                          size_t max, xc_terms **out, xc_error *err);

/* Like xc_reader_vocabulary, for metadata keys. */
XC_CHECKED xc_status xc_reader_metadata_keys(xc_reader *reader, xc_bytes prefix, xc_bytes after,
                                             size_t max, xc_terms **out, xc_error *err);

/* Returns at most `max` synonyms of a term; none from remote shards. */
XC_CHECKED xc_status xc_reader_synonyms(xc_reader *reader, xc_bytes term, size_t max,
                                        xc_terms **out, xc_error *err);

/* The likeliest known spelling within max_distance edits (2 is usual). Empty if there is no such
 * spelling, if the word itself is known, or for remote shards. Borrowed until the next call of this
 * function. Takes milliseconds with a large vocabulary. */
XC_CHECKED xc_status xc_reader_suggest(xc_reader *reader, xc_bytes word, uint32_t max_distance,
                                       xc_bytes *suggestion, xc_error *err);

/* Writes the ids of documents that contain a term (empty: of all documents) to the caller's array:
 * at most `max` ids above `after` (0: from the first), in rising order. *count is their number. */
XC_CHECKED xc_status xc_reader_postings(xc_reader *reader, xc_bytes term, uint32_t after,
                                        size_t max, uint32_t *docids, size_t *count, xc_error *err);

/* Like xc_reader_postings, with the term's wdf in each document. The term must not be empty. */
XC_CHECKED xc_status xc_reader_frequencies(xc_reader *reader, xc_bytes term, uint32_t after,
                                           size_t max, uint32_t *docids, uint32_t *wdfs,
                                           size_t *count, xc_error *err);

/* What to fetch with a document or a hit; flags to combine with `|`. */
enum {
    XC_FETCH_DATA = 1,
    XC_FETCH_VALUES = 2,    /* xc_reader_get: all slots; xc_search uses value_slots instead */
    XC_FETCH_TERMS = 4,     /* xc_reader_get: the document's terms; xc_search: matching ones */
    XC_FETCH_STATS = 8,     /* xc_search: frequency and weight of each query term */
    XC_FETCH_ONE_VALUE = 16 /* used by XC_FETCH_VALUE */
};

/* For xc_reader_get and xc_reader_find: one slot, below 2^24. Takes less work than all slots. */
#define XC_FETCH_VALUE(slot) (XC_FETCH_ONE_VALUE | (unsigned)(slot) << 8)

typedef struct xc_value {
    uint32_t slot;
    xc_bytes value;
} xc_value;

/* A document read back. */
typedef struct xc_record {
    uint32_t docid;
    uint32_t length; /* sum of the wdf of its terms */
    xc_bytes data;
    const xc_value *values; /* in rising order of slots, without empty slots */
    size_t value_count;
    const xc_term *terms;
    size_t term_count;
} xc_record;

XC_API void xc_record_free(xc_record *record);

/* The value of a slot; empty if the slot is empty or was not fetched. */
XC_API xc_bytes xc_record_value(const xc_record *record, uint32_t slot);

/* Fetches one document by id. XC_NOT_FOUND if no document has the id. */
XC_CHECKED xc_status xc_reader_get(xc_reader *reader, uint32_t docid, unsigned fetch,
                                   xc_record **out, xc_error *err);

/* Fetches the first document that contains a term. XC_NOT_FOUND if no document does. */
XC_CHECKED xc_status xc_reader_find(xc_reader *reader, xc_bytes unique_term, unsigned fetch,
                                    xc_record **out, xc_error *err);

/* ---- Queries -------------------------------------------------------------------------------- */

/* A tree of terms and operators, independent of any index. Build it from the inside out without
 * checking each step: a bad argument makes a bad query, an operator over a bad query makes a bad
 * query, and the search (or xc_query_check) reports the first fault. A constructor never returns
 * NULL: when out of memory it returns a bad query, which reports XC_NO_MEMORY. NULL as a part is a
 * bad argument. Operators own their parts from the call on. */
typedef struct xc_query xc_query;

XC_API void xc_query_free(xc_query *query);

/* Another handle to the same query, to use a part twice. Keep all copies on one thread. */
XC_API xc_query *xc_query_copy(const xc_query *query);

/* Documents that contain the term. wqf: how often the query repeats it; with 0 it has no weight. */
XC_API xc_query *xc_query_term(xc_bytes term, uint32_t wqf);

/* all: every document, with weight 0. none: no document. */
XC_API xc_query *xc_query_all(void);
XC_API xc_query *xc_query_none(void);

/* Documents that match all parts (and), any part (or), or an odd number of parts (xor). Without
 * parts nothing matches; one part alone is that part. */
XC_API xc_query *xc_query_and(xc_query *const *take, size_t count);
XC_API xc_query *xc_query_or(xc_query *const *take, size_t count);
XC_API xc_query *xc_query_xor(xc_query *const *take, size_t count);

/* Any of the parts; the weight is that of the best matching part alone. A search with this operator
 * looks at every match, whatever check_at_least says: libxapian 1.4.22 can crash otherwise. */
XC_API xc_query *xc_query_max(xc_query *const *take, size_t count);

/* Any of the parts, weighted as if they were one term. */
XC_API xc_query *xc_query_synonym(xc_query *const *take, size_t count);

/* Any of the `keep` parts with the highest possible weight. */
XC_API xc_query *xc_query_elite(xc_query *const *take, size_t count, uint32_t keep);

/* and_not: documents that match left but not right. and_maybe: documents that match left, with the
 * weight of right added where right matches. filter: documents matching both, weighted by left.
 * A search with and_maybe looks at every match, whatever check_at_least says, unless right is all,
 * scores or coverage: libxapian 1.4.22 can lose a document otherwise. */
XC_API xc_query *xc_query_and_not(xc_query *take_left, xc_query *take_right);
XC_API xc_query *xc_query_and_maybe(xc_query *take_left, xc_query *take_right);
XC_API xc_query *xc_query_filter(xc_query *take_left, xc_query *take_right);

/* The documents of the query, with their weight multiplied by `factor`, finite and not negative. */
XC_API xc_query *xc_query_scale(xc_query *take, double factor);

/* The documents of the query, all with the weight `weight`, which is finite and not negative. */
XC_API xc_query *xc_query_weigh(xc_query *take, double weight);

/* Documents that contain the terms in this order (phrase) or in any order (near) within `window`
 * positions. A window below `count` is raised to `count`. At most XC_QUERY_DEPTH_MAX terms. The
 * weight is that of xc_query_and. */
XC_API xc_query *xc_query_phrase(const xc_bytes *terms, size_t count, uint32_t window);
XC_API xc_query *xc_query_near(const xc_bytes *terms, size_t count, uint32_t window);

/* Documents whose value in the slot is between low and high, at least low, or at most high, ends
 * included, in byte order. An empty slot sorts first. Weight 0. */
XC_API xc_query *xc_query_value_range(uint32_t slot, xc_bytes low, xc_bytes high);
XC_API xc_query *xc_query_value_ge(uint32_t slot, xc_bytes low);
XC_API xc_query *xc_query_value_le(uint32_t slot, xc_bytes high);

/* Documents with a value in the slot, weighted by that number (xc_sortable; not negative). */
XC_API xc_query *xc_query_value_weight(uint32_t slot);

typedef enum xc_expand {
    XC_EXPAND_OR_FAIL = 0,  /* the search returns XC_BAD_ARGUMENT if there are more than max */
    XC_EXPAND_FIRST,        /* the first max in byte order: cheap */
    XC_EXPAND_MOST_FREQUENT /* the max most frequent: reads the whole range (45 ms for 100,000
                               terms), which no timeout interrupts */
} xc_expand;

/* Any term of the index that starts with `prefix`, weighted as by xc_query_synonym. max is 1 to
 * XC_EXPANSION_MAX; the maxima of all wildcards in a query must not add up to more. */
XC_API xc_query *xc_query_wildcard(xc_bytes prefix, uint32_t max, xc_expand expand);

/* Reports the first fault of the query, or XC_OK. */
XC_API xc_status xc_query_check(const xc_query *query, xc_error *err);

/* Xapian's description of the query; borrowed until the query is freed. Empty for a bad query, and
 * when out of memory. */
XC_API xc_bytes xc_query_describe(xc_query *query);

/* ---- Searching ------------------------------------------------------------------------------ */

typedef struct xc_bm25 {
    double k1, k2, k3, b, min_normlen;
    /* A term that a document contains adds this many times its inverse document frequency. With a
     * delta above 0, that frequency is log((N + 1) / n). */
    double delta;
} xc_bm25;

typedef enum xc_weighting {
    XC_WEIGHT_BM25 = 0,
    XC_WEIGHT_BOOLEAN,   /* every weight is 0, ids in rising order; fastest */
    XC_WEIGHT_TFIDF,     /* Xapian's default form, "ntn" */
    XC_WEIGHT_COORDINATE /* the number of query terms that match */
} xc_weighting;

typedef enum xc_sort {
    XC_SORT_RELEVANCE = 0,
    XC_SORT_VALUE,                /* by the value of sort_slot only */
    XC_SORT_VALUE_THEN_RELEVANCE, /* by value, equal values by relevance */
    XC_SORT_RELEVANCE_THEN_VALUE  /* by relevance, equal relevance by value */
} xc_sort;

typedef struct xc_request {
    const xc_query *query;
    uint32_t offset;         /* hits to skip */
    uint32_t limit;          /* hits to return; 0 returns counts and facets only */
    uint32_t check_at_least; /* look at this many matches, so that counts up to it are exact */
    xc_weighting weighting;
    const xc_bm25 *bm25; /* parameters of XC_WEIGHT_BM25; NULL: 1, 0, 1, 0.5, 0.5, 0 */
    xc_sort sort;
    uint32_t sort_slot;
    bool sort_ascending; /* values from low to high; otherwise from high to low */
    /* Hits of equal rank are ordered by their value in tie_slot, low to high, if break_ties is set;
     * otherwise by their ids, which depend on how the index was built. */
    bool break_ties;
    uint32_t tie_slot;
    /* Of hits with the same value in collapse_slot, only the best collapse_max are kept (0: all).
     * Hits without a value are all kept. */
    uint32_t collapse_slot;
    uint32_t collapse_max;
    unsigned fetch;              /* XC_FETCH_DATA, XC_FETCH_TERMS, XC_FETCH_STATS */
    const uint32_t *value_slots; /* slots to fetch into xc_hit.values */
    size_t value_slot_count;
    /* Slots whose values are counted over the matches that the search looks at. To count over every
     * match, set check_at_least to UINT32_MAX. */
    const uint32_t *facet_slots;
    size_t facet_slot_count;
    uint32_t facet_max;  /* values to return per facet, most frequent first; 0: 100 */
    uint64_t timeout_us; /* microseconds; 0: no timeout; see xc_search */
} xc_request;

typedef struct xc_hit {
    uint32_t docid;
    uint32_t collapsed; /* at least this many other hits were collapsed into this one */
    int percent;        /* weight relative to the best possible match, 0 to 100 */
    double weight;
    xc_bytes data;
    const xc_bytes *values; /* one per entry of value_slots, in that order */
    const xc_bytes *terms;  /* the query terms that this document contains, in no fixed order */
    size_t term_count;
} xc_hit;

typedef struct xc_facet_value {
    xc_bytes value;
    uint32_t count;
} xc_facet_value;

typedef struct xc_facet {
    uint32_t slot;
    uint32_t seen; /* matches that the search looked at */
    const xc_facet_value *values;
    size_t value_count;
} xc_facet;

typedef struct xc_query_term_stats {
    xc_bytes term;
    uint32_t term_freq;
    double max_weight; /* the highest weight that the term can add to a hit */
} xc_query_term_stats;

typedef struct xc_page {
    const xc_hit *hits;
    size_t hit_count;
    uint32_t matches_lower; /* bounds and estimate of the number of matches before offset, limit */
    uint32_t matches_estimated;
    uint32_t matches_upper;
    double max_weight;      /* the highest weight that any document could have */
    const xc_facet *facets; /* one per entry of facet_slots */
    size_t facet_count;
    const xc_query_term_stats *stats; /* with XC_FETCH_STATS */
    size_t stats_count;
} xc_page;

XC_API void xc_page_free(xc_page *page);

/* Runs one query and fetches everything that the request asks for. A search that takes longer than
 * timeout_us, retries included, ends with XC_TIMEOUT and no page. The clock is read at every 32nd
 * candidate document. Wildcards are expanded before the first one, so the timeout does not
 * interrupt their expansion; over remote shards only the connection's own timeout applies. With a
 * timeout, matches_lower counts only the matches that the search looked at. */
XC_CHECKED xc_status xc_search(xc_reader *reader, const xc_request *request, xc_page **out,
                               xc_error *err);

/* ---- Stems and numbers ---------------------------------------------------------------------- */

typedef struct xc_stemmer xc_stemmer;

/* Opens the stemmer of a language by name or code ("english", "en"); "none" leaves words unchanged.
 * XC_BAD_ARGUMENT if the language is unknown. */
XC_CHECKED xc_status xc_stemmer_new(const char *language, xc_stemmer **out, xc_error *err);
XC_API void xc_stemmer_free(xc_stemmer *stemmer);

/* The stem of a lower-case word, borrowed until the next call; data is NULL when out of memory. */
XC_API xc_bytes xc_stemmer_stem(xc_stemmer *stemmer, xc_bytes word);

/* Returns the names of the languages that xc_stemmer_new accepts. */
XC_CHECKED xc_status xc_stemmer_languages(xc_terms **out, xc_error *err);

/* Writes a number as bytes that sort like the number, for use as a value. Returns how many bytes, 0
 * to XC_SORTABLE_MAX; NULs are possible. NaN is written as 0. xc_sortable_read reverses it. */
#define XC_SORTABLE_MAX 9
XC_API size_t xc_sortable(double number, char out[XC_SORTABLE_MAX]);
XC_API double xc_sortable_read(xc_bytes value);

#ifdef __cplusplus
}
#endif

#endif
