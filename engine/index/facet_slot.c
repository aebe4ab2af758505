// SPDX-License-Identifier: GPL-2.0-or-later
#include "facet_slot.h"

#include <signpost/analyzer.h>
#include <signpost/schema.h>
#include <signpost/values.h>

#define YEAR_DIGITS 4

/* Appends a value; control characters, which include the separators, become spaces. */
static void
append_value(sp_str *out, sp_bytes value)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.data[i];
        sp_str_append_char(out, c < ' ' ? ' ' : (char)c);
    }
}

static bool
folds_like_earlier(const sp_bytes *values, uint32_t index, sp_str *out)
{
    SP_AUTO(sp_str_done) sp_str own = {0};
    SP_AUTO(sp_str_done) sp_str other = {0};
    sp_fold_append(&own, values[index]);
    bool found = own.len == 0;
    for (uint32_t i = 0; !found && i < index; i++) {
        sp_str_clear(&other);
        sp_fold_append(&other, values[i]);
        found = sp_bytes_equal(sp_str_bytes(&own), sp_str_bytes(&other));
    }
    out->failed |= own.failed || other.failed;
    return found;
}

/* Tags (or categories) that are equal when folded are one value; a document counts once for it. */
static void
append_list(sp_str *out, const sp_bytes *values, uint32_t count)
{
    bool first = true;
    sp_str_append_char(out, SP_FACET_GAP);
    for (uint32_t i = 0; i < count; i++) {
        if (folds_like_earlier(values, i, out))
            continue;
        if (!first)
            sp_str_append_char(out, SP_FACET_COMMA);
        append_value(out, values[i]);
        first = false;
    }
}

void
sp_facet_slot_append(const sp_record *record, sp_str *out)
{
    sp_str_append_text(out, sp_kind_names[record->kind]);
    sp_str_append_char(out, SP_FACET_GAP);
    append_value(out, record->lang);
    for (uint32_t i = 0; i < record->view_count; i++) {
        sp_str_append_char(out, SP_FACET_COMMA);
        append_value(out, record->views[i].lang);
    }
    sp_str_append_char(out, SP_FACET_GAP);
    if (record->date.len >= YEAR_DIGITS)
        append_value(out, sp_bytes_slice(record->date, 0, YEAR_DIGITS));
    append_list(out, record->tags, record->tag_count);
    append_list(out, record->categories, record->category_count);
}
