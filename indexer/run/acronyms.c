// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_private.h"

#include <signpost/schema.h>

#include <xapian-c.h>

#define BATCH 1000

struct listing {
    sp_run_report *report;
    size_t capacity;
};

/* A term of each pair begins with the acronym, which is shorter than what it stands for. */
static void
add_term(struct listing *listing, const xc_term *term)
{
    sp_run_report *report = listing->report;
    sp_bytes text = {term->term.data, term->term.len};
    size_t tab = sp_bytes_find(text, SP_LITERAL("\t"), 0);
    if (tab == SIZE_MAX)
        return;
    sp_bytes acronym = sp_bytes_slice(text, strlen(SP_PREFIX_ACRONYM), tab);
    sp_bytes words = sp_bytes_slice(text, tab + 1, text.len);
    if (acronym.len >= words.len)
        return;
    report->acronyms = sp_arena_grow(&report->arena, report->acronyms, &listing->capacity,
                                     report->acronym_count + 1, sizeof *report->acronyms);
    if (report->acronyms)
        report->acronyms[report->acronym_count++] =
            (sp_run_acronym){sp_arena_copy(&report->arena, acronym),
                             sp_arena_copy(&report->arena, words), term->freq};
}

enum sp_status
sp_run_list_acronyms(const struct sp_run_inputs *inputs, sp_run_report *report, sp_error *err)
{
    struct listing listing = {.report = report};
    xc_reader *reader;
    xc_terms *terms;
    SP_AUTO(sp_str_done) sp_str after = {0};
    const sp_run_options *options = inputs->options;
    bool more = true;
    if (!options->list_acronyms || options->dry_run ||
        !sp_run_wants_acronyms(inputs->files.sites[0]) ||
        xc_reader_open(options->index, &reader, NULL) != XC_OK)
        return SP_OK;
    while (more &&
           xc_reader_vocabulary(reader, XC_BYTES(SP_PREFIX_ACRONYM),
                                (xc_bytes){after.data, after.len}, BATCH, &terms, NULL) == XC_OK) {
        for (size_t i = 0; i < terms->count; i++)
            add_term(&listing, &terms->items[i]);
        sp_str_clear(&after);
        if (terms->count > 0)
            sp_str_append(&after, (sp_bytes){terms->items[terms->count - 1].term.data,
                                             terms->items[terms->count - 1].term.len});
        more = terms->more && terms->count > 0 && !after.failed;
        xc_terms_free(terms);
    }
    xc_reader_close(reader);
    return after.failed ? sp_str_check(&after, err) : sp_arena_check(&report->arena, err);
}
