// SPDX-License-Identifier: GPL-2.0-or-later
#include "site_private.h"

#include <stddef.h>
#include <stdlib.h>

/* A setting that is one number: its block, its range, and its member of sp_ranking. */
struct number {
    const char *block, *name;
    double least, most;
    size_t offset;
    bool weight; /* a whole number, stored in the documents */
};

#define NUMBER(block, name, least, most, member)                                                   \
    {                                                                                              \
        block, name, least, most, offsetof(sp_ranking, member), false                              \
    }
#define WEIGHT(name, least, weight)                                                                \
    {                                                                                              \
        "weights", name, least, SP_WEIGHT_MAX, offsetof(sp_ranking, weights.wdf[weight]), true     \
    }

static const struct number numbers[] = {
    NUMBER("ranking", "k1", 0, 100, k1),
    NUMBER("ranking", "b", 0, 1, b),
    NUMBER("ranking", "pair", 0, 10, pair),
    NUMBER("priors", "listed", 0, 10, listed),
    NUMBER("priors", "mentions", 0, 10, mentions),
    NUMBER("recency", "strength", 0, 10, recency),
    NUMBER("recency", "half_life", 1, 36500, half_life),
    WEIGHT("title", 0, SP_WEIGHT_TITLE),
    WEIGHT("heading", 0, SP_WEIGHT_HEADING),
    WEIGHT("body", 1, SP_WEIGHT_BODY),
    WEIGHT("tag", 0, SP_WEIGHT_TAG),
    WEIGHT("name", 1, SP_WEIGHT_NAME),
    WEIGHT("description", 0, SP_WEIGHT_DESCRIPTION),
    WEIGHT("sentence", 0, SP_WEIGHT_SENTENCE),
    WEIGHT("context", 0, SP_WEIGHT_CONTEXT),
    WEIGHT("inherited", 0, SP_WEIGHT_INHERITED),
};

struct reader {
    sp_ranking *ranking;
    const char *path;
    sp_error *err;
};

/* Accepts digits and a decimal point only: no sign, exponent, infinity or NaN. */
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
read_number(const struct reader *reader, const struct number *number, const sp_yaml *node)
{
    double value;
    bool good = read_decimal(node, &value) && value >= number->least && value <= number->most &&
                (!number->weight || value == (double)(uint32_t)value);
    if (!good)
        return sp_fail_at(reader->err, SP_BAD_INPUT, reader->path, node->line, node->column,
                          "%s: %s must be a %s from %g to %g", number->block, number->name,
                          number->weight ? "whole number" : "number", number->least, number->most);
    char *place = (char *)reader->ranking + number->offset;
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

/* Reads the numbers of a block. nested: the names of the blocks inside this block, ended by
   NULL. */
static enum sp_status
read_block(const struct reader *reader, const char *block, const char *const *nested,
           const sp_yaml *node)
{
    enum sp_status status = SP_OK;
    if (sp_yaml_is_null(node))
        return SP_OK;
    if (node->kind != SP_YAML_MAP)
        return sp_fail_at(reader->err, SP_BAD_INPUT, reader->path, node->line, node->column,
                          "%s must be a mapping of names to numbers", block);
    for (size_t i = 0; status == SP_OK && i < node->count; i++) {
        const sp_yaml *item = node->items[i];
        const struct number *number = find_number(block, node->keys[i]);
        size_t k = 0;
        while (nested[k] && !sp_bytes_equal(node->keys[i], sp_bytes_of(nested[k])))
            k++;
        if (nested[k])
            status = read_block(reader, nested[k], no_blocks, item);
        else if (number && item)
            status = read_number(reader, number, item);
        else
            status = sp_fail_at(
                reader->err, SP_BAD_INPUT, reader->path, item ? item->line : node->line,
                item ? item->column : node->column, "%s: unknown setting \"%.*s\"", block,
                (int)(node->keys[i].len < 40 ? node->keys[i].len : 40), node->keys[i].data);
    }
    return status;
}

static enum sp_status
check_switch(const sp_site *site, const char *setting, const char *path, sp_error *err)
{
    const sp_yaml *node = sp_site_config(site, setting);
    if (sp_yaml_is_null(node) || sp_yaml_is_true(node) || sp_yaml_is_false(node))
        return SP_OK;
    return sp_fail_at(err, SP_BAD_INPUT, path, node->line, node->column, "%s must be true or false",
                      strchr(setting, '.') + 1);
}

enum sp_status
sp_config_ranking(sp_site *site, const char *path, sp_error *err)
{
    static const char *const nested[] = {"weights", "priors", "recency", NULL};
    struct reader reader = {.ranking = &site->ranking, .path = path, .err = err};
    const sp_yaml *ranking = sp_site_config(site, "signpost.ranking");
    const sp_yaml *pins = sp_site_config(site, "signpost.pins");
    site->ranking = SP_RANKING_DEFAULT;
    if (pins && (pins->kind != SP_YAML_SCALAR || sp_yaml_is_null(pins)))
        return sp_fail_at(err, SP_BAD_INPUT, path, pins->line, pins->column,
                          "pins must be a file name");
    enum sp_status status = sp_config_check_path(pins, "pins", "a file", path, err);
    if (status == SP_OK)
        status = check_switch(site, "signpost.semantic", path, err);
    if (status == SP_OK)
        status = check_switch(site, "signpost.acronyms", path, err);
    return status == SP_OK ? read_block(&reader, "ranking", nested, ranking) : status;
}
