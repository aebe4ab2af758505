// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Warnings: what diagnostics can say to who writes posts, which of it is asked for, and the lines
 * and JSON that it becomes. docs/diagnostics.md describes each name.
 *
 * Plain data; options may be read by any number of threads.
 */
#ifndef SIGNPOST_INDEXER_DIAGNOSE_WARNINGS_H
#define SIGNPOST_INDEXER_DIAGNOSE_WARNINGS_H

#include <signpost/text.h>

/* In the order of their names. */
enum sp_warning_kind {
    SP_BROKEN_ANCHOR,
    SP_BROKEN_LINK,
    SP_DUPLICATE_RESOURCE,
    SP_MISSING_DATE,
    SP_MISSING_DESCRIPTION,
    SP_MISSING_PIN,
    SP_MISSING_TITLE,
    SP_MISSPELLING,
    SP_TRACKING_PARAMETER,
    SP_UNLINKABLE_HEADING,
    SP_VAGUE_LINK,
    SP_WARNING_KINDS
};

/* All zero: nothing is asked for. */
typedef struct sp_warning_options {
    bool on[SP_WARNING_KINDS];
    bool error[SP_WARNING_KINDS]; /* if it is on, it is an error */
    bool errors;                  /* whatever is on is one */
} sp_warning_options;

/* What is on unless somebody says otherwise: all but what an ordinary site has by the hundred. */
sp_warning_options sp_warning_options_default(void);

/* Changes the options by one argument of `-W`: a name, `no-` and a name, `error=` and a name,
   `all`, `none`, `error`. False, and nothing changed, for any other. */
bool sp_warning_options_set(sp_warning_options *options, const char *argument);

bool sp_warning_options_any(const sp_warning_options *options);

bool sp_warning_is_error(const sp_warning_options *options, enum sp_warning_kind kind);

/* "broken-link". */
const char *sp_warning_name(enum sp_warning_kind kind);

typedef struct sp_warning {
    enum sp_warning_kind kind;
    bool error;
    sp_bytes path;         /* with the site's folder before it */
    unsigned line, column; /* 1-based; columns count bytes */
    sp_bytes text;         /* valid UTF-8, lower case, no full stop; may hold control characters */
} sp_warning;

#define SP_WARNING_LINES 20

/* Appends a line for each warning, in their order, safe to be shown by a terminal; of each name
   SP_WARNING_LINES, and at the end how many more there are. only_errors: those alone. */
void sp_warnings_print(const sp_warning *warnings, size_t count, bool only_errors, sp_str *out);

/* Appends them as a JSON array. */
void sp_warnings_print_json(const sp_warning *warnings, size_t count, sp_str *out);

#endif
