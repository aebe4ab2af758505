// SPDX-License-Identifier: GPL-2.0-or-later
#include "requirement.h"

#include <signpost/ascii.h>

/* Tolerance of comparisons: greater than the rounding error of a mean of many values. */
#define ROUNDING 1e-9

#define DIGITS_MAX 15

/* Reads digits with at most one point. strtod would accept signs, exponents, "nan", and in some
   locales another decimal point. */
static bool
read_number(sp_bytes text, double *out)
{
    double value = 0, unit = 1;
    bool point = false;
    size_t digits = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        bool digit = sp_ascii_is_digit(c);
        if (!digit && (c != '.' || point))
            return false;
        point |= !digit;
        digits += digit;
        if (digit)
            value = value * 10 + (c - '0');
        if (digit && point)
            unit *= 10;
    }
    *out = value / unit;
    return digits > 0 && digits <= DIGITS_MAX;
}

bool
sp_requirement_read(sp_bytes text, sp_requirement *out)
{
    size_t at = sp_bytes_find(text, SP_LITERAL(">"), 0);
    if (at == SIZE_MAX)
        return false;
    sp_bytes metric = sp_bytes_trim(sp_bytes_slice(text, 0, at));
    sp_bytes number = sp_bytes_slice(text, at + 1, text.len);
    out->above = !sp_bytes_starts_with(number, SP_LITERAL("="));
    if (!out->above)
        number = sp_bytes_slice(number, 1, number.len);
    return sp_metric_read(metric, &out->metric) &&
           read_number(sp_bytes_trim(number), &out->wanted) && out->wanted <= 1;
}

bool
sp_requirement_is_met(const sp_requirement *requirement, double reached)
{
    double wanted = requirement->wanted;
    return requirement->above ? reached > wanted + ROUNDING : reached >= wanted - ROUNDING;
}
