// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads, decodes and checks the parameters of a request.
 *
 * The query part of a URL is read as browsers send a form (application/x-www-form-urlencoded,
 * WHATWG URL 5.1), but strictly: an invalid escape, a NUL or invalid UTF-8 is a bad request.
 * Decoded text is in the caller's arena.
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

/* A parameter that a route accepts. An empty optional parameter counts as not given, because forms
   send empty fields. A rule without a name must come last, and means that parameters which no other
   rule names are ignored. */
typedef struct sp_param_rule {
    const char *name;
    bool required;
    bool repeatable;
} sp_param_rule;

/* Reads `query`, the part of the URL after '?'. Like the functions below with a `problem`, returns
   false and fills *problem if a parameter is invalid. */
bool sp_params_read(sp_bytes query, const sp_param_rule *rules, size_t rule_count, sp_arena *arena,
                    sp_params *out, sp_problem *problem);

/* Returns the value of a parameter, or empty bytes with data NULL if the parameter is not given. */
sp_bytes sp_params_get(const sp_params *params, const char *name);

/* Returns how many bytes of an invalid value a message quotes, at most 80. */
int sp_params_quoted_len(sp_bytes value);

/* Reads a whole number from 0 to max. Sets *out to `fallback` if the parameter is not given. */
bool sp_params_number(const sp_params *params, const char *name, uint32_t max, uint32_t fallback,
                      uint32_t *out, sp_problem *problem);

/* Reads 0, 1, true or false. Sets *out to false if the parameter is not given. */
bool sp_params_flag(const sp_params *params, const char *name, bool *out, sp_problem *problem);

/* Sets *out to the index of the value in `choices`, or to 0 if the parameter is not given. */
bool sp_params_choice(const sp_params *params, const char *name, const char *const *choices,
                      size_t count, size_t *out, sp_problem *problem);

#endif
