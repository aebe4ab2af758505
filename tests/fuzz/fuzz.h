// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the fuzz targets share.
 *
 * A target is a program of one C file, fuzz_NAME.c, that defines LLVMFuzzerTestOneInput. The preset
 * `fuzz` links it with libFuzzer, which makes up inputs; in the other builds main.c runs it on each
 * file of its corpus. A target passes the input to functions of the tree, and ends the process if
 * one of their promises is broken. One thread.
 */
#ifndef SIGNPOST_TESTS_FUZZ_FUZZ_H
#define SIGNPOST_TESTS_FUZZ_FUZZ_H

#include <signpost/text.h>

/* The target: libFuzzer's name for it. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Set-up that takes long; a target need not have it, and must not rely on it. Returns 0. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* Ends the process unless the promise is kept, so that the input is reported. */
#define PROMISE(kept) ((kept) ? (void)0 : fuzz_fail(#kept, __FILE__, __LINE__))

/* The same for calls that fail only if memory or disk space is out. */
#define MUST(call) PROMISE((call) == SP_OK)

_Noreturn void fuzz_fail(const char *promise, const char *file, int line);

/* Removes a byte from the front of *rest; 0 if there is none. It chooses what the target does. */
unsigned fuzz_byte(sp_bytes *rest);

/* Removes a line from the front of *rest, without its line end; the rest if there is no line
   end. */
sp_bytes fuzz_line(sp_bytes *rest);

/* Returns the path of an empty folder, which is removed when the process ends. */
const char *fuzz_folder(void);

/* Writes a file of that folder, whose name may contain folders. Returns its path, which is valid
   until the call after the next. */
const char *fuzz_file(const char *name, sp_bytes content);

/* Promises of text */

/* Whether text is UTF-8 on one line without control characters of ASCII. */
bool fuzz_is_line(sp_bytes text);

/* Whether text is one value of JSON (RFC 8259) in UTF-8. */
bool fuzz_is_json(sp_bytes text);

#endif
