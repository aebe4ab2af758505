// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tells clang-tidy and gcc's -fanalyzer that the functions that report a failure never return SP_OK
 * or true, so that they do not report code that only runs after a success. The analyzers include
 * this header before each file that uses these functions.
 */
#ifndef SIGNPOST_TESTS_ANALYSIS_FAILURES_H
#define SIGNPOST_TESTS_ANALYSIS_FAILURES_H

#include "engine/base/lines.h"
#include "engine/index/xapian.h"
#include "searchd/problem.h"
#include <signpost/error.h>

static inline enum sp_status
sp_failed(enum sp_status status)
{
    if (status == SP_OK)
        __builtin_unreachable();
    return status;
}

static inline bool
sp_refused(bool good)
{
    if (good)
        __builtin_unreachable();
    return good;
}

#define sp_fail(...) sp_failed(sp_fail(__VA_ARGS__))
#define sp_fail_at(...) sp_failed(sp_fail_at(__VA_ARGS__))
#define sp_fail_errno(...) sp_failed(sp_fail_errno(__VA_ARGS__))
#define sp_fail_xapian(...) sp_failed(sp_fail_xapian(__VA_ARGS__))
#define sp_line_fail(...) sp_failed(sp_line_fail(__VA_ARGS__))
#define sp_problem_set(...) sp_refused(sp_problem_set(__VA_ARGS__))
#define sp_problem_parameter(...) sp_refused(sp_problem_parameter(__VA_ARGS__))

#endif
