// SPDX-License-Identifier: GPL-2.0-or-later
/* The stories that memory.c plays: questions, which one or several indexes answer, and runs. */
#ifndef SIGNPOST_TESTS_FAULTS_MEMORY_STORIES_H
#define SIGNPOST_TESTS_FAULTS_MEMORY_STORIES_H

#include <signpost/reader.h>

#define STORY_OPTIONS_MAX 8

struct story {
    char *name, *kind, *text, *options[STORY_OPTIONS_MAX];
    size_t option_count;
    const char *folder; /* of a run; NULL: a question */
    const char **indexes;
    size_t index_count;
};

/* The value of an option, or NULL. */
const char *story_option(const struct story *story, const char *name);

/* Asks the question with the reader, and opens the reader first if there is none. The answer is
   JSON. */
enum sp_status story_ask(sp_reader **reader, const struct story *story, sp_str *out, sp_error *err);

/* Does the run. The answer is its report. */
enum sp_status story_run(const struct story *story, sp_str *out, sp_error *err);

/* Asks the index that a run writes. */
enum sp_status story_ask_index(const struct story *run, sp_str *out, sp_error *err);

#endif
