// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pinned results: what a site's own file says comes first for a query, whatever ranks.
 *
 *     # a comment
 *     ai residency <TAB> /research/ai-residencies/ <TAB> https://g.co/airesidency
 *
 * One line is one query with its targets, in the order that they are shown: pages of the site
 * ("/about/", or with the site's `url` before it) and URLs of resources, compared as sp_target_of
 * does. A query is compared folded, word by word. The file is `pins.tsv` in the site's folder, or
 * what `signpost: pins:` in its settings names.
 *
 * Belongs to the thread of the run.
 */
#ifndef SIGNPOST_INDEXER_RUN_PINS_FILE_H
#define SIGNPOST_INDEXER_RUN_PINS_FILE_H

#include "indexer/posts/files.h"

#define SP_PINS_FILE "pins.tsv"
#define SP_PINS_BYTES_MAX ((size_t)1 << 20) /* of one file */

typedef struct sp_pin {
    sp_bytes query;        /* folded */
    sp_bytes target;       /* as sp_target_of has it */
    sp_bytes typed;        /* the target as the file has it */
    sp_bytes path;         /* of the file, for messages */
    unsigned line, column; /* 1-based, of the target; columns count bytes */
    size_t order;          /* over all files */
} sp_pin;

typedef struct sp_pins {
    sp_arena arena;
    sp_pin *items; /* of one query together, in order */
    size_t count, capacity;
    sp_str packed; /* as SP_META_PINS has them */
} sp_pins;

/* Reads the files of all sites. A query that several sites pin has the targets of all, the first
   site's first. SP_BAD_INPUT, with its place, for a line that is no pin; SP_NOT_FOUND or SP_IO for
   a file that is named and cannot be read. *out must be zeroed, and is for sp_pins_done also after
   a failure. */
enum sp_status sp_pins_read(const sp_files *files, sp_pins *out, sp_error *err) SP_MUST_CHECK;
void sp_pins_done(sp_pins *pins);

/* Reads one file's content into pins, not yet packed. site_url: of pages that are written with it;
   may be empty. path and content must last as long as pins. */
enum sp_status sp_pins_add(sp_pins *pins, const char *path, sp_bytes content, sp_bytes site_url,
                           sp_error *err) SP_MUST_CHECK;

/* Puts what was added in order and packs it. */
enum sp_status sp_pins_pack(sp_pins *pins, sp_error *err) SP_MUST_CHECK;

/* The path of a site's file, which may not be there. folder: of the site, as given. Memory from
   arena; empty when that is out. */
sp_bytes sp_pins_path(const sp_site *site, const char *folder, sp_arena *arena);

#endif
