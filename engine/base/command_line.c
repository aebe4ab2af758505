// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/command_line.h>

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#define HELP_COLUMN 27  /* where the help of an option begins */
#define FIRST_VALUE 256 /* getopt_long returns this plus the row for a long name */
#define WRONG_USAGE 2

const char *const sp_when_names[] = {"auto", "always", "never", NULL};

struct read_context {
    const sp_command_line *line;
    char *options;
    sp_arena *arena;
};

static void
append_names(sp_str *out, const char *const *names)
{
    for (size_t i = 0; names[i]; i++) {
        sp_str_append_text(out, i == 0 ? "" : names[i + 1] ? ", " : " or ");
        sp_str_append_text(out, names[i]);
    }
}

static enum sp_status
read_number(const sp_option *option, const char *argument, int64_t *out, sp_error *err)
{
    char *end;
    errno = 0;
    unsigned long number = strtoul(argument, &end, 10); /* reads -1 as the largest number */
    if (errno != 0 || end == argument || *end != '\0' || strchr(argument, '-') ||
        number < option->min || number > option->max)
        return sp_fail(err, SP_BAD_ARGUMENT, "--%s must be between %u and %u (got '%s')",
                       option->name, option->min, option->max, argument);
    *out = (int64_t)number;
    return SP_OK;
}

static enum sp_status
read_choice(const sp_option *option, const char *argument, int64_t *out, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str names = {0};
    for (size_t i = 0; option->names[i]; i++) {
        if (strcmp(argument, option->names[i]) == 0) {
            *out = (int64_t)i;
            return SP_OK;
        }
    }
    append_names(&names, option->names);
    return sp_fail(err, SP_BAD_ARGUMENT, "--%s must be %s (got '%s')", option->name,
                   sp_str_bytes(&names).data, argument);
}

/* The integer that a flag, a number or a choice stores. */
static enum sp_status
read_integer(const sp_option *option, const char *argument, int64_t *out, sp_error *err)
{
    if (option->kind == SP_OPTION_NUMBER)
        return read_number(option, argument, out, err);
    if (option->kind == SP_OPTION_CHOICE)
        return read_choice(option, argument, out, err);
    *out = option->value ? option->value : 1;
    return SP_OK;
}

static void
store_integer(char *member, size_t size, int64_t integer)
{
    if (size == sizeof(bool))
        memcpy(member, &(bool){integer != 0}, sizeof(bool));
    else if (size == sizeof(uint32_t))
        memcpy(member, &(uint32_t){(uint32_t)integer}, sizeof(uint32_t));
    else
        memcpy(member, &integer, sizeof integer);
}

enum sp_status
sp_texts_append(sp_texts *texts, sp_arena *arena, const char *text, sp_error *err)
{
    texts->items = sp_arena_grow(arena, texts->items, &texts->capacity, texts->count + 1,
                                 sizeof *texts->items);
    if (!texts->items)
        return sp_arena_check(arena, err);
    texts->items[texts->count++] = text;
    return SP_OK;
}

static enum sp_status
take(const struct read_context *context, const sp_option *option, const char *argument,
     sp_error *err)
{
    char *member = context->options + option->offset;
    int64_t integer = 0;
    enum sp_status status = read_integer(option, argument, &integer, err);
    if (status == SP_OK && option->check)
        status = option->check(option, argument, err);
    if (status != SP_OK)
        return status;
    if (option->set)
        return option->set(context->options, option, argument, err);
    if (option->kind == SP_OPTION_TEXTS)
        return sp_texts_append((sp_texts *)(void *)member, context->arena, argument, err);
    if (option->kind == SP_OPTION_TEXT)
        memcpy(member, &argument, sizeof argument);
    else
        store_integer(member, option->size, integer);
    return SP_OK;
}

static bool
is_empty_list(const struct read_context *context, const sp_option *option)
{
    sp_texts texts;
    memcpy(&texts, context->options + option->offset, sizeof texts);
    return texts.count == 0;
}

/* Stores the defaults: with at_end those of lists, otherwise the others. Lists get their defaults
   after the arguments have been read, because an argument replaces the default of a list instead of
   being appended to it. */
static enum sp_status
take_defaults(const struct read_context *context, bool at_end, sp_error *err)
{
    enum sp_status status = SP_OK;
    for (size_t i = 0; status == SP_OK && i < context->line->option_count; i++) {
        const sp_option *option = &context->line->options[i];
        const char *given = option->environment ? getenv(option->environment) : NULL;
        const char *value = given && *given ? given : option->default_value;
        bool is_list = option->kind == SP_OPTION_TEXTS && !option->set;
        if (value && is_list == at_end && !(is_list && !is_empty_list(context, option)))
            status = take(context, option, value, err);
    }
    return status;
}

/* The options in the form that getopt_long takes. */
struct getopt_tables {
    struct option names[SP_OPTIONS_MAX + 1];
    char letters[2 * SP_OPTIONS_MAX + 3];
};

static void
make_getopt_tables(const sp_command_line *line, struct getopt_tables *out)
{
    char *letters = out->letters;
    *out = (struct getopt_tables){0};
    if (line->first_word_ends_options)
        *letters++ = '+';
    *letters++ = ':'; /* makes getopt_long return ':' for a missing argument */
    for (size_t i = 0; i < line->option_count; i++) {
        const sp_option *option = &line->options[i];
        int has_argument = option->argument ? required_argument : no_argument;
        out->names[i] = (struct option){option->name, has_argument, NULL, FIRST_VALUE + (int)i};
        if (option->letter)
            *letters++ = option->letter;
        if (option->letter && option->argument)
            *letters++ = ':';
    }
}

/* The row that getopt_long found; NULL if it found a mistake. */
static const sp_option *
find_option(const sp_command_line *line, int returned)
{
    if (returned >= FIRST_VALUE)
        return &line->options[returned - FIRST_VALUE];
    for (size_t i = 0; i < line->option_count; i++) {
        if (returned != '?' && returned != ':' && line->options[i].letter == returned)
            return &line->options[i];
    }
    return NULL;
}

/* Fails for a name that no option has, or that is the beginning of several. */
static enum sp_status
fail_name(const sp_command_line *line, const char *argument, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str possible = {0};
    const char *name = argument + 2; /* after "--" */
    size_t len = strcspn(name, "=");
    for (size_t i = 0; i < line->option_count; i++) {
        if (strncmp(line->options[i].name, name, len) == 0)
            sp_str_append_format(&possible, " '--%s'", line->options[i].name);
    }
    if (possible.len == 0)
        return sp_fail(err, SP_BAD_ARGUMENT, "unrecognized option '%s'", argument);
    return sp_fail(err, SP_BAD_ARGUMENT, "option '%s' is ambiguous; possibilities:%s", argument,
                   possible.data);
}

/* Describes the mistake that getopt_long found. It would print this itself, but with whatever
   control characters the argument has. argument: the one that it has read last. */
static enum sp_status
fail_option(const sp_command_line *line, int returned, const char *argument, sp_error *err)
{
    const sp_option *option = optopt >= FIRST_VALUE ? &line->options[optopt - FIRST_VALUE] : NULL;
    if (option)
        return sp_fail(err, SP_BAD_ARGUMENT, "option '--%s' %s", option->name,
                       returned == ':' ? "requires an argument" : "doesn't allow an argument");
    if (optopt)
        return sp_fail(err, SP_BAD_ARGUMENT,
                       returned == ':' ? "option requires an argument -- '%c'"
                                       : "invalid option -- '%c'",
                       optopt);
    return fail_name(line, argument, err);
}

static void
hint_at_help(const sp_command_line *line, int *exit_code)
{
    fprintf(stderr, "Try '%s --help'.\n", line->program);
    *exit_code = WRONG_USAGE;
}

bool
sp_command_line_refuse(const sp_command_line *line, const sp_error *err, int *exit_code)
{
    fprintf(stderr, "%s: %s\n", line->program, err->text);
    hint_at_help(line, exit_code);
    return false;
}

static size_t
append_left_column(sp_str *out, const sp_option *option)
{
    size_t start = out->len;
    if (option->letter)
        sp_str_append_format(out, "  -%c, --%s", option->letter, option->name);
    else
        sp_str_append_format(out, "      --%s", option->name);
    if (option->argument)
        sp_str_append_format(out, " %s", option->argument);
    return out->len - start;
}

static void
append_indent(sp_str *out, size_t column)
{
    for (; column < HELP_COLUMN; column++)
        sp_str_append_char(out, ' ');
}

/* Appends the word to a text that begins at HELP_COLUMN and has reached *column. */
static void
append_word(sp_str *out, size_t *column, sp_bytes word)
{
    if (*column > HELP_COLUMN && *column + 1 + word.len > SP_HELP_WIDTH) {
        sp_str_append_char(out, '\n');
        append_indent(out, 0);
        *column = HELP_COLUMN;
    } else if (*column > HELP_COLUMN) {
        sp_str_append_char(out, ' ');
        ++*column;
    }
    sp_str_append(out, word);
    *column += word.len;
}

static void
append_words(sp_str *out, size_t *column, sp_bytes text)
{
    for (size_t start = 0, end; start < text.len; start = end + 1) {
        end = sp_bytes_find(text, SP_LITERAL(" "), start);
        if (end > text.len)
            end = text.len;
        append_word(out, column, sp_bytes_slice(text, start, end));
    }
}

/* Appends the right column. The default stays on one line, which is easier to read and to find. */
static void
append_help(sp_str *out, const sp_option *option)
{
    SP_AUTO(sp_str_done) sp_str help = {0};
    SP_AUTO(sp_str_done) sp_str shown = {0};
    const char *value = option->default_text ? option->default_text : option->default_value;
    size_t column = HELP_COLUMN;
    sp_str_append_text(&help, option->help);
    if (option->names) {
        sp_str_append_text(&help, ": ");
        append_names(&help, option->names);
    }
    append_words(out, &column, sp_str_bytes(&help));
    if (value) {
        sp_str_append_format(&shown, "(default: %s)", value);
        append_word(out, &column, sp_str_bytes(&shown));
    }
    out->failed |= help.failed | shown.failed;
}

static void
append_option(sp_str *out, const sp_option *option)
{
    if (option->heading)
        sp_str_append_format(out, "\n%s:\n", option->heading);
    size_t width = append_left_column(out, option);
    if (width + 2 > HELP_COLUMN) {
        sp_str_append_char(out, '\n');
        width = 0;
    }
    append_indent(out, width);
    append_help(out, option);
    sp_str_append_char(out, '\n');
}

void
sp_command_line_print_help(const sp_command_line *line, sp_str *out)
{
    sp_str_append_text(out, line->header);
    for (size_t i = 0; i < line->option_count; i++)
        append_option(out, &line->options[i]);
    sp_str_append_text(out, line->footer);
}

/* Returns the exit code. */
static int
print_information(const sp_command_line *line, const sp_option *option)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    if (option->kind == SP_OPTION_HELP)
        sp_command_line_print_help(line, &text);
    else
        sp_str_append_format(&text, "%s (Signpost) %s\n", line->program, line->version);
    if (text.failed) {
        fprintf(stderr, "%s: out of memory\n", line->program);
        return WRONG_USAGE;
    }
    fwrite(sp_str_bytes(&text).data, 1, text.len, stdout);
    return 0;
}

/* Handles one result of getopt_long. argument: the argument that it has read last. Returns
   SP_CANCELLED if the program must end with *exit_code, with everything printed. */
static enum sp_status
take_result(const struct read_context *context, int returned, const char *argument, int *exit_code,
            sp_error *err)
{
    const sp_option *option = find_option(context->line, returned);
    if (!option)
        return fail_option(context->line, returned, argument, err);
    if (option->kind == SP_OPTION_HELP || option->kind == SP_OPTION_VERSION) {
        *exit_code = print_information(context->line, option);
        return SP_CANCELLED;
    }
    if (option->given_offset)
        memcpy(context->options + option->given_offset, &(bool){true}, sizeof(bool));
    return take(context, option, optarg, err);
}

int
sp_command_line_read(const sp_command_line *line, int argc, char **argv, void *options,
                     sp_arena *arena, int *exit_code)
{
    const struct read_context context = {line, options, arena};
    struct getopt_tables tables = {0};
    sp_error err;
    int returned;
    make_getopt_tables(line, &tables);
    optind = 0; /* makes getopt_long forget an earlier command line */
    opterr = 0; /* fail_option describes mistakes */
    enum sp_status status = take_defaults(&context, false, &err);
    while (status == SP_OK &&
           (returned = getopt_long(argc, argv, tables.letters, tables.names, NULL)) != -1)
        status = take_result(&context, returned, argv[optind - 1], exit_code, &err);
    if (status == SP_OK)
        status = take_defaults(&context, true, &err);
    if (status == SP_OK)
        return optind;
    if (status != SP_CANCELLED)
        sp_command_line_refuse(line, &err, exit_code);
    return 0;
}
