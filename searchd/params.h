// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The parameters of a request: read, decoded and checked in one place.
 *
 * The query part of a URL is taken as browsers send a form (application/x-www-form-urlencoded,
 * WHATWG URL 5.1), but strictly: a bad escape, a NUL or what is not UTF-8 is a bad request and not
 * something else. Decoded text lives in the caller's arena.
 */
#ifndef SIGNPOST_SEARCHD_PARAMS_H
#define SIGNPOST_SEARCHD_PARAMS_H

#include "problem.h"

#include <signpost/arena.h>

#define SP_PARAMS_MAX 64

typedef struct sp_param {
    sp_bytes name, value;
} sp_param;

typedef struct sp_params {
    sp_param items[SP_PARAMS_MAX];
    size_t count;
} sp_params;

/* A parameter that a route takes. One that is optional counts as not given when it is empty, as
   forms send what was not filled in. One without a name stands last: parameters that no other rule
   names are left out and are no error. */
typedef struct sp_param_rule {
    const char *name;
    bool required;
    bool repeatable;
} sp_param_rule;

/* Reads `query`, what stands behind the '?', by the rules; false, and *problem, if it breaks one.
 */
bool sp_params_read(sp_bytes query, const sp_param_rule *rules, size_t rule_count, sp_arena *arena,
                    sp_params *out, sp_problem *problem);

/* The value, or empty bytes with data NULL. */
sp_bytes sp_params_get(const sp_params *params, const char *name);

/* A whole number from 0 to max; absent: fallback. */
bool sp_params_number(const sp_params *params, const char *name, uint32_t max, uint32_t fallback,
                      uint32_t *out, sp_problem *problem);

/* 0, 1, true or false; absent: false. */
bool sp_params_flag(const sp_params *params, const char *name, bool *out, sp_problem *problem);

/* The place of the value among `choices`; absent: 0. */
bool sp_params_choice(const sp_params *params, const char *name, const char *const *choices,
                      size_t count, size_t *out, sp_problem *problem);

#endif
