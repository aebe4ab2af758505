// SPDX-License-Identifier: GPL-2.0-or-later
#include "vectors.h"

#include "engine/index/xapian.h"

#include <math.h>
#include <stdio.h>
#include <xxhash.h>

#define FORMAT 1u
#define HEADER_MAX 128 /* bytes; six numbers of 32 bits and one of 64 take 82 at most */

/* Refuses a header with more blocks than stems, because a damaged header must not make readers look
   for blocks that do not exist. */
bool
sp_vectors_header_read(sp_bytes text, sp_vectors_header *out)
{
    char copy[HEADER_MAX + 1];
    unsigned format = 0;
    unsigned long long trained = 0;
    sp_vectors_header read = {0};
    if (text.len == 0 || text.len > HEADER_MAX)
        return false;
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    if (sscanf(copy, "%u %u %u %u %u %u %llx", &format, &read.dimensions, &read.stems, &read.blocks,
               &read.documents, &read.changed, &trained) != 7 ||
        format != FORMAT || read.dimensions > SP_VECTORS_DIMENSIONS_MAX ||
        read.blocks > read.stems || read.stems > UINT32_MAX / 2)
        return false;
    read.trained = trained;
    *out = read;
    return true;
}

void
sp_vectors_header_append(sp_str *out, const sp_vectors_header *header)
{
    sp_str_append_format(out, "%u %u %u %u %u %u %016llx", FORMAT, header->dimensions,
                         header->stems, header->blocks, header->documents, header->changed,
                         (unsigned long long)header->trained);
}

void
sp_vectors_key(sp_str *out, char kind, uint32_t number)
{
    sp_str_clear(out);
    sp_str_append_format(out, SP_META_VECTORS ".%c%08x", kind, number);
}

uint32_t
sp_vectors_stem_block(const sp_vectors_header *header, sp_bytes stem)
{
    return (uint32_t)(XXH64(stem.data, stem.len, 0) % header->blocks);
}

float
sp_vector_round(const float *numbers, uint32_t count, int8_t *out)
{
    float greatest = 0;
    for (uint32_t i = 0; i < count; i++)
        greatest = fabsf(numbers[i]) > greatest ? fabsf(numbers[i]) : greatest;
    float factor = greatest > 0 ? 127 / greatest : 0;
    for (uint32_t i = 0; i < count; i++) {
        float number = numbers[i] * factor;
        out[i] = (int8_t)(number < 0 ? number - 0.5F : number + 0.5F);
    }
    return greatest / 127;
}

static void
append_float(sp_str *out, float number)
{
    uint32_t bits;
    memcpy(&bits, &number, sizeof bits);
    for (unsigned shift = 0; shift < 32; shift += 8)
        sp_str_append_char(out, (char)(unsigned char)(bits >> shift));
}

static float
read_float(const char *from)
{
    uint32_t bits = 0;
    float number;
    for (unsigned i = 0; i < 4; i++)
        bits |= (uint32_t)(unsigned char)from[i] << (8 * i);
    memcpy(&number, &bits, sizeof number);
    return number;
}

void
sp_stem_vector_append(sp_str *block, const sp_stem_vector *vector, uint32_t dimensions)
{
    sp_str_append_char(block, (char)(unsigned char)vector->stem.len); /* below SP_TERM_MAX */
    sp_str_append(block, vector->stem);
    append_float(block, vector->weight);
    append_float(block, vector->scale);
    sp_str_append(block, (sp_bytes){(const char *)vector->numbers, dimensions});
}

int
sp_stem_vector_next(sp_bytes *block, uint32_t dimensions, sp_stem_vector *out)
{
    if (block->len == 0)
        return 0;
    size_t len = (unsigned char)block->data[0], size = 1 + len + 8 + dimensions;
    if (block->len < size)
        return -1;
    const char *stem = block->data + 1;
    out->stem = (sp_bytes){stem, len};
    out->weight = read_float(stem + len);
    out->scale = read_float(stem + len + 4);
    out->numbers = (const int8_t *)stem + len + 8;
    *block = sp_bytes_slice(*block, size, block->len);
    return 1;
}

void
sp_stem_vector_add(const sp_stem_vector *vector, float times, uint32_t dimensions, float *sum)
{
    float factor = vector->weight * vector->scale * times;
    for (uint32_t i = 0; i < dimensions; i++)
        sum[i] += factor * vector->numbers[i];
}

float
sp_vectors_times(uint32_t wdf)
{
    return wdf > 1 ? (float)(1 + log(wdf)) : (float)wdf;
}

enum sp_status
sp_vectors_read_header(xc_reader *reader, const char *path, sp_vectors_header *out, bool *there,
                       sp_error *err)
{
    xc_error cause;
    xc_bytes text;
    xc_status status = xc_reader_metadata(reader, XC_BYTES(SP_META_VECTORS), &text, &cause);
    if (status != XC_OK)
        return sp_fail_xapian(err, status, &cause, path);
    *there = text.len > 0;
    if (*there && !sp_vectors_header_read(from_xc(text), out))
        return sp_fail_at(err, SP_DAMAGED, path, 0, 0, "the vectors of the index are damaged");
    return SP_OK;
}
