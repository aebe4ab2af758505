// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A file of synonyms, read: the format that Solr made known.
 *
 *     cv, résumé, curriculum vitae       each of them is called the others, too
 *     pi => principal investigator       what stands on the left is called what stands on the
 * right, but not the other way round # a comment
 *
 * A backslash takes its meaning from the sign that follows (`\,`, `\=`, `\\`). Words are folded as
 * in posts, so case and accents do not matter. Unlike Solr's, a word that has synonyms on its right
 * is looked for all the same. A line with a mistake is left out, and the others count.
 */
#ifndef SIGNPOST_INDEXER_RUN_SYNONYM_FILE_H
#define SIGNPOST_INDEXER_RUN_SYNONYM_FILE_H

#include <signpost/arena.h>

/* Of one file: bytes, lines that are no comments, entries a line. */
#define SP_SYNONYMS_BYTES_MAX ((size_t)256 << 10)
#define SP_SYNONYMS_LINES_MAX 5000
#define SP_SYNONYMS_ENTRIES_MAX 32

/* After so many mistakes the rest of a file is not read. */
#define SP_SYNONYM_FAULTS_MAX 100

typedef struct sp_synonym_fault {
    unsigned line, column; /* from 1; bytes */
    const char *text;      /* static; as sp_error.text */
} sp_synonym_fault;

typedef struct sp_synonym_faults {
    sp_synonym_fault items[SP_SYNONYM_FAULTS_MAX + 1]; /* the last may say that there are more */
    size_t count;
} sp_synonym_faults;

/* Appends what the file says in the form that the index has (signpost/schema.h) and fills *faults.
   Time is linear in content, which is at most SP_SYNONYMS_BYTES_MAX. A failed append is *out's to
   tell. */
void sp_synonym_file_read(sp_bytes content, sp_str *out, sp_synonym_faults *faults);

/* Synonyms of careers in English, for where a site does not say that it wants none. Of static
   storage. */
sp_bytes sp_synonym_file_default(void);

#endif
