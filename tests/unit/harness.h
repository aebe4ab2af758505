// SPDX-License-Identifier: GPL-2.0-or-later
/* What every unit test includes: cmocka with what it wants before it, and comparisons of bytes
   and numbers that show both sides when they differ. */
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
    if (!(fabs(actual - expected) <= within)) { /* not a number is near nothing */
        print_error("actual:   %.9g\nexpected: %.9g\n", actual, expected);
        _fail(file, line);
    }
}

#define assert_near(actual, expected, within)                                                      \
    harness_assert_near(actual, expected, within, __FILE__, __LINE__)
#define assert_bytes(actual, expected) harness_assert_bytes(actual, expected, __FILE__, __LINE__)
#define assert_str(actual, expected) assert_bytes(sp_str_bytes(&(actual)), expected)

#endif
