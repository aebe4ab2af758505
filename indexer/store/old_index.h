// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The index as it was before a run: what it has, and its posts as they were read. Any thread may
 * ask while others do; what is handed out says how long it lasts.
 */
#ifndef SIGNPOST_INDEXER_STORE_OLD_INDEX_H
#define SIGNPOST_INDEXER_STORE_OLD_INDEX_H

#include <signpost/index_settings.h>
#include <signpost/post.h>
#include <signpost/vectors.h>

typedef struct sp_old_index sp_old_index;

/* path: the index, or NULL for none. An index of another schema version counts as none; SP_DAMAGED
   for one that cannot be opened. */
enum sp_status sp_old_index_open(const char *path, sp_old_index **out, sp_error *err) SP_MUST_CHECK;
void sp_old_index_close(sp_old_index *previous);

/* SP_DAMAGED when anything that was asked could not be read, though the answer did not say so: to
   be called before what was learnt is acted upon. SP_STALE when the index changed meanwhile. */
enum sp_status sp_old_index_check(sp_old_index *previous, sp_error *err) SP_MUST_CHECK;

/* Whether there is one. */
bool sp_old_index_exists(const sp_old_index *previous);

/* Empty, or 0, where there is none. Borrowed until the previous index is closed. */
sp_bytes sp_old_index_revision(const sp_old_index *previous);
sp_bytes sp_old_index_generator(const sp_old_index *previous);
sp_bytes sp_old_index_language(const sp_old_index *previous);
sp_bytes sp_old_index_ranking(const sp_old_index *previous);   /* as SP_META_RANKING has it */
uint64_t sp_old_index_documents(const sp_old_index *previous); /* sp_index_settings.documents */

/* What it says of its vectors; `trained` is 0 where it has none. */
const sp_vectors_header *sp_old_index_vectors(const sp_old_index *previous);

/* How many posts or resources (SP_PREFIX_) it has. */
size_t sp_old_index_count(sp_old_index *previous, const char *prefix);

/* False when it has no document of that prefix and id. */
bool sp_old_index_digest(sp_old_index *previous, const char *prefix, sp_bytes id, uint64_t *digest);

/* The posts that mention a resource, into *docids (arena): rising ids. */
enum sp_status sp_old_index_mentioning(sp_old_index *previous, sp_bytes canonical, sp_arena *arena,
                                       uint32_t **docids, size_t *count,
                                       sp_error *err) SP_MUST_CHECK;

/* Appends the URL of the document of that prefix and id; false, and nothing, when there is none. */
bool sp_old_index_url(sp_old_index *previous, const char *prefix, sp_bytes id, sp_str *out);

/* How many documents have the word, which is folded. */
uint32_t sp_old_index_word_count(sp_old_index *previous, sp_bytes word);

/* Calls `visit` with each word that at least two documents have, at most SP_PREVIOUS_WORDS_MAX. */
#define SP_PREVIOUS_WORDS_MAX 500000
typedef void (*sp_old_index_word)(void *context, sp_bytes word);
void sp_old_index_each_word(sp_old_index *previous, sp_old_index_word visit, void *context);

/* Whether a post other than the one with this id has the word; asked of the first few that do. */
bool sp_old_index_has_word_elsewhere(sp_old_index *previous, sp_bytes word, sp_bytes id);

/* Calls `visit` with the id of each document of a prefix, or of each post, in their order, until it
   fails. Where the id is too long for a term, it is what the term has of it. */
typedef enum sp_status (*sp_old_index_visit)(void *context, sp_bytes id, sp_error *err);
enum sp_status sp_old_index_each(sp_old_index *previous, const char *prefix,
                                 sp_old_index_visit visit, void *context,
                                 sp_error *err) SP_MUST_CHECK;
enum sp_status sp_old_index_each_post(sp_old_index *previous, sp_old_index_visit visit,
                                      void *context, sp_error *err) SP_MUST_CHECK;

/* A post read back from the index; owned by the caller, for sp_past_post_free. */
typedef struct sp_past_post {
    sp_post post;
    struct sp_record *record;
    sp_str mentions;
    sp_arena arena;
} sp_past_post;

/* SP_NOT_FOUND, or SP_DAMAGED. */
enum sp_status sp_old_index_post(sp_old_index *previous, sp_bytes id, sp_past_post **out,
                                 sp_error *err) SP_MUST_CHECK;
enum sp_status sp_old_index_post_at(sp_old_index *previous, uint32_t docid, sp_past_post **out,
                                    sp_error *err) SP_MUST_CHECK;
void sp_past_post_free(sp_past_post *past);

#endif
