// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mentions on disk: what a full build has read of the posts' mentions waits here, in as many
 * partitions as are small enough for memory, until each partition's resources are gathered. All
 * mentions of a resource are in one partition.
 */
#ifndef SIGNPOST_INDEXER_RUN_SPILL_H
#define SIGNPOST_INDEXER_RUN_SPILL_H

#include "gather.h"

typedef struct sp_spill sp_spill;

/* In a file without a name in `folder`. */
enum sp_status sp_spill_open(const char *folder, size_t partitions, sp_spill **out,
                             sp_error *err) SP_MUST_CHECK;
void sp_spill_close(sp_spill *spill);

size_t sp_spill_partitions(const sp_spill *spill);

/* Takes the mentions of the `number`th batch, counted from 0; batches come in any order and from
   any thread, each once. */
enum sp_status sp_spill_add(sp_spill *spill, size_t number, const sp_batch *batch,
                            sp_error *err) SP_MUST_CHECK;

/* The mentions of one partition, in the order of the batches, after all have come. Any thread. *out
   must be zeroed and is for sp_batch_done. SP_IO when the file does not give back what was written.
 */
enum sp_status sp_spill_read(sp_spill *spill, size_t partition, sp_batch *out,
                             sp_error *err) SP_MUST_CHECK;

#endif
