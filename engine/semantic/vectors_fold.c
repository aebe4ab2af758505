// SPDX-License-Identifier: GPL-2.0-or-later
#include "vectors_fold.h"
#include "engine/index/xapian.h"

#include <stdlib.h>

/* Blocks are read when first needed: one post needs most blocks of stems and few of documents. */
struct sp_vectors_fold {
    xc_reader *reader; /* the index before the update */
    sp_str path, key;
    sp_vectors_header header;
    bool has_vectors; /* whether the index has vectors */
    sp_arena arena;   /* owns the blocks of stems */
    sp_bytes *stems;  /* one per block; data NULL: not read yet */
    sp_str *documents;
    size_t document_blocks;
};

enum sp_status
sp_vectors_fold_new(const char *database, sp_vectors_fold **out, sp_error *err)
{
    xc_error cause;
    sp_vectors_fold *fold = calloc(1, sizeof *fold);
    if (!fold)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    sp_str_append_text(&fold->path, database);
    enum sp_status status = sp_str_check(&fold->path, err);
    xc_status opened = status == SP_OK ? xc_reader_open(database, &fold->reader, &cause) : XC_OK;
    if (opened != XC_OK)
        status = sp_fail_xapian(err, opened, &cause, database);
    if (status == SP_OK)
        status =
            sp_vectors_read_header(fold->reader, database, &fold->header, &fold->has_vectors, err);
    if (status == SP_OK)
        fold->stems = sp_arena_array(&fold->arena, fold->header.blocks + 1, sizeof *fold->stems);
    if (status == SP_OK && !fold->stems)
        status = sp_fail(err, SP_NO_MEMORY, "out of memory");
    if (status != SP_OK) {
        sp_vectors_fold_free(fold);
        return status;
    }
    *out = fold;
    return SP_OK;
}

void
sp_vectors_fold_free(sp_vectors_fold *fold)
{
    if (!fold)
        return;
    for (size_t i = 0; i < fold->document_blocks; i++)
        sp_str_done(&fold->documents[i]);
    free(fold->documents);
    xc_reader_close(fold->reader);
    sp_str_done(&fold->path);
    sp_str_done(&fold->key);
    sp_arena_done(&fold->arena);
    free(fold);
}

static enum sp_status
read_block(sp_vectors_fold *fold, char kind, uint32_t number, sp_bytes *out, sp_error *err)
{
    xc_error cause;
    xc_bytes value;
    sp_vectors_key(&fold->key, kind, number);
    enum sp_status status = sp_str_check(&fold->key, err);
    if (status != SP_OK)
        return status;
    xc_status read = xc_reader_metadata(fold->reader, str_to_xc(&fold->key), &value, &cause);
    if (read != XC_OK)
        return sp_fail_xapian(err, read, &cause, fold->path.data);
    *out = from_xc(value);
    return SP_OK;
}

static enum sp_status
add_stem(sp_vectors_fold *fold, const xc_term *term, float *sum, sp_error *err)
{
    sp_bytes text = from_xc(term->term);
    const sp_bytes stem = sp_bytes_slice(text, sizeof SP_PREFIX_STEM - 1, text.len);
    uint32_t number = sp_vectors_stem_block(&fold->header, stem);
    sp_bytes *block = &fold->stems[number];
    if (!block->data) {
        sp_bytes read;
        enum sp_status status = read_block(fold, 's', number, &read, err);
        if (status != SP_OK)
            return status;
        *block = sp_arena_copy(&fold->arena, read);
        status = sp_arena_check(&fold->arena, err);
        if (status != SP_OK)
            return status;
    }
    sp_stem_vector vector;
    sp_bytes rest = *block;
    int found = 0;
    while ((found = sp_stem_vector_next(&rest, fold->header.dimensions, &vector)) > 0) {
        if (!sp_bytes_equal(vector.stem, stem))
            continue;
        sp_stem_vector_add(&vector, sp_vectors_times(term->freq), fold->header.dimensions, sum);
        return SP_OK;
    }
    return found == 0 ? SP_OK
                      : sp_fail_at(err, SP_DAMAGED, fold->path.data, 0, 0,
                                   "the vectors of the index are damaged");
}

static bool
has_room(sp_vectors_fold *fold, size_t number)
{
    if (number < fold->document_blocks)
        return true;
    size_t count = number + number / 2 + 1;
    sp_str *grown = realloc(fold->documents, count * sizeof *grown);
    if (!grown)
        return false;
    memset(grown + fold->document_blocks, 0, (count - fold->document_blocks) * sizeof *grown);
    fold->documents = grown;
    fold->document_blocks = count;
    return true;
}

/* Finds the place of a document's vector in its block, for the caller to overwrite. Reads the block
   when it is first needed. */
static enum sp_status
find_place(sp_vectors_fold *fold, uint32_t docid, char **out, sp_error *err)
{
    uint32_t number = (docid - 1) / SP_VECTORS_BLOCK;
    size_t size = (size_t)SP_VECTORS_BLOCK * fold->header.dimensions;
    enum sp_status status = SP_OK;
    if (!has_room(fold, number))
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    sp_str *block = &fold->documents[number];
    if (block->len == 0) {
        sp_bytes read;
        status = read_block(fold, 'd', number, &read, err);
        if (status == SP_OK)
            sp_str_append(block, sp_bytes_slice(read, 0, read.len < size ? read.len : size));
        while (status == SP_OK && !block->failed && block->len < size)
            sp_str_append_char(block, '\0');
    }
    if (status == SP_OK)
        status = sp_str_check(block, err);
    if (status == SP_OK)
        *out = block->data + (size_t)((docid - 1) % SP_VECTORS_BLOCK) * fold->header.dimensions;
    return status;
}

/* Counts a changed document. Returns whether documents have vectors. */
static bool
count_change(sp_vectors_fold *fold)
{
    fold->header.changed += fold->has_vectors;
    return fold->has_vectors && fold->header.blocks > 0;
}

enum sp_status
sp_vectors_fold_put(sp_vectors_fold *fold, const xc_doc *doc, uint32_t docid, sp_error *err)
{
    float sum[SP_VECTORS_DIMENSIONS_MAX] = {0};
    xc_error cause;
    xc_terms *terms = NULL;
    char *place;
    if (!count_change(fold))
        return SP_OK;
    xc_status listed = xc_doc_terms(doc, XC_BYTES(SP_PREFIX_STEM), &terms, &cause);
    if (listed != XC_OK)
        return sp_fail_xapian(err, listed, &cause, fold->path.data);
    enum sp_status status = SP_OK;
    for (size_t i = 0; status == SP_OK && i < terms->count; i++)
        status = add_stem(fold, &terms->items[i], sum, err);
    xc_terms_free(terms);
    if (status == SP_OK)
        status = find_place(fold, docid, &place, err);
    if (status == SP_OK)
        sp_vector_round(sum, fold->header.dimensions, (int8_t *)place);
    return status;
}

enum sp_status
sp_vectors_fold_remove(sp_vectors_fold *fold, sp_bytes unique_term, sp_error *err)
{
    xc_error cause;
    uint32_t docid;
    size_t count;
    char *place;
    if (!count_change(fold))
        return SP_OK;
    xc_status found =
        xc_reader_postings(fold->reader, to_xc(unique_term), 0, 1, &docid, &count, &cause);
    if (found != XC_OK)
        return sp_fail_xapian(err, found, &cause, fold->path.data);
    if (count == 0)
        return SP_OK;
    enum sp_status status = find_place(fold, docid, &place, err);
    if (status == SP_OK)
        memset(place, 0, fold->header.dimensions);
    return status;
}

xc_status
sp_vectors_fold_write(sp_vectors_fold *fold, xc_writer *writer, xc_error *cause)
{
    SP_AUTO(sp_str_done) sp_str header = {0};
    xc_status status = XC_OK;
    if (!fold->has_vectors)
        return XC_OK;
    for (size_t i = 0; status == XC_OK && i < fold->document_blocks; i++) {
        if (fold->documents[i].len == 0)
            continue;
        sp_vectors_key(&fold->key, 'd', (uint32_t)i);
        status = xc_writer_set_metadata(writer, str_to_xc(&fold->key),
                                        str_to_xc(&fold->documents[i]), cause);
    }
    sp_vectors_header_append(&header, &fold->header);
    if (status == XC_OK && (header.failed || fold->key.failed)) {
        *cause = (xc_error){XC_NO_MEMORY, "out of memory"};
        return XC_NO_MEMORY;
    }
    return status == XC_OK ? xc_writer_set_metadata(writer, XC_BYTES(SP_META_VECTORS),
                                                    str_to_xc(&header), cause)
                           : status;
}
