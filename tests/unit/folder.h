// SPDX-License-Identifier: GPL-2.0-or-later
/* A temporary folder for a test, and files in it. */
#ifndef SIGNPOST_TESTS_UNIT_FOLDER_H
#define SIGNPOST_TESTS_UNIT_FOLDER_H

#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FOLDER_MAX 64 /* bytes of the path of a temporary folder, with the NUL */

/* Returns 0, or -1 on failure, as a set-up function of cmocka does. */
static inline int
make_folder(char folder[FOLDER_MAX])
{
    snprintf(folder, FOLDER_MAX, "/tmp/signpost-test.XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static inline int
remove_folder(const char *folder)
{
    char command[FOLDER_MAX + 16];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command); // NOLINT(cert-env33-c): the folder is the test's own
}

static inline void
put_file(const char *path, sp_bytes content)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(content.data, 1, content.len, file), content.len);
    assert_int_equal(fclose(file), 0);
}

/* Asserts that a path is that of a file in the folder. */
static inline void
assert_below(const char *folder, const char *path, const char *name)
{
    char expected[FOLDER_MAX + 64];
    snprintf(expected, sizeof expected, "%s/%s", folder, name);
    assert_string_equal(path, expected);
}

#endif
