// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Judged queries: which documents people want to find for a query, and how much they want each of
 * them.
 *
 * Judgments are a UTF-8 file of lines `query TAB target TAB grade`. The grade is an integer from 0
 * (not wanted) to SP_GRADE_MAX; targets that are not listed have grade 0. A target that begins with
 * '/' is a page of the site, any other the URL of a resource. Lines that begin with '#' are
 * comments; the comment "held out" separates the queries for tuning a ranking from those that only
 * check it. White space around fields and blank lines are ignored. Queries without a grade above 0
 * cannot be measured and are left out. If a target is judged twice, the later grade counts.
 *
 * A page's target is its URL without the anchor; a resource's is its URL without scheme, "www." and
 * trailing slashes. trec.h reads the same data from files in TREC's formats.
 *
 * No state is shared between threads.
 */
#ifndef SIGNPOST_JUDGMENTS_H
#define SIGNPOST_JUDGMENTS_H

#include <signpost/arena.h>
#include <signpost/schema.h>

#define SP_GRADE_MAX 9
#define SP_GRADE_GOOD 2

typedef struct sp_judgment {
    sp_bytes target; /* as returned by sp_target_of */
    unsigned grade;
    const char *path; /* of the file that names it; borrowed from the caller */
    unsigned line;
    size_t order; /* among the lines of all files */
} sp_judgment;

typedef struct sp_judged_query {
    sp_bytes id;   /* its number among the queries, from 1; in TREC's formats the id of the file */
    sp_bytes text; /* empty if unknown, which is possible only in TREC's formats */
    bool held_out;
    size_t order;         /* of its first line among all lines */
    sp_judgment *targets; /* ascending by target */
    size_t target_count;
    unsigned *grades; /* those above 0, descending */
    size_t relevant;  /* number of grades; at least one */
} sp_judged_query;

typedef struct sp_judgments {
    sp_arena arena;           /* owns all of the below */
    sp_judged_query *queries; /* in the order of the files */
    size_t count;             /* 0: there is nothing to measure */
    bool by_name;             /* targets of pages are their names; see sp_judged_target */
} sp_judgments;

/* Reads several files as if they were one, except that each file begins with queries for tuning.
   SP_BAD_INPUT, with the position, for an invalid line; SP_NOT_FOUND or SP_IO for a file that
   cannot be read. *out must be zeroed, and freed with sp_judgments_done even after a failure. */
enum sp_status sp_judgments_read(const char *const *paths, size_t count, sp_judgments *out,
                                 sp_error *err) SP_MUST_CHECK;

/* The content of a file that the caller has read. */
typedef struct sp_judgment_text {
    const char *path; /* for messages */
    sp_bytes content;
} sp_judgment_text;

/* Like sp_judgments_read, for files that the caller has read. Paths and contents are borrowed and
   must last as long as *out; they may be in its arena. */
enum sp_status sp_judgments_read_texts(const sp_judgment_text *texts, size_t count,
                                       sp_judgments *out, sp_error *err) SP_MUST_CHECK;

void sp_judgments_done(sp_judgments *judgments);

/* The target of a hit: sp_target_of its URL, or for a page, if by_name is set, the last part of the
   URL without ".html" ("/2020/MED-10/" is MED-10). Borrowed from url. */
sp_bytes sp_judged_target(const sp_judgments *judgments, sp_bytes url);

/* The grade of a target; 0 if it is not listed. */
unsigned sp_judged_grade(const sp_judged_query *query, sp_bytes target);

#endif
