// SPDX-License-Identifier: GPL-2.0-or-later
#include "sums_private.h"

#include <stdlib.h>
#include <unistd.h>

/* Digesting one table. `old` is NULL, or the table's old sums. */
struct digest_context {
    const struct sp_table_file *table;
    const sp_table_sums *old;
    uint64_t old_revision;
    const atomic_bool *cancel;
    char *buffer; /* SP_PIECE bytes */
    sp_table_sums *out;
};

/* Digests the blocks [first, end), which begin and end anywhere in the file. If `newer` is set, a
   block that `old` has keeps its digest unless the block is newer than `old`. */
static enum sp_status
digest_blocks(const struct digest_context *context, size_t first, size_t end, bool newer,
              sp_error *err)
{
    const sp_table_sums *old = context->old;
    size_t a_piece = SP_PIECE / SP_SUMS_BLOCK;
    for (size_t at = first; at < end; at += a_piece) {
        size_t count = end - at < a_piece ? end - at : a_piece, got;
        enum sp_status status = sp_check_cancel(context->cancel, err);
        if (status == SP_OK)
            status = sp_table_read(context->table, (uint64_t)at * SP_SUMS_BLOCK,
                                   count * SP_SUMS_BLOCK, context->buffer, &got, err);
        if (status != SP_OK)
            return status;
        for (size_t i = 0; i < count; i++) {
            size_t begin = i * SP_SUMS_BLOCK < got ? i * SP_SUMS_BLOCK : got;
            size_t len = got - begin < SP_SUMS_BLOCK ? got - begin : SP_SUMS_BLOCK;
            sp_bytes block = {context->buffer + begin, len};
            bool keep = newer && old && at + i < old->count &&
                        sp_block_revision(block) <= context->old_revision;
            context->out->blocks[at + i] = keep ? old->blocks[at + i] : sp_block_digest(block);
        }
    }
    return SP_OK;
}

static enum sp_status
digest_written(const struct digest_context *context, const sp_written_list *written, sp_error *err)
{
    const struct stat *about = &context->table->about;
    enum sp_status status = SP_OK;
    for (size_t i = 0; status == SP_OK && i < written->count; i++) {
        const sp_written *range = &written->items[i];
        size_t first = (size_t)(range->offset / SP_SUMS_BLOCK);
        size_t end = sp_block_count(range->offset + range->length);
        if (range->device != about->st_dev || range->inode != about->st_ino)
            continue;
        if (end > context->out->count)
            end = context->out->count;
        if (first < end)
            status = digest_blocks(context, first, end, false, err);
    }
    return status;
}

/* The blocks that `old` does not have, and its last one if that was incomplete. */
static enum sp_status
digest_growth(const struct digest_context *context, sp_error *err)
{
    size_t known = context->old->count;
    if (context->old->size % SP_SUMS_BLOCK != 0)
        known--;
    return known < context->out->count
               ? digest_blocks(context, known, context->out->count, false, err)
               : SP_OK;
}

static enum sp_status
digest_table(const struct digest_context *context, const sp_written_list *written, sp_error *err)
{
    const sp_table_sums *old = context->old;
    sp_table_sums *out = context->out;
    if (!old || !written->complete)
        return digest_blocks(context, 0, out->count, old != NULL, err);
    size_t kept = old->count < out->count ? old->count : out->count;
    memcpy(out->blocks, old->blocks, kept * sizeof *old->blocks);
    enum sp_status status = digest_growth(context, err);
    return status == SP_OK ? digest_written(context, written, err) : status;
}

static enum sp_status
renew_table(const sp_sums *old, const struct sp_table_file *table, size_t i,
            const sp_written_list *written, const atomic_bool *cancel, char *buffer, sp_sums *out,
            sp_error *err)
{
    sp_table_sums *sums = &out->tables[i];
    const struct digest_context context = {.table = table,
                                           .old = old && old->tables[i].exists ? &old->tables[i]
                                                                               : NULL,
                                           .old_revision = old ? old->version.revision : 0,
                                           .cancel = old && written->complete ? NULL : cancel,
                                           .buffer = buffer,
                                           .out = sums};
    if (table->fd < 0)
        return SP_OK;
    sums->exists = true;
    sums->size = (uint64_t)table->about.st_size;
    sums->count = sp_block_count(sums->size);
    sums->blocks = sp_arena_array(&out->arena, sums->count, sizeof *sums->blocks);
    if (!sums->blocks)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    return digest_table(&context, written, err);
}

/* database: its open folder. path: for messages. */
static enum sp_status
renew_tables(const sp_sums *old, int database, const char *path, const sp_written_list *written,
             const atomic_bool *cancel, sp_sums *out, sp_error *err)
{
    char *buffer = malloc(SP_PIECE);
    enum sp_status status = buffer ? sp_glass_version_read_open(database, path, &out->version, err)
                                   : sp_fail(err, SP_NO_MEMORY, "out of memory");
    for (size_t i = 0; status == SP_OK && i < SP_SUMS_TABLES; i++) {
        struct sp_table_file table;
        status = sp_table_open(database, path, i, &table, err);
        if (status == SP_OK) {
            status = renew_table(old, &table, i, written, cancel, buffer, out, err);
            sp_table_close(&table);
        }
    }
    free(buffer);
    return status;
}

enum sp_status
sp_sums_renew(const sp_sums *old, int folder, const char *database, const sp_written_list *written,
              const atomic_bool *cancel, sp_sums *out, sp_error *err)
{
    sp_sums sums = {.state = SP_SUMS_SETTLED};
    int fd;
    enum sp_status status = sp_database_open(folder, database, &fd, err);
    if (status != SP_OK)
        return status;
    status = renew_tables(old, fd, database, written, cancel, &sums, err);
    close(fd);
    if (status == SP_OK)
        *out = sums;
    else
        sp_sums_done(&sums);
    return status;
}

enum sp_status
sp_sums_make(int folder, const char *database, const atomic_bool *cancel, sp_sums *out,
             sp_error *err)
{
    const sp_written_list unknown = {.complete = false};
    return sp_sums_renew(NULL, folder, database, &unknown, cancel, out, err);
}

void
sp_sums_done(sp_sums *sums)
{
    sp_arena_done(&sums->arena);
    *sums = (sp_sums){0};
}
