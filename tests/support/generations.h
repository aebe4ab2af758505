// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Builds generations of an index, to change an index while readers use it. Each answer identifies
 * the generation that it is from.
 *
 * Generation n contains GENERATION_POSTS + n posts, or GENERATION_POSTS_MAX if that is less, with
 * the text "residency of generationN", and its revision is "n". A failure aborts the program.
 */
#ifndef SIGNPOST_TESTS_SUPPORT_GENERATIONS_H
#define SIGNPOST_TESTS_SUPPORT_GENERATIONS_H

#include "indexer/store/store.h"

#define GENERATION_POSTS 20
#define GENERATION_POSTS_MAX 900 /* so that totals of answers are exact */

/* Builds a generation in a new database and publishes the database. */
void generation_swap(sp_store *store, int generation);

/* Changes the index's current database to that generation, in one commit. */
void generation_commit(const char *directory, int generation);

#endif
