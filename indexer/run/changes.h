// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The documents that a dry run would add, update or remove.
 *
 * A list belongs to one attempt; threads that share it must lock it. Its memory comes from an arena
 * that outlives the list.
 */
#ifndef SIGNPOST_INDEXER_RUN_CHANGES_H
#define SIGNPOST_INDEXER_RUN_CHANGES_H

#include "indexer/store/old_index.h"

enum sp_change { SP_CHANGE_ADDED, SP_CHANGE_UPDATED, SP_CHANGE_REMOVED };

typedef struct sp_run_change {
    enum sp_change change;
    bool resource;
    sp_bytes id; /* post: its path; resource: its canonical URL. If a removed document's id is too
                    long for a term: the part of it that the index stores */
} sp_run_change;

typedef struct sp_change_list {
    sp_arena *arena; /* borrowed; NULL: nothing is listed */
    bool full;       /* all documents of the new index are noted, so the others are removed */
    sp_run_change *items;
    size_t count, capacity;
    uint64_t *kept; /* full: hashes of the old documents that are in the new index, too */
    size_t kept_count, kept_capacity;
} sp_change_list;

/* Notes a document, and adds it to the list if it changes. before, after: the document's digests in
   the old and the new index; NULL for an index that does not contain the document. */
void sp_change_list_note(sp_change_list *list, const char *prefix, sp_bytes id,
                         const uint64_t *before, const uint64_t *after);

/* Adds the documents of the old index that a full build did not note, and sorts the list: posts,
   then resources, each ascending by id. */
enum sp_status sp_change_list_finish(sp_change_list *list, sp_old_index *old,
                                     sp_error *err) SP_MUST_CHECK;

/* Appends the value of "changes" in the report's JSON. */
void sp_run_changes_print_json(const sp_run_change *changes, size_t count, sp_str *out);

#endif
