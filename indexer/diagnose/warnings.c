// SPDX-License-Identifier: GPL-2.0-or-later
#include "warnings.h"

#include <signpost/json.h>
#include <signpost/printable.h>

static const char *const names[SP_WARNING_KINDS] = {
    [SP_BROKEN_ANCHOR] = "broken-anchor",
    [SP_BROKEN_LINK] = "broken-link",
    [SP_DUPLICATE_RESOURCE] = "duplicate-resource",
    [SP_MISSING_DATE] = "missing-date",
    [SP_MISSING_DESCRIPTION] = "missing-description",
    [SP_MISSING_PIN] = "missing-pin",
    [SP_MISSING_TITLE] = "missing-title",
    [SP_MISSPELLING] = "misspelling",
    [SP_SAME_URL] = "same-url",
    [SP_TOO_MANY_LINKS] = "too-many-links",
    [SP_TRACKING_PARAMETER] = "tracking-parameter",
    [SP_UNLINKABLE_HEADING] = "unlinkable-heading",
    [SP_VAGUE_LINK] = "vague-link",
};

const char *
sp_warning_name(enum sp_warning_kind kind)
{
    return names[kind];
}

sp_warning_options
sp_warning_options_default(void)
{
    sp_warning_options options = {0};
    for (size_t i = 0; i < SP_WARNING_KINDS; i++)
        options.on[i] =
            i != SP_DUPLICATE_RESOURCE && i != SP_MISSING_DESCRIPTION && i != SP_VAGUE_LINK;
    return options;
}

static void
set_all(sp_warning_options *options, bool on)
{
    for (size_t i = 0; i < SP_WARNING_KINDS; i++)
        options->on[i] = on;
}

static bool
find_kind(const char *name, size_t *kind)
{
    for (size_t i = 0; i < SP_WARNING_KINDS; i++) {
        if (strcmp(name, names[i]) == 0) {
            *kind = i;
            return true;
        }
    }
    return false;
}

static bool
set_one(sp_warning_options *options, const char *argument)
{
    size_t kind;
    if (find_kind(argument, &kind)) {
        options->on[kind] = true;
    } else if (strncmp(argument, "no-", 3) == 0 && find_kind(argument + 3, &kind)) {
        options->on[kind] = false;
    } else if (strncmp(argument, "error=", 6) == 0 && find_kind(argument + 6, &kind)) {
        options->on[kind] = options->error[kind] = true;
    } else {
        return false;
    }
    return true;
}

bool
sp_warning_options_set(sp_warning_options *options, const char *argument)
{
    if (strcmp(argument, "all") == 0)
        set_all(options, true);
    else if (strcmp(argument, "none") == 0)
        set_all(options, false);
    else if (strcmp(argument, "error") == 0)
        options->errors = true;
    else
        return set_one(options, argument);
    return true;
}

bool
sp_warning_options_any(const sp_warning_options *options)
{
    for (size_t i = 0; i < SP_WARNING_KINDS; i++) {
        if (options->on[i])
            return true;
    }
    return false;
}

bool
sp_warning_is_error(const sp_warning_options *options, enum sp_warning_kind kind)
{
    return options->on[kind] && (options->errors || options->error[kind]);
}

static void
print_one(const sp_warning *warning, sp_str *out)
{
    sp_printable_append(out, warning->path);
    sp_str_append_format(out, ":%u:%u: %s: ", warning->line, warning->column,
                         warning->error ? "error" : "warning");
    sp_printable_append(out, warning->text);
    sp_str_append_format(out, " [%s]\n", names[warning->kind]);
}

void
sp_warnings_print(const sp_warning *warnings, size_t count, bool only_errors, sp_str *out)
{
    size_t seen[SP_WARNING_KINDS] = {0};
    for (size_t i = 0; i < count; i++) {
        if (only_errors && !warnings[i].error)
            continue;
        if (seen[warnings[i].kind]++ < SP_WARNING_LINES)
            print_one(&warnings[i], out);
    }
    for (size_t i = 0; i < SP_WARNING_KINDS; i++) {
        if (seen[i] > SP_WARNING_LINES)
            sp_str_append_format(out, "... and %zu more [%s]\n", seen[i] - SP_WARNING_LINES,
                                 names[i]);
    }
}

void
sp_warnings_print_json(const sp_warning *warnings, size_t count, sp_str *out)
{
    sp_json_open_array(out, NULL);
    for (size_t i = 0; i < count; i++) {
        const sp_warning *warning = &warnings[i];
        sp_json_open_object(out, NULL);
        sp_json_text(out, "path", warning->path);
        sp_json_uint(out, "line", warning->line);
        sp_json_uint(out, "column", warning->column);
        sp_json_text(out, "name", sp_bytes_of(names[warning->kind]));
        sp_json_text(out, "message", warning->text);
        sp_json_close_object(out);
    }
    sp_json_close_array(out);
}
