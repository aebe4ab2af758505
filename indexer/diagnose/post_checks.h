// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Findings: what diagnostics learn of posts while they are read.
 *
 * What a post alone can tell is a finding at once. What takes the whole site (the other spellings
 * of a resource, the pages that there are, how frequent a word is) is noted with its place, for
 * diagnose.h to decide on when all posts are read. Findings belong to one thread, and nothing is
 * noted for a warning that is not asked for.
 */
#ifndef SIGNPOST_INDEXER_DIAGNOSE_POST_CHECKS_H
#define SIGNPOST_INDEXER_DIAGNOSE_POST_CHECKS_H

#include "ngrams.h"
#include "indexer/posts/read_post.h"
#include "warnings.h"
#include "word_counts.h"

/* Of one post at most so many findings of a kind are kept. */
#define SP_WARNINGS_PER_POST 1000

typedef struct sp_file_place {
    uint32_t file;         /* the caller's number of it */
    uint32_t line, column; /* 1-based */
} sp_file_place;

typedef struct sp_placed_warning {
    enum sp_warning_kind kind;
    sp_file_place place;
    sp_bytes text;
} sp_placed_warning;

/* A link, to a resource by the URL that readers follow, or inside the site as written. */
typedef struct sp_found_link {
    uint64_t resource; /* hash of its canonical URL; 0: inside the site */
    sp_bytes url;
    sp_file_place place;
} sp_found_link;

/* A word that could be a misspelling, unless other posts have it. */
typedef struct sp_rare_word {
    sp_bytes word; /* lower-case letters of ASCII */
    sp_file_place place;
    sp_bytes before, after; /* the words beside it in its block, in lower case, or "" */
    uint32_t times;         /* in its post */
} sp_rare_word;

typedef struct sp_post_checks {
    sp_arena arena;   /* holds the texts and arrays */
    sp_arena scratch; /* of one post */
    sp_placed_warning *items;
    size_t count, capacity;
    sp_found_link *links;
    size_t link_count, link_capacity;
    uint64_t *anchors; /* sp_anchor_hash of those that the posts have */
    size_t anchor_count, anchor_capacity;
    sp_word_counts words; /* `rare` is an index into rare, plus 1 */
    sp_rare_word *rare;
    size_t rare_count, rare_capacity;
    sp_ngrams *runs; /* of the words that several posts have; NULL: none */
    uint32_t post_count;
    size_t told[SP_WARNING_KINDS]; /* of the present post */
} sp_post_checks;

/* What is looked at: a post that its reader has just read, taking notes. */
typedef struct sp_post_check_input {
    const sp_warning_options *options;
    uint32_t file;
    const sp_site *site;
    const sp_source *source;
    const sp_post_reader *reader;
    const sp_post *post;
    sp_bytes language; /* of the index; words of posts in others are only counted */
} sp_post_check_input;

enum sp_status sp_post_checks_run(sp_post_checks *findings, const sp_post_check_input *input,
                                  sp_error *err) SP_MUST_CHECK;
void sp_post_checks_done(sp_post_checks *findings);

uint64_t sp_anchor_hash(uint32_t file, sp_bytes anchor);

/* Appends text between quotes: valid UTF-8 without NUL, and when it is long only its beginning. */
void sp_quote(sp_str *out, sp_bytes text);

/* Notes a finding, whose text is copied; the arena may fail. */
void sp_post_checks_warn(sp_post_checks *findings, enum sp_warning_kind kind, sp_file_place place,
                         const sp_str *text);

/* findings_words.c: counts the words of a post and notes those that may be misspelt. */
struct sp_source_lines;
void sp_post_checks_words(sp_post_checks *findings, const sp_post_check_input *input,
                          const struct sp_source_lines *lines);

#endif
