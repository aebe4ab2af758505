// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pinned results: a site's file says which results come first for a query, regardless of ranking.
 *
 *     # a comment
 *     ai residency <TAB> /research/ai-residencies/ <TAB> https://g.co/airesidency
 *
 * A line has a query and its targets, separated by tabs, in the order in which they are shown.
 * Targets are pages of the site ("/about/", or with the site's `url` before it) and URLs of
 * resources, compared as by sp_target_of. Queries are compared folded, word by word. The file is
 * `pins.tsv` in the site's folder, or the file that `signpost: pins:` in the settings names.
 *
 * All of this belongs to the thread of the run.
 */
#ifndef SIGNPOST_INDEXER_RUN_PINS_FILE_H
#define SIGNPOST_INDEXER_RUN_PINS_FILE_H

#include "indexer/posts/files.h"

#define SP_PINS_FILE "pins.tsv"
#define SP_PINS_BYTES_MAX ((size_t)1 << 20) /* of one file */

typedef struct sp_pin {
    sp_bytes query;        /* folded */
    sp_bytes target;       /* as sp_target_of returns it */
    sp_bytes typed;        /* the target as written in the file */
    sp_bytes path;         /* of the file, for messages */
    unsigned line, column; /* 1-based, of the target; columns count bytes */
    size_t order;          /* number of the pin, counted over all files */
} sp_pin;

typedef struct sp_pins {
    sp_arena arena;
    sp_pin *items; /* once packed: sorted by query, then by `order` */
    size_t count, capacity;
    sp_str packed; /* in the form of SP_META_PINS */
} sp_pins;

/* Reads the files of all sites. A query pinned by several sites has the targets of all of them,
   those of the first site first. SP_BAD_INPUT, with line and column, for an invalid line;
   SP_NOT_FOUND or SP_IO if a file that the settings name cannot be read. *out must be zeroed; it
   must be freed by sp_pins_done after a failure, too. */
enum sp_status sp_pins_read(const sp_files *files, sp_pins *out, sp_error *err) SP_MUST_CHECK;
void sp_pins_done(sp_pins *pins);

/* Adds the pins of one file, without packing them. site_url: the site's URL, which is removed from
   the beginning of targets; may be empty. path and content must last as long as pins. */
enum sp_status sp_pins_add(sp_pins *pins, const char *path, sp_bytes content, sp_bytes site_url,
                           sp_error *err) SP_MUST_CHECK;

/* Sorts the pins that were added, and fills pins->packed. */
enum sp_status sp_pins_pack(sp_pins *pins, sp_error *err) SP_MUST_CHECK;

/* Returns the path of a site's file of pins, relative to the site's folder as given on the command
   line, whether or not the file exists. */
sp_bytes sp_pins_path(const sp_site *site);

#endif
