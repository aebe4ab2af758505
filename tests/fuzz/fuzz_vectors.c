// SPDX-License-Identifier: GPL-2.0-or-later
/* What the metadata of an index holds: the header of the vectors and their blocks, and the ranking
   settings. The first byte of the input chooses one. */
#include "fuzz.h"

#include "engine/semantic/vectors.h"
#include <signpost/ranking.h>

#include <math.h>

static void
check_header(sp_bytes text)
{
    SP_AUTO(sp_str_done) sp_str printed = {0};
    sp_vectors_header header, again;
    if (!sp_vectors_header_read(text, &header))
        return;
    PROMISE(header.dimensions <= SP_VECTORS_DIMENSIONS_MAX);
    sp_vectors_header_append(&printed, &header);
    PROMISE(sp_vectors_header_read(sp_str_bytes(&printed), &again));
    PROMISE(header.dimensions == again.dimensions && header.stems == again.stems);
    PROMISE(header.blocks == again.blocks && header.documents == again.documents);
    PROMISE(header.changed == again.changed && header.trained == again.trained);
    if (header.blocks > 0)
        PROMISE(sp_vectors_stem_block(&header, SP_LITERAL("resid")) < header.blocks);
}

/* Whole stems at the beginning of a block are read, and give the same bytes when written. */
static void
check_block(sp_bytes block, uint32_t dimensions)
{
    SP_AUTO(sp_str_done) sp_str written = {0};
    float sum[SP_VECTORS_DIMENSIONS_MAX] = {0};
    sp_bytes rest = block;
    sp_stem_vector vector;
    int more;
    while ((more = sp_stem_vector_next(&rest, dimensions, &vector)) == 1) {
        sp_stem_vector_append(&written, &vector, dimensions);
        sp_stem_vector_add(&vector, sp_vectors_times(3), dimensions, sum);
    }
    PROMISE(more == -1 || written.len == block.len);
    PROMISE(written.len <= block.len);
    PROMISE(memcmp(sp_str_bytes(&written).data, block.data, written.len) == 0);
}

static void
check_ranking(sp_bytes text)
{
    SP_AUTO(sp_str_done) sp_str printed = {0};
    sp_ranking ranking, again;
    bool good = sp_ranking_parse(text, &ranking);
    const double numbers[] = {ranking.k1,     ranking.b,        ranking.k3,      ranking.pair,
                              ranking.listed, ranking.mentions, ranking.recency, ranking.half_life};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        PROMISE(isfinite(numbers[i]) && numbers[i] >= 0);
    for (size_t i = 0; i < SP_WEIGHT_COUNT; i++)
        PROMISE(ranking.weights.wdf[i] <= SP_WEIGHT_MAX);
    if (!good)
        return;
    sp_ranking_format(&ranking, &printed);
    PROMISE(sp_ranking_parse(sp_str_bytes(&printed), &again));
    PROMISE(sp_weights_equal(&ranking.weights, &again.weights));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sp_bytes rest = {(const char *)data, size};
    unsigned kind = fuzz_byte(&rest);
    if (kind == 'h')
        check_header(rest);
    else if (kind == 'r')
        check_ranking(rest);
    else
        check_block(rest, 1 + kind % SP_VECTORS_DIMENSIONS_MAX);
    return 0;
}
