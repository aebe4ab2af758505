// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A post as the index keeps it: its record (record.h), and beside it what only the indexer asks
 * for, the post's mentions. From both the post comes back without its file, so that a run gathers
 * a resource anew from all its mentions and reads only the files that changed.
 */
#ifndef SIGNPOST_STORED_POST_H
#define SIGNPOST_STORED_POST_H

#include <signpost/post.h>
#include <signpost/record.h>

/* Appends the mentions of a post, and which of its sections are labels. */
void sp_mentions_pack(const sp_post *post, sp_str *out);

/* Makes the post that record and mentions were made of, but for its `time`. It borrows from both,
   and from arena. SP_DAMAGED for bytes that are no mentions of this record. */
enum sp_status sp_stored_post_read(const sp_record *record, sp_bytes mentions, sp_arena *arena,
                                   sp_post *out, sp_error *err) SP_MUST_CHECK;

#endif
