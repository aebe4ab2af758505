/* The command line of `search`. */
#ifndef SIGNPOST_SEARCH_OPTIONS_H
#define SIGNPOST_SEARCH_OPTIONS_H

#include <signpost/reader.h>

enum sp_output { SP_OUTPUT_TERMINAL, SP_OUTPUT_JSON, SP_OUTPUT_URLS };

typedef struct sp_options {
    const char **indexes;
    size_t index_count;
    sp_request request;
    enum sp_output output;
    bool suggest;        /* complete the query, do not answer it */
    const char *similar; /* NULL, or the URL whose like is looked for; there is no query then */
    const char *why_not; /* NULL, or the URL that may not be in the answer */
    bool color; /* decided from --color, NO_COLOR and whether standard output is a terminal */
    sp_arena arena;
} sp_options;

/* Reads argv, whose strings *out borrows; free with sp_options_done. When there is nothing to run
   (--help, --version, wrong usage) it has printed what there is to say, sets *exit_code and returns
   false. */
bool sp_options_read(int argc, char **argv, sp_options *out, int *exit_code);
void sp_options_done(sp_options *options);

#endif
