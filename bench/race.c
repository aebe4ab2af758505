// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Compares programs by running them in turn: bench_race ROUNDS -- PROGRAM ARGUMENT... -- ...
 * prints for each program the median CPU time, wall time and peak memory over the rounds, and
 * the ratios of its CPU and wall time to those of the first program. The programs' output is
 * discarded.
 */
#define _DEFAULT_SOURCE /* wait4 */

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#define RUNNERS_MAX 8
#define ROUNDS_MAX 1000

extern char **environ; // NOLINT(readability-redundant-declaration): POSIX does not declare it

struct runner {
    char **command;
    double cpu[ROUNDS_MAX], wall[ROUNDS_MAX], memory[ROUNDS_MAX]; /* seconds, seconds, MiB */
};

static struct runner runners[RUNNERS_MAX];

static void
fail(const char *what)
{
    fprintf(stderr, "bench_race: %s\n", what);
    exit(3);
}

static double
seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double
seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static void
run(struct runner *runner, int round)
{
    pid_t child;
    int exit_status;
    struct rusage usage;
    posix_spawn_file_actions_t silence;
    posix_spawn_file_actions_init(&silence);
    posix_spawn_file_actions_addopen(&silence, 1, "/dev/null", O_WRONLY, 0);
    double began = seconds_now();
    if (!runner->command[0] ||
        posix_spawnp(&child, runner->command[0], &silence, NULL, runner->command, environ) != 0)
        fail("cannot start a program");
    if (wait4(child, &exit_status, 0, &usage) != child)
        fail("lost a program");
    runner->wall[round] = seconds_now() - began;
    runner->cpu[round] = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
    runner->memory[round] = (double)usage.ru_maxrss / 1024;
    posix_spawn_file_actions_destroy(&silence);
    if (!WIFEXITED(exit_status) || WEXITSTATUS(exit_status) > 1) {
        fprintf(stderr, "%s: ", runner->command[0]);
        fail("a program failed");
    }
}

static int
by_size(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double
median(double *items, int count)
{
    qsort(items, (size_t)count, sizeof *items, by_size);
    return items[count / 2];
}

/* Splits the arguments into commands at each "--", and ends each command with NULL. */
static int
read_commands(char **argv)
{
    int count = 0;
    for (; *argv; argv++) {
        if (strcmp(*argv, "--") != 0)
            continue;
        *argv = NULL;
        if (count == RUNNERS_MAX || !argv[1])
            fail("too many programs, or no program after '--'");
        runners[count++].command = argv + 1;
    }
    return count;
}

int
main(int argc, char **argv)
{
    int rounds = argc > 2 ? atoi(argv[1]) : 0;
    int count = argc > 2 ? read_commands(argv + 2) : 0;
    if (rounds < 1 || rounds > ROUNDS_MAX || count == 0)
        fail("usage: bench_race ROUNDS -- PROGRAM ARGUMENT... -- PROGRAM ARGUMENT...");
    for (int round = -1; round < rounds; round++) { /* the first round only warms up */
        for (int i = 0; i < count; i++)
            run(&runners[i], round < 0 ? 0 : round);
    }
    double first = median(runners[0].cpu, rounds), first_wall = median(runners[0].wall, rounds);
    printf("%-40s %10s %10s %9s %6s %6s\n", "", "CPU ms", "wall ms", "peak MiB", "CPU", "wall");
    for (int i = 0; i < count; i++) {
        double cpu = median(runners[i].cpu, rounds), wall = median(runners[i].wall, rounds);
        printf("%-40.40s %10.2f %10.2f %9.1f %6.3f %6.3f\n", runners[i].command[0], cpu * 1e3,
               wall * 1e3, median(runners[i].memory, rounds), cpu / first, wall / first_wall);
    }
    return 0;
}
