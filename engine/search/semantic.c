// SPDX-License-Identifier: GPL-2.0-or-later
#include "semantic.h"

#include "engine/semantic/vectors.h"
#include "engine/index/xapian.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

/* Numbers in a row. Rows of this length fill whole vector registers. */
#define STRIDE 112
/* A query's numbers are rounded to 1/8192, so that sums of products stay below 2^31. */
#define UNIT 8192

/* The document vectors of one index at one commit. */
struct sp_vectors {
    struct sp_vectors *next;
    sp_str name; /* of index and commit */
    unsigned holders;
    sp_vectors_header header;
    uint32_t count;  /* of documents, by id */
    int8_t *numbers; /* STRIDE per document */
    float *lengths;  /* 1 / length of each document's vector; 0 for a vector of zeros */
    bool *posts;     /* which documents are posts */
};

/* All loaded vectors. The mutex guards the list and the holders. It stays locked while vectors are
   loaded, so that other readers of the same index wait for them. Everything else in the list is
   constant. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct sp_vectors *held;

static void
free_vectors(struct sp_vectors *vectors)
{
    if (!vectors)
        return;
    sp_str_done(&vectors->name);
    free(vectors->numbers);
    free(vectors->lengths);
    free(vectors->posts);
    free(vectors);
}

/* Appends the name of an index at one commit. The path is part of the name because a copied index
   has the same uuid and may have as many commits. The name stays empty for several indexes and
   remote ones, which have no commit number of their own. */
static enum sp_status
name_index(sp_reader *reader, const xc_info *info, sp_str *out, sp_error *err)
{
    xc_error cause;
    uint64_t revision;
    if (reader->path_count > 1 || memchr(info->uuid.data, ':', info->uuid.len))
        return SP_OK;
    xc_status asked = xc_reader_revision(reader->xapian, &revision, &cause);
    if (asked == XC_UNSUPPORTED)
        return SP_OK;
    if (asked != XC_OK)
        return sp_reader_fail(reader, asked, &cause, err);
    sp_str_append_format(out, "%s\n%s\n%llu\n", reader->paths[0], info->uuid.data,
                         (unsigned long long)revision);
    sp_str_append(out, sp_str_bytes(&reader->revision));
    return sp_str_check(out, err);
}

static void
set_length(struct sp_vectors *vectors, uint32_t document)
{
    int sum = 0;
    const int8_t *numbers = vectors->numbers + (size_t)document * STRIDE;
    for (int i = 0; i < STRIDE; i++)
        sum += numbers[i] * numbers[i];
    vectors->lengths[document] = sum > 0 ? 1 / sqrtf((float)sum) : 0;
}

static enum sp_status
read_block(sp_reader *reader, struct sp_vectors *vectors, uint32_t block, sp_str *key,
           sp_error *err)
{
    xc_error cause;
    xc_bytes value;
    uint32_t dimensions = vectors->header.dimensions;
    sp_vectors_key(key, 'd', block);
    if (key->failed)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    xc_status status = xc_reader_metadata(reader->xapian, str_to_xc(key), &value, &cause);
    if (status != XC_OK)
        return sp_reader_fail(reader, status, &cause, err);
    uint32_t first = block * SP_VECTORS_BLOCK;
    for (uint32_t i = 0; i < SP_VECTORS_BLOCK && first + i < vectors->count; i++) {
        if (value.len < (size_t)(i + 1) * dimensions)
            break;
        memcpy(vectors->numbers + (size_t)(first + i) * STRIDE, value.data + (size_t)i * dimensions,
               dimensions);
        set_length(vectors, first + i);
    }
    return SP_OK;
}

/* Document ids that are read at once. */
#define IDS_MAX 256

static enum sp_status
read_posts(sp_reader *reader, struct sp_vectors *vectors, sp_str *term, sp_error *err)
{
    uint32_t ids[IDS_MAX], after = 0;
    size_t count = IDS_MAX;
    sp_term_make(term, SP_PREFIX_KIND, sp_bytes_of(sp_kind_names[SP_KIND_POST]));
    if (term->failed)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    while (count == IDS_MAX) {
        xc_error cause;
        xc_status read = xc_reader_postings(reader->xapian, str_to_xc(term), after, IDS_MAX, ids,
                                            &count, &cause);
        if (read != XC_OK)
            return sp_reader_fail(reader, read, &cause, err);
        for (size_t i = 0; i < count && ids[i] <= vectors->count; i++)
            vectors->posts[ids[i] - 1] = true;
        after = count > 0 ? ids[count - 1] : 0;
    }
    return SP_OK;
}

static enum sp_status
read_vectors(sp_reader *reader, uint32_t count, struct sp_vectors *vectors, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str key = {0};
    vectors->count = count;
    vectors->numbers = calloc((size_t)count + 1, STRIDE);
    vectors->lengths = calloc((size_t)count + 1, sizeof *vectors->lengths);
    vectors->posts = calloc((size_t)count + 1, sizeof *vectors->posts);
    if (!vectors->numbers || !vectors->lengths || !vectors->posts)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    enum sp_status status = read_posts(reader, vectors, &key, err);
    for (uint32_t i = 0; status == SP_OK && i * SP_VECTORS_BLOCK < count; i++)
        status = read_block(reader, vectors, i, &key, err);
    return status;
}

/* Vectors that were read while the index changed may be from two commits, so they are not kept;
   sp_reader_attempt repeats the search. */
static enum sp_status
load_vectors(sp_reader *reader, const xc_info *info, const sp_vectors_header *header, sp_str *name,
             struct sp_vectors **out, sp_error *err)
{
    struct sp_vectors *vectors = calloc(1, sizeof *vectors);
    if (!vectors)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    vectors->header = *header;
    enum sp_status status = read_vectors(reader, info->last_docid, vectors, err);
    if (status == SP_OK && reader->moves != xc_reader_moves(reader->xapian) + 1)
        status = sp_fail(err, SP_STALE, "the index changed while it was read");
    if (status != SP_OK) {
        free_vectors(vectors);
        return status;
    }
    vectors->name = *name;
    *name = (sp_str){0};
    *out = vectors;
    return SP_OK;
}

static struct sp_vectors *
find_held(sp_bytes name)
{
    struct sp_vectors *vectors = held;
    while (vectors && !sp_bytes_equal(sp_str_bytes(&vectors->name), name))
        vectors = vectors->next;
    return vectors;
}

static enum sp_status
hold_vectors(sp_reader *reader, const xc_info *info, const sp_vectors_header *header, sp_str *name,
             sp_error *err)
{
    enum sp_status status = SP_OK;
    pthread_mutex_lock(&mutex);
    struct sp_vectors *vectors = find_held(sp_str_bytes(name));
    if (!vectors) {
        status = load_vectors(reader, info, header, name, &vectors, err);
        if (status == SP_OK) {
            vectors->next = held;
            held = vectors;
        }
    }
    if (status == SP_OK) {
        vectors->holders++;
        reader->vectors = vectors;
    }
    pthread_mutex_unlock(&mutex);
    return status;
}

void
sp_semantic_release(sp_reader *reader)
{
    struct sp_vectors *vectors = reader->vectors;
    reader->vectors = NULL;
    reader->vectors_known = false;
    if (!vectors)
        return;
    pthread_mutex_lock(&mutex);
    bool last = --vectors->holders == 0;
    struct sp_vectors **link = &held;
    while (*link != vectors)
        link = &(*link)->next;
    if (last)
        *link = vectors->next;
    pthread_mutex_unlock(&mutex);
    if (last)
        free_vectors(vectors);
}

static enum sp_status
get_vectors(sp_reader *reader, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str name = {0};
    xc_error cause;
    xc_info info;
    sp_vectors_header header;
    bool there = false;
    if (reader->vectors_known)
        return SP_OK;
    xc_status informed = xc_reader_info(reader->xapian, &info, &cause);
    if (informed != XC_OK)
        return sp_reader_fail(reader, informed, &cause, err);
    enum sp_status status = name_index(reader, &info, &name, err);
    if (status == SP_OK && name.len > 0)
        status = sp_vectors_read_header(reader->xapian, reader->paths[0], &header, &there, err);
    if (status == SP_OK && there && header.blocks > 0)
        status = hold_vectors(reader, &info, &header, &name, err);
    reader->vectors_known = status == SP_OK;
    return status;
}

/* Adds the weighted vector of a stem to `sum`, which becomes the vector of the query. */
static enum sp_status
add_word(sp_reader *reader, sp_bytes stem, float *sum, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str key = {0};
    xc_error cause;
    xc_bytes value;
    sp_stem_vector vector;
    const sp_vectors_header *header = &reader->vectors->header;
    sp_vectors_key(&key, 's', sp_vectors_stem_block(header, stem));
    enum sp_status status = sp_str_check(&key, err);
    if (status != SP_OK || stem.len == 0)
        return status;
    xc_status read = xc_reader_metadata(reader->xapian, str_to_xc(&key), &value, &cause);
    if (read != XC_OK)
        return sp_reader_fail(reader, read, &cause, err);
    sp_bytes block = from_xc(value);
    int found;
    while ((found = sp_stem_vector_next(&block, header->dimensions, &vector)) > 0) {
        if (!sp_bytes_equal(vector.stem, stem))
            continue;
        sp_stem_vector_add(&vector, 1, header->dimensions, sum);
        return SP_OK;
    }
    return found == 0 ? SP_OK
                      : sp_fail_at(err, SP_DAMAGED, reader->paths[0], 0, 0,
                                   "the vectors of the index are damaged");
}

static enum sp_status
add_words(sp_reader *reader, const sp_query *query, float *sum, sp_error *err)
{
    enum sp_status status = SP_OK;
    for (size_t i = 0; status == SP_OK && i < query->clause_count; i++) {
        const sp_clause *clause = &query->clauses[i];
        if (clause->excluded || clause->stop)
            continue;
        for (uint32_t k = 0; status == SP_OK && k < clause->word_count; k++)
            status = add_word(reader, clause->words[k].stem, sum, err);
        if (status == SP_OK && clause->form.word.len > 0)
            status = add_word(reader, clause->form.stem, sum, err);
    }
    return status;
}

/* False if the query's vector is zero. */
static bool
quantise_query(const float *sum, int16_t *out)
{
    float length = 0;
    for (int i = 0; i < STRIDE; i++)
        length += sum[i] * sum[i];
    if (!(length > 0))
        return false;
    float factor = UNIT / sqrtf(length);
    for (int i = 0; i < STRIDE; i++)
        out[i] = (int16_t)lrintf(sum[i] * factor);
    return true;
}

static int32_t
dot_product(const int8_t *restrict numbers, const int16_t *restrict units)
{
    int32_t sum = 0;
    for (int i = 0; i < STRIDE; i++)
        sum += (int16_t)numbers[i] * units[i];
    return sum;
}

enum sp_status
sp_semantic_scores(sp_reader *reader, const sp_query *query, sp_arena *arena, sp_scores *out,
                   sp_error *err)
{
    float sum[STRIDE] = {0};
    int16_t units[STRIDE];
    *out = (sp_scores){0};
    enum sp_status status = get_vectors(reader, err);
    if (status != SP_OK || !reader->vectors)
        return status;
    status = add_words(reader, query, sum, err);
    if (status != SP_OK || !quantise_query(sum, units))
        return status;
    const struct sp_vectors *vectors = reader->vectors;
    out->items = sp_arena_array(arena, vectors->count, sizeof *out->items);
    if (!out->items)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    out->count = vectors->count;
    out->posts = vectors->posts;
    for (uint32_t i = 0; i < vectors->count; i++) {
        int32_t near = dot_product(vectors->numbers + (size_t)i * STRIDE, units);
        out->items[i] = near > 0 ? (float)near * vectors->lengths[i] / UNIT : 0;
    }
    return SP_OK;
}
