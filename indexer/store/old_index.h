// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The old index is the index as it was before the run: its settings, the digests of its documents,
 * its words, and its posts as they were read. Any thread may call all functions except open and
 * close at any time.
 */
#ifndef SIGNPOST_INDEXER_STORE_OLD_INDEX_H
#define SIGNPOST_INDEXER_STORE_OLD_INDEX_H

#include <signpost/index_settings.h>
#include <signpost/post.h>
#include <signpost/vectors.h>

typedef struct sp_old_index sp_old_index;

/* Opens the index at `path`; NULL: there is none. An index of another schema version is treated as
   missing. Returns SP_DAMAGED for an index that cannot be opened. */
enum sp_status sp_old_index_open(const char *path, sp_old_index **out, sp_error *err) SP_MUST_CHECK;
void sp_old_index_close(sp_old_index *old);

/* Returns SP_DAMAGED if any function below has returned a wrong result because it could not read
   the index; most of these functions cannot report errors. Call this before acting on their
   results. Returns SP_STALE if the index has changed since it was opened. */
enum sp_status sp_old_index_check(sp_old_index *old, sp_error *err) SP_MUST_CHECK;

/* Whether there is an index. */
bool sp_old_index_exists(const sp_old_index *old);

/* Each returns a property of the index, or empty bytes or 0 if there is no index. The bytes are
   borrowed until the old index is closed. */
sp_bytes sp_old_index_revision(const sp_old_index *old);
sp_bytes sp_old_index_generator(const sp_old_index *old);
sp_bytes sp_old_index_language(const sp_old_index *old);
sp_bytes sp_old_index_ranking(const sp_old_index *old);   /* in the form of SP_META_RANKING */
uint64_t sp_old_index_documents(const sp_old_index *old); /* sp_index_settings.documents */

/* Returns the header of the index's vectors; `trained` is 0 if the index has no vectors. */
const sp_vectors_header *sp_old_index_vectors(const sp_old_index *old);

/* Returns the number of posts or resources. prefix: SP_PREFIX_POST or SP_PREFIX_RESOURCE. */
size_t sp_old_index_count(sp_old_index *old, const char *prefix);

/* Sets *digest to the digest of a document; returns false if the index has no document with this
   prefix and id. */
bool sp_old_index_digest(sp_old_index *old, const char *prefix, sp_bytes id, uint64_t *digest);

/* Lists the docids of the posts that mention a resource, ascending, in memory from arena. */
enum sp_status sp_old_index_mentioning(sp_old_index *old, sp_bytes canonical, sp_arena *arena,
                                       uint32_t **docids, size_t *count,
                                       sp_error *err) SP_MUST_CHECK;

/* Appends the URL of a document; returns false if the index has no document with this prefix and
   id. */
bool sp_old_index_url(sp_old_index *old, const char *prefix, sp_bytes id, sp_str *out);

/* Returns the number of documents that contain the folded word. */
uint32_t sp_old_index_word_count(sp_old_index *old, sp_bytes word);

/* Calls `visit` with each word that occurs in at least two documents, among the first
   SP_OLD_INDEX_WORDS_MAX words of the index. */
#define SP_OLD_INDEX_WORDS_MAX 500000
typedef void (*sp_old_index_word)(void *context, sp_bytes word);
void sp_old_index_each_word(sp_old_index *old, sp_old_index_word visit, void *context);

/* Whether the word occurs in a post other than the one with this id. Looks only at the first few
   documents with the word. */
bool sp_old_index_has_word_elsewhere(sp_old_index *old, sp_bytes word, sp_bytes id);

/* Each calls `visit` with ids in the order of their terms, until a visit fails: the first with the
   ids of all documents with a prefix, the second with those of all posts. If an id is too long for
   a term, the first gives `visit` only what is in the term; the second reads it from the
   document. */
typedef enum sp_status (*sp_old_index_visit)(void *context, sp_bytes id, sp_error *err);
enum sp_status sp_old_index_each(sp_old_index *old, const char *prefix, sp_old_index_visit visit,
                                 void *context, sp_error *err) SP_MUST_CHECK;
enum sp_status sp_old_index_each_post(sp_old_index *old, sp_old_index_visit visit, void *context,
                                      sp_error *err) SP_MUST_CHECK;

/* A post read back from the index. The caller owns it and frees it with sp_old_post_free. */
typedef struct sp_old_post {
    sp_post post;
    struct sp_record *record;
    sp_str mentions;
    sp_arena arena;
} sp_old_post;

/* Each reads a post back. Returns SP_NOT_FOUND if there is no such post, and SP_DAMAGED if the post
   cannot be read. */
enum sp_status sp_old_index_post(sp_old_index *old, sp_bytes id, sp_old_post **out,
                                 sp_error *err) SP_MUST_CHECK;
enum sp_status sp_old_index_post_at(sp_old_index *old, uint32_t docid, sp_old_post **out,
                                    sp_error *err) SP_MUST_CHECK;
void sp_old_post_free(sp_old_post *post);

#endif
