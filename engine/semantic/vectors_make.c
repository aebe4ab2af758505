// SPDX-License-Identifier: GPL-2.0-or-later
#include "vectors_learn.h"
#include "engine/index/xapian.h"

#include <stdlib.h>

/* The number of documents whose vectors are summed at the same time. Each stem's postings are read
   once for each such range. */
#define RANGE (SP_VECTORS_BLOCK * 512)

struct make_state {
    xc_reader *reader;
    xc_writer *writer;
    const char *path;
    sp_learnt learnt;
    sp_vectors_header header;
    uint32_t last_docid;
    float *sums;
    uint32_t first, count; /* the documents of sums: `count` ids from `first` */
    const atomic_bool *cancel;
    sp_str key, block;
    sp_error *err;
};

static enum sp_status
store(struct make_state *state)
{
    xc_error cause;
    enum sp_status status = sp_str_check(&state->key, state->err);
    if (status == SP_OK)
        status = sp_str_check(&state->block, state->err);
    if (status != SP_OK)
        return status;
    xc_status set = xc_writer_set_metadata(state->writer, str_to_xc(&state->key),
                                           str_to_xc(&state->block), &cause);
    return set == XC_OK ? SP_OK : sp_fail_xapian(state->err, set, &cause, state->path);
}

/* Stores the stems block by block. A linked list per block collects its stems. */
static enum sp_status
store_stems(struct make_state *state)
{
    const sp_learnt *learnt = &state->learnt;
    sp_arena *arena = &state->learnt.arena;
    enum sp_status status = SP_OK;
    uint32_t *heads = sp_arena_array(arena, state->header.blocks + 1, sizeof *heads);
    uint32_t *nexts = sp_arena_array(arena, learnt->count + 1, sizeof *nexts);
    if (!heads || !nexts)
        return sp_fail(state->err, SP_NO_MEMORY, "out of memory");
    for (uint32_t i = learnt->count; i-- > 0;) {
        uint32_t block = sp_vectors_stem_block(&state->header, learnt->stems[i].stem);
        nexts[i] = heads[block];
        heads[block] = i + 1;
    }
    for (uint32_t block = 0; status == SP_OK && block < state->header.blocks; block++) {
        sp_vectors_key(&state->key, 's', block);
        sp_str_clear(&state->block);
        for (uint32_t i = heads[block]; i > 0; i = nexts[i - 1])
            sp_stem_vector_append(&state->block, &learnt->stems[i - 1], learnt->dimensions);
        if (state->block.len > 0)
            status = store(state);
    }
    return status;
}

struct add_state {
    struct make_state *make;
    const sp_stem_vector *stem;
};

static bool
add_posting(void *context, uint32_t docid, uint32_t wdf)
{
    const struct add_state *add = context;
    struct make_state *state = add->make;
    if (docid - state->first >= state->count)
        return false;
    sp_stem_vector_add(add->stem, sp_vectors_times(wdf), state->learnt.dimensions,
                       state->sums + (size_t)(docid - state->first) * state->learnt.dimensions);
    return true;
}

static enum sp_status
store_block(struct make_state *state, uint32_t block)
{
    int8_t numbers[SP_VECTORS_DIMENSIONS_MAX];
    uint32_t dimensions = state->learnt.dimensions, first = block * SP_VECTORS_BLOCK + 1;
    sp_vectors_key(&state->key, 'd', block);
    sp_str_clear(&state->block);
    for (uint32_t i = first; i < first + SP_VECTORS_BLOCK && i - state->first < state->count; i++) {
        sp_vector_round(state->sums + (size_t)(i - state->first) * dimensions, dimensions, numbers);
        sp_str_append(&state->block, (sp_bytes){(const char *)numbers, dimensions});
    }
    return store(state);
}

static enum sp_status
make_range(struct make_state *state)
{
    enum sp_status status = SP_OK;
    memset(state->sums, 0, (size_t)state->count * state->learnt.dimensions * sizeof *state->sums);
    for (uint32_t i = 0; status == SP_OK && i < state->learnt.count; i++) {
        struct add_state add = {state, &state->learnt.stems[i]};
        status = sp_check_cancel(state->cancel, state->err);
        if (status == SP_OK)
            status = sp_vectors_each_posting(state->reader, state->path, add.stem->stem,
                                             state->first - 1, add_posting, &add, state->err);
    }
    for (uint32_t i = 0; status == SP_OK && i < state->count; i += SP_VECTORS_BLOCK)
        status = store_block(state, (state->first - 1 + i) / SP_VECTORS_BLOCK);
    return status;
}

static enum sp_status
make_documents(struct make_state *state)
{
    enum sp_status status = SP_OK;
    uint32_t most = state->last_docid < RANGE ? state->last_docid : RANGE;
    state->sums = malloc(((size_t)most * state->learnt.dimensions + 1) * sizeof *state->sums);
    if (!state->sums)
        return sp_fail(state->err, SP_NO_MEMORY, "out of memory");
    for (uint32_t done = 0; status == SP_OK && done < state->last_docid; done += state->count) {
        state->first = done + 1;
        state->count = state->last_docid - done < RANGE ? state->last_docid - done : RANGE;
        status = make_range(state);
    }
    return status;
}

static enum sp_status
make(struct make_state *state)
{
    xc_error cause;
    const xc_writer_options options = {.mode = XC_OPEN};
    enum sp_status status =
        sp_vectors_learn(state->reader, state->path, state->cancel, &state->learnt, state->err);
    if (status != SP_OK)
        return status;
    xc_status opened = xc_writer_open(state->path, &options, &state->writer, &cause);
    if (opened != XC_OK)
        return sp_fail_xapian(state->err, opened, &cause, state->path);
    state->header.stems = state->learnt.count;
    state->header.dimensions = state->learnt.dimensions;
    state->header.blocks =
        (state->learnt.count + SP_VECTORS_STEMS_BLOCK - 1) / SP_VECTORS_STEMS_BLOCK;
    status = store_stems(state);
    if (status == SP_OK && state->learnt.count > 0)
        status = make_documents(state);
    sp_str_clear(&state->key);
    sp_str_append_text(&state->key, SP_META_VECTORS);
    sp_str_clear(&state->block);
    sp_vectors_header_append(&state->block, &state->header);
    if (status == SP_OK)
        status = store(state);
    if (status == SP_OK)
        status = sp_check_cancel(state->cancel, state->err);
    if (status != SP_OK)
        return status;
    xc_status done = xc_writer_commit(state->writer, &cause);
    return done == XC_OK ? SP_OK : sp_fail_xapian(state->err, done, &cause, state->path);
}

enum sp_status
sp_vectors_make(const char *database, uint64_t trained, const atomic_bool *cancel, sp_error *err)
{
    xc_error cause;
    xc_info info;
    struct make_state state = {
        .path = database, .cancel = cancel, .err = err, .header.trained = trained};
    xc_status opened = xc_reader_open(database, &state.reader, &cause);
    if (opened == XC_OK)
        opened = xc_reader_info(state.reader, &info, &cause);
    enum sp_status status = opened == XC_OK ? SP_OK : sp_fail_xapian(err, opened, &cause, database);
    if (status == SP_OK) {
        state.header.documents = info.doc_count;
        state.last_docid = info.last_docid;
        status = make(&state);
    }
    xc_writer_close(state.writer);
    xc_reader_close(state.reader);
    sp_arena_done(&state.learnt.arena);
    sp_str_done(&state.key);
    sp_str_done(&state.block);
    free(state.sums);
    return status;
}
