// SPDX-License-Identifier: GPL-2.0-or-later
/* seccomp(2), by libseccomp. */
#include <signpost/confine.h>

#include <errno.h>
#include <seccomp.h>
#include <sys/socket.h>

/* Names, because some systems do not have all of these calls. */
static const char *const always[] = {
    /* programs and processes */
    "execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev",
    "pidfd_getfd", "kcmp", "process_madvise",
    /* a second way to the calls of this list */
    "io_uring_setup", "io_uring_enter", "io_uring_register", "personality", "modify_ldt",
    /* parts of the kernel that a search never needs */
    "bpf", "perf_event_open", "userfaultfd", "keyctl", "add_key", "request_key", "fanotify_init",
    "name_to_handle_at", "open_by_handle_at", "vmsplice", "mbind", "migrate_pages", "move_pages",
    /* namespaces and mounts */
    "unshare", "setns", "chroot", "pivot_root", "mount", "umount2", "move_mount", "open_tree",
    "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr",
    /* administration */
    "acct", "adjtimex", "clock_adjtime", "clock_settime", "settimeofday", "delete_module",
    "finit_module", "init_module", "ioperm", "iopl", "kexec_file_load", "kexec_load", "quotactl",
    "quotactl_fd", "reboot", "sethostname", "setdomainname", "swapon", "swapoff", "syslog",
    "vhangup", "lookup_dcookie",
    /* identity */
    "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid",
    "setgroups", "capset"};

/* Landlock does not restrict these. */
static const char *const attributes[] = {
    "chmod",    "fchmod",    "fchmodat",  "chown",       "fchown",       "lchown",      "fchownat",
    "setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr"};

static const char *const listening[] = {"bind", "listen"};

static bool
refuse(scmp_filter_ctx filter, const char *name)
{
    int call = seccomp_syscall_resolve_name(name);
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

/* Refuses new sockets, except Unix sockets, which messages to the service manager need, and
   connecting any socket. */
static bool
refuse_sockets(scmp_filter_ctx filter)
{
    return refuse(filter, "connect") &&
           seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1,
                            SCMP_A0(SCMP_CMP_NE, AF_UNIX, 0)) == 0;
}

static bool
fill(scmp_filter_ctx filter, enum sp_confined_calls calls)
{
    /* Calls of other machine types, such as x32, fail, too. */
    bool good = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(EPERM)) == 0 &&
                REFUSE_ALL(filter, always);
    if (calls != SP_CALLS_NO_PROGRAMS)
        good = good && REFUSE_ALL(filter, attributes) && REFUSE_ALL(filter, listening);
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
