// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The verifier: a thread that compares the files of the indexes with their checksums
 * (signpost/verify.h).
 *
 * Readers open the databases that the verifier has admitted. A database that replaces another is
 * verified before it is admitted; while it is damaged or cannot be read, the one before stays
 * admitted. What is served at once, and verified meanwhile: the database that is there when the
 * daemon starts; one that appears while there is none, also because the one before was removed; and
 * a change in place. While a database that is admitted is damaged, all queries are answered 503. A
 * database without checksums is admitted; the verifier says so once. Messages go to standard error.
 */
#ifndef SIGNPOST_SEARCHD_VERIFIER_H
#define SIGNPOST_SEARCHD_VERIFIER_H

#include <signpost/command_line.h>
#include <signpost/index_directory.h>

#include <stdatomic.h>

typedef struct sp_verifier sp_verifier;

/* Starts the thread. indexes: paths, borrowed. changed is borrowed. The verifier increases it when
   the result of sp_verifier_choose or sp_verifier_found_damage changes. */
enum sp_status sp_verifier_start(const sp_texts *indexes, _Atomic uint64_t *changed,
                                 sp_verifier **out, sp_error *err) SP_MUST_CHECK;

/* Stops the thread, also in the middle of a verification, and frees the verifier; accepts NULL. */
void sp_verifier_stop(sp_verifier *verifier);

/* The database of index `number` (in the order of `indexes`) that readers may open: see `choose` in
   signpost/reader.h. Any thread. */
uint64_t sp_verifier_choose(void *verifier, size_t number, int *folder,
                            char name[SP_DATABASE_NAME_MAX]);

/* Whether a database that is admitted is damaged. Any thread; verifier may be NULL. */
bool sp_verifier_found_damage(const sp_verifier *verifier);

#endif
