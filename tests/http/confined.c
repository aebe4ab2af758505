// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A process that is confined as searchd is: `confined OPTION...` takes searchd's options. `confined
 * indexer` is confined as indexer is. Exit status 77 if this build confines nothing. Then it reads attempts from standard input, one a line, such as "read PATH", makes each, and prints "ok"
 * or the error.
 */
#include "confinement.h"

#include <signpost/confine.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
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

static int
connect_to(const char *port)
{
    static int kept = -1; /* made before the process was confined */
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)atoi(port)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (kept < 0)
        kept = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return port[0] == '\0' ? 0 : connect(kept, (const struct sockaddr *)&address, sizeof address);
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
attempt(const char *what, const char *argument)
{
    if (strcmp(what, "read") == 0)
        return open_and_close(argument, O_RDONLY);
    if (strcmp(what, "write") == 0)
        return open_and_close(argument, O_WRONLY);
    if (strcmp(what, "truncate") == 0)
        return open_and_close(argument, O_WRONLY | O_TRUNC);
    if (strcmp(what, "append") == 0)
        return append(argument);
    if (strcmp(what, "remove") == 0)
        return unlink(argument);
    if (strcmp(what, "folder") == 0)
        return mkdir(argument, 0700);
    if (strcmp(what, "chmod") == 0)
        return chmod(argument, 0777);
    if (strcmp(what, "rename") == 0)
        return rename(argument, "renamed");
    if (strcmp(what, "connect") == 0)
        return connect_to(argument);
    if (strcmp(what, "socket") == 0)
        return make_socket(strcmp(argument, "unix") == 0 ? AF_UNIX : AF_INET);
    if (strcmp(what, "exec") == 0)
        return execute(argument);
    if (strcmp(what, "signal") == 0)
        return kill(atoi(argument), 0);
    if (strcmp(what, "trace") == 0)
        return ptrace(PTRACE_ATTACH, atoi(argument), NULL, NULL) < 0 ? -1 : 0;
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
    connect_to("");
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
