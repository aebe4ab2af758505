// SPDX-License-Identifier: GPL-2.0-or-later
/* The files and folders that the daemon leaves itself. Nothing is restricted here. */

#include "harness.h"

#include "searchd/confinement.h"

#include <signpost/confine.h>

#include <stdio.h>

static char list[4096]; /* each path with its access, on a line of its own */

/* The test is linked with --wrap for these functions. */
bool __wrap_sp_confine_is_built(void);
enum sp_confined __wrap_sp_confine_files(const sp_confined_path *paths, size_t count, bool connects,
                                         const char **missing);
enum sp_confined __wrap_sp_confine_calls(enum sp_confined_calls calls);

bool
__wrap_sp_confine_is_built(void)
{
    return true;
}

enum sp_confined
__wrap_sp_confine_files(const sp_confined_path *paths, size_t count, bool connects,
                        const char **missing)
{
    size_t used = 0;
    (void)connects, (void)missing;
    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s %u\n", paths[i].path,
                                 paths[i].access);
    return SP_CONFINED;
}

enum sp_confined
__wrap_sp_confine_calls(enum sp_confined_calls calls)
{
    (void)calls;
    return SP_CONFINED;
}

static void
the_folder_of_a_socket_is_left_unless_it_is_the_root(void **state)
{
    static char below_root[] = "/signpost-test.socket", in_folder[] = "/dev/signpost-test.socket";
    const sp_searchd_options options = {0};
    sp_listeners listeners = {.items = {{.path = below_root}, {.path = in_folder}, {.path = NULL}},
                              .count = 3};
    sp_error err;
    (void)state;
    assert_int_equal(sp_searchd_confine(&options, &listeners, &err), SP_OK);
    assert_string_equal(list, "/signpost-test.socket 4\n/dev 4\n/dev/null 1\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_folder_of_a_socket_is_left_unless_it_is_the_root),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
