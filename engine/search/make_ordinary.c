// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes the filter of ordinary.h: reads a list of words from a file and writes C source to
   standard output. Runs when the project is built. */
#include "ordinary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE 256

/* Returns the word of a line, empty for a comment. */
static sp_bytes
word_of(char *line)
{
    line[strcspn(line, "\n")] = '\0';
    if (line[0] == '#')
        line[0] = '\0';
    return sp_bytes_of(line);
}

static size_t
count_words(FILE *in)
{
    char line[LINE];
    size_t count = 0;
    while (fgets(line, sizeof line, in))
        count += word_of(line).len > 0;
    return count;
}

int
main(int argc, char **argv)
{
    char line[LINE];
    FILE *in = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (!in)
        return EXIT_FAILURE;
    size_t bytes = count_words(in) * SP_ORDINARY_BITS_PER_WORD / 8;
    unsigned char *filter = bytes > 0 ? calloc(bytes, 1) : NULL;
    if (!filter)
        return EXIT_FAILURE;
    rewind(in);
    while (fgets(line, sizeof line, in)) {
        sp_bytes word = word_of(line);
        for (unsigned hash = 0; word.len > 0 && hash < SP_ORDINARY_HASHES; hash++) {
            size_t bit = sp_ordinary_bit(word, hash, bytes * 8);
            filter[bit / 8] |= (unsigned char)(1U << bit % 8);
        }
    }
    printf("#include \"engine/search/ordinary.h\"\n\nconst size_t sp_ordinary_bits = %zu;\n"
           "const unsigned char sp_ordinary_filter[] = {",
           bytes * 8);
    for (size_t i = 0; i < bytes; i++)
        printf("%s%d,", i % 20 == 0 ? "\n" : "", filter[i]);
    printf("};\n");
    free(filter);
    fclose(in);
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
