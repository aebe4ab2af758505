/*
 * The index as it was before a run: what it has, and its posts as they were read. Any thread may
 * ask while others do; what is handed out says how long it lasts.
 */
#ifndef SIGNPOST_INDEXER_PREVIOUS_H
#define SIGNPOST_INDEXER_PREVIOUS_H

#include <signpost/post.h>

typedef struct sp_previous sp_previous;

/* path: the index, or NULL for none. An index of another schema version counts as none, a damaged
   one too: a run is what mends it. */
enum sp_status sp_previous_open(const char *path, sp_previous **out, sp_error *err) SP_MUST_CHECK;
void sp_previous_close(sp_previous *previous);

/* Whether there is one. */
bool sp_previous_exists(const sp_previous *previous);

/* Empty, or 0, where there is none. Borrowed until the previous index is closed. */
sp_bytes sp_previous_revision(const sp_previous *previous);
sp_bytes sp_previous_generator(const sp_previous *previous);
sp_bytes sp_previous_language(const sp_previous *previous);
uint64_t sp_previous_documents(const sp_previous *previous); /* sp_index_settings.documents */

/* How many posts or resources (SP_PREFIX_) it has. */
size_t sp_previous_count(sp_previous *previous, const char *prefix);

/* False when it has no document of that prefix and id. */
bool sp_previous_digest(sp_previous *previous, const char *prefix, sp_bytes id, uint64_t *digest);

/* The posts that mention a resource, into *docids (arena): rising ids. */
enum sp_status sp_previous_mentioning(sp_previous *previous, sp_bytes canonical, sp_arena *arena,
                                      uint32_t **docids, size_t *count,
                                      sp_error *err) SP_MUST_CHECK;

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
