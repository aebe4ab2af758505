// SPDX-License-Identifier: GPL-2.0-or-later
#include "postings.h"

#include "engine/index/xapian.h"

#include <signpost/analyzer.h>
#include <signpost/schema.h>

enum sp_status
sp_postings_init(sp_postings *postings, sp_error *err)
{
    *postings = (sp_postings){.doc = xc_doc_new()};
    return postings->doc ? SP_OK : sp_fail(err, SP_NO_MEMORY, "out of memory");
}

void
sp_postings_done(sp_postings *postings)
{
    xc_doc_free(postings->doc);
    sp_str_done(&postings->term);
}

void
sp_postings_clear(sp_postings *postings)
{
    xc_doc_clear(postings->doc);
    sp_str_restart(&postings->term);
    postings->failure = XC_OK;
    postings->no_memory = false;
}

static bool
is_ok(const sp_postings *postings)
{
    return postings->failure == XC_OK && !postings->no_memory;
}

/* Returns false if the term is empty or an earlier call failed. */
static bool
make_term(sp_postings *postings, const char *prefix, sp_bytes text)
{
    sp_term_make(&postings->term, prefix, text);
    postings->no_memory |= postings->term.failed;
    return is_ok(postings) && postings->term.len > 0;
}

void
sp_postings_add_word(sp_postings *postings, const char *prefix, sp_bytes word, uint32_t position,
                     uint32_t wdf)
{
    if (make_term(postings, prefix, word))
        postings->failure = xc_doc_add_posting(postings->doc, str_to_xc(&postings->term), position,
                                               wdf, &postings->cause);
}

void
sp_postings_add_term(sp_postings *postings, const char *prefix, sp_bytes text, uint32_t wdf)
{
    if (make_term(postings, prefix, text))
        postings->failure =
            xc_doc_add_term(postings->doc, str_to_xc(&postings->term), wdf, &postings->cause);
}

void
sp_postings_add_boolean(sp_postings *postings, const char *prefix, sp_bytes text)
{
    if (make_term(postings, prefix, text))
        postings->failure =
            xc_doc_add_boolean_term(postings->doc, str_to_xc(&postings->term), &postings->cause);
}

void
sp_postings_add_folded(sp_postings *postings, const char *prefix, sp_bytes text)
{
    SP_AUTO(sp_str_done) sp_str folded = {0};
    sp_fold_append(&folded, text);
    postings->no_memory |= folded.failed;
    if (folded.len > 0)
        sp_postings_add_boolean(postings, prefix, sp_str_bytes(&folded));
}

void
sp_postings_set(sp_postings *postings, uint32_t slot, sp_bytes value)
{
    if (is_ok(postings))
        postings->failure = xc_doc_set_value(postings->doc, slot, to_xc(value), &postings->cause);
}

enum sp_status
sp_postings_check(const sp_postings *postings, sp_error *err)
{
    if (postings->no_memory)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    return postings->failure == XC_OK
               ? SP_OK
               : sp_fail_xapian(err, postings->failure, &postings->cause, NULL);
}
