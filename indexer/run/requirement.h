// SPDX-License-Identifier: GPL-2.0-or-later
/* A requirement of `--require`, such as "nDCG@10>=0.8". Plain data. */
#ifndef SIGNPOST_INDEXER_RUN_REQUIREMENT_H
#define SIGNPOST_INDEXER_RUN_REQUIREMENT_H

#include <signpost/evaluate.h>

typedef struct sp_requirement {
    sp_metric metric;
    bool above;    /* > instead of >= */
    double wanted; /* from 0 to 1 */
} sp_requirement;

/* Reads a metric's name (evaluate.h), >= or >, and a decimal number from 0 to 1. There may be
   blanks around them. Returns false for anything else. */
bool sp_requirement_read(sp_bytes text, sp_requirement *out);

/* Whether a mean meets the requirement. A difference as small as a rounding error does not
   count. */
bool sp_requirement_is_met(const sp_requirement *requirement, double reached);

#endif
