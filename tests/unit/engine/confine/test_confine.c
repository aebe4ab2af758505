// SPDX-License-Identifier: GPL-2.0-or-later
/* What is asked of the kernel, of each version and where a call fails. The kernel is simulated by
   the linker's --wrap, because nothing can lift real restrictions. */

#include "harness.h"

#include <signpost/confine.h>

#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define READ_FOLDER (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define REFUSED_MAX 256

static struct kernel {
    long version;
    int fail_at; /* the call that fails, counted from 1; 0: none */
    int calls;
    bool restricted;
    int ruleset;
    size_t size; /* of the attributes */
    uint64_t attributes[3];
    uint64_t allowed[4];
    int rules;
    int refused[REFUSED_MAX];
    int refused_count;
} kernel;

static bool
fails(void)
{
    return ++kernel.calls == kernel.fail_at;
}

int __wrap_prctl(int option, ...);
long __wrap_syscall(long number, ...);
int __wrap_seccomp_attr_set(scmp_filter_ctx filter, enum scmp_filter_attr attr, uint32_t value);
int __wrap_seccomp_rule_add(scmp_filter_ctx filter, uint32_t action, int number, unsigned count,
                            ...);
int __wrap_seccomp_load(scmp_filter_ctx filter);

int
__wrap_prctl(int option, ...)
{
    (void)option;
    return fails() ? -1 : 0;
}

static long
create_ruleset(const uint64_t *attributes, size_t size)
{
    if (!attributes)
        return kernel.version;
    if (fails())
        return -1;
    assert_true(size <= sizeof kernel.attributes);
    memcpy(kernel.attributes, attributes, size);
    kernel.size = size;
    kernel.ruleset = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return kernel.ruleset;
}

long
__wrap_syscall(long number, ...)
{
    va_list args;
    va_start(args, number);
    long result = -1;
    if (number == SYS_landlock_create_ruleset) {
        const uint64_t *attributes = va_arg(args, const uint64_t *);
        result = create_ruleset(attributes, attributes ? va_arg(args, size_t) : 0);
    } else if (number == SYS_landlock_add_rule && !fails()) {
        (void)va_arg(args, int);
        (void)va_arg(args, int);
        const struct landlock_path_beneath_attr *rule = va_arg(args, const void *);
        if (rule->allowed_access != 0) { /* as the kernel does */
            kernel.allowed[kernel.rules++] = rule->allowed_access;
            result = 0;
        }
    } else if (number == SYS_landlock_restrict_self && !fails()) {
        kernel.restricted = true;
        result = 0;
    }
    va_end(args);
    return result;
}

int
__wrap_seccomp_attr_set(scmp_filter_ctx filter, enum scmp_filter_attr attr, uint32_t value)
{
    assert_non_null(filter);
    assert_true(attr == SCMP_FLTATR_ACT_BADARCH || attr == SCMP_FLTATR_CTL_OPTIMIZE);
    assert_true(attr != SCMP_FLTATR_ACT_BADARCH || value != SCMP_ACT_ALLOW);
    return fails() ? -1 : 0;
}

int
__wrap_seccomp_rule_add(scmp_filter_ctx filter, uint32_t action, int number, unsigned count, ...)
{
    (void)filter;
    (void)count;
    assert_true(action != SCMP_ACT_ALLOW);
    assert_true(kernel.refused_count < REFUSED_MAX);
    kernel.refused[kernel.refused_count++] = number;
    return fails() ? -1 : 0;
}

int
__wrap_seccomp_load(scmp_filter_ctx filter)
{
    assert_non_null(filter);
    if (fails())
        return -1;
    kernel.restricted = true;
    return 0;
}

static const char *missing;

static enum sp_confined
confine_files(long version, int fail_at, bool connects)
{
    const sp_confined_path paths[] = {{"/", SP_MAY_READ},
                                      {"/no/such/file", SP_MAY_READ},
                                      {"/dev/null", SP_MAY_READ | SP_MAY_APPEND},
                                      {"/dev/null", SP_MAY_REMOVE}, /* of a folder only */
                                      {"/", SP_MAY_APPEND | SP_MAY_REMOVE}};
    kernel = (struct kernel){.version = version, .fail_at = fail_at, .ruleset = -1};
    missing = NULL;
    return sp_confine_files(paths, sizeof paths / sizeof *paths, connects, &missing);
}

static void
test_each_kernel_gets_what_it_knows(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 8, 8, 8, 16, 16, 24, 24};
    static const uint64_t newer[] = {0, 0, 1, 3, 3, 7, 7, 7}; /* refer, truncate, devices */
    if (!sp_confine_is_built())
        skip();
    for (long version = 1; version < 8; version++) {
        assert_int_equal(confine_files(version, 0, false),
                         version < 6 ? SP_CONFINED_PARTLY : SP_CONFINED);
        assert_true(kernel.restricted);
        assert_int_equal(missing != NULL, version < 6);
        assert_int_equal(missing && strstr(missing, "truncating"), version < 3);
        assert_int_equal(missing && strstr(missing, "TCP ports"), version < 4);
        assert_int_equal(missing && strstr(missing, "devices"), version < 5);
        assert_int_equal(missing && strstr(missing, "signals"), version < 6);
        assert_int_equal(kernel.size, sizes[version]);
        assert_int_equal(kernel.attributes[0], newer[version] << 13 | 0x1FFF);
        assert_int_equal(kernel.attributes[1], version < 4 ? 0 : 3);
        assert_int_equal(kernel.attributes[2], version < 6 ? 0 : 2);
        assert_int_equal(fcntl(kernel.ruleset, F_GETFD), -1); /* closed */
    }
    assert_int_equal(confine_files(6, 0, true), SP_CONFINED);
    assert_int_equal(kernel.attributes[1], 1); /* connecting is not restricted */
}

static void
test_only_what_is_listed_is_allowed(void **state)
{
    (void)state;
    if (!sp_confine_is_built())
        skip();
    assert_int_equal(confine_files(6, 0, false), SP_CONFINED);
    assert_int_equal(kernel.rules, 3); /* one file does not exist, one rule allows nothing */
    assert_int_equal(kernel.allowed[0], READ_FOLDER);
    assert_int_equal(kernel.allowed[1],
                     LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE);
    assert_int_equal(kernel.allowed[2], LANDLOCK_ACCESS_FS_WRITE_FILE |
                                            LANDLOCK_ACCESS_FS_MAKE_REG |
                                            LANDLOCK_ACCESS_FS_REMOVE_FILE);
}

static void
test_files_are_not_confined_if_any_call_fails(void **state)
{
    (void)state;
    if (!sp_confine_is_built())
        skip();
    for (long version = -1; version < 1; version++) {
        assert_int_equal(confine_files(version, 0, false), SP_NOT_SUPPORTED);
        assert_int_equal(kernel.calls, 0);
    }
    assert_int_equal(confine_files(6, 0, false), SP_CONFINED);
    int calls = kernel.calls;
    assert_int_equal(calls, 6); /* a ruleset, no new privileges, three rules, the restriction */
    for (int fail_at = 1; fail_at <= calls; fail_at++) {
        assert_int_equal(confine_files(6, fail_at, false), SP_NOT_CONFINED);
        assert_int_equal(kernel.calls, fail_at);
        assert_false(kernel.restricted);
        assert_int_equal(fcntl(kernel.ruleset, F_GETFD), -1);
    }
}

static bool
refuses_number(int number)
{
    for (int i = 0; i < kernel.refused_count; i++) {
        if (kernel.refused[i] == number)
            return true;
    }
    return false;
}

static bool
refuses(const char *name)
{
    return refuses_number(seccomp_syscall_resolve_name(name));
}

/* fchmodat2, setxattrat, removexattrat, file_setattr */
static bool
refuses_newer(void)
{
    const int first = SYS_landlock_create_ruleset - 444;
    return refuses_number(first + 452) && refuses_number(first + 463) &&
           refuses_number(first + 466) && refuses_number(first + 469);
}

static void
test_each_kind_refuses_its_calls(void **state)
{
    (void)state;
    static const enum sp_confined_calls kinds[] = {SP_CALLS_NO_PROGRAMS, SP_CALLS_NO_SOCKETS,
                                                   SP_CALLS_CLIENT};
    if (!sp_confine_is_built())
        skip();
    for (int i = 0; i < 3; i++) {
        kernel = (struct kernel){0};
        assert_int_equal(sp_confine_calls(kinds[i]), SP_CONFINED);
        assert_true(kernel.restricted);
        assert_true(refuses("execve") && refuses("ptrace") && refuses("capset"));
        assert_false(refuses("openat") || refuses("accept4") || refuses("write"));
        assert_true(refuses("clone") && refuses("clone3") && refuses("open_tree"));
        assert_false(refuses_number(__NR_SCMP_ERROR));
        assert_int_equal(refuses("chmod") && refuses("fremovexattr"), i > 0);
        assert_int_equal(refuses("truncate") && refuses("ftruncate"), i > 0);
        assert_int_equal(refuses_newer(), i > 0);
        assert_int_equal(refuses("bind") && refuses("listen"), i > 0);
        assert_int_equal(refuses("connect") && refuses("socket"), i == 1);
        assert_int_equal(refuses("connect") || refuses("socket"), i == 1);
        assert_int_equal(refuses("sendto") && refuses("sendmsg") && refuses("sendmmsg"), i == 1);
    }
}

static void
test_calls_are_not_confined_if_any_rule_fails(void **state)
{
    (void)state;
    if (!sp_confine_is_built())
        skip();
    for (int kind = SP_CALLS_NO_PROGRAMS; kind <= SP_CALLS_CLIENT; kind++) {
        kernel = (struct kernel){0};
        assert_int_equal(sp_confine_calls((enum sp_confined_calls)kind), SP_CONFINED);
        int calls = kernel.calls;
        for (int fail_at = 1; fail_at <= calls; fail_at++) {
            kernel = (struct kernel){.fail_at = fail_at};
            assert_int_equal(sp_confine_calls((enum sp_confined_calls)kind), SP_NOT_CONFINED);
            assert_int_equal(kernel.calls, fail_at);
            assert_false(kernel.restricted);
        }
    }
}

static void
test_a_build_that_is_not_confined_says_so(void **state)
{
    (void)state;
    if (sp_confine_is_built())
        skip();
    assert_int_equal(confine_files(6, 0, false), SP_NOT_SUPPORTED);
    assert_int_equal(sp_confine_calls(SP_CALLS_NO_SOCKETS), SP_NOT_CONFINED);
    assert_int_equal(kernel.calls, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_kernel_gets_what_it_knows),
        cmocka_unit_test(test_only_what_is_listed_is_allowed),
        cmocka_unit_test(test_files_are_not_confined_if_any_call_fails),
        cmocka_unit_test(test_each_kind_refuses_its_calls),
        cmocka_unit_test(test_calls_are_not_confined_if_any_rule_fails),
        cmocka_unit_test(test_a_build_that_is_not_confined_says_so)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
