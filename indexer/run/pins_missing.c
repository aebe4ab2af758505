// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_private.h"

#include <xapian-c.h>

struct looking {
    struct sp_run *run;
    xc_reader *reader;
    sp_str term;
};

static bool
has_target(struct looking *at, sp_bytes target)
{
    xc_term_stats stats;
    sp_term_make(&at->term, SP_PREFIX_URL, target);
    if (at->term.len == 0)
        return at->term.failed; /* what cannot be looked up is not warned of */
    return xc_reader_term(at->reader, (xc_bytes){at->term.data, at->term.len}, &stats, NULL) !=
               XC_OK ||
           stats.term_freq > 0;
}

static void
add_warning(struct looking *at, size_t *capacity, const sp_pin *pin)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_run_report *report = at->run->report;
    const sp_warning_options *options = &at->run->options->warnings;
    sp_str_append_text(&text, "the index has no page or resource ");
    sp_str_append(&text, pin->typed);
    sp_warning warning = {.kind = SP_MISSING_PIN,
                          .error = sp_warning_is_error(options, SP_MISSING_PIN),
                          .path = sp_arena_copy(&report->arena, pin->path),
                          .line = pin->line,
                          .column = pin->column,
                          .text = sp_arena_copy_str(&report->arena, &text)};
    sp_warning *all = sp_arena_grow(&report->arena, report->warnings, capacity,
                                    report->warning_count + 1, sizeof *all);
    if (!all)
        return;
    report->warnings = all;
    all[report->warning_count++] = warning;
    report->fatal_warning_count += warning.error;
}

/* The warnings that there are were made to measure. */
static enum sp_status
look(struct looking *at, sp_error *err)
{
    const sp_pins *pins = &at->run->pins;
    sp_run_report *report = at->run->report;
    size_t capacity = report->warning_count;
    for (size_t i = 0; i < pins->count; i++) {
        if (!has_target(at, pins->items[i].target))
            add_warning(at, &capacity, &pins->items[i]);
    }
    return sp_arena_check(&report->arena, err);
}

enum sp_status
sp_run_list_missing_pins(struct sp_run *run, sp_error *err)
{
    struct looking at = {.run = run};
    const sp_run_options *options = run->options;
    if (options->dry_run || run->pins.count == 0 || !options->warnings.on[SP_MISSING_PIN])
        return SP_OK;
    if (xc_reader_open(options->index, &at.reader, NULL) != XC_OK)
        return SP_OK;
    enum sp_status status = look(&at, err);
    xc_reader_close(at.reader);
    sp_str_done(&at.term);
    return status;
}
