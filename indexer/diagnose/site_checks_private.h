// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the files of the diagnosis share. Not for others.
 */
#ifndef SIGNPOST_INDEXER_DIAGNOSE_SITE_CHECKS_PRIVATE_H
#define SIGNPOST_INDEXER_DIAGNOSE_SITE_CHECKS_PRIVATE_H

#include "site_checks.h"
#include "engine/base/table.h"

#include <pthread.h>

/* Strings that many places have, kept once; open addressing, in the arena. */
struct sp_interned {
    sp_bytes *items; /* in the arena */
    size_t count, capacity;
    sp_table table; /* of items */
};

struct sp_site_checks {
    const sp_warning_options *options;
    const sp_site_check_input *input; /* while it concludes */
    pthread_mutex_t mutex;            /* guards all that follows while findings are taken */
    sp_arena arena;
    struct sp_interned strings;
    sp_placed_warning *items;
    size_t count, capacity;
    sp_found_link *links;
    size_t link_count, link_capacity;
    uint64_t *anchors;
    size_t anchor_count, anchor_capacity;
    sp_word_counts words;
    sp_rare_word *rare;
    size_t rare_count, rare_capacity;
    sp_ngrams *runs; /* of words that several posts have */
    size_t posts;
};

/* The same bytes, kept for as long as the diagnosis. */
sp_bytes sp_site_checks_intern(sp_site_checks *diagnosis, sp_bytes text);

/* Notes a finding whose text is copied. */
void sp_site_checks_warn(sp_site_checks *diagnosis, enum sp_warning_kind kind, sp_file_place place,
                         const sp_str *text);

/* Whether the run has read the file. */
bool sp_site_checks_was_read(const sp_site_checks *diagnosis, uint32_t file);

/* diagnose_resources.c: resources that are written in several ways. */
enum sp_status sp_check_resources(sp_site_checks *diagnosis, sp_error *err) SP_MUST_CHECK;

/* diagnose_links.c: links inside the site that lead nowhere. */
enum sp_status sp_check_links(sp_site_checks *diagnosis, sp_error *err) SP_MUST_CHECK;

/* diagnose_words.c: words that are probably misspelt. */
enum sp_status sp_check_words(sp_site_checks *diagnosis, sp_error *err) SP_MUST_CHECK;

#endif
