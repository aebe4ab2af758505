// SPDX-License-Identifier: GPL-2.0-or-later
#include "params.h"

#include <signpost/ascii.h>

/* Decodes a name or value. Returns false after an invalid escape or when out of memory. */
static bool
decode(sp_bytes text, sp_arena *arena, sp_bytes *out)
{
    char *decoded = sp_arena_alloc(arena, text.len + 1);
    size_t len = 0;
    *out = (sp_bytes){0};
    for (size_t i = 0; decoded && i < text.len; i++) {
        char c = text.data[i];
        if (c == '%') {
            int high = i + 2 < text.len ? sp_ascii_hex_value(text.data[i + 1]) : -1;
            int low = high >= 0 ? sp_ascii_hex_value(text.data[i + 2]) : -1;
            if (low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+') {
            c = ' ';
        }
        decoded[len++] = c;
    }
    *out = (sp_bytes){decoded, len};
    return decoded != NULL;
}

static bool
decode_text(sp_bytes raw, sp_bytes parameter, sp_arena *arena, sp_bytes *out, sp_problem *problem)
{
    if (!decode(raw, arena, out))
        return arena->failed
                   ? sp_problem_busy(problem, "out of memory")
                   : sp_problem_parameter(problem, parameter,
                                          "%% must be followed by two hexadecimal digits");
    if (memchr(out->data, '\0', out->len))
        return sp_problem_parameter(problem, parameter, "a parameter must not contain a NUL");
    if (sp_utf8_invalid(*out) != SIZE_MAX)
        return sp_problem_parameter(problem, parameter, "a parameter must be valid UTF-8");
    return true;
}

/* Splits "name=value" and decodes both. */
static bool
read_one(sp_bytes pair, sp_arena *arena, sp_param *out, sp_problem *problem)
{
    const char *equals = memchr(pair.data, '=', pair.len);
    size_t name_len = equals ? (size_t)(equals - pair.data) : pair.len;
    size_t value_start = equals ? name_len + 1 : pair.len;
    return decode_text(sp_bytes_slice(pair, 0, name_len), (sp_bytes){0}, arena, &out->name,
                       problem) &&
           decode_text(sp_bytes_slice(pair, value_start, pair.len), out->name, arena, &out->value,
                       problem);
}

static const sp_param_rule *
rule_of(const sp_param_rule *rules, size_t count, sp_bytes name)
{
    for (size_t i = 0; i < count; i++) {
        if (!rules[i].name || sp_bytes_equal(sp_bytes_of(rules[i].name), name))
            return &rules[i];
    }
    return NULL;
}

/* Adds the parameter if a rule names it, unless it is empty and optional. */
static bool
take(const sp_param *param, const sp_param_rule *rules, size_t rule_count, sp_params *out,
     sp_problem *problem)
{
    const sp_param_rule *rule = rule_of(rules, rule_count, param->name);
    if (!rule)
        return sp_problem_parameter(problem, param->name, "unknown parameter");
    if (!rule->name)
        return true;
    if (!rule->repeatable && sp_params_get(out, rule->name).data)
        return sp_problem_parameter(problem, param->name, "%s is given twice", rule->name);
    if (rule->required || param->value.len > 0)
        out->items[out->count++] = *param;
    return true;
}

bool
sp_params_read(sp_bytes query, const sp_param_rule *rules, size_t rule_count, sp_arena *arena,
               sp_params *out, sp_problem *problem)
{
    size_t seen = 0;
    out->count = 0;
    for (size_t at = 0; at < query.len;) {
        sp_param param;
        const char *next = memchr(query.data + at, '&', query.len - at);
        size_t end = next ? (size_t)(next - query.data) : query.len;
        if (end > at && ++seen > SP_PARAMS_MAX)
            return sp_problem_set(problem, 400, "more than %d parameters", SP_PARAMS_MAX);
        if (end > at && !(read_one(sp_bytes_slice(query, at, end), arena, &param, problem) &&
                          take(&param, rules, rule_count, out, problem)))
            return false;
        at = end + 1;
    }
    for (size_t i = 0; i < rule_count; i++) {
        if (rules[i].required && !sp_params_get(out, rules[i].name).data)
            return sp_problem_parameter(problem, sp_bytes_of(rules[i].name), "%s is missing",
                                        rules[i].name);
    }
    return true;
}

sp_bytes
sp_params_get(const sp_params *params, const char *name)
{
    for (size_t i = 0; i < params->count; i++) {
        if (sp_bytes_equal(params->items[i].name, sp_bytes_of(name)))
            return params->items[i].value;
    }
    return (sp_bytes){0};
}

int
sp_params_quoted_len(sp_bytes value)
{
    return value.len < 80 ? (int)value.len : 80;
}

bool
sp_params_number(const sp_params *params, const char *name, uint32_t max, uint32_t fallback,
                 uint32_t *out, sp_problem *problem)
{
    uint64_t number = 0;
    sp_bytes value = sp_params_get(params, name);
    bool good = value.len <= 10;
    for (size_t i = 0; good && i < value.len; i++) {
        good = sp_ascii_is_digit(value.data[i]);
        number = number * 10 + (uint64_t)(value.data[i] - '0');
    }
    if (!good || number > max)
        return sp_problem_parameter(problem, sp_bytes_of(name),
                                    "%s must be between 0 and %u (got '%.*s')", name, max,
                                    sp_params_quoted_len(value), value.data);
    *out = value.len > 0 ? (uint32_t)number : fallback;
    return true;
}

bool
sp_params_choice(const sp_params *params, const char *name, const char *const *choices,
                 size_t count, size_t *out, sp_problem *problem)
{
    SP_AUTO(sp_str_done) sp_str list = {0};
    sp_bytes value = sp_params_get(params, name);
    *out = 0;
    for (size_t i = 0; value.len > 0 && i < count; i++) {
        *out = i;
        if (sp_bytes_equal(value, sp_bytes_of(choices[i])))
            return true;
        sp_str_append_text(&list, i == 0 ? "" : i + 1 < count ? ", " : " or ");
        sp_str_append_text(&list, choices[i]);
    }
    return value.len == 0 ||
           sp_problem_parameter(problem, sp_bytes_of(name), "%s must be %s (got '%.*s')", name,
                                sp_str_bytes(&list).data, sp_params_quoted_len(value), value.data);
}

bool
sp_params_flag(const sp_params *params, const char *name, bool *out, sp_problem *problem)
{
    static const char *const choices[] = {"0", "1", "false", "true"};
    size_t choice;
    if (!sp_params_choice(params, name, choices, 4, &choice, problem))
        return false;
    *out = choice % 2 == 1;
    return true;
}
