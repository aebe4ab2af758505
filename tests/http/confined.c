// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A process that is confined as searchd is: `confined OPTION...` takes searchd's options. `confined
 * indexer` is confined as indexer is. Exit status 77 if this build confines nothing. Then it reads
 * attempts from standard input, one a line, such as "read PATH", makes each, and prints "ok" or the
 * error.
 */
#include "confinement.h"

#include <signpost/confine.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int
open_and_close(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC, 0600);
    return fd < 0 ? fd : close(fd);
}

static int
append(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    int written = fd < 0 ? fd : (int)write(fd, "x\n", 2);
    return fd < 0 || close(fd) != 0 || written != 2 ? -1 : 0;
}

static int kept_socket; /* made before the process was confined */

/* Connects the kept socket: by connect(), or by sending with `flag`. */
static int
connect_with(const char *port, int flag)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)atoi(port)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct iovec no_bytes = {0};
    struct mmsghdr message = {.msg_hdr = {.msg_name = &address,
                                          .msg_namelen = sizeof address,
                                          .msg_iov = &no_bytes,
                                          .msg_iovlen = 1}};
    const struct sockaddr *to = (const struct sockaddr *)&address;
    if (flag == 0)
        return connect(kept_socket, to, sizeof address);
    if (sendto(kept_socket, "", 0, flag, to, sizeof address) >= 0 || errno != EPERM ||
        sendmsg(kept_socket, &message.msg_hdr, flag) >= 0 || errno != EPERM)
        return 0;
    return sendmmsg(kept_socket, &message, 1, flag) < 0 && errno == EPERM ? -1 : 0;
}

static int
make_socket(int family)
{
    int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return fd < 0 ? fd : close(fd);
}

static int
execute(const char *path)
{
    char *const arguments[] = {(char *)(uintptr_t)path, NULL};
    return execv(path, arguments);
}

static int
read_file(const char *path)
{
    return open_and_close(path, O_RDONLY);
}

static int
write_file(const char *path)
{
    return open_and_close(path, O_WRONLY);
}

static int
empty_file(const char *path)
{
    return open_and_close(path, O_WRONLY | O_TRUNC);
}

static int
truncate_path(const char *path)
{
    return truncate(path, 0);
}

/* Of a descriptor from before the process was confined. */
static int
truncate_kept(const char *unused)
{
    (void)unused;
    return ftruncate(kept_socket, 0);
}

static int
make_folder(const char *path)
{
    return mkdir(path, 0700);
}

static int
change_mode(const char *path)
{
    return chmod(path, 0777);
}

/* fchmodat2, which glibc does not have. */
static int
change_mode_2(const char *path)
{
    return (int)syscall(452, AT_FDCWD, path, 0777, 0);
}

static int
change_times(const char *path)
{
    return utimensat(AT_FDCWD, path, NULL, 0);
}

static int
rename_file(const char *path)
{
    return rename(path, "renamed");
}

static int
connect_to(const char *port)
{
    return connect_with(port, 0);
}

static int
connect_fast(const char *port)
{
    return connect_with(port, MSG_FASTOPEN);
}

static int
make_named_socket(const char *family)
{
    return make_socket(strcmp(family, "unix") == 0 ? AF_UNIX : AF_INET);
}

static int
send_no_signal(const char *process)
{
    return kill(atoi(process), 0);
}

static int
trace(const char *process)
{
    return ptrace(PTRACE_ATTACH, atoi(process), NULL, NULL) < 0 ? -1 : 0;
}

/* Makes a process by the system call "clone" or, if the system has none, "clone3". */
static int
make_process(const char *unused)
{
    (void)unused;
    int process = fork();
    if (process == 0)
        _exit(0);
    return process < 0 ? -1 : waitpid(process, NULL, 0) == process ? 0 : -1;
}

/* Makes a thread with these flags of clone, but without those that a thread needs. */
static int
make_thread(const char *flags)
{
    const long all = CLONE_THREAD | strtol(flags, NULL, 0);
    return (int)syscall(SYS_clone, all, all, NULL, NULL,
                        0); /* one order of arguments, or the other */
}

/* The system call of this number, with arguments that it cannot accept. */
static int
call(const char *number)
{
    return (int)syscall(atol(number), -1, NULL, -1, NULL, 0);
}

static int
attempt(const char *what, const char *argument)
{
    static const struct {
        const char *name;
        int (*make)(const char *argument);
    } attempts[] = {
        {"read", read_file},       {"write", write_file},       {"empty", empty_file},
        {"append", append},        {"truncate", truncate_path}, {"ftruncate", truncate_kept},
        {"remove", unlink},        {"folder", make_folder},     {"chmod", change_mode},
        {"chmod2", change_mode_2}, {"times", change_times},     {"rename", rename_file},
        {"connect", connect_to},   {"fastopen", connect_fast},  {"socket", make_named_socket},
        {"exec", execute},         {"signal", send_no_signal},  {"trace", trace},
        {"fork", make_process},    {"thread", make_thread},     {"call", call}};
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
        if (strcmp(attempts[i].name, what) == 0)
            return attempts[i].make(argument);
    }
    exit(2);
}

static int
confine_as_searchd(int argc, char **argv, sp_searchd_options *options)
{
    static sp_listeners listeners;
    sp_error err;
    int code;
    if (!sp_searchd_options_read(argc, argv, options, &code))
        return code;
    for (size_t i = 0; i < options->addresses.count; i++) {
        if (sp_listeners_add(&listeners, options->addresses.items[i], 0600, &err) != SP_OK)
            return 3;
    }
    return sp_searchd_confine(options, &listeners, &err) == SP_OK ? 0 : 3;
}

int
main(int argc, char **argv)
{
    sp_searchd_options options = {0};
    int code;
    char line[4096];
    if (!sp_confine_is_built())
        return 77;
    kept_socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (argc == 2 && strcmp(argv[1], "indexer") == 0)
        code = sp_confine_calls(SP_CALLS_NO_PROGRAMS) == SP_CONFINED ? 0 : 3;
    else
        code = confine_as_searchd(argc, argv, &options);
    if (code != 0)
        return code;
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        char *argument = strchr(line, ' ');
        if (!argument)
            return 2;
        *argument++ = '\0';
        errno = 0;
        puts(attempt(line, argument) == 0 ? "ok" : strerror(errno));
        fflush(stdout);
    }
    sp_searchd_options_done(&options);
    return 0;
}
