// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The verifier: a thread that compares the files of the indexes with their checksums
 * (signpost/verify.h).
 *
 * A database that replaces another is verified before readers move to it. The database that is
 * there when the daemon starts, and one that was changed in place, are served at once and verified
 * meanwhile. While a database that is served is damaged, all queries are answered 503. A database
 * without checksums is served; the verifier says so once. Messages go to standard error.
 */
#ifndef SIGNPOST_SEARCHD_VERIFIER_H
#define SIGNPOST_SEARCHD_VERIFIER_H

#include <signpost/command_line.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct sp_verifier sp_verifier;

/* Starts the thread. indexes: directories, borrowed. changed: increased when the answer of one of
   the next functions changes, borrowed. */
enum sp_status sp_verifier_start(const sp_texts *indexes, _Atomic uint64_t *changed,
                                 sp_verifier **out, sp_error *err) SP_MUST_CHECK;

/* Stops the thread, also in the middle of a verification, and frees the verifier; accepts NULL. */
void sp_verifier_stop(sp_verifier *verifier);

/* Whether readers may move to the databases that are at the indexes' paths now. Any thread. */
bool sp_verifier_admits(void *verifier);

/* Whether a database that is served is damaged. Any thread; verifier may be NULL. */
bool sp_verifier_found_damage(const sp_verifier *verifier);

#endif
