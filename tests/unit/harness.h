// SPDX-License-Identifier: GPL-2.0-or-later
/* Included by every unit test: cmocka with the headers that it requires, and assertions that print
   both values if they differ. */
#ifndef SIGNPOST_TESTS_UNIT_HARNESS_H
#define SIGNPOST_TESTS_UNIT_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include <signpost/text.h>

static inline void
harness_assert_bytes(sp_bytes actual, const char *expected, const char *file, int line)
{
    if (!sp_bytes_equal(actual, sp_bytes_of(expected))) {
        print_error("actual:   %.*s\nexpected: %s\n", (int)actual.len, actual.data, expected);
        _fail(file, line);
    }
}

static inline void
harness_assert_near(double actual, double expected, double within, const char *file, int line)
{
    if (!(fabs(actual - expected) <= within)) { /* NaN is near no number */
        print_error("actual:   %.9g\nexpected: %.9g\n", actual, expected);
        _fail(file, line);
    }
}

#define assert_near(actual, expected, within)                                                      \
    harness_assert_near(actual, expected, within, __FILE__, __LINE__)
#define assert_bytes(actual, expected) harness_assert_bytes(actual, expected, __FILE__, __LINE__)
#define assert_str(actual, expected) assert_bytes(sp_str_bytes(&(actual)), expected)

#endif
