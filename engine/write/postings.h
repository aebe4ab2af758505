// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The terms and values of a document that is being built. The first failure is kept with its cause,
 * and further calls do nothing; sp_postings_check reports it at the end.
 */
#ifndef SIGNPOST_ENGINE_WRITE_POSTINGS_H
#define SIGNPOST_ENGINE_WRITE_POSTINGS_H

#include <signpost/text.h>

#include <xapian-c.h>

typedef struct sp_postings {
    xc_doc *doc;
    sp_str term; /* the last term added */
    xc_error cause;
    xc_status failure;
    bool no_memory;
} sp_postings;

enum sp_status sp_postings_init(sp_postings *postings, sp_error *err) SP_MUST_CHECK;
void sp_postings_done(sp_postings *postings);

/* Begins a new document. */
void sp_postings_clear(sp_postings *postings);

/* prefix: of schema.h. Long terms are shortened as sp_term_make does; empty ones are omitted. */
void sp_postings_add_word(sp_postings *postings, const char *prefix, sp_bytes word,
                          uint32_t position, uint32_t wdf);
void sp_postings_add_term(sp_postings *postings, const char *prefix, sp_bytes text, uint32_t wdf);
void sp_postings_add_boolean(sp_postings *postings, const char *prefix, sp_bytes text);

/* Adds the text, folded as a whole, as a boolean term. */
void sp_postings_add_folded(sp_postings *postings, const char *prefix, sp_bytes text);

void sp_postings_set(sp_postings *postings, uint32_t slot, sp_bytes value);

enum sp_status sp_postings_check(const sp_postings *postings, sp_error *err) SP_MUST_CHECK;

#endif
