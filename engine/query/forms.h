// SPDX-License-Identifier: GPL-2.0-or-later
/* The forms of a word that an index has: its words with a given stem. */
#ifndef SIGNPOST_ENGINE_QUERY_FORMS_H
#define SIGNPOST_ENGINE_QUERY_FORMS_H

#include <signpost/analyzer.h>
#include <signpost/arena.h>

#include <xapian-c.h>

#define SP_FORMS_MAX 4

typedef struct sp_form {
    sp_bytes word;
    uint32_t freq; /* documents with the word */
} sp_form;

typedef struct sp_forms {
    sp_form items[SP_FORMS_MAX];
    uint32_t count;
    bool more; /* there may be other forms */
} sp_forms;

/* Adds the most frequent words of the index that have the stem, read in the analyzer's language.
   Forms that *out has already stay. Compares a bounded number of words. */
enum sp_status sp_forms_add(xc_reader *reader, sp_analyzer *analyzer, sp_bytes stem,
                            sp_arena *arena, sp_forms *out, sp_error *err) SP_MUST_CHECK;

#endif
