/* What every unit test includes: cmocka with what it wants before it, and comparisons of bytes that
   show both sides when they differ. */
#ifndef SIGNPOST_TESTS_HARNESS_H
#define SIGNPOST_TESTS_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signpost/text.h>

static inline void
harness_assert_bytes(sp_bytes actual, const char *expected, const char *file, int line)
{
    if (!sp_bytes_equal(actual, sp_bytes_of(expected))) {
        print_error("actual:   %.*s\nexpected: %s\n", (int)actual.len, actual.data, expected);
        _fail(file, line);
    }
}

#define assert_bytes(actual, expected) harness_assert_bytes(actual, expected, __FILE__, __LINE__)
#define assert_str(actual, expected) assert_bytes(sp_str_bytes(&(actual)), expected)

#endif
