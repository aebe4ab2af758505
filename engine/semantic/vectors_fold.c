// SPDX-License-Identifier: GPL-2.0-or-later
#include "vectors_fold.h"
#include "engine/index/xapian.h"

#include <stdlib.h>

/* Blocks are read when first needed: one post needs most blocks of stems and few of documents. */
struct sp_folding {
    xc_reader *reader; /* the index as it was */
    sp_str path, key;
    sp_vectors_header header;
    bool there;      /* whether the index has vectors */
    sp_arena arena;  /* owns the blocks of stems */
    sp_bytes *stems; /* one per block; data NULL: not read yet */
    sp_str *documents;
    size_t document_blocks;
};

enum sp_status
sp_folding_new(const char *database, sp_folding **out, sp_error *err)
{
    xc_error cause;
    sp_folding *folding = calloc(1, sizeof *folding);
    if (!folding)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    sp_str_append_text(&folding->path, database);
    enum sp_status status = sp_str_check(&folding->path, err);
    xc_status opened = status == SP_OK ? xc_reader_open(database, &folding->reader, &cause) : XC_OK;
    if (opened != XC_OK)
        status = sp_fail_xapian(err, opened, &cause, database);
    if (status == SP_OK)
        status = sp_vectors_read_header(folding->reader, database, &folding->header,
                                        &folding->there, err);
    if (status == SP_OK)
        folding->stems =
            sp_arena_array(&folding->arena, folding->header.blocks + 1, sizeof *folding->stems);
    if (status == SP_OK && !folding->stems)
        status = sp_fail(err, SP_NO_MEMORY, "out of memory");
    if (status != SP_OK) {
        sp_folding_free(folding);
        return status;
    }
    *out = folding;
    return SP_OK;
}

void
sp_folding_free(sp_folding *folding)
{
    if (!folding)
        return;
    for (size_t i = 0; i < folding->document_blocks; i++)
        sp_str_done(&folding->documents[i]);
    free(folding->documents);
    xc_reader_close(folding->reader);
    sp_str_done(&folding->path);
    sp_str_done(&folding->key);
    sp_arena_done(&folding->arena);
    free(folding);
}

static enum sp_status
read_block(sp_folding *folding, char kind, uint32_t number, sp_bytes *out, sp_error *err)
{
    xc_error cause;
    xc_bytes value;
    sp_vectors_key(&folding->key, kind, number);
    enum sp_status status = sp_str_check(&folding->key, err);
    if (status != SP_OK)
        return status;
    xc_status read = xc_reader_metadata(folding->reader, str_to_xc(&folding->key), &value, &cause);
    if (read != XC_OK)
        return sp_fail_xapian(err, read, &cause, folding->path.data);
    *out = from_xc(value);
    return SP_OK;
}

static enum sp_status
add_stem(sp_folding *folding, const xc_term *term, float *sum, sp_error *err)
{
    sp_bytes text = from_xc(term->term);
    const sp_bytes stem = sp_bytes_slice(text, sizeof SP_PREFIX_STEM - 1, text.len);
    uint32_t number = sp_vectors_stem_block(&folding->header, stem);
    sp_bytes *block = &folding->stems[number];
    if (!block->data) {
        sp_bytes read;
        enum sp_status status = read_block(folding, 's', number, &read, err);
        if (status != SP_OK)
            return status;
        *block = sp_arena_copy(&folding->arena, read);
        status = sp_arena_check(&folding->arena, err);
        if (status != SP_OK)
            return status;
    }
    sp_stem_vector vector;
    sp_bytes rest = *block;
    int found = 0;
    while ((found = sp_stem_vector_next(&rest, folding->header.dimensions, &vector)) > 0) {
        if (!sp_bytes_equal(vector.stem, stem))
            continue;
        sp_stem_vector_add(&vector, sp_vectors_times(term->freq), folding->header.dimensions, sum);
        return SP_OK;
    }
    return found == 0 ? SP_OK
                      : sp_fail_at(err, SP_DAMAGED, folding->path.data, 0, 0,
                                   "the vectors of the index are damaged");
}

static bool
has_room(sp_folding *folding, size_t number)
{
    if (number < folding->document_blocks)
        return true;
    size_t count = number + number / 2 + 1;
    sp_str *grown = realloc(folding->documents, count * sizeof *grown);
    if (!grown)
        return false;
    memset(grown + folding->document_blocks, 0, (count - folding->document_blocks) * sizeof *grown);
    folding->documents = grown;
    folding->document_blocks = count;
    return true;
}

/* Finds the numbers of a document, to be overwritten; reads its whole block. */
static enum sp_status
find_place(sp_folding *folding, uint32_t docid, char **out, sp_error *err)
{
    uint32_t number = (docid - 1) / SP_VECTORS_BLOCK;
    size_t size = (size_t)SP_VECTORS_BLOCK * folding->header.dimensions;
    enum sp_status status = SP_OK;
    if (!has_room(folding, number))
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    sp_str *block = &folding->documents[number];
    if (block->len == 0) {
        sp_bytes read;
        status = read_block(folding, 'd', number, &read, err);
        if (status == SP_OK)
            sp_str_append(block, sp_bytes_slice(read, 0, read.len < size ? read.len : size));
        while (status == SP_OK && !block->failed && block->len < size)
            sp_str_append_char(block, '\0');
    }
    if (status == SP_OK)
        status = sp_str_check(block, err);
    *out = block->data + (size_t)((docid - 1) % SP_VECTORS_BLOCK) * folding->header.dimensions;
    return status;
}

static bool
is_idle(sp_folding *folding)
{
    folding->header.changed += folding->there;
    return !folding->there || folding->header.blocks == 0;
}

enum sp_status
sp_folding_put(sp_folding *folding, const xc_doc *doc, uint32_t docid, sp_error *err)
{
    float sum[SP_VECTORS_DIMENSIONS_MAX] = {0};
    xc_error cause;
    xc_terms *terms = NULL;
    char *place;
    if (is_idle(folding))
        return SP_OK;
    xc_status listed = xc_doc_terms(doc, XC_BYTES(SP_PREFIX_STEM), &terms, &cause);
    if (listed != XC_OK)
        return sp_fail_xapian(err, listed, &cause, folding->path.data);
    enum sp_status status = SP_OK;
    for (size_t i = 0; status == SP_OK && i < terms->count; i++)
        status = add_stem(folding, &terms->items[i], sum, err);
    xc_terms_free(terms);
    if (status == SP_OK)
        status = find_place(folding, docid, &place, err);
    if (status == SP_OK)
        sp_vector_round(sum, folding->header.dimensions, (int8_t *)place);
    return status;
}

enum sp_status
sp_folding_remove(sp_folding *folding, sp_bytes unique_term, sp_error *err)
{
    xc_error cause;
    uint32_t docid;
    size_t count;
    char *place;
    if (is_idle(folding))
        return SP_OK;
    xc_status found =
        xc_reader_postings(folding->reader, to_xc(unique_term), 0, 1, &docid, &count, &cause);
    if (found != XC_OK)
        return sp_fail_xapian(err, found, &cause, folding->path.data);
    if (count == 0)
        return SP_OK;
    enum sp_status status = find_place(folding, docid, &place, err);
    if (status == SP_OK)
        memset(place, 0, folding->header.dimensions);
    return status;
}

xc_status
sp_folding_write(sp_folding *folding, xc_writer *writer, xc_error *cause)
{
    SP_AUTO(sp_str_done) sp_str header = {0};
    xc_status status = XC_OK;
    if (!folding->there)
        return XC_OK;
    for (size_t i = 0; status == XC_OK && i < folding->document_blocks; i++) {
        if (folding->documents[i].len == 0)
            continue;
        sp_vectors_key(&folding->key, 'd', (uint32_t)i);
        status = xc_writer_set_metadata(writer, str_to_xc(&folding->key),
                                        str_to_xc(&folding->documents[i]), cause);
    }
    sp_vectors_header_append(&header, &folding->header);
    if (status == XC_OK && header.failed) {
        *cause = (xc_error){XC_NO_MEMORY, "out of memory"};
        return XC_NO_MEMORY;
    }
    return status == XC_OK ? xc_writer_set_metadata(writer, XC_BYTES(SP_META_VECTORS),
                                                    str_to_xc(&header), cause)
                           : status;
}
