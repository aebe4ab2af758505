// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * xapian-c-scores.h: queries whose weights do not come from libxapian's weighting schemes. The
 * conventions are those of xapian-c.h.
 */
#ifndef XAPIAN_C_SCORES_H
#define XAPIAN_C_SCORES_H

#include "xapian-c.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Documents weighted by scores that the caller computed: document d (from 1) has the weight
 * scores[d - 1] * scale and matches only if that is above 0. The scores are copied; scale is finite
 * and not negative. Scores refer to the ids of one local index: a search over several indexes or
 * remote shards returns XC_UNSUPPORTED. Ids without a document must have score 0, unless another
 * part of the query excludes them (as under xc_query_and_maybe). */
XC_API xc_query *xc_query_scores(const float *scores, size_t count, double scale);

/* Documents weighted by how well a short field and the query cover each other. terms: those of the
 * field that the query asks for; shares: the part of the query that each stands for, not negative.
 * The slot holds the number of different terms of the field, as one byte. A document that has k of
 * the terms, whose shares add up to s, has the weight scale * s * s * k / (the number in its slot,
 * at least k). All other documents match with weight 0: those with s below `least` or without a
 * valid slot. So do ids without a document, unless another part of the query excludes them, as in
 * xc_query_and_maybe. scale and least are finite and not negative. A search over remote shards
 * returns XC_UNSUPPORTED. */
XC_API xc_query *xc_query_coverage(const xc_bytes *terms, const double *shares, size_t count,
                                   uint32_t slot, double scale, double least);

#ifdef __cplusplus
}
#endif

#endif
