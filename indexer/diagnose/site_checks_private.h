// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Shared by the files of site_checks.h only. The comment before each function names its file.
 */
#ifndef SIGNPOST_INDEXER_DIAGNOSE_SITE_CHECKS_PRIVATE_H
#define SIGNPOST_INDEXER_DIAGNOSE_SITE_CHECKS_PRIVATE_H

#include "site_checks.h"
#include "engine/base/table.h"

#include <pthread.h>

/* Interned strings: one copy of each string, however many places use it. */
struct sp_interned {
    sp_bytes *items; /* in the arena */
    size_t count, capacity;
    sp_table table; /* of items */
};

struct sp_site_checks {
    const sp_warning_options *options;
    const sp_site_check_input *input; /* set by sp_site_checks_finish */
    pthread_mutex_t mutex;            /* guards all members below in sp_site_checks_add */
    sp_arena arena;
    struct sp_interned strings;
    sp_placed_warning *warnings;
    size_t warning_count, warning_capacity;
    sp_found_link *links;
    size_t link_count, link_capacity;
    uint64_t *anchors;
    size_t anchor_count, anchor_capacity;
    sp_word_counts words;
    sp_rare_word *rare;
    size_t rare_count, rare_capacity;
    sp_ngrams *ngrams; /* of the words that occur in several posts */
    size_t posts;
};

/* site_checks.c: returns the only copy of `text` in checks->arena, or empty bytes if memory is
   out. */
sp_bytes sp_site_checks_intern(sp_site_checks *checks, sp_bytes text);

/* site_checks.c: adds a warning with a copy of text. */
void sp_site_checks_warn(sp_site_checks *checks, enum sp_warning_kind kind, sp_file_place place,
                         const sp_str *text);

/* site_checks.c: whether the run has read the file. */
bool sp_site_checks_was_read(const sp_site_checks *checks, uint32_t file);

/* site_checks_resources.c: warns about resources that are linked by several URLs. */
enum sp_status sp_check_resources(sp_site_checks *checks, sp_error *err) SP_MUST_CHECK;

/* site_checks_urls.c: warns about pages that are not indexed because readers get another page with
   the same URL. */
enum sp_status sp_check_urls(sp_site_checks *checks, sp_error *err) SP_MUST_CHECK;

/* site_checks_links.c: warns about links inside the site that lead nowhere. */
enum sp_status sp_check_links(sp_site_checks *checks, sp_error *err) SP_MUST_CHECK;

/* site_checks_words.c: warns about words that are probably misspelt. */
enum sp_status sp_check_words(sp_site_checks *checks, sp_error *err) SP_MUST_CHECK;

#endif
