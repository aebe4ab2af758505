// SPDX-License-Identifier: GPL-2.0-or-later
#include "document_dates.h"

#include <signpost/ascii.h>
#include <signpost/schema.h>

#include <stdio.h>

static void
set_slot(sp_postings *postings, uint32_t slot, unsigned long number)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%08lu", number);
    sp_postings_set(postings, slot, (sp_bytes){digits, (size_t)len});
}

/* Returns the date as a number, YYYYMMDD; 0 without a date. date: "YYYY-MM-DD" or empty. */
static unsigned long
date_number(sp_bytes date)
{
    unsigned long number = 0;
    for (size_t i = 0; i < date.len; i++) {
        if (sp_ascii_is_digit(date.data[i]))
            number = number * 10 + (unsigned long)(date.data[i] - '0');
    }
    return number > 99999999 ? 0 : number;
}

static void
add_date(sp_postings *postings, sp_bytes date)
{
    unsigned long number = date_number(date);
    if (number == 0)
        return;
    set_slot(postings, SP_SLOT_DATE, number);
    set_slot(postings, SP_SLOT_AGE, 99999999 - number);
}

/* Adds the value that orders documents: newest first, then posts before resources, then by id, so
   that the order of documents does not depend on the order in which they were added. */
static void
add_order(sp_postings *postings, const sp_record *record, sp_bytes unique)
{
    SP_AUTO(sp_str_done) sp_str order = {0};
    unsigned long age = 99999999 - date_number(record->date);
    sp_term_make(&order, record->kind == SP_KIND_POST ? "p" : "r", unique);
    SP_AUTO(sp_str_done) sp_str value = {0};
    sp_str_append_format(&value, "%08lu", age);
    sp_str_append(&value, sp_str_bytes(&order));
    postings->no_memory |= order.failed || value.failed;
    sp_postings_set(postings, SP_SLOT_ORDER, sp_str_bytes(&value));
}

void
sp_document_add_dates(sp_postings *postings, const sp_record *record, sp_bytes unique)
{
    add_date(postings, record->date);
    add_order(postings, record, unique);
}
