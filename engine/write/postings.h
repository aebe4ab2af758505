// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The terms and values of one document in the making. The first failure is kept, with its cause,
 * and nothing is added after it: sp_postings_check asks once, at the end.
 */
#ifndef SIGNPOST_ENGINE_WRITE_POSTINGS_H
#define SIGNPOST_ENGINE_WRITE_POSTINGS_H

#include <signpost/text.h>

#include <xapian-c.h>

typedef struct sp_postings {
    xc_doc *doc;
    sp_str term; /* the last one */
    xc_error cause;
    xc_status failure;
    bool no_memory;
} sp_postings;

enum sp_status sp_postings_init(sp_postings *postings, sp_error *err) SP_MUST_CHECK;
void sp_postings_done(sp_postings *postings);

/* Begins another document. */
void sp_postings_clear(sp_postings *postings);

/* prefix: of the schema; a term that is too long is cut as it says, an empty one is none. */
void sp_postings_add_word(sp_postings *postings, const char *prefix, sp_bytes word,
                          uint32_t position, uint32_t wdf);
void sp_postings_add_term(sp_postings *postings, const char *prefix, sp_bytes text, uint32_t wdf);
void sp_postings_add_boolean(sp_postings *postings, const char *prefix, sp_bytes text);

/* The text folded as a whole, as a boolean term. */
void sp_postings_add_folded(sp_postings *postings, const char *prefix, sp_bytes text);

void sp_postings_set(sp_postings *postings, uint32_t slot, sp_bytes value);

enum sp_status sp_postings_check(const sp_postings *postings, sp_error *err) SP_MUST_CHECK;

#endif
