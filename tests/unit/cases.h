// SPDX-License-Identifier: GPL-2.0-or-later
/* Tables of test cases in a text file. A case is the line `=== name`, the input, the line
   `---8<---`, and the expected output, which ends before the next case. Lines before the first case
   are comments. */
#ifndef SIGNPOST_TESTS_UNIT_CASES_H
#define SIGNPOST_TESTS_UNIT_CASES_H

#include "harness.h"

#include <stdio.h>

static inline void
read_file(sp_str *out, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("cannot read %s", path);
    char buffer[16384];
    for (size_t got; (got = fread(buffer, 1, sizeof buffer, file)) > 0;)
        sp_str_append(out, (sp_bytes){buffer, got});
    fclose(file);
    assert_false(out->failed);
}

struct test_case {
    sp_bytes name, input, expected;
};

/* Removes the next case from the front of *rest and fills *out. Returns false if there are no more
   cases. */
static inline bool
next_case(sp_bytes *rest, struct test_case *out)
{
    static const sp_bytes begin = {"\n=== ", 5}, middle = {"\n---8<---\n", 10};
    size_t start = sp_bytes_find(*rest, begin, 0);
    if (start == SIZE_MAX)
        return false;
    size_t name = start + begin.len;
    size_t input = sp_bytes_find(*rest, SP_LITERAL("\n"), name) + 1;
    size_t cut = sp_bytes_find(*rest, middle, input - 1);
    assert_true(cut != SIZE_MAX);
    size_t expected = cut + middle.len;
    size_t end = sp_bytes_find(*rest, begin, expected - 1);
    if (end == SIZE_MAX)
        end = rest->len - 1;
    out->name = sp_bytes_slice(*rest, name, input - 1);
    out->input = sp_bytes_slice(*rest, input, cut + 1 > input ? cut + 1 : input);
    out->expected = sp_bytes_slice(*rest, expected, end + 1 > expected ? end + 1 : expected);
    *rest = sp_bytes_slice(*rest, end, rest->len);
    return true;
}

#endif
