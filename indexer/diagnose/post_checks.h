// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Post checks: run on each post after it is read.
 *
 * A check that needs only the post adds its warnings at once. For the checks that need the whole
 * site (site_checks.h), the post's links, anchors and words are collected with their places.
 * Nothing is collected for warnings that are off. sp_post_checks belongs to one thread, and holds
 * the results for all posts of that thread.
 */
#ifndef SIGNPOST_INDEXER_DIAGNOSE_POST_CHECKS_H
#define SIGNPOST_INDEXER_DIAGNOSE_POST_CHECKS_H

#include "ngrams.h"
#include "warnings.h"
#include "word_counts.h"
#include "indexer/posts/read_post.h"

/* At most this many warnings of each kind are kept for one post. */
#define SP_WARNINGS_PER_POST 1000

typedef struct sp_file_place {
    uint32_t file;         /* the caller's number for the file */
    uint32_t line, column; /* 1-based */
} sp_file_place;

typedef struct sp_placed_warning {
    enum sp_warning_kind kind;
    sp_file_place place;
    sp_bytes text;
} sp_placed_warning;

/* A link to a resource or inside the site. */
typedef struct sp_found_link {
    uint64_t resource; /* hash of its canonical URL; 0: inside the site */
    sp_bytes url;      /* to a resource: as readers follow it; inside the site: as written */
    sp_file_place place;
} sp_found_link;

/* A word that can be a misspelling, provided that no other post contains it. */
typedef struct sp_rare_word {
    sp_bytes word; /* lower-case ASCII letters */
    sp_file_place place;
    sp_bytes before, after; /* the words next to it in its block, in lower case, or "" */
    uint32_t times;         /* how often it occurs in its post */
} sp_rare_word;

typedef struct sp_post_checks {
    sp_arena arena;   /* holds the texts and arrays */
    sp_arena scratch; /* of one post */
    sp_placed_warning *warnings;
    size_t warning_count, warning_capacity;
    sp_found_link *links;
    size_t link_count, link_capacity;
    uint64_t *anchors; /* sp_anchor_hash of the posts' headings */
    size_t anchor_count, anchor_capacity;
    sp_word_counts words; /* sp_word_count.rare is an index into rare, plus 1 */
    sp_rare_word *rare;
    size_t rare_count, rare_capacity;
    sp_ngrams *ngrams; /* of the words that occur in several posts; NULL: no such word yet */
    uint32_t post_count;
    size_t kind_counts[SP_WARNING_KINDS]; /* warnings of the current post */
} sp_post_checks;

/* The post to check. The reader has just read this post and taken notes. */
typedef struct sp_post_check_input {
    const sp_warning_options *options;
    uint32_t file;
    const sp_site *site;
    const sp_source *source;
    const sp_post_reader *reader;
    const sp_post *post;
    sp_bytes language; /* of the index; words in other languages are not checked */
} sp_post_check_input;

enum sp_status sp_post_checks_run(sp_post_checks *checks, const sp_post_check_input *input,
                                  sp_error *err) SP_MUST_CHECK;
void sp_post_checks_done(sp_post_checks *checks);

/* Returns a hash of the anchor together with the number of its file. */
uint64_t sp_anchor_hash(uint32_t file, sp_bytes anchor);

/* Appends text in quotes, as valid UTF-8 without NUL; of a long text, appends only the
   beginning. */
void sp_quote(sp_str *out, sp_bytes text);

/* Adds a warning with a copy of text. Sets checks->arena.failed if memory is out. */
void sp_post_checks_warn(sp_post_checks *checks, enum sp_warning_kind kind, sp_file_place place,
                         const sp_str *text);

/* post_checks_words.c, for post_checks.c only: counts the words of a post, and collects the words
   that can be misspellings (sp_rare_word). */
struct sp_source_lines;
void sp_post_checks_words(sp_post_checks *checks, const sp_post_check_input *input,
                          const struct sp_source_lines *lines);

#endif
