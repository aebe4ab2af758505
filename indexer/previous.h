/*
 * The index as it was before a run: which posts and resources it has, and their digests.
 */
#ifndef SIGNPOST_INDEXER_PREVIOUS_H
#define SIGNPOST_INDEXER_PREVIOUS_H

#include <signpost/text.h>

typedef struct sp_previous sp_previous;

enum sp_change { SP_CHANGE_ADDED, SP_CHANGE_UPDATED, SP_CHANGE_NONE };

/* path: the index, or NULL for none. An index of another schema version counts as none, a damaged
   one too: a run is what mends it. */
enum sp_status sp_previous_open(const char *path, sp_previous **out, sp_error *err) SP_MUST_CHECK;
void sp_previous_close(sp_previous *previous);

/* The revision, or empty. Borrowed until the previous index is closed. */
sp_bytes sp_previous_revision(const sp_previous *previous);

/* How many documents have a unique term with this prefix: posts, resources. */
size_t sp_previous_count(const sp_previous *previous, const char *prefix);

/* How the document with this prefix and id differs from the one that was. */
enum sp_change sp_previous_compare(sp_previous *previous, const char *prefix, sp_bytes id,
                                   uint64_t digest);

#endif
