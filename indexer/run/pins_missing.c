// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_private.h"

#include <xapian-c.h>

struct lookup_context {
    xc_reader *reader;
    sp_str term;
};

static bool
has_target(struct lookup_context *lookup, sp_bytes target)
{
    xc_term_stats stats;
    sp_term_make(&lookup->term, SP_PREFIX_URL, target);
    if (lookup->term.len == 0)
        return lookup->term.failed; /* no warning about a target that cannot be looked up */
    return xc_reader_term(lookup->reader, (xc_bytes){lookup->term.data, lookup->term.len}, &stats,
                          NULL) != XC_OK ||
           stats.term_freq > 0;
}

static void
add_warning(struct sp_run_warnings *warnings, size_t *capacity, const sp_pin *pin, bool is_error)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_str_append_text(&text, "the index has no page or resource ");
    sp_str_append(&text, pin->typed);
    sp_warning warning = {.kind = SP_MISSING_PIN,
                          .error = is_error,
                          .path = sp_arena_copy(warnings->arena, pin->path),
                          .line = pin->line,
                          .column = pin->column,
                          .text = sp_arena_copy_str(warnings->arena, &text)};
    sp_warning *all =
        sp_arena_grow(warnings->arena, warnings->items, capacity, warnings->count + 1, sizeof *all);
    if (!all)
        return;
    warnings->items = all;
    all[warnings->count++] = warning;
    warnings->error_count += is_error;
}

enum sp_status
sp_run_warn_of_missing_pins(const struct sp_run_inputs *inputs, struct sp_run_warnings *warnings,
                            sp_error *err)
{
    struct lookup_context lookup = {0};
    const sp_run_options *options = inputs->options;
    const sp_pins *pins = &inputs->pins;
    bool is_error = sp_warning_is_error(&options->warnings, SP_MISSING_PIN);
    size_t capacity = warnings->count; /* the array of sp_site_checks_finish is full */
    if (options->dry_run || pins->count == 0 || !options->warnings.on[SP_MISSING_PIN])
        return SP_OK;
    if (xc_reader_open(options->index, &lookup.reader, NULL) != XC_OK)
        return SP_OK;
    for (size_t i = 0; i < pins->count; i++) {
        if (!has_target(&lookup, pins->items[i].target))
            add_warning(warnings, &capacity, &pins->items[i], is_error);
    }
    xc_reader_close(lookup.reader);
    sp_str_done(&lookup.term);
    return sp_arena_check(warnings->arena, err);
}
