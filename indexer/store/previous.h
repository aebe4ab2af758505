// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The index as it was before a run: what it has, and its posts as they were read. Any thread may
 * ask while others do; what is handed out says how long it lasts.
 */
#ifndef SIGNPOST_INDEXER_PREVIOUS_H
#define SIGNPOST_INDEXER_PREVIOUS_H

#include <signpost/post.h>
#include <signpost/vectors.h>

typedef struct sp_previous sp_previous;

/* path: the index, or NULL for none. An index of another schema version counts as none; SP_DAMAGED
   for one that cannot be opened. */
enum sp_status sp_previous_open(const char *path, sp_previous **out, sp_error *err) SP_MUST_CHECK;
void sp_previous_close(sp_previous *previous);

/* SP_DAMAGED when anything that was asked could not be read, though the answer did not say so: to
   be called before what was learnt is acted upon. SP_STALE when the index changed meanwhile. */
enum sp_status sp_previous_check(sp_previous *previous, sp_error *err) SP_MUST_CHECK;

/* Whether there is one. */
bool sp_previous_exists(const sp_previous *previous);

/* Empty, or 0, where there is none. Borrowed until the previous index is closed. */
sp_bytes sp_previous_revision(const sp_previous *previous);
sp_bytes sp_previous_generator(const sp_previous *previous);
sp_bytes sp_previous_language(const sp_previous *previous);
sp_bytes sp_previous_ranking(const sp_previous *previous);   /* as SP_META_RANKING has it */
uint64_t sp_previous_documents(const sp_previous *previous); /* sp_index_settings.documents */

/* What it says of its vectors; `trained` is 0 where it has none. */
const sp_vectors_header *sp_previous_vectors(const sp_previous *previous);

/* How many posts or resources (SP_PREFIX_) it has. */
size_t sp_previous_count(sp_previous *previous, const char *prefix);

/* False when it has no document of that prefix and id. */
bool sp_previous_digest(sp_previous *previous, const char *prefix, sp_bytes id, uint64_t *digest);

/* The posts that mention a resource, into *docids (arena): rising ids. */
enum sp_status sp_previous_mentioning(sp_previous *previous, sp_bytes canonical, sp_arena *arena,
                                      uint32_t **docids, size_t *count,
                                      sp_error *err) SP_MUST_CHECK;

/* Appends the URL of the document of that prefix and id; false, and nothing, when there is none. */
bool sp_previous_url(sp_previous *previous, const char *prefix, sp_bytes id, sp_str *out);

/* How many documents have the word, which is folded. */
uint32_t sp_previous_word_count(sp_previous *previous, sp_bytes word);

/* Calls `visit` with each word that at least two documents have, at most SP_PREVIOUS_WORDS_MAX. */
#define SP_PREVIOUS_WORDS_MAX 500000
typedef void (*sp_previous_word)(void *context, sp_bytes word);
void sp_previous_each_word(sp_previous *previous, sp_previous_word visit, void *context);

/* Whether a post other than the one with this id has the word; asked of the first few that do. */
bool sp_previous_has_word_elsewhere(sp_previous *previous, sp_bytes word, sp_bytes id);

/* Calls `visit` with the id of each document of a prefix, or of each post, in their order, until it
   fails. Where the id is too long for a term, it is what the term has of it. */
typedef enum sp_status (*sp_previous_visit)(void *context, sp_bytes id, sp_error *err);
enum sp_status sp_previous_each(sp_previous *previous, const char *prefix, sp_previous_visit visit,
                                void *context, sp_error *err) SP_MUST_CHECK;
enum sp_status sp_previous_each_post(sp_previous *previous, sp_previous_visit visit, void *context,
                                     sp_error *err) SP_MUST_CHECK;

/* A post read back from the index; owned by the caller, for sp_past_post_free. */
typedef struct sp_past_post {
    sp_post post;
    struct sp_record *record;
    sp_str mentions;
    sp_arena arena;
} sp_past_post;

/* SP_NOT_FOUND, or SP_DAMAGED. */
enum sp_status sp_previous_post(sp_previous *previous, sp_bytes id, sp_past_post **out,
                                sp_error *err) SP_MUST_CHECK;
enum sp_status sp_previous_post_at(sp_previous *previous, uint32_t docid, sp_past_post **out,
                                   sp_error *err) SP_MUST_CHECK;
void sp_past_post_free(sp_past_post *past);

#endif
