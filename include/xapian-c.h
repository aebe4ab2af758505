/*
 * xapian-c.h: libxapian 1.4 for C programs.
 *
 * It binds what a search program does (open an index, write documents, build a query, search, read
 * the vocabulary) and not Xapian's classes. No C++ exception leaves it and no iterator enters it:
 * each call does its whole work and hands back plain C structures.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Conventions
 *
 *  1. Handles. xc_writer, xc_doc, xc_reader, xc_query and xc_stemmer are opaque. `_open` goes with
 *     `_close`, `_new` with `_free`; both destructors accept NULL and cannot fail.
 *
 *  2. Bytes. Terms, values, data and keys are xc_bytes: pointer and length, any byte, NUL too (but
 *     see 7). What is handed out has a NUL after it that the length does not count. Only paths and
 *     language names are NUL-terminated strings.
 *
 *  3. Failures. A function that can fail returns an xc_status and takes an xc_error last, which the
 *     caller owns and which may be NULL. It is written on failure only. The library prints nothing,
 *     never exits and never aborts, but for one case: xc_on_terminate.
 *
 *  4. Ownership. `T **out` is the caller's on XC_OK and untouched otherwise. A `const` pointer or
 *     xc_bytes that comes back is borrowed; each function says until when. Parameters named `take`
 *     are the callee's from the call on, also on failure. Other parameters are read during the call
 *     only: nothing that is passed in need outlive it.
 *
 *  5. Pages. xc_page, xc_terms and xc_record are plain, constant and self-contained: valid
 *     until freed, whatever happens to the reader.
 *
 *  6. Threads. Nothing is global but xc_on_terminate. A handle belongs to one thread at a time, and
 * so do a query and its copies together; pages may be read by any thread. Serve many threads with a
 * reader each.
 *
 *  7. Limits. A term, spelling word or synonym has 1 to XC_TERM_MAX bytes and no NUL. Document ids
 *     start at 1; 0 is none. Xapian's counts are 32 bits wide, so are ours. XC_BAD_ARGUMENT comes
 * at the call that passes a bad value, never later at the commit.
 *
 *  8. Zero is the default. Option structures that are zero-initialised ask for nothing special, and
 *     a pointer to one may be NULL.
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
#define XC_EXPANSION_MAX 10000 /* terms that the wildcards of one query may add up to */

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
    XC_BAD_ARGUMENT, /* what was passed can never work */
    XC_NOT_FOUND,    /* no such index, document or key */
    XC_LOCKED,       /* another writer has the index (or the disk is full: Xapian cannot tell) */
    XC_STALE,        /* writers kept overtaking the reader, five times in a row: try later */
    XC_CORRUPT,      /* the index is damaged, and was so in five attempts */
    XC_UNSUPPORTED,  /* this kind of index cannot do it */
    XC_NETWORK,      /* a remote shard is gone; refresh the reader to connect again */
    XC_TIMEOUT,      /* the request's own time was up */
    XC_IO,           /* the file system refused */
    XC_INTERNAL      /* an assertion of libxapian's, or an exception that it should not throw */
} xc_status;

typedef struct xc_error {
    xc_status status;
    char text[248]; /* one line, NUL-terminated, cut at a character if it must be */
} xc_error;

/* The constant's name without its prefix, in lower case ("bad argument"); static storage. */
XC_API const char *xc_status_name(xc_status status);

/* This library's version, and that of the libxapian it runs with ("1.4.22"); static storage. */
XC_API const char *xc_version(void);
XC_API const char *xc_xapian_version(void);

/* libxapian 1.4 writes blocks in a destructor too (of value slots that a commit changes), and what
 * is thrown there, when the disk is full or fails, can be caught by nobody: C++ ends the process.
 * The handler is called first, in the thread that failed, with what was thrown. It should say so,
 * clear up and end the process; when it returns, abort() does. An index on the disk is as after
 * kill -9: as before the change. The handler is the process's; NULL takes it away. */
XC_API void xc_on_terminate(void (*handler)(const xc_error *cause));

/* ---- Documents to be written ---------------------------------------------------------------- */

/* A document under construction. Fill it, write it, clear it, fill it again. */
typedef struct xc_doc xc_doc;

/* NULL when out of memory. */
XC_API xc_doc *xc_doc_new(void);
XC_API void xc_doc_free(xc_doc *doc);

/* Empties the document. */
XC_API void xc_doc_clear(xc_doc *doc);

/* The document's terms that start with `prefix` (empty: all), with their wdf. */
struct xc_terms;
XC_CHECKED xc_status xc_doc_terms(const xc_doc *doc, xc_bytes prefix, struct xc_terms **out,
                                  xc_error *err);

/* Adds one occurrence of a term at a position, and wdf_inc to its within-document frequency. A term
 * that is refused leaves the document as it was, here and in the next two. */
XC_CHECKED xc_status xc_doc_add_posting(xc_doc *doc, xc_bytes term, uint32_t position,
                                        uint32_t wdf_inc, xc_error *err);

/* Adds a term without a position. */
XC_CHECKED xc_status xc_doc_add_term(xc_doc *doc, xc_bytes term, uint32_t wdf_inc, xc_error *err);

/* Adds a term that filters and does not rank (wdf 0): ids, tags, types. */
XC_CHECKED xc_status xc_doc_add_boolean_term(xc_doc *doc, xc_bytes term, xc_error *err);

/* Sets what the slot holds; empty removes it. UINT32_MAX is no slot. */
XC_CHECKED xc_status xc_doc_set_value(xc_doc *doc, uint32_t slot, xc_bytes value, xc_error *err);

/* Sets what is stored with the document and comes back with a hit. At most 100 MiB. */
XC_CHECKED xc_status xc_doc_set_data(xc_doc *doc, xc_bytes data, xc_error *err);

/* ---- Writing -------------------------------------------------------------------------------- */

/* The one writer of an index. What it does since it was opened or since its last commit is one
 * transaction: readers see all of it after xc_writer_commit, and none of it after xc_writer_cancel,
 * after xc_writer_close or after a crash. Nothing is ever committed by itself. A change that is
 * refused with XC_BAD_ARGUMENT leaves the transaction as it was; after any other failure (memory,
 * disk) every change and the commit fail with the same error, until the commit or a cancel has
 * dropped the transaction. */
typedef struct xc_writer xc_writer;

typedef enum xc_open_mode {
    XC_OPEN_OR_CREATE = 0,
    XC_OPEN,     /* XC_NOT_FOUND if there is none */
    XC_CREATE,   /* XC_BAD_ARGUMENT if there is one */
    XC_OVERWRITE /* starts empty; what was there is gone at once, not at the commit */
} xc_open_mode;

typedef struct xc_writer_options {
    xc_open_mode mode;
    uint32_t block_size; /* of a new index; a power of two from 2048 to 65536, 0 is 8192 */
    bool no_termlist;   /* new index without term lists: smaller, but it cannot replace or delete */
    bool no_sync;       /* commits do not wait for the disk: for a shard that is merged later */
    bool wait_for_lock; /* wait for another writer to close rather than say XC_LOCKED */
} xc_writer_options;

/* Opens or creates an index in a directory. XC_UNSUPPORTED for a stub: write to the shard itself.
 */
XC_CHECKED xc_status xc_writer_open(const char *path, const xc_writer_options *options,
                                    xc_writer **out, xc_error *err);

/* Drops what is not committed. */
XC_API void xc_writer_close(xc_writer *writer);

/* Makes the changes visible and durable: when it returns XC_OK they survive a power cut (the files
 * and the directory are synced). On failure they are dropped, as by xc_writer_cancel, unless the
 * text says that the change is in place: then it is visible, but may not survive. */
XC_CHECKED xc_status xc_writer_commit(xc_writer *writer, xc_error *err);

/* Drops the changes since the last commit. */
XC_CHECKED xc_status xc_writer_cancel(xc_writer *writer, xc_error *err);

/* Adds a document; *docid (may be NULL) is its number. */
XC_CHECKED xc_status xc_writer_add(xc_writer *writer, const xc_doc *doc, uint32_t *docid,
                                   xc_error *err);

/* Replaces the document that carries a term which is unique to it, or adds it if there is none. The
 * term itself must be in the new document too, as xc_doc_add_boolean_term adds it. */
XC_CHECKED xc_status xc_writer_replace(xc_writer *writer, xc_bytes unique_term, const xc_doc *doc,
                                       uint32_t *docid, xc_error *err);

/* Deletes every document that carries the term; that there is none is no failure. */
XC_CHECKED xc_status xc_writer_delete(xc_writer *writer, xc_bytes unique_term, xc_error *err);

/* Sets a key of the index's own; an empty value removes it. Keys have 1 to XC_TERM_MAX bytes. */
XC_CHECKED xc_status xc_writer_set_metadata(xc_writer *writer, xc_bytes key, xc_bytes value,
                                            xc_error *err);

/* Adds to, or takes from, the frequency of a word that spelling suggestions are drawn from. */
XC_CHECKED xc_status xc_writer_add_spelling(xc_writer *writer, xc_bytes word, uint32_t freq,
                                            xc_error *err);
XC_CHECKED xc_status xc_writer_remove_spelling(xc_writer *writer, xc_bytes word, uint32_t freq,
                                               xc_error *err);

/* Notes that `synonym` may stand for `term`; read back with xc_reader_synonyms. */
XC_CHECKED xc_status xc_writer_add_synonym(xc_writer *writer, xc_bytes term, xc_bytes synonym,
                                           xc_error *err);
XC_CHECKED xc_status xc_writer_clear_synonyms(xc_writer *writer, xc_bytes term, xc_error *err);

/* Documents in the index, uncommitted changes included. */
XC_CHECKED xc_status xc_writer_doc_count(xc_writer *writer, uint32_t *count, xc_error *err);

/* Changes since the last commit. */
XC_API uint32_t xc_writer_pending(const xc_writer *writer);

typedef enum xc_compaction {
    XC_COMPACT_FULL = 0, /* whole blocks; later updates will split them */
    XC_COMPACT_STANDARD, /* quickest */
    XC_COMPACT_FULLER    /* smallest; for an index that is never updated */
} xc_compaction;

typedef struct xc_compact_options {
    xc_compaction level;
    uint32_t block_size; /* 0 is 8192 */
    bool multipass;      /* merge in several passes: quicker for many sources, more disk */
    bool no_sync;
} xc_compact_options;

/* Writes what is committed in `count` source indexes into one new index, documents in the order
 * given and renumbered from 1 with no gap between sources. Spelling is added up; of a metadata key
 * in several sources the first wins. The destination must not exist, or be an empty directory; it
 * is complete and synced (files, directory, parent) when the call returns XC_OK, and may be left in
 * part when it fails. Sources must be local. */
XC_CHECKED xc_status xc_compact(const char *const *sources, size_t count, const char *destination,
                                const xc_compact_options *options, xc_error *err);

/* ---- Reading -------------------------------------------------------------------------------- */

/* A reader sees the index as of one commit, until xc_reader_refresh moves it on. Beside a busy
 * writer that commit may be overwritten: the functions below then move the reader on by themselves
 * and start again, up to five times, before they say XC_STALE. xc_reader_moves tells. A page is
 * always of one commit. */
typedef struct xc_reader xc_reader;

/* Opens an index: a directory, a single-file index, a stub file, or a directory with a stub file
 * XAPIANDB in it. A stub's lines may name remote shards; to open one makes libxapian ignore SIGPIPE
 * in the whole process. */
XC_CHECKED xc_status xc_reader_open(const char *path, xc_reader **out, xc_error *err);

/* Opens several as one. Ids interleave: document d of shard s (from 0) of n is (d-1)*n + s + 1. */
XC_CHECKED xc_status xc_reader_open_many(const char *const *paths, size_t count, xc_reader **out,
                                         xc_error *err);
XC_API void xc_reader_close(xc_reader *reader);

/* Moves on to the latest commit, or to what the path names now if the directory, the symlink or the
 * stub file has been replaced, or connects again after XC_NETWORK. Costs a few microseconds if
 * nothing changed. *changed (may be NULL) tells; a remote shard whose index did not change may say
 * true. On failure the reader stays where it was and goes on working, if it did. */
XC_CHECKED xc_status xc_reader_refresh(xc_reader *reader, bool *changed, xc_error *err);

/* How many times the reader moved to another commit or index since it was opened. What was learnt
 * from it before (revision, document ids, pages) may not fit what comes after. */
XC_API uint64_t xc_reader_moves(const xc_reader *reader);

/* The number of the commit, which changes with each. XC_UNSUPPORTED over remote shards and over
 * several: compare uuid and doc_count there, or keep a number in the metadata. */
XC_CHECKED xc_status xc_reader_revision(xc_reader *reader, uint64_t *revision, xc_error *err);

typedef struct xc_info {
    uint32_t doc_count;
    uint32_t last_docid;   /* highest ever used; ids below may be missing */
    uint64_t total_length; /* sum of all document lengths (of wdf) */
    double average_length;
    bool has_positions;
    xc_bytes uuid; /* of the shards, ':' between; borrowed until the reader moves or closes */
} xc_info;

XC_CHECKED xc_status xc_reader_info(xc_reader *reader, xc_info *out, xc_error *err);

/* A metadata value; empty if the key is not there. Borrowed until the next call of this function.
 */
XC_CHECKED xc_status xc_reader_metadata(xc_reader *reader, xc_bytes key, xc_bytes *value,
                                        xc_error *err);

typedef struct xc_term_stats {
    uint32_t term_freq;       /* documents with the term; 0: the index does not know it */
    uint64_t collection_freq; /* its wdf over all documents */
} xc_term_stats;

XC_CHECKED xc_status xc_reader_term(xc_reader *reader, xc_bytes term, xc_term_stats *out,
                                    xc_error *err);

typedef struct xc_term {
    xc_bytes term;
    uint32_t freq; /* of a vocabulary: documents with it; of a document: its wdf; else 0 */
} xc_term;

/* A list of terms, in byte order unless said otherwise. */
typedef struct xc_terms {
    const xc_term *items;
    size_t count;
    bool more; /* stopped at the maximum; go on after the last item */
} xc_terms;

XC_API void xc_terms_free(xc_terms *terms);

/* The vocabulary: terms that start with `prefix` and sort after `after` (empty: from the first), at
 * most `max` of them. */
XC_CHECKED xc_status xc_reader_vocabulary(xc_reader *reader, xc_bytes prefix, xc_bytes after,
                                          size_t max, xc_terms **out, xc_error *err);

/* Metadata keys, likewise. */
XC_CHECKED xc_status xc_reader_metadata_keys(xc_reader *reader, xc_bytes prefix, xc_bytes after,
                                             size_t max, xc_terms **out, xc_error *err);

/* The synonyms of a term, at most `max`. Empty over remote shards, which cannot be asked. */
XC_CHECKED xc_status xc_reader_synonyms(xc_reader *reader, xc_bytes term, size_t max,
                                        xc_terms **out, xc_error *err);

/* The likeliest known spelling within max_distance edits (2 is usual), or empty if there is none,
 * if the word is known as it is, or over remote shards. Borrowed until the next call. Costs
 * milliseconds with a large vocabulary. */
XC_CHECKED xc_status xc_reader_suggest(xc_reader *reader, xc_bytes word, uint32_t max_distance,
                                       xc_bytes *suggestion, xc_error *err);

/* Documents that carry a term (empty: all documents), ids in rising order after `after` (0: from
 * the first), at most `max`, into the caller's array; *count is how many. */
XC_CHECKED xc_status xc_reader_postings(xc_reader *reader, xc_bytes term, uint32_t after,
                                        size_t max, uint32_t *docids, size_t *count, xc_error *err);

/* The same, with the term's wdf in each of them. */
XC_CHECKED xc_status xc_reader_frequencies(xc_reader *reader, xc_bytes term, uint32_t after,
                                           size_t max, uint32_t *docids, uint32_t *wdfs,
                                           size_t *count, xc_error *err);

/* What to fetch with a document or a hit; or-ed together. */
enum {
    XC_FETCH_DATA = 1,
    XC_FETCH_VALUES = 2, /* xc_reader_get: all slots. A search names its slots instead */
    XC_FETCH_TERMS = 4, /* xc_reader_get: the document's terms. xc_search: the query's that match */
    XC_FETCH_STATS = 8, /* xc_search: frequency and weight of each term of the query */
    XC_FETCH_ONE_VALUE = 16 /* what XC_FETCH_VALUE is made with */
};

/* xc_reader_get, xc_reader_find: one slot, below 2^24, which is less work than all. */
#define XC_FETCH_VALUE(slot) (XC_FETCH_ONE_VALUE | (unsigned)(slot) << 8)

typedef struct xc_value {
    uint32_t slot;
    xc_bytes value;
} xc_value;

/* A document read back. */
typedef struct xc_record {
    uint32_t docid;
    uint32_t length; /* the sum of its wdf */
    xc_bytes data;
    const xc_value *values; /* in rising order of slots; empty ones are not there */
    size_t value_count;
    const xc_term *terms;
    size_t term_count;
} xc_record;

XC_API void xc_record_free(xc_record *record);

/* What the slot holds; empty where it holds nothing or was not fetched. */
XC_API xc_bytes xc_record_value(const xc_record *record, uint32_t slot);

/* One document by id, with what the flags XC_FETCH_ ask for. */
XC_CHECKED xc_status xc_reader_get(xc_reader *reader, uint32_t docid, unsigned fetch,
                                   xc_record **out, xc_error *err);

/* The first document that carries a term. XC_NOT_FOUND if none does. */
XC_CHECKED xc_status xc_reader_find(xc_reader *reader, xc_bytes unique_term, unsigned fetch,
                                    xc_record **out, xc_error *err);

/* ---- Queries -------------------------------------------------------------------------------- */

/* A tree of terms and operators, bound to no index. Build it inside out without checking each step:
 * a constructor that gets a bad argument makes a bad query, an operator over a bad query is bad,
 * and the search (or xc_query_check) says what the first fault was. NULL comes back only when
 * memory is out, and counts as such a bad query wherever it is passed. Operators take their parts.
 */
typedef struct xc_query xc_query;

XC_API void xc_query_free(xc_query *query);

/* Another handle to the same query, to use a part twice. Copies share: keep them on one thread. */
XC_API xc_query *xc_query_copy(const xc_query *query);

/* Documents with the term. wqf is how often the query says it, usually 1; 0 has no weight. */
XC_API xc_query *xc_query_term(xc_bytes term, uint32_t wqf);

/* Every document, none, with weight 0. */
XC_API xc_query *xc_query_all(void);
XC_API xc_query *xc_query_none(void);

/* All, any, an odd number of the parts. Of no parts: nothing matches; of one: the part. */
XC_API xc_query *xc_query_and(xc_query *const *take, size_t count);
XC_API xc_query *xc_query_or(xc_query *const *take, size_t count);
XC_API xc_query *xc_query_xor(xc_query *const *take, size_t count);

/* Any of the parts, weighed by the best of them alone. A search with it looks at every match, as if
 * check_at_least were the number of documents: libxapian 1.4.22 can crash in it otherwise. */
XC_API xc_query *xc_query_max(xc_query *const *take, size_t count);

/* Any of the parts, weighed as if they were one term. */
XC_API xc_query *xc_query_synonym(xc_query *const *take, size_t count);

/* Any of the `keep` parts of highest possible weight. */
XC_API xc_query *xc_query_elite(xc_query *const *take, size_t count, uint32_t keep);

/* The left without the right; the left, with the right's weight added where it matches; the left
 * where the right matches, with the left's weight alone. */
XC_API xc_query *xc_query_and_not(xc_query *take_left, xc_query *take_right);
XC_API xc_query *xc_query_and_maybe(xc_query *take_left, xc_query *take_right);
XC_API xc_query *xc_query_filter(xc_query *take_left, xc_query *take_right);

/* The same documents with the weight multiplied; factor is finite and not negative. */
XC_API xc_query *xc_query_scale(xc_query *take, double factor);

/* The same documents, each with this weight and no other; it is finite and not negative. */
XC_API xc_query *xc_query_weigh(xc_query *take, double weight);

/* The terms in this order (phrase) or any order (near) within `window` positions; a window below
 * `count` is raised to it. The terms weigh as under xc_query_and. */
XC_API xc_query *xc_query_phrase(const xc_bytes *terms, size_t count, uint32_t window);
XC_API xc_query *xc_query_near(const xc_bytes *terms, size_t count, uint32_t window);

/* Documents whose value in the slot sorts within both ends, or from low on, or up to high. A slot
 * that holds nothing is empty, which sorts first. Weight 0. */
XC_API xc_query *xc_query_value_range(uint32_t slot, xc_bytes low, xc_bytes high);
XC_API xc_query *xc_query_value_ge(uint32_t slot, xc_bytes low);
XC_API xc_query *xc_query_value_le(uint32_t slot, xc_bytes high);

/* Documents with a value in the slot, weighed by the number in it (xc_sortable; not negative). */
XC_API xc_query *xc_query_value_weight(uint32_t slot);

/* Documents weighed by what is known of them elsewhere: document d, from 1, has scores[d - 1] *
 * scale; where that is not above 0 it does not match. The numbers are copied; scale is finite and
 * not negative. They are of one index's ids as they stand, so the search says XC_UNSUPPORTED over
 * several indexes and over remote shards; ids that no document has belong at 0, unless the query
 * asks for other things too (xc_query_and_maybe). */
XC_API xc_query *xc_query_scores(const float *scores, size_t count, double scale);

typedef enum xc_expand {
    XC_EXPAND_OR_FAIL = 0,  /* more terms than max: the search says XC_BAD_ARGUMENT */
    XC_EXPAND_FIRST,        /* the first in byte order: cheap */
    XC_EXPAND_MOST_FREQUENT /* the commonest: reads the whole range, 45 ms for 100,000 terms, which
                               no deadline interrupts */
} xc_expand;

/* Any term of the index that starts with `prefix`, as a synonym. max is 1 to XC_EXPANSION_MAX, and
 * the wildcards of one query may not add up to more. */
XC_API xc_query *xc_query_wildcard(xc_bytes prefix, uint32_t max, xc_expand expand);

/* What is wrong with the query, or XC_OK. */
XC_API xc_status xc_query_check(const xc_query *query, xc_error *err);

/* Xapian's description, for people; borrowed until the query is freed. Empty for a bad query. */
XC_API xc_bytes xc_query_describe(xc_query *query);

/* ---- Searching ------------------------------------------------------------------------------ */

typedef struct xc_bm25 {
    double k1, k2, k3, b, min_normlen;
} xc_bm25;

typedef enum xc_weighting {
    XC_WEIGHT_BM25 = 0,
    XC_WEIGHT_BOOLEAN,   /* none: every weight is 0, ids in rising order, quickest */
    XC_WEIGHT_TFIDF,     /* Xapian's default form, "ntn" */
    XC_WEIGHT_COORDINATE /* the number of query terms that match */
} xc_weighting;

typedef enum xc_sort {
    XC_SORT_RELEVANCE = 0,
    XC_SORT_VALUE,                /* a value, whatever the relevance */
    XC_SORT_VALUE_THEN_RELEVANCE, /* a value, then relevance among equals */
    XC_SORT_RELEVANCE_THEN_VALUE  /* relevance, then a value among equals */
} xc_sort;

typedef struct xc_request {
    const xc_query *query;
    uint32_t offset;         /* hits to leave out */
    uint32_t limit;          /* hits to return; 0 returns counts and facets only */
    uint32_t check_at_least; /* look at this many matches, so that counts up to it are exact */
    xc_weighting weighting;
    const xc_bm25 *bm25; /* NULL: 1, 0, 1, 0.5, 0.5 */
    xc_sort sort;
    uint32_t sort_slot;
    bool sort_ascending; /* values from low to high; otherwise high to low */
    bool break_ties;     /* equals by the value in tie_slot, low to high; otherwise by their ids, */
    uint32_t tie_slot;   /* which differ between indexes that were made in different ways */
    uint32_t collapse_slot; /* keep the best collapse_max of the hits with the same value there; */
    uint32_t collapse_max;  /* hits without a value are all kept; 0: no collapsing */
    unsigned fetch;         /* XC_FETCH_DATA, _TERMS, _STATS */
    const uint32_t *value_slots; /* what to fetch into xc_hit.values */
    size_t value_slot_count;
    const uint32_t
        *facet_slots;        /* whose values to count over the matches that are looked at; set */
    size_t facet_slot_count; /* check_at_least to UINT32_MAX to look at all */
    uint32_t facet_max;      /* values to return per facet, commonest first; 0 is 100 */
    uint64_t timeout_us;     /* microseconds, 0: none; see xc_search */
} xc_request;

typedef struct xc_hit {
    uint32_t docid;
    uint32_t collapsed; /* at least this many other hits were collapsed into this one */
    int percent;        /* of the best possible match, 0 to 100 */
    double weight;
    xc_bytes data;
    const xc_bytes *values; /* one for each of value_slots, in that order */
    const xc_bytes *terms;  /* the query's terms that this document has, in no set order */
    size_t term_count;
} xc_hit;

typedef struct xc_facet_value {
    xc_bytes value;
    uint32_t count;
} xc_facet_value;

typedef struct xc_facet {
    uint32_t slot;
    uint32_t seen; /* matches that were looked at */
    const xc_facet_value *values;
    size_t value_count;
} xc_facet;

typedef struct xc_query_term_stats {
    xc_bytes term;
    uint32_t term_freq;
    double max_weight; /* the most that the term can add to a hit */
} xc_query_term_stats;

typedef struct xc_page {
    const xc_hit *hits;
    size_t hit_count;
    uint32_t matches_lower; /* bounds and estimate of all matches, whatever offset and limit */
    uint32_t matches_estimated;
    uint32_t matches_upper;
    double max_weight;      /* the best weight that any document could get */
    const xc_facet *facets; /* one for each of facet_slots */
    size_t facet_count;
    const xc_query_term_stats *stats; /* with XC_FETCH_STATS */
    size_t stats_count;
} xc_page;

XC_API void xc_page_free(xc_page *page);

/* Runs one query and fetches all that is asked for. A query that has not ended after timeout_us,
 * its retries included, is given up with XC_TIMEOUT and no page. The clock is looked at every few
 * candidate documents, so wildcard expansion beforehand is not covered, and over remote shards
 * there is no time limit but the connection's. With a time limit matches_lower counts only what was
 * looked at. */
XC_CHECKED xc_status xc_search(xc_reader *reader, const xc_request *request, xc_page **out,
                               xc_error *err);

/* ---- Stems and numbers ---------------------------------------------------------------------- */

typedef struct xc_stemmer xc_stemmer;

/* A stemmer by name or code ("english", "en"; "none" changes nothing). XC_BAD_ARGUMENT if unknown.
 */
XC_CHECKED xc_status xc_stemmer_new(const char *language, xc_stemmer **out, xc_error *err);
XC_API void xc_stemmer_free(xc_stemmer *stemmer);

/* The stem of a word in lower case, borrowed until the next call; data is NULL if memory is out. */
XC_API xc_bytes xc_stemmer_stem(xc_stemmer *stemmer, xc_bytes word);

/* The languages that xc_stemmer_new knows. */
XC_CHECKED xc_status xc_stemmer_languages(xc_terms **out, xc_error *err);

/* A number as bytes that sort as the number does, for values; returns how many bytes, 0 to 9, NULs
 * among them. Not-a-number is written as 0. xc_sortable_read reverses it. */
#define XC_SORTABLE_MAX 9
XC_API size_t xc_sortable(double number, char out[XC_SORTABLE_MAX]);
XC_API double xc_sortable_read(xc_bytes value);

#ifdef __cplusplus
}
#endif

#endif
