// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An index whose answers tell which generation they are of, to be changed under its readers.
 *
 * Generation n has GENERATION_POSTS + n posts, each of which says "residency of generationN", and
 * the revision "n". What fails ends the program.
 */
#ifndef SIGNPOST_TESTS_SUPPORT_GENERATIONS_H
#define SIGNPOST_TESTS_SUPPORT_GENERATIONS_H

#include "indexer/store/store.h"

#define GENERATION_POSTS 20

/* Builds a generation beside the one before and swaps it in. */
void generation_swap(sp_store *store, int generation);

/* Makes the index's current database that generation, in one commit. */
void generation_commit(const char *directory, int generation);

#endif
