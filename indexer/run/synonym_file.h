// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads a file of synonyms, in Solr's format:
 *
 *     cv, résumé, curriculum vitae       a search for any of these finds all of them
 *     pi => principal investigator       a search for the left side finds the right side, too
 *     # a comment
 *
 * A backslash makes the next character an ordinary one (`\,`, `\=`, `\\`). Words are folded as in
 * posts, so case and accents do not matter. Unlike in Solr, the left side of `=>` is still searched
 * for. A line with a mistake is left out; the other lines are used.
 */
#ifndef SIGNPOST_INDEXER_RUN_SYNONYM_FILE_H
#define SIGNPOST_INDEXER_RUN_SYNONYM_FILE_H

#include <signpost/arena.h>

/* Limits of one file: bytes, lines that are not comments, and entries in a line. */
#define SP_SYNONYMS_BYTES_MAX ((size_t)256 << 10)
#define SP_SYNONYMS_LINES_MAX 5000
#define SP_SYNONYMS_ENTRIES_MAX 32

/* After this many mistakes the rest of the file is ignored. */
#define SP_SYNONYM_FAULTS_MAX 100

typedef struct sp_synonym_fault {
    unsigned line, column; /* from 1; bytes */
    const char *text;      /* static; as sp_error.text */
} sp_synonym_fault;

typedef struct sp_synonym_faults {
    sp_synonym_fault items[SP_SYNONYM_FAULTS_MAX + 1]; /* the last: why the rest is ignored */
    size_t count;
} sp_synonym_faults;

/* Appends the synonyms in the form of the index (signpost/schema.h) and fills *faults. Takes time
   linear in content, which has at most SP_SYNONYMS_BYTES_MAX bytes. Sets out->failed if memory is
   out. */
void sp_synonym_file_read(sp_bytes content, sp_str *out, sp_synonym_faults *faults);

/* Returns English synonyms about careers, which are used unless a site turns them off. They are in
   static storage. */
sp_bytes sp_synonym_file_default(void);

#endif
