// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Errors: the status that every function that can fail returns, and its message.
 *
 * A function that can fail returns enum sp_status and takes an sp_error * last. The error is a
 * fixed struct owned by the caller: it needs no allocation, so it works when memory is out, and no
 * thread shares it. It is written only on failure; a caller that needs no message passes NULL.
 * Library code never prints and never exits: the programs do.
 */
#ifndef SIGNPOST_ERROR_H
#define SIGNPOST_ERROR_H

#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#define SP_PRINTF(text, first) __attribute__((format(printf, text, first)))
#define SP_MUST_CHECK __attribute__((warn_unused_result))
/* SP_AUTO(done) T x: calls done(&x) when x leaves its scope. */
#define SP_AUTO(done) __attribute__((cleanup(done)))

enum sp_status {
    SP_OK = 0,
    SP_NO_MEMORY,    /* an allocation failed */
    SP_BAD_ARGUMENT, /* the caller's fault: an invalid option or parameter */
    SP_BAD_INPUT,    /* the content of a file is invalid or too large */
    SP_NOT_FOUND,    /* no such file, index or document */
    SP_LOCKED,       /* another run holds the index */
    SP_STALE,        /* the index kept changing during the read; try again */
    SP_DAMAGED,      /* the index does not follow its schema */
    SP_IO,           /* the system refused: disk, permission, network */
    SP_TIMEOUT,      /* a time limit was reached */
    SP_CANCELLED,    /* a signal or the caller asked to stop */
    SP_INTERNAL      /* a bug in Signpost */
};

typedef struct sp_error {
    enum sp_status status;
    unsigned line, column; /* 1-based; 0: the error has no place */
    char path[512];        /* the file with the error, or "" */
    char text[512];        /* lower case, no full stop; printable (printable.h), the path is not */
} sp_error;

/* The exit code of indexer and searchd: 0 for SP_OK; 2 for an invalid command line; 3 for all other
   failures. search exits as grep does: 2 for any failure. */
int sp_status_exit_code(enum sp_status status);

/* The HTTP status code: 200, 400, 500, 503. SP_NOT_FOUND is a missing index, not a missing page, so
   it gives 503. */
unsigned sp_status_http_code(enum sp_status status);

/* Fills err (unless NULL) with status and text, without a place, and returns status. */
enum sp_status sp_fail(sp_error *err, enum sp_status status, const char *format, ...)
    SP_PRINTF(3, 4);

/* Like sp_fail, for a place in a file. Of a path that is too long only the end is kept. */
enum sp_status sp_fail_at(sp_error *err, enum sp_status status, const char *path, unsigned line,
                          unsigned column, const char *format, ...) SP_PRINTF(6, 7);

/* Like sp_fail, for an errno: "what: No space left on device". ENOMEM gives SP_NO_MEMORY, ENOENT
   and ENOTDIR give SP_NOT_FOUND, others SP_IO. */
enum sp_status sp_fail_errno(sp_error *err, int number, const char *path, const char *what);

/* Returns SP_CANCELLED if *cancel is true, which another thread or a signal handler sets. Long work
   calls this again and again. cancel: NULL: the work cannot be cancelled. */
enum sp_status sp_check_cancel(const atomic_bool *cancel, sp_error *err) SP_MUST_CHECK;

#endif
