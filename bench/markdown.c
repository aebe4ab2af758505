// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Speed of the Markdown reader: bench_markdown FOLDER reads every .md and .markdown file below
 * FOLDER into memory, parses them repeatedly for two seconds, and prints MB/s.
 */
#define _XOPEN_SOURCE 700
#include "indexer/markdown/markdown.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define FILES_MAX 100000

static sp_str files[FILES_MAX];
static size_t file_count;

static int
add_file(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)info;
    (void)place;
    sp_bytes name = sp_bytes_of(path);
    FILE *file = NULL;
    if (kind == FTW_F && file_count < FILES_MAX &&
        (sp_bytes_ends_with(name, SP_LITERAL(".md")) ||
         sp_bytes_ends_with(name, SP_LITERAL(".markdown"))))
        file = fopen(path, "rb");
    if (!file)
        return 0;
    char buffer[65536];
    for (size_t got; (got = fread(buffer, 1, sizeof buffer, file)) > 0;)
        sp_str_append(&files[file_count], (sp_bytes){buffer, got});
    fclose(file);
    file_count++;
    return 0;
}

static double
now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static size_t
read_all(sp_arena *arena)
{
    size_t bytes = 0;
    for (size_t i = 0; i < file_count; i++) {
        sp_post post = {0};
        sp_markdown_input input = {.body = sp_str_bytes(&files[i]), .first_line = 1};
        if (sp_markdown_read(&input, arena, &post, NULL) == SP_OK)
            bytes += files[i].len;
        sp_arena_clear(arena);
    }
    return bytes;
}

int
main(int argc, char **argv)
{
    if (argc != 2 || nftw(argv[1], add_file, 32, FTW_PHYS) != 0 || file_count == 0) {
        fprintf(stderr, "usage: markdown FOLDER (with Markdown files)\n");
        return 2;
    }
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    double from = now(), to = from;
    size_t bytes = 0, rounds = 0;
    while (to - from < 2) {
        bytes += read_all(&arena);
        rounds++;
        to = now();
    }
    printf("%zu files, %.1f MB, %zu rounds: %.1f MB/s of CPU, %.0f files/s\n", file_count,
           (double)bytes / (double)rounds / 1e6, rounds, (double)bytes / 1e6 / (to - from),
           (double)(file_count * rounds) / (to - from));
    for (size_t i = 0; i < file_count; i++)
        sp_str_done(&files[i]);
    return 0;
}
