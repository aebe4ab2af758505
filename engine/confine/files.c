// SPDX-License-Identifier: GPL-2.0-or-later
/* Landlock, by its system calls (landlock(7)), because glibc has no functions for them. */
#define _GNU_SOURCE /* syscall, O_PATH */
#include <signpost/confine.h>

#include "engine/base/file.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's headers of Debian 12 know version 2 of the interface only. Each constant is the
   kernel's. */
#define FS_TRUNCATE (1ULL << 14)  /* since version 3 */
#define FS_IOCTL_DEV (1ULL << 15) /* since version 5 */
#define NET_BIND_TCP 1ULL         /* since version 4 */
#define NET_CONNECT_TCP 2ULL
#define SCOPE_SIGNAL 2ULL /* since version 6 */
#define FS_VERSION_1 ((1ULL << 13) - 1)
#define NEWEST 6 /* the newest version whose rights are restricted here */

/* What older versions do not restrict. */
static const char *const missing_from[NEWEST] = {
    [1] = "truncating files, TCP ports, controlling devices and sending signals",
    [2] = "truncating files, TCP ports, controlling devices and sending signals",
    [3] = "TCP ports, controlling devices and sending signals",
    [4] = "controlling devices and sending signals",
    [5] = "sending signals"};

struct ruleset {
    uint64_t fs;
    uint64_t net;    /* since version 4 */
    uint64_t scoped; /* since version 6 */
};

static long
version(void)
{
    return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

static int
create(long version, bool connects, struct ruleset *rules)
{
    rules->fs = FS_VERSION_1;
    rules->fs |= version >= 2 ? LANDLOCK_ACCESS_FS_REFER : 0;
    rules->fs |= version >= 3 ? FS_TRUNCATE : 0;
    rules->fs |= version >= 5 ? FS_IOCTL_DEV : 0;
    rules->net = NET_BIND_TCP | (connects ? 0 : NET_CONNECT_TCP);
    rules->scoped = SCOPE_SIGNAL;
    size_t members = version >= 6 ? 3 : version >= 4 ? 2 : 1;
    return (int)syscall(SYS_landlock_create_ruleset, rules, members * sizeof(uint64_t), 0);
}

static uint64_t
rights_of(unsigned access, bool folder)
{
    uint64_t rights = 0;
    if (access & SP_MAY_READ)
        rights |= LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
    if (access & SP_MAY_APPEND)
        rights |= LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG;
    if (access & SP_MAY_REMOVE)
        rights |= LANDLOCK_ACCESS_FS_REMOVE_FILE;
    if (!folder)
        rights &= LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE;
    return rights;
}

static bool
add(int ruleset, const sp_confined_path *allowed)
{
    struct stat stat;
    int fd = open(allowed->path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return true;
    bool good = fstat(fd, &stat) == 0;
    struct landlock_path_beneath_attr rule = {.parent_fd = fd};
    if (good)
        rule.allowed_access = rights_of(allowed->access, S_ISDIR(stat.st_mode));
    if (rule.allowed_access != 0) /* the kernel refuses a rule that allows nothing */
        good = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
    sp_close(fd);
    return good;
}

enum sp_confined
sp_confine_files(const sp_confined_path *paths, size_t count, bool connects, const char **missing)
{
    struct ruleset rules = {0};
    long newest = version();
    if (!sp_confine_is_built() || newest < 1)
        return SP_NOT_SUPPORTED;
    int ruleset = create(newest, connects, &rules);
    bool good = ruleset >= 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
    for (size_t i = 0; good && i < count; i++)
        good = add(ruleset, &paths[i]);
    good = good && syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    if (ruleset >= 0)
        sp_close(ruleset);
    if (!good)
        return SP_NOT_CONFINED;
    *missing = newest < NEWEST ? missing_from[newest] : NULL;
    return newest < NEWEST ? SP_CONFINED_PARTLY : SP_CONFINED;
}
