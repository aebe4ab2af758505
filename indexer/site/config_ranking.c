// SPDX-License-Identifier: GPL-2.0-or-later
#include "site_private.h"

#include <stddef.h>
#include <stdlib.h>

/* A setting that is one number: in which block, and where sp_ranking has it. */
struct number {
    const char *block, *name;
    double least, most;
    size_t offset;
    bool weight; /* a whole number of the documents' */
};

#define RANKS(block, name, least, most, member)                                                    \
    {                                                                                              \
        block, name, least, most, offsetof(sp_ranking, member), false                              \
    }
#define WEIGHS(name, least, weight)                                                                \
    {                                                                                              \
        "weights", name, least, SP_WEIGHT_MAX, offsetof(sp_ranking, weights.wdf[weight]), true     \
    }

static const struct number numbers[] = {
    RANKS("ranking", "k1", 0, 100, k1),
    RANKS("ranking", "b", 0, 1, b),
    RANKS("ranking", "pair", 0, 10, pair),
    RANKS("priors", "listed", 0, 10, listed),
    RANKS("priors", "mentions", 0, 10, mentions),
    RANKS("recency", "strength", 0, 10, recency),
    RANKS("recency", "half_life", 1, 36500, half_life),
    WEIGHS("title", 0, SP_WEIGHT_TITLE),
    WEIGHS("heading", 0, SP_WEIGHT_HEADING),
    WEIGHS("body", 1, SP_WEIGHT_BODY),
    WEIGHS("tag", 0, SP_WEIGHT_TAG),
    WEIGHS("name", 1, SP_WEIGHT_NAME),
    WEIGHS("description", 0, SP_WEIGHT_DESCRIPTION),
    WEIGHS("sentence", 0, SP_WEIGHT_SENTENCE),
    WEIGHS("context", 0, SP_WEIGHT_CONTEXT),
    WEIGHS("inherited", 0, SP_WEIGHT_INHERITED),
};

struct reading {
    sp_ranking *ranking;
    const char *path;
    sp_error *err;
};

/* Digits and a point: no sign, no exponent, nothing that is no number. */
static bool
read_decimal(const sp_yaml *node, double *out)
{
    sp_bytes text = sp_yaml_text(node);
    char *end;
    if (text.len == 0 || text.len > 32 || node->quoted)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (!strchr("0123456789.", text.data[i]))
            return false;
    }
    *out = strtod(text.data, &end);
    return end == text.data + text.len;
}

static enum sp_status
read_number(const struct reading *at, const struct number *number, const sp_yaml *node)
{
    double value;
    bool good = read_decimal(node, &value) && value >= number->least && value <= number->most &&
                (!number->weight || value == (double)(uint32_t)value);
    if (!good)
        return sp_fail_at(at->err, SP_BAD_INPUT, at->path, node->line, node->column,
                          "%s: %s must be a %s from %g to %g", number->block, number->name,
                          number->weight ? "whole number" : "number", number->least, number->most);
    char *place = (char *)at->ranking + number->offset;
    uint32_t wdf = number->weight ? (uint32_t)value : 0;
    if (number->weight)
        memcpy(place, &wdf, sizeof wdf);
    else
        memcpy(place, &value, sizeof value);
    return SP_OK;
}

static const struct number *
find_number(const char *block, sp_bytes name)
{
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (strcmp(numbers[i].block, block) == 0 &&
            sp_bytes_equal(name, sp_bytes_of(numbers[i].name)))
            return &numbers[i];
    }
    return NULL;
}

static const char *const no_blocks[] = {NULL};

/* The numbers of a block; nested: the blocks in it, up to a NULL. */
static enum sp_status
read_block(const struct reading *at, const char *block, const char *const *nested,
           const sp_yaml *node)
{
    enum sp_status status = SP_OK;
    if (sp_yaml_is_null(node))
        return SP_OK;
    if (node->kind != SP_YAML_MAP)
        return sp_fail_at(at->err, SP_BAD_INPUT, at->path, node->line, node->column,
                          "%s must be a map of names to numbers", block);
    for (size_t i = 0; status == SP_OK && i < node->count; i++) {
        const sp_yaml *item = node->items[i];
        const struct number *number = find_number(block, node->keys[i]);
        size_t k = 0;
        while (nested[k] && !sp_bytes_equal(node->keys[i], sp_bytes_of(nested[k])))
            k++;
        if (nested[k])
            status = read_block(at, nested[k], no_blocks, item);
        else if (number && item)
            status = read_number(at, number, item);
        else
            status = sp_fail_at(at->err, SP_BAD_INPUT, at->path, item ? item->line : node->line,
                                item ? item->column : node->column, "%s has no setting \"%.*s\"",
                                block, (int)(node->keys[i].len < 40 ? node->keys[i].len : 40),
                                node->keys[i].data);
    }
    return status;
}

enum sp_status
sp_config_ranking(sp_site *site, const char *path, sp_error *err)
{
    static const char *const nested[] = {"weights", "priors", "recency", NULL};
    struct reading at = {.ranking = &site->ranking, .path = path, .err = err};
    const sp_yaml *ranking = sp_site_config(site, "signpost.ranking");
    const sp_yaml *pins = sp_site_config(site, "signpost.pins");
    site->ranking = SP_RANKING_DEFAULT;
    if (pins && (pins->kind != SP_YAML_SCALAR || sp_yaml_is_null(pins)))
        return sp_fail_at(err, SP_BAD_INPUT, path, pins->line, pins->column,
                          "pins must be the name of a file");
    return read_block(&at, "ranking", nested, ranking);
}
