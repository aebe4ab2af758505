// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_NAME CORPUS...: runs a fuzz target on each file, and on each file of each folder. For builds
 * without libFuzzer. Prints the number of files. Exit status 1 if there is no file.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static size_t files;

static void
run_file(const char *path)
{
    static uint8_t buffer[1 << 20];
    FILE *file = fopen(path, "rb");
    PROMISE(file != NULL);
    size_t len = fread(buffer, 1, sizeof buffer, file);
    fclose(file);
    /* a copy of exactly this size, so that AddressSanitizer sees reads beyond it */
    uint8_t *input = malloc(len > 0 ? len : 1);
    PROMISE(input != NULL);
    memcpy(input, buffer, len);
    LLVMFuzzerTestOneInput(input, len);
    free(input);
    files++;
}

static void
run_folder(const char *path, DIR *folder)
{
    char name[4096];
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        run_file(name);
    }
    closedir(folder);
}

int
main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        if (folder)
            run_folder(argv[i], folder);
        else
            run_file(argv[i]);
    }
    printf("%zu files\n", files);
    return files == 0;
}
