// SPDX-License-Identifier: GPL-2.0-or-later
#include "vectors_learn.h"
#include "engine/index/xapian.h"

#include <stdlib.h>

/* Documents whose sums are made at once: each stem's postings are read once for all of them. */
#define RANGE (SP_VECTORS_BLOCK * 512)

struct making {
    xc_reader *reader;
    xc_writer *writer;
    const char *path;
    sp_learnt learnt;
    sp_vectors_header header;
    uint32_t last_docid;
    float *sums;
    uint32_t first, count; /* documents in sums: those from the id `first` on */
    sp_str key, block;
    sp_error *err;
};

static enum sp_status
store(struct making *at)
{
    xc_error cause;
    enum sp_status status = sp_str_check(&at->key, at->err);
    if (status == SP_OK)
        status = sp_str_check(&at->block, at->err);
    if (status != SP_OK)
        return status;
    xc_status set =
        xc_writer_set_metadata(at->writer, str_to_xc(&at->key), str_to_xc(&at->block), &cause);
    return set == XC_OK ? SP_OK : sp_fail_xapian(at->err, set, &cause, at->path);
}

/* Stems go to their blocks in one pass over each block's list. */
static enum sp_status
store_stems(struct making *at)
{
    const sp_learnt *learnt = &at->learnt;
    sp_arena *arena = &at->learnt.arena;
    enum sp_status status = SP_OK;
    uint32_t *heads = sp_arena_array(arena, at->header.blocks + 1, sizeof *heads);
    uint32_t *nexts = sp_arena_array(arena, learnt->count + 1, sizeof *nexts);
    if (!heads || !nexts)
        return sp_fail(at->err, SP_NO_MEMORY, "out of memory");
    for (uint32_t i = learnt->count; i-- > 0;) {
        uint32_t block = sp_vectors_stem_block(&at->header, learnt->stems[i].stem);
        nexts[i] = heads[block];
        heads[block] = i + 1;
    }
    for (uint32_t block = 0; status == SP_OK && block < at->header.blocks; block++) {
        sp_vectors_key(&at->key, 's', block);
        sp_str_clear(&at->block);
        for (uint32_t i = heads[block]; i > 0; i = nexts[i - 1])
            sp_stem_vector_append(&at->block, &learnt->stems[i - 1], learnt->dimensions);
        if (at->block.len > 0)
            status = store(at);
    }
    return status;
}

struct adding {
    struct making *making;
    const sp_stem_vector *stem;
};

static bool
add(void *context, uint32_t docid, uint32_t wdf)
{
    const struct adding *adding = context;
    struct making *at = adding->making;
    if (docid - at->first >= at->count)
        return false;
    sp_stem_vector_add(adding->stem, sp_vectors_times(wdf), at->learnt.dimensions,
                       at->sums + (size_t)(docid - at->first) * at->learnt.dimensions);
    return true;
}

static enum sp_status
store_block(struct making *at, uint32_t block)
{
    int8_t numbers[SP_VECTORS_DIMENSIONS_MAX];
    uint32_t dimensions = at->learnt.dimensions, first = block * SP_VECTORS_BLOCK + 1;
    sp_vectors_key(&at->key, 'd', block);
    sp_str_clear(&at->block);
    for (uint32_t i = first; i < first + SP_VECTORS_BLOCK && i - at->first < at->count; i++) {
        sp_vector_round(at->sums + (size_t)(i - at->first) * dimensions, dimensions, numbers);
        sp_str_append(&at->block, (sp_bytes){(const char *)numbers, dimensions});
    }
    return store(at);
}

static enum sp_status
make_range(struct making *at)
{
    enum sp_status status = SP_OK;
    memset(at->sums, 0, (size_t)at->count * at->learnt.dimensions * sizeof *at->sums);
    for (uint32_t i = 0; status == SP_OK && i < at->learnt.count; i++) {
        struct adding adding = {at, &at->learnt.stems[i]};
        status = sp_vectors_each_posting(at->reader, at->path, adding.stem->stem, at->first - 1,
                                         add, &adding, at->err);
    }
    for (uint32_t i = 0; status == SP_OK && i < at->count; i += SP_VECTORS_BLOCK)
        status = store_block(at, (at->first - 1 + i) / SP_VECTORS_BLOCK);
    return status;
}

static enum sp_status
make_documents(struct making *at)
{
    enum sp_status status = SP_OK;
    uint32_t most = at->last_docid < RANGE ? at->last_docid : RANGE;
    at->sums = malloc(((size_t)most * at->learnt.dimensions + 1) * sizeof *at->sums);
    if (!at->sums)
        return sp_fail(at->err, SP_NO_MEMORY, "out of memory");
    for (uint32_t done = 0; status == SP_OK && done < at->last_docid; done += at->count) {
        at->first = done + 1;
        at->count = at->last_docid - done < RANGE ? at->last_docid - done : RANGE;
        status = make_range(at);
    }
    return status;
}

static enum sp_status
make(struct making *at)
{
    xc_error cause;
    const xc_writer_options options = {.mode = XC_OPEN};
    enum sp_status status = sp_vectors_learn(at->reader, at->path, &at->learnt, at->err);
    if (status != SP_OK)
        return status;
    xc_status opened = xc_writer_open(at->path, &options, &at->writer, &cause);
    if (opened != XC_OK)
        return sp_fail_xapian(at->err, opened, &cause, at->path);
    at->header.stems = at->learnt.count;
    at->header.dimensions = at->learnt.dimensions;
    at->header.blocks = (at->learnt.count + SP_VECTORS_STEMS_BLOCK - 1) / SP_VECTORS_STEMS_BLOCK;
    status = store_stems(at);
    if (status == SP_OK && at->learnt.count > 0)
        status = make_documents(at);
    sp_str_clear(&at->key);
    sp_str_append_text(&at->key, SP_META_VECTORS);
    sp_str_clear(&at->block);
    sp_vectors_header_append(&at->block, &at->header);
    if (status == SP_OK)
        status = store(at);
    if (status != SP_OK)
        return status;
    xc_status done = xc_writer_commit(at->writer, &cause);
    return done == XC_OK ? SP_OK : sp_fail_xapian(at->err, done, &cause, at->path);
}

enum sp_status
sp_vectors_make(const char *database, uint64_t trained, sp_error *err)
{
    xc_error cause;
    xc_info info;
    struct making at = {.path = database, .err = err, .header.trained = trained};
    xc_status opened = xc_reader_open(database, &at.reader, &cause);
    if (opened == XC_OK)
        opened = xc_reader_info(at.reader, &info, &cause);
    enum sp_status status = opened == XC_OK ? SP_OK : sp_fail_xapian(err, opened, &cause, database);
    if (status == SP_OK) {
        at.header.documents = info.doc_count;
        at.last_docid = info.last_docid;
        status = make(&at);
    }
    xc_writer_close(at.writer);
    xc_reader_close(at.reader);
    sp_arena_done(&at.learnt.arena);
    sp_str_done(&at.key);
    sp_str_done(&at.block);
    free(at.sums);
    return status;
}
