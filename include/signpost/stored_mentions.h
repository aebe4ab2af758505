// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A post as the index stores it: its record (record.h) and its mentions, which only the indexer
 * reads. Together they restore the post without its file. A run therefore reads only the files that
 * changed, and gathers each affected resource from all its mentions.
 */
#ifndef SIGNPOST_STORED_MENTIONS_H
#define SIGNPOST_STORED_MENTIONS_H

#include <signpost/post.h>
#include <signpost/record.h>

/* Appends, packed, the mentions of a post and which of its sections are labels. */
void sp_mentions_pack(const sp_post *post, sp_str *out);

/* Restores the post that record and mentions were made from, except its `time`, the `level` of each
   section, and which section is the lead. *out borrows from both and from the arena. SP_DAMAGED if
   the bytes are not mentions of this record. */
enum sp_status sp_stored_mentions_restore(const sp_record *record, sp_bytes mentions,
                                          sp_arena *arena, sp_post *out,
                                          sp_error *err) SP_MUST_CHECK;

#endif
