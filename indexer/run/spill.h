// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A spill keeps the mentions in all posts of a full build on disk until resources are gathered from
 * them. A spill is divided into partitions, each of which fits into memory. All mentions of a
 * resource are in one partition.
 */
#ifndef SIGNPOST_INDEXER_RUN_SPILL_H
#define SIGNPOST_INDEXER_RUN_SPILL_H

#include "gather.h"

typedef struct sp_spill sp_spill;

/* Opens a spill, which keeps the mentions in a nameless file in `folder`. */
enum sp_status sp_spill_open(const char *folder, size_t partitions, sp_spill **out,
                             sp_error *err) SP_MUST_CHECK;
void sp_spill_close(sp_spill *spill);

size_t sp_spill_partitions(const sp_spill *spill);

/* Writes the mentions of batch `number`, counted from 0. Batches may be added in any order, each
   once. Any thread. */
enum sp_status sp_spill_add(sp_spill *spill, size_t number, const sp_batch *batch,
                            sp_error *err) SP_MUST_CHECK;

/* Reads the mentions of one partition, in the order of the batches, after all batches were added.
   *out must be zeroed; sp_batch_done frees it. SP_IO if the file does not contain the bytes that
   were written to it. Any thread. */
enum sp_status sp_spill_read(sp_spill *spill, size_t partition, sp_batch *out,
                             sp_error *err) SP_MUST_CHECK;

#endif
