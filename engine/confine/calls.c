// SPDX-License-Identifier: GPL-2.0-or-later
/* seccomp(2), by libseccomp. */
#define _GNU_SOURCE /* CLONE_THREAD */
#include <signpost/confine.h>

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/socket.h>
#include <sys/syscall.h>

/* Names, because some systems do not have all of these calls. The names that end in digits are
   those of 32-bit systems. */
static const char *const always[] = {
    /* programs and processes; see also refuse_processes */
    "execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev",
    "pidfd_getfd", "kcmp", "process_madvise", "process_mrelease",
    /* a second way to the calls of this list */
    "io_uring_setup", "io_uring_enter", "io_uring_register", "personality", "modify_ldt",
    /* parts of the kernel that a search never needs */
    "bpf", "perf_event_open", "userfaultfd", "keyctl", "add_key", "request_key", "fanotify_init",
    "name_to_handle_at", "open_by_handle_at", "vmsplice", "mbind", "migrate_pages", "move_pages",
    /* namespaces and mounts */
    "unshare", "setns", "chroot", "pivot_root", "mount", "umount", "umount2", "move_mount",
    "open_tree", "open_tree_attr", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr",
    "statmount", "listmount", "listns",
    /* administration */
    "acct", "adjtimex", "clock_adjtime", "clock_adjtime64", "clock_settime", "clock_settime64",
    "settimeofday", "stime", "delete_module", "finit_module", "init_module", "ioperm", "iopl",
    "kexec_file_load", "kexec_load", "quotactl", "quotactl_fd", "reboot", "sethostname",
    "setdomainname", "swapon", "swapoff", "syslog", "vhangup", "lookup_dcookie",
    /* identity */
    "setuid", "setuid32", "setgid", "setgid32", "setreuid", "setreuid32", "setregid", "setregid32",
    "setresuid", "setresuid32", "setresgid", "setresgid32", "setfsuid", "setfsuid32", "setfsgid",
    "setfsgid32", "setgroups", "setgroups32", "capset", "lsm_set_self_attr"};

/* Changes of files that Landlock does not restrict, or only in newer versions, or not if the file
   was opened before. */
static const char *const changes[] = {
    /* attributes */
    "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "chown32", "fchown", "fchown32", "lchown",
    "lchown32", "fchownat", "setxattr", "lsetxattr", "fsetxattr", "setxattrat", "removexattr",
    "lremovexattr", "fremovexattr", "removexattrat", "file_setattr",
    /* times */
    "utime", "utimes", "futimesat", "utimensat", "utimensat_time64",
    /* sizes */
    "truncate", "truncate64", "ftruncate", "ftruncate64", "fallocate"};

static const char *const listening[] = {"bind", "listen"};

/* Calls that libseccomp 2.5 does not know. These numbers are the same on all machines, except that
   some add a constant to all of them. */
static const struct {
    const char *name;
    int number;
} newer[] = {{"fchmodat2", 452},    {"statmount", 457},     {"listmount", 458},
             {"setxattrat", 463},   {"removexattrat", 466}, {"open_tree_attr", 467},
             {"file_setattr", 469}, {"listns", 470},        {"lsm_set_self_attr", 460}};
#define ADDED (SYS_landlock_create_ruleset - 444)

static int
number_of(const char *name)
{
    int number = seccomp_syscall_resolve_name(name);
    for (size_t i = 0; number == __NR_SCMP_ERROR && i < sizeof newer / sizeof *newer; i++) {
        if (strcmp(newer[i].name, name) == 0)
            number = newer[i].number + ADDED;
    }
    return number;
}

static bool
refuse(scmp_filter_ctx filter, const char *name)
{
    int call = number_of(name);
    return call == __NR_SCMP_ERROR || seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0) == 0;
}

static bool
refuse_all(scmp_filter_ctx filter, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!refuse(filter, names[i]))
            return false;
    }
    return true;
}

#define REFUSE_ALL(filter, names) refuse_all(filter, names, sizeof(names) / sizeof *(names))

/* Which argument of clone has the flags. */
#ifdef __s390__
#define CLONE_FLAGS 1
#else
#define CLONE_FLAGS 0
#endif

/* Refuses clone if these of its flags have this value. */
static bool
refuse_clone(scmp_filter_ctx filter, scmp_datum_t flags, scmp_datum_t value)
{
    return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                            SCMP_CMP(CLONE_FLAGS, SCMP_CMP_MASKED_EQ, flags, value)) == 0;
}

/* Refuses new processes, and new threads in a namespace of their own, but not new threads. A filter
   cannot read the arguments of clone3, because they are in memory; if the kernel does not know
   clone3, glibc calls clone. */
static bool
refuse_processes(scmp_filter_ctx filter)
{
    static const scmp_datum_t namespaces[] = {CLONE_NEWNS,  CLONE_NEWCGROUP, CLONE_NEWUTS,
                                              CLONE_NEWIPC, CLONE_NEWUSER,   CLONE_NEWPID,
                                              CLONE_NEWNET};
    bool good = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 &&
                refuse_clone(filter, CLONE_THREAD, 0);
    for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces; i++)
        good = good && refuse_clone(filter, namespaces[i], namespaces[i]);
    return good;
}

/* Refuses new sockets, except Unix sockets, which messages to the service manager need, and
   connecting any socket, which a flag of the calls that send does, too. */
static bool
refuse_sockets(scmp_filter_ctx filter)
{
    const uint32_t no = SCMP_ACT_ERRNO(EPERM);
    const scmp_datum_t flag = MSG_FASTOPEN;
    return refuse(filter, "connect") &&
           seccomp_rule_add(filter, no, SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_NE, AF_UNIX, 0)) ==
               0 &&
           seccomp_rule_add(filter, no, SCMP_SYS(sendto), 1,
                            SCMP_A3(SCMP_CMP_MASKED_EQ, flag, flag)) == 0 &&
           seccomp_rule_add(filter, no, SCMP_SYS(sendmsg), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, flag, flag)) == 0 &&
           seccomp_rule_add(filter, no, SCMP_SYS(sendmmsg), 1,
                            SCMP_A3(SCMP_CMP_MASKED_EQ, flag, flag)) == 0;
}

static bool
fill(scmp_filter_ctx filter, enum sp_confined_calls calls)
{
    /* A tree (2) finds a call's number in a few steps. The kernel remembers which calls are always
       allowed, but runs the filter at each call that sends a response, whose flags are examined. */
    bool good = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2) == 0;
    /* Calls of other machine types, such as x32, fail, too. */
    good = good && seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(EPERM)) == 0;
    good = good && REFUSE_ALL(filter, always) && refuse_processes(filter);
    if (calls != SP_CALLS_NO_PROGRAMS)
        good = good && REFUSE_ALL(filter, changes) && REFUSE_ALL(filter, listening);
    if (calls == SP_CALLS_NO_SOCKETS)
        good = good && refuse_sockets(filter);
    return good;
}

enum sp_confined
sp_confine_calls(enum sp_confined_calls calls)
{
    scmp_filter_ctx filter = sp_confine_is_built() ? seccomp_init(SCMP_ACT_ALLOW) : NULL;
    bool good = filter && fill(filter, calls) && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return good ? SP_CONFINED : SP_NOT_CONFINED;
}

bool
sp_confine_is_built(void)
{
#ifdef SIGNPOST_NOT_CONFINED
    return false;
#else
    return true;
#endif
}
