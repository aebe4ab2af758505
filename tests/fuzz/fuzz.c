// SPDX-License-Identifier: GPL-2.0-or-later
// nftw is in X/Open.
#define _XOPEN_SOURCE 700
#include "fuzz.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void
fuzz_fail(const char *promise, const char *file, int line)
{
    fprintf(stderr, "%s:%d: broken promise: %s\n", file, line, promise);
    abort();
}

unsigned
fuzz_byte(sp_bytes *rest)
{
    if (rest->len == 0)
        return 0;
    unsigned byte = (unsigned char)rest->data[0];
    *rest = sp_bytes_slice(*rest, 1, rest->len);
    return byte;
}

sp_bytes
fuzz_line(sp_bytes *rest)
{
    size_t end = sp_bytes_find(*rest, SP_LITERAL("\n"), 0);
    bool last = end == SIZE_MAX;
    sp_bytes line = sp_bytes_slice(*rest, 0, last ? rest->len : end);
    *rest = sp_bytes_slice(*rest, last ? rest->len : end + 1, rest->len);
    return line;
}

/* Files */

static char folder[256];

static int
remove_entry(const char *path, const struct stat *stat, int kind, struct FTW *place)
{
    (void)stat, (void)kind, (void)place;
    return remove(path);
}

static void
remove_folder(void)
{
    nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

const char *
fuzz_folder(void)
{
    if (folder[0])
        return folder;
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/signpost-fuzz-XXXXXX", base ? base : "/tmp");
    PROMISE(mkdtemp(folder) != NULL);
    atexit(remove_folder);
    return folder;
}

static void
make_folders(char *path)
{
    for (char *slash = strchr(path + strlen(fuzz_folder()) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        PROMISE(mkdir(path, 0700) == 0 || errno == EEXIST);
        *slash = '/';
    }
}

const char *
fuzz_file(const char *name, sp_bytes content)
{
    static char paths[2][512];
    static unsigned used;
    char *path = paths[used++ % 2];
    snprintf(path, sizeof paths[0], "%s/%s", fuzz_folder(), name);
    FILE *file = fopen(path, "wb");
    if (!file) {
        make_folders(path);
        file = fopen(path, "wb");
    }
    PROMISE(file != NULL);
    PROMISE(fwrite(content.data ? content.data : "", 1, content.len, file) == content.len);
    PROMISE(fclose(file) == 0);
    return path;
}

bool
fuzz_is_line(sp_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7F)
            return false;
    }
    return sp_utf8_invalid(text) == SIZE_MAX;
}
