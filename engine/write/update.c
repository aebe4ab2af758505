// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/update.h>

#include "document.h"
#include "table_sizes.h"
#include "engine/index/settings.h"
#include "engine/semantic/vectors_fold.h"
#include "engine/index/xapian.h"

#include <stdlib.h>
#include <xapian-c-written.h>

struct sp_update {
    xc_writer *writer; /* NULL: nothing is written */
    sp_builder *builder;
    sp_vectors_fold *fold; /* NULL until the first change */
    sp_str database, term;
    sp_arena written;     /* the list that sp_update_written has returned */
    sp_table_sizes sizes; /* before the change */
};

enum sp_status
sp_update_open(const char *database, sp_bytes language, sp_update **out, sp_error *err)
{
    xc_error cause;
    sp_update *update = calloc(1, sizeof *update);
    if (!update)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    sp_str_append_text(&update->database, database ? database : "");
    enum sp_status status = sp_str_check(&update->database, err);
    if (status == SP_OK)
        status = sp_builder_new(language, &update->builder, err);
    if (status == SP_OK && database) {
        const xc_writer_options options = {.mode = XC_OPEN, .note_writes = true};
        xc_status opened = xc_writer_open(database, &options, &update->writer, &cause);
        if (opened == XC_OK)
            sp_table_sizes_note(database, &update->sizes);
        else
            status = sp_fail_xapian(err, opened, &cause, database);
    }
    if (status != SP_OK) {
        sp_update_close(update);
        return status;
    }
    *out = update;
    return SP_OK;
}

void
sp_update_set_weights(sp_update *update, const sp_weights *weights)
{
    sp_builder_set_weights(update->builder, weights);
}

void
sp_update_close(sp_update *update)
{
    if (!update)
        return;
    if (update->writer && xc_writer_cancel(update->writer, NULL) == XC_OK)
        sp_table_sizes_restore(update->database.data, &update->sizes);
    xc_writer_close(update->writer);
    sp_vectors_fold_free(update->fold);
    sp_builder_free(update->builder);
    sp_str_done(&update->database);
    sp_str_done(&update->term);
    sp_arena_done(&update->written);
    free(update);
}

static enum sp_status
make_unique_term(sp_update *update, const char *prefix, sp_bytes id, sp_error *err)
{
    sp_term_make(&update->term, prefix, id);
    return sp_str_check(&update->term, err);
}

/* Reads the vectors at the first change, because most runs change nothing. */
static enum sp_status
begin_fold(sp_update *update, sp_error *err)
{
    return update->fold ? SP_OK : sp_vectors_fold_new(update->database.data, &update->fold, err);
}

static enum sp_status
put(sp_update *update, const char *prefix, sp_bytes id, const xc_doc *doc, sp_error *err)
{
    xc_error cause;
    enum sp_status status = make_unique_term(update, prefix, id, err);
    if (status != SP_OK || !update->writer)
        return status;
    uint32_t docid;
    status = begin_fold(update, err);
    if (status != SP_OK)
        return status;
    xc_status done =
        xc_writer_replace(update->writer, str_to_xc(&update->term), doc, &docid, &cause);
    return done == XC_OK ? sp_vectors_fold_put(update->fold, doc, docid, err)
                         : sp_fail_xapian(err, done, &cause, update->database.data);
}

enum sp_status
sp_update_post(sp_update *update, const sp_post *post, const uint64_t *before, uint64_t *digest,
               sp_error *err)
{
    const xc_doc *doc;
    enum sp_status status = sp_builder_post(update->builder, post, &doc, digest, err);
    if (status != SP_OK || (before && *before == *digest))
        return status;
    return put(update, SP_PREFIX_POST, post->path, doc, err);
}

enum sp_status
sp_update_resource(sp_update *update, const sp_resource *resource, const uint64_t *before,
                   uint64_t *digest, sp_error *err)
{
    const xc_doc *doc;
    enum sp_status status = sp_builder_resource(update->builder, resource, &doc, digest, err);
    if (status != SP_OK || (before && *before == *digest))
        return status;
    return put(update, SP_PREFIX_RESOURCE, resource->canonical, doc, err);
}

enum sp_status
sp_update_remove(sp_update *update, const char *prefix, sp_bytes id, sp_error *err)
{
    xc_error cause;
    enum sp_status status = make_unique_term(update, prefix, id, err);
    if (status != SP_OK || !update->writer)
        return status;
    status = begin_fold(update, err);
    if (status == SP_OK)
        status = sp_vectors_fold_remove(update->fold, sp_str_bytes(&update->term), err);
    if (status != SP_OK)
        return status;
    xc_status done = xc_writer_delete(update->writer, str_to_xc(&update->term), &cause);
    return done == XC_OK ? SP_OK : sp_fail_xapian(err, done, &cause, update->database.data);
}

enum sp_status
sp_update_commit(sp_update *update, const sp_index_settings *settings, sp_error *err)
{
    xc_error cause;
    if (!update->writer)
        return SP_OK;
    xc_status done = sp_settings_write(update->writer, settings, &cause);
    if (done == XC_OK && update->fold)
        done = sp_vectors_fold_write(update->fold, update->writer, &cause);
    if (done == XC_OK)
        done = xc_writer_commit(update->writer, &cause);
    return done == XC_OK ? SP_OK : sp_fail_xapian(err, done, &cause, update->database.data);
}

enum sp_status
sp_update_written(sp_update *update, sp_written_list *out, sp_error *err)
{
    const xc_written *ranges;
    bool complete;
    size_t count = xc_writer_written(update->writer, &ranges, &complete);
    sp_arena_clear(&update->written);
    sp_written *items = sp_arena_array(&update->written, count, sizeof *items);
    for (size_t i = 0; items && i < count; i++)
        items[i] =
            (sp_written){ranges[i].device, ranges[i].inode, ranges[i].offset, ranges[i].length};
    *out = (sp_written_list){items, count, complete};
    return sp_arena_check(&update->written, err);
}
