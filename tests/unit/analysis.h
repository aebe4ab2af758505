// SPDX-License-Identifier: GPL-2.0-or-later
/* Creates analyzers and tokens; the test fails if that fails. */
#ifndef SIGNPOST_TESTS_UNIT_ANALYSIS_H
#define SIGNPOST_TESTS_UNIT_ANALYSIS_H

#include "harness.h"

#include <signpost/analyzer.h>

static inline sp_analyzer *
analyzer_of(sp_bytes language)
{
    sp_analyzer *analyzer = NULL;
    assert_int_equal(sp_analyzer_new(language, &analyzer, NULL), SP_OK);
    return analyzer;
}

static inline sp_tokens
tokens_of(sp_analyzer *analyzer, sp_bytes text)
{
    sp_tokens tokens = {0};
    assert_int_equal(sp_analyze(analyzer, text, &tokens, NULL), SP_OK);
    return tokens;
}

#endif
