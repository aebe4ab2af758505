// SPDX-License-Identifier: GPL-2.0-or-later
#include "vectors_learn.h"

#include "linear.h"
#include "engine/analysis/stop_words.h"
#include "engine/index/xapian.h"

#include <signpost/analyzer.h>

#include <math.h>
#include <stdlib.h>
#include <xxhash.h>

#define TERMS_A_PAGE 10000
#define POSTINGS_A_PAGE 512
/* With fewer documents per dimension, vectors would only repeat which words a document contains. */
#define DOCUMENTS_A_DIMENSION 8
#define NO_ROW UINT32_MAX

struct stem {
    sp_bytes stem;
    uint32_t freq;
};

struct learn_state {
    xc_reader *reader;
    const char *path;
    sp_learnt *out;
    xc_info info;
    sp_bytes language; /* for stop words */
    struct stem *stems;
    size_t stem_count, stem_capacity;
    uint64_t bound; /* documents whose 32-bit hash is below this are learnt from */
    uint32_t *rows; /* the row of each id minus 1, or NO_ROW */
    uint32_t row_count;
    sp_sparse entries; /* one row per stem */
    size_t capacity;
    const atomic_bool *cancel;
    sp_error *err;
};

static enum sp_status
fail_xapian(struct learn_state *state, xc_status status, const xc_error *cause)
{
    return sp_fail_xapian(state->err, status, cause, state->path);
}

static enum sp_status
no_memory(struct learn_state *state)
{
    return sp_fail(state->err, SP_NO_MEMORY, "out of memory");
}

enum sp_status
sp_vectors_each_posting(xc_reader *reader, const char *path, sp_bytes stem, uint32_t after,
                        sp_posting_visit visit, void *context, sp_error *err)
{
    xc_error cause;
    uint32_t docids[POSTINGS_A_PAGE], wdfs[POSTINGS_A_PAGE];
    char term[SP_TERM_MAX + sizeof SP_PREFIX_STEM];
    size_t count = POSTINGS_A_PAGE;
    memcpy(term, SP_PREFIX_STEM, sizeof SP_PREFIX_STEM - 1);
    memcpy(term + sizeof SP_PREFIX_STEM - 1, stem.data, stem.len);
    const xc_bytes name = {term, sizeof SP_PREFIX_STEM - 1 + stem.len};
    while (count == POSTINGS_A_PAGE) {
        xc_status status = xc_reader_frequencies(reader, name, after, POSTINGS_A_PAGE, docids, wdfs,
                                                 &count, &cause);
        if (status != XC_OK)
            return sp_fail_xapian(err, status, &cause, path);
        for (size_t i = 0; i < count; i++) {
            if (!visit(context, docids[i], wdfs[i]))
                return SP_OK;
        }
        after = count > 0 ? docids[count - 1] : after;
    }
    return SP_OK;
}

/* Calls a function for each term with the prefix. */
static enum sp_status
each_term(struct learn_state *state, const char *prefix,
          enum sp_status (*visit)(struct learn_state *state, const xc_term *term))
{
    SP_AUTO(sp_str_done) sp_str after = {0};
    enum sp_status status = SP_OK;
    for (bool more = true; more && status == SP_OK;) {
        xc_error cause;
        xc_terms *terms = NULL;
        status = sp_check_cancel(state->cancel, state->err);
        if (status != SP_OK)
            break;
        xc_status read = xc_reader_vocabulary(state->reader, to_xc(sp_bytes_of(prefix)),
                                              str_to_xc(&after), TERMS_A_PAGE, &terms, &cause);
        if (read != XC_OK)
            return fail_xapian(state, read, &cause);
        for (size_t i = 0; status == SP_OK && i < terms->count; i++)
            status = visit(state, &terms->items[i]);
        more = terms->more;
        sp_str_clear(&after);
        if (terms->count > 0)
            sp_str_append(&after, from_xc(terms->items[terms->count - 1].term));
        xc_terms_free(terms);
        if (status == SP_OK)
            status = sp_str_check(&after, state->err);
    }
    return status;
}

/* Stems */

/* Skips stems that all documents contain, which are not informative, and stems of a single
   document, which connect nothing. Capitals of a stop word may only emphasise it. */
static enum sp_status
take_stem(struct learn_state *state, const xc_term *term)
{
    sp_bytes text = from_xc(term->term);
    const sp_bytes stem = sp_bytes_slice(text, sizeof SP_PREFIX_STEM - 1, text.len);
    if (term->freq < 2 || term->freq >= state->info.doc_count || stem.len == 0 ||
        sp_bytes_starts_with(text, SP_LITERAL(SP_PREFIX_TITLE_STEM)))
        return SP_OK;
    if (sp_is_stop_word(state->language, stem) || sp_is_in_capitals(stem))
        return SP_OK;
    state->stems = sp_arena_grow(&state->out->arena, state->stems, &state->stem_capacity,
                                 state->stem_count + 1, sizeof *state->stems);
    if (!state->stems)
        return no_memory(state);
    state->stems[state->stem_count++] =
        (struct stem){sp_arena_copy(&state->out->arena, stem), term->freq};
    return sp_arena_check(&state->out->arena, state->err);
}

static int
compare_frequencies(const void *left, const void *right)
{
    const struct stem *a = left, *b = right;
    if (a->freq != b->freq)
        return a->freq < b->freq ? 1 : -1;
    return sp_bytes_compare(a->stem, b->stem);
}

static int
compare_stems(const void *left, const void *right)
{
    return sp_bytes_compare(((const struct stem *)left)->stem, ((const struct stem *)right)->stem);
}

static enum sp_status
choose_stems(struct learn_state *state)
{
    enum sp_status status = each_term(state, SP_PREFIX_STEM, take_stem);
    if (status != SP_OK || state->stem_count <= SP_LEARN_STEMS)
        return status;
    qsort(state->stems, state->stem_count, sizeof *state->stems, compare_frequencies);
    state->stem_count = SP_LEARN_STEMS;
    qsort(state->stems, state->stem_count, sizeof *state->stems, compare_stems);
    return SP_OK;
}

/* Documents */

/* Returns the bound below which the hash of a document selects it for learning, so that the sample
   stays within SP_LEARN_DOCUMENTS and SP_LEARN_ENTRIES. */
static uint64_t
sample_bound(const struct learn_state *state)
{
    double entries = 0, part = 1;
    for (size_t i = 0; i < state->stem_count; i++)
        entries += state->stems[i].freq;
    if (state->info.doc_count > SP_LEARN_DOCUMENTS)
        part = SP_LEARN_DOCUMENTS / (double)state->info.doc_count;
    if (entries * part > SP_LEARN_ENTRIES)
        part = SP_LEARN_ENTRIES / entries;
    return (uint64_t)(part * 4294967296.0);
}

/* Gives the document a row if it is in the sample. Rows are in the order of unique terms, so they
   do not depend on ids. */
static enum sp_status
take_document(struct learn_state *state, const xc_term *term)
{
    xc_error cause;
    uint32_t docid;
    size_t count;
    if (XXH64(term->term.data, term->term.len, 0) >> 32 >= state->bound)
        return SP_OK;
    xc_status status = xc_reader_postings(state->reader, term->term, 0, 1, &docid, &count, &cause);
    if (status != XC_OK)
        return fail_xapian(state, status, &cause);
    if (count > 0 && docid <= state->info.last_docid)
        state->rows[docid - 1] = state->row_count++;
    return SP_OK;
}

static enum sp_status
choose_documents(struct learn_state *state)
{
    state->rows = sp_arena_array(&state->out->arena, state->info.last_docid, sizeof *state->rows);
    if (!state->rows)
        return no_memory(state);
    for (uint32_t i = 0; i < state->info.last_docid; i++)
        state->rows[i] = NO_ROW;
    state->bound = sample_bound(state);
    return each_term(state, "Q", take_document);
}

/* Entries */

struct entry_state {
    struct learn_state *learn;
    float weight;
    size_t count;
};

static bool
take_entry(void *context, uint32_t docid, uint32_t wdf)
{
    struct entry_state *entry = context;
    struct learn_state *state = entry->learn;
    uint32_t row = docid <= state->info.last_docid ? state->rows[docid - 1] : NO_ROW;
    if (row == NO_ROW || entry->count == state->capacity)
        return row == NO_ROW;
    state->entries.indices[entry->count] = row;
    state->entries.values[entry->count++] = sp_vectors_times(wdf) * entry->weight;
    return true;
}

static float
stem_weight(const struct learn_state *state, const struct stem *stem)
{
    return (float)log((double)state->info.doc_count / stem->freq);
}

static bool
make_room(struct learn_state *state, size_t count, uint32_t more)
{
    sp_sparse *entries = &state->entries;
    if (more > state->row_count)
        more = state->row_count;
    if (count + more <= state->capacity)
        return true;
    size_t capacity = (count + more) * 3 / 2;
    uint32_t *indices = realloc(entries->indices, capacity * sizeof *indices);
    if (!indices)
        return false;
    entries->indices = indices;
    float *values = realloc(entries->values, capacity * sizeof *values);
    if (!values)
        return false;
    entries->values = values;
    state->capacity = capacity;
    return true;
}

static enum sp_status
read_entries(struct learn_state *state)
{
    struct entry_state entry = {.learn = state};
    enum sp_status status = SP_OK;
    state->entries.rows = state->stem_count;
    state->entries.columns = state->row_count;
    state->entries.starts = calloc(state->stem_count + 1, sizeof *state->entries.starts);
    if (!state->entries.starts)
        return no_memory(state);
    for (size_t i = 0; status == SP_OK && i < state->stem_count; i++) {
        status = sp_check_cancel(state->cancel, state->err);
        if (status != SP_OK)
            return status;
        if (!make_room(state, entry.count, state->stems[i].freq))
            return no_memory(state);
        entry.weight = stem_weight(state, &state->stems[i]);
        status = sp_vectors_each_posting(state->reader, state->path, state->stems[i].stem, 0,
                                         take_entry, &entry, state->err);
        state->entries.starts[i + 1] = entry.count;
    }
    return status;
}

/* Vectors */

static enum sp_status
decompose(struct learn_state *state, float **vectors)
{
    sp_sparse documents = {0}, stems = {0};
    double values[SP_VECTORS_DIMENSIONS_MAX];
    enum sp_status status = sp_sparse_transpose(&state->entries, &documents, state->err);
    sp_sparse_done(&state->entries);
    if (status == SP_OK) {
        sp_sparse_normalise(&documents);
        status = sp_sparse_transpose(&documents, &stems, state->err);
    }
    if (status == SP_OK)
        status = sp_linear_svd(&documents, &stems, state->out->dimensions, state->cancel, vectors,
                               values, state->err);
    sp_sparse_done(&documents);
    sp_sparse_done(&stems);
    return status;
}

static enum sp_status
keep(struct learn_state *state, const float *vectors)
{
    sp_learnt *out = state->out;
    out->stems = sp_arena_array(&out->arena, state->stem_count, sizeof *out->stems);
    int8_t *numbers = sp_arena_alloc(&out->arena, state->stem_count * out->dimensions + 1);
    if (!out->stems || !numbers)
        return no_memory(state);
    for (size_t i = 0; i < state->stem_count; i++) {
        sp_stem_vector *stem = &out->stems[out->count++];
        stem->stem = state->stems[i].stem;
        stem->weight = stem_weight(state, &state->stems[i]);
        stem->numbers = numbers + i * out->dimensions;
        stem->scale = sp_vector_round(vectors + i * SP_LINEAR_STRIDE, out->dimensions,
                                      numbers + i * out->dimensions);
    }
    return SP_OK;
}

enum sp_status
sp_vectors_learn(xc_reader *reader, const char *path, const atomic_bool *cancel, sp_learnt *out,
                 sp_error *err)
{
    xc_error cause;
    xc_bytes language;
    float *vectors = NULL;
    struct learn_state state = {
        .reader = reader, .path = path, .out = out, .cancel = cancel, .err = err};
    *out = (sp_learnt){0};
    xc_status informed = xc_reader_info(reader, &state.info, &cause);
    if (informed != XC_OK)
        return fail_xapian(&state, informed, &cause);
    xc_status read = xc_reader_metadata(reader, XC_BYTES(SP_META_LANGUAGE), &language, &cause);
    if (read != XC_OK)
        return fail_xapian(&state, read, &cause);
    state.language = sp_arena_copy(&out->arena, from_xc(language));
    enum sp_status status = choose_stems(&state);
    if (status == SP_OK)
        status = choose_documents(&state);
    uint32_t most = state.row_count / DOCUMENTS_A_DIMENSION;
    out->dimensions = most < SP_VECTORS_DIMENSIONS_MAX ? most : SP_VECTORS_DIMENSIONS_MAX;
    if (out->dimensions == 0)
        state.stem_count = 0;
    if (status == SP_OK && state.stem_count > 0)
        status = read_entries(&state);
    if (status == SP_OK && state.stem_count > 0)
        status = decompose(&state, &vectors);
    if (status == SP_OK && state.stem_count > 0)
        status = keep(&state, vectors);
    sp_sparse_done(&state.entries);
    free(vectors);
    return status;
}
