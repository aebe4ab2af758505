// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify_private.h"

#include "sums_private.h"

#include <stdlib.h>
#include <time.h>

#define NAP_NS 10000000

struct verify_context {
    int files;  /* the folder of the database, open */
    int folder; /* where its checksums are */
    const char *database;
    const atomic_bool *cancel;
    sp_verify_fault fault; /* NULL: the first fault ends the verification */
    void *fault_context;
    char *buffer;             /* SP_PIECE bytes */
    sp_glass_version version; /* of the database */
    sp_sums sums;
    bool loaded; /* whether version and checksums are known and of the same commit */
};

/* SP_OK if the checksums describe the database, which has this version. */
static enum sp_status
compare_version(const struct verify_context *context, const sp_sums *sums,
                const sp_glass_version *version, sp_error *err)
{
    bool newer = sp_sums_precede(sums, version);
    if (sp_glass_version_equal(version, &sums->version))
        return SP_OK;
    if (newer && sums->state == SP_SUMS_CHANGING)
        return SP_OK;
    if (newer)
        return sp_fail_at(err, SP_STALE, context->database, 0, 0,
                          "cannot be verified: another program has changed it after its checksums "
                          "were written");
    return sp_fail_at(err, SP_DAMAGED, context->database, 0, 0,
                      "damaged: its version file is not the one of its checksums");
}

/* Reads the version and the checksums of the same commit. */
static enum sp_status
read_both(const struct verify_context *context, sp_glass_version *version, sp_sums *sums,
          sp_error *err)
{
    sp_glass_version after;
    const char *database = context->database;
    enum sp_status status = sp_glass_version_read_open(context->files, database, version, err);
    if (status != SP_OK)
        return status;
    status = sp_sums_read(context->folder, database, sums, err);
    if (status == SP_NOT_FOUND)
        return sp_fail_at(err, SP_STALE, database, 0, 0,
                          "cannot be verified: it has no checksums (" SP_SUMS_SUFFIX ")");
    if (status != SP_OK)
        return status;
    status = sp_glass_version_read_open(context->files, database, &after, err);
    if (status == SP_OK && !sp_glass_version_equal(version, &after))
        status = sp_fail_at(err, SP_STALE, database, 0, 0, "the index kept changing");
    else if (status == SP_OK)
        status = compare_version(context, sums, version, err);
    if (status != SP_OK)
        sp_sums_done(sums);
    return status;
}

static void
nap(void)
{
    nanosleep(&(struct timespec){.tv_nsec = NAP_NS}, NULL);
}

/* Replaces the context's version and checksums by those that the database has now. */
static enum sp_status
load(struct verify_context *context, sp_error *err)
{
    sp_sums sums = {0};
    sp_glass_version version;
    enum sp_status status = SP_STALE;
    for (int i = 0; status == SP_STALE && i < SP_LOOKS_MAX; i++) {
        if (i > 0)
            nap();
        status = read_both(context, &version, &sums, err);
    }
    context->loaded = status == SP_OK;
    if (status != SP_OK)
        return status;
    sp_sums_done(&context->sums);
    context->sums = sums;
    context->version = version;
    return SP_OK;
}

/* Whether a block is right. While a run changes the database, and after one was killed, a block may
   be newer than the checksums; one beyond their end may not have been written at all. */
static bool
is_right(const struct verify_context *context, size_t table, size_t number, sp_bytes block)
{
    const sp_table_sums *sums = &context->sums.tables[table];
    uint64_t revision = sp_block_revision(block);
    if (number < sums->count && sp_block_digest(block) == sums->blocks[number])
        return true;
    if (context->sums.state != SP_SUMS_CHANGING)
        return false;
    return number >= sums->count ||
           (revision > context->sums.version.revision && revision <= context->version.revision + 1);
}

static bool
has_right_size(const struct verify_context *context, size_t i, const struct sp_table_file *table)
{
    const sp_table_sums *sums = &context->sums.tables[i];
    bool exists = table->fd >= 0;
    uint64_t size = exists ? (uint64_t)table->about.st_size : 0;
    if (context->sums.state == SP_SUMS_CHANGING)
        return (exists || !sums->exists) && size >= sums->size;
    return exists == sums->exists && size == sums->size;
}

/* Looks again at a block that looked damaged, with the newest checksums. */
static enum sp_status
look_again(struct verify_context *context, size_t i, const struct sp_table_file *table,
           size_t number, sp_error *err)
{
    char block[SP_SUMS_BLOCK];
    for (int look = 0; look < SP_LOOKS_MAX; look++) {
        size_t got;
        nap();
        enum sp_status status = load(context, err);
        if (status == SP_OK)
            status = sp_table_read(table, (uint64_t)number * SP_SUMS_BLOCK, sizeof block, block,
                                   &got, err);
        if (status != SP_OK)
            return status;
        if (is_right(context, i, number, (sp_bytes){block, got}))
            return SP_OK;
    }
    return sp_fail_at(err, SP_DAMAGED, table->path.data, 0, 0,
                      "damaged: the 8 KiB at byte %zu differ from their checksum",
                      number * SP_SUMS_BLOCK);
}

static enum sp_status
verify_blocks(struct verify_context *context, size_t i, const struct sp_table_file *table,
              sp_error *err)
{
    uint64_t offset = 0;
    size_t got = SP_PIECE;
    while (got == SP_PIECE) {
        enum sp_status status = sp_check_cancel(context->cancel, err);
        if (status == SP_OK)
            status = sp_table_read(table, offset, SP_PIECE, context->buffer, &got, err);
        for (size_t at = 0; status == SP_OK && at < got; at += SP_SUMS_BLOCK) {
            size_t number = (size_t)(offset / SP_SUMS_BLOCK) + at / SP_SUMS_BLOCK;
            size_t len = got - at < SP_SUMS_BLOCK ? got - at : SP_SUMS_BLOCK;
            if (!is_right(context, i, number, (sp_bytes){context->buffer + at, len}))
                status = look_again(context, i, table, number, err);
        }
        if (status != SP_OK)
            return status;
        offset += got;
    }
    return SP_OK;
}

static enum sp_status
open_table(const struct verify_context *context, size_t i, struct sp_table_file *table,
           sp_error *err)
{
    sp_table_close(table);
    return sp_table_open(context->files, context->database, i, table, err);
}

static enum sp_status
check_size(struct verify_context *context, size_t i, struct sp_table_file *table, sp_error *err)
{
    for (int look = 0; !has_right_size(context, i, table); look++) {
        if (look == SP_LOOKS_MAX)
            return sp_fail_at(err, SP_DAMAGED, table->path.data, 0, 0,
                              "damaged: its size is not that of its checksums");
        nap();
        enum sp_status status = load(context, err);
        if (status == SP_OK)
            status = open_table(context, i, table, err);
        if (status != SP_OK)
            return status;
    }
    return SP_OK;
}

static enum sp_status
verify_table(struct verify_context *context, size_t i, sp_error *err)
{
    struct sp_table_file table = {.fd = -1};
    enum sp_status status = open_table(context, i, &table, err);
    if (status == SP_OK)
        status = check_size(context, i, &table, err);
    if (status == SP_OK && table.fd >= 0)
        status = verify_blocks(context, i, &table, err);
    sp_table_close(&table);
    return status;
}

bool
sp_is_fault(enum sp_status status)
{
    return status == SP_DAMAGED || status == SP_STALE || status == SP_IO;
}

/* Tells the caller about a fault. Returns whether to verify the next table. */
static bool
goes_on(const struct verify_context *context, enum sp_status status, const sp_error *fault)
{
    if (context->fault && sp_is_fault(status))
        context->fault(context->fault_context, fault);
    return status == SP_OK || (context->fault && sp_is_fault(status) && context->loaded);
}

static enum sp_status
verify_tables(struct verify_context *context, sp_error *err)
{
    sp_error fault;
    enum sp_status result = load(context, &fault);
    bool more = goes_on(context, result, &fault);
    for (size_t i = 0; more && i < SP_SUMS_TABLES; i++) {
        enum sp_status status = verify_table(context, i, &fault);
        more = goes_on(context, status, &fault);
        if (status != SP_OK)
            result = status;
    }
    if (err && result != SP_OK)
        *err = fault;
    return result;
}

enum sp_status
sp_verify_files(int files, int folder, const char *database, const atomic_bool *cancel,
                sp_verify_fault fault, void *context, sp_error *err)
{
    struct verify_context verify = {.files = files,
                                    .folder = folder,
                                    .database = database,
                                    .cancel = cancel,
                                    .fault = fault,
                                    .fault_context = context,
                                    .buffer = malloc(SP_PIECE)};
    enum sp_status status =
        verify.buffer ? verify_tables(&verify, err) : sp_fail(err, SP_NO_MEMORY, "out of memory");
    sp_sums_done(&verify.sums);
    free(verify.buffer);
    return status;
}

enum sp_status
sp_verify_place(const sp_index_place *place, const atomic_bool *cancel, sp_error *err)
{
    const char *path = place->path.data;
    if (place->single_file)
        return sp_fail_at(err, SP_STALE, path, 0, 0,
                          "cannot be verified: a database in a single file has no checksums");
    enum sp_status status =
        sp_verify_files(place->folder, place->directory, path, cancel, NULL, NULL, err);
    if (sp_is_fault(status) && !sp_index_place_is_current(place))
        return sp_fail_at(err, SP_NOT_FOUND, path, 0, 0, "replaced while it was verified");
    return status;
}
