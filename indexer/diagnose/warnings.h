// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Warnings for authors: their names, the options that enable them, and their output as lines and as
 * JSON. docs/diagnostics.md describes each name.
 *
 * Plain data; any number of threads may read the options.
 */
#ifndef SIGNPOST_INDEXER_DIAGNOSE_WARNINGS_H
#define SIGNPOST_INDEXER_DIAGNOSE_WARNINGS_H

#include <signpost/text.h>

/* In alphabetical order. */
enum sp_warning_kind {
    SP_BROKEN_ANCHOR,
    SP_BROKEN_LINK,
    SP_DUPLICATE_RESOURCE,
    SP_MISSING_DATE,
    SP_MISSING_DESCRIPTION,
    SP_MISSING_PIN,
    SP_MISSING_TITLE,
    SP_MISSPELLING,
    SP_SAME_URL,
    SP_TOO_MANY_LINKS,
    SP_TRACKING_PARAMETER,
    SP_UNLINKABLE_HEADING,
    SP_VAGUE_LINK,
    SP_WARNING_KINDS
};

/* All zero: no warning is enabled. */
typedef struct sp_warning_options {
    bool on[SP_WARNING_KINDS];
    bool error[SP_WARNING_KINDS]; /* if the warning is enabled, it is reported as an error */
    bool errors;                  /* all enabled warnings are reported as errors */
} sp_warning_options;

/* Returns the options that enable the default warnings: all kinds except those of which an ordinary
   site has hundreds. */
sp_warning_options sp_warning_options_default(void);

/* Applies one argument of `-W`: NAME, `no-NAME`, `error=NAME`, `all`, `none` or `error`. For any
   other argument, changes nothing and returns false. */
bool sp_warning_options_set(sp_warning_options *options, const char *argument);

bool sp_warning_options_any(const sp_warning_options *options);

bool sp_warning_is_error(const sp_warning_options *options, enum sp_warning_kind kind);

/* Returns the name of a kind, such as "broken-link". */
const char *sp_warning_name(enum sp_warning_kind kind);

typedef struct sp_warning {
    enum sp_warning_kind kind;
    bool error;
    sp_bytes path;         /* begins with the site's folder */
    unsigned line, column; /* 1-based; columns count bytes */
    sp_bytes text;         /* valid UTF-8, lower case, no full stop; may hold control characters */
} sp_warning;

/* At most this many warnings of each name are printed. */
#define SP_WARNING_LINES 20

/* Appends a line for each of the first SP_WARNING_LINES warnings of each name, in the given order;
   the last lines say how many more warnings there are. The lines are safe for a terminal.
   only_errors: prints only warnings reported as errors. */
void sp_warnings_print(const sp_warning *warnings, size_t count, bool only_errors, sp_str *out);

/* Appends the warnings as a JSON array. */
void sp_warnings_print_json(const sp_warning *warnings, size_t count, sp_str *out);

#endif
