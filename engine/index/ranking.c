// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/ranking.h>

#include <stdlib.h>

#define NUMBERS_MAX 32
#define TEXT_MAX 512

/* How many numbers the stored ranking settings have. The oldest indexes have only the first
   OLDEST_NUMBERS of them. */
#define OLDEST_NUMBERS 4
#define RANKING_NUMBERS (OLDEST_NUMBERS + 4 + SP_WEIGHT_COUNT)

static size_t
list_numbers(const sp_ranking *ranking, double *numbers)
{
    const double own[] = {ranking->k1,     ranking->b,        ranking->k3,      ranking->pair,
                          ranking->listed, ranking->mentions, ranking->recency, ranking->half_life};
    size_t count = sizeof own / sizeof *own;
    memcpy(numbers, own, sizeof own);
    for (size_t i = 0; i < SP_WEIGHT_COUNT; i++)
        numbers[count++] = ranking->weights.wdf[i];
    return count;
}

void
sp_ranking_format(const sp_ranking *ranking, sp_str *out)
{
    double numbers[NUMBERS_MAX];
    size_t count = list_numbers(ranking, numbers);
    for (size_t i = 0; i < count; i++)
        sp_str_append_format(out, "%s%.6g", i > 0 ? " " : "", numbers[i]);
}

static bool
read_numbers(sp_bytes text, double *numbers, size_t *count)
{
    char copy[TEXT_MAX], *next = copy;
    if (text.len >= sizeof copy)
        return false;
    memcpy(copy, text.len > 0 ? text.data : "", text.len);
    copy[text.len] = '\0';
    for (*count = 0; *count < NUMBERS_MAX; (*count)++) {
        char *end;
        numbers[*count] = strtod(next, &end);
        if (end == next)
            break;
        next = end;
    }
    return *next == '\0';
}

static bool
is_between(double number, double least, double most)
{
    return number >= least && number <= most; /* false for NaN */
}

static bool
take_weights(const double *numbers, sp_weights *out)
{
    for (size_t i = 0; i < SP_WEIGHT_COUNT; i++) {
        if (!is_between(numbers[i], 0, SP_WEIGHT_MAX))
            return false;
        out->wdf[i] = (uint32_t)numbers[i];
    }
    return true;
}

bool
sp_ranking_parse(sp_bytes text, sp_ranking *out)
{
    double n[NUMBERS_MAX];
    size_t count;
    sp_ranking parsed = *out = SP_RANKING_DEFAULT;
    if (!read_numbers(text, n, &count) || (count != OLDEST_NUMBERS && count != RANKING_NUMBERS))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!is_between(n[i], 0, 1e9))
            return false;
    }
    parsed.k1 = n[0];
    parsed.b = n[1];
    parsed.k3 = n[2];
    parsed.pair = n[3];
    if (count == RANKING_NUMBERS) {
        parsed.listed = n[4];
        parsed.mentions = n[5];
        parsed.recency = n[6];
        parsed.half_life = n[7];
    }
    if (parsed.b > 1 || parsed.half_life < 1 ||
        (count == RANKING_NUMBERS && !take_weights(n + OLDEST_NUMBERS + 4, &parsed.weights)))
        return false;
    *out = parsed;
    return true;
}

bool
sp_weights_equal(const sp_weights *a, const sp_weights *b)
{
    return memcmp(a->wdf, b->wdf, sizeof a->wdf) == 0;
}
