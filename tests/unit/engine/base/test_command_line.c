// SPDX-License-Identifier: GPL-2.0-or-later
/* Command lines: a table with one option of each kind, command lines that are accepted, and the
   messages about command lines that are refused. */

#include "harness.h"

#include <signpost/command_line.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define WORDS_MAX 24
#define VARIABLE "SIGNPOST_TEST"

struct fields {
    int first; /* tests that an option can be stored at offset 0 */
    bool full, burst_given;
    const char *text;
    sp_texts indexes;
    uint32_t burst;
    size_t jobs;
    enum sp_when color;
    int calls;
    const char *last_call;
    int last_value;
};

static enum sp_status
record_call(void *options, const sp_option *option, const char *argument, sp_error *err)
{
    struct fields *fields = options;
    fields->calls++;
    fields->last_call = argument;
    fields->last_value = option->value;
    if (argument && strcmp(argument, "bad") == 0)
        return sp_fail(err, SP_BAD_ARGUMENT, "--%s dislikes '%s'", option->name, argument);
    return SP_OK;
}

static const char *const kinds[] = {"post", "resource", NULL};

static const sp_option rows[] = {
    {.letter = 'q',
     .name = "quiet",
     SP_OPTION_MEMBER(struct fields, first),
     .value = -1,
     .help = "print only errors"},
    {.name = "full", SP_OPTION_MEMBER(struct fields, full), .help = "rebuild all"},
    {.name = "text",
     .argument = "TEXT",
     .kind = SP_OPTION_TEXT,
     SP_OPTION_MEMBER(struct fields, text),
     .help = "a text"},
    {.letter = 'i',
     .name = "index",
     .argument = "DIR",
     .kind = SP_OPTION_TEXTS,
     SP_OPTION_MEMBER(struct fields, indexes),
     .environment = VARIABLE,
     .default_value = "index",
     .default_text = "$" VARIABLE ", else ./index",
     .help = "search the index in this directory, of which there may be several"},
    {.name = "burst-of-requests-per-address",
     .argument = "NUMBER",
     .kind = SP_OPTION_NUMBER,
     SP_OPTION_MEMBER(struct fields, burst),
     .given_offset = offsetof(struct fields, burst_given),
     .min = 2,
     .max = 4000000000,
     .default_value = "200",
     .heading = "Limits",
     .help = "requests"},
    {.letter = 'j',
     .name = "jobs",
     .argument = "N",
     .kind = SP_OPTION_NUMBER,
     SP_OPTION_MEMBER(struct fields, jobs),
     .max = 7,
     .help = "threads"},
    {.name = "color",
     .argument = "WHEN",
     .kind = SP_OPTION_CHOICE,
     SP_OPTION_MEMBER(struct fields, color),
     .names = sp_when_names,
     .default_value = "never",
     .help = "use colour"},
    {.name = "kind",
     .argument = "KIND",
     .kind = SP_OPTION_CHOICE,
     .names = kinds,
     .set = record_call,
     .value = 5,
     .help = "only this kind"},
    {.name = "call", .argument = "WHAT", .kind = SP_OPTION_TEXT, .set = record_call, .help = "x"},
    SP_OPTION_ROW_HELP,
    SP_OPTION_ROW_VERSION,
};

static const sp_command_line permuting = {
    .program = "program",
    .version = "1.2",
    .header = "usage: program\n\n",
    .footer = "\nThe end.\n",
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
};

/* The result of reading a command line: what was returned, stored and printed. */
struct outcome {
    sp_arena arena;
    struct fields fields;
    int argc, first_word, exit_code;
    char *argv[WORDS_MAX + 1];
    char words[512], printed[4096];
};

static void
outcome_done(struct outcome *outcome)
{
    sp_arena_done(&outcome->arena);
}

static void
split(struct outcome *outcome, const char *words)
{
    snprintf(outcome->words, sizeof outcome->words, "program %s", words);
    for (char *word = strtok(outcome->words, " "); word; word = strtok(NULL, " ")) {
        assert_true(outcome->argc < WORDS_MAX);
        outcome->argv[outcome->argc++] = strcmp(word, "''") == 0 ? &word[2] : word;
    }
}

/* Reads a command line of words that are separated by spaces; '' is an empty word. Stores what is
   printed to both output streams in outcome->printed. */
static void
read_line(const sp_command_line *line, const char *words, struct outcome *outcome)
{
    FILE *printed = tmpfile();
    int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO);
    *outcome = (struct outcome){.exit_code = -1};
    split(outcome, words);
    assert_non_null(printed);
    fflush(stdout);
    dup2(fileno(printed), STDOUT_FILENO);
    dup2(fileno(printed), STDERR_FILENO);
    outcome->first_word = sp_command_line_read(line, outcome->argc, outcome->argv, &outcome->fields,
                                               &outcome->arena, &outcome->exit_code);
    fflush(stdout);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    close(out);
    close(err);
    rewind(printed);
    outcome->printed[fread(outcome->printed, 1, sizeof outcome->printed - 1, printed)] = '\0';
    fclose(printed);
}

static void
assert_accepted(const struct outcome *outcome)
{
    if (outcome->first_word == 0)
        fail_msg("refused: %s", outcome->printed);
    assert_string_equal(outcome->printed, "");
    assert_int_equal(outcome->exit_code, -1);
}

static void
assert_refused(const char *words, const char *message)
{
    SP_AUTO(outcome_done) struct outcome outcome;
    char expected[512];
    snprintf(expected, sizeof expected, "program: %s\nTry 'program --help'.\n", message);
    read_line(&permuting, words, &outcome);
    assert_string_equal(outcome.printed, expected);
    assert_int_equal(outcome.first_word, 0);
    assert_int_equal(outcome.exit_code, 2);
}

static void
test_defaults_are_stored(void **state)
{
    (void)state;
    SP_AUTO(outcome_done) struct outcome outcome;
    unsetenv(VARIABLE);
    read_line(&permuting, "", &outcome);
    assert_accepted(&outcome);
    assert_int_equal(outcome.first_word, 1);
    assert_int_equal(outcome.fields.first, 0);
    assert_false(outcome.fields.full);
    assert_null(outcome.fields.text);
    assert_int_equal(outcome.fields.burst, 200);
    assert_false(outcome.fields.burst_given);
    assert_int_equal(outcome.fields.color, SP_NEVER);
    assert_int_equal(outcome.fields.indexes.count, 1);
    assert_string_equal(outcome.fields.indexes.items[0], "index");
}

static void
test_arguments_replace_defaults(void **state)
{
    (void)state;
    SP_AUTO(outcome_done) struct outcome outcome;
    read_line(&permuting,
              "-q --full --text=t -i one --index two --burst-of-requests-per-address 200 "
              "-j3 --color auto --kind resource",
              &outcome);
    assert_accepted(&outcome);
    assert_int_equal(outcome.fields.first, -1);
    assert_true(outcome.fields.full);
    assert_string_equal(outcome.fields.text, "t");
    assert_int_equal(outcome.fields.indexes.count, 2);
    assert_string_equal(outcome.fields.indexes.items[0], "one");
    assert_string_equal(outcome.fields.indexes.items[1], "two");
    assert_int_equal(outcome.fields.burst, 200);
    assert_true(outcome.fields.burst_given);
    assert_int_equal(outcome.fields.jobs, 3);
    assert_int_equal(outcome.fields.color, SP_AUTOMATIC);
    assert_string_equal(outcome.fields.last_call, "resource");
    assert_int_equal(outcome.fields.last_value, 5);
}

static void
test_the_environment_replaces_a_default(void **state)
{
    (void)state;
    static const struct {
        const char *variable, *words, *index;
    } cases[] = {{"there", "", "there"}, {"", "", "index"}, {"there", "-i here", "here"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SP_AUTO(outcome_done) struct outcome outcome;
        setenv(VARIABLE, cases[i].variable, 1);
        read_line(&permuting, cases[i].words, &outcome);
        assert_accepted(&outcome);
        assert_int_equal(outcome.fields.indexes.count, 1);
        assert_string_equal(outcome.fields.indexes.items[0], cases[i].index);
    }
    unsetenv(VARIABLE);
}

static void
test_numbers_are_accepted_up_to_both_ends_of_their_range(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        uint32_t burst;
        size_t jobs;
    } good[] = {
        {"--burst 2 --jobs 0", 2, 0},
        {"--burst 4000000000 --jobs 7", 4000000000, 7},
        {"--burst 007 --jobs +1", 7, 1},
    };
    static const char *const bad[] = {"1",  "4000000001", "0",   "-1", "-3", "99999999999999999999",
                                      "x",  "3x",         "0x3", "''", "3.", "18446744073709551619",
                                      "-''"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        SP_AUTO(outcome_done) struct outcome outcome;
        read_line(&permuting, good[i].words, &outcome);
        assert_accepted(&outcome);
        assert_int_equal(outcome.fields.burst, good[i].burst);
        assert_int_equal(outcome.fields.jobs, good[i].jobs);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char words[64], message[128];
        snprintf(words, sizeof words, "--burst %s", bad[i]);
        snprintf(message, sizeof message,
                 "--burst-of-requests-per-address must be between 2 and 4000000000 (got '%s')",
                 strcmp(bad[i], "''") == 0 ? "" : bad[i]);
        assert_refused(words, message);
    }
    /* strtoul would skip the tab and read the number as 5. */
    assert_refused("-j\t-18446744073709551611",
                   "--jobs must be between 0 and 7 (got '\xEF\xBF\xBD-18446744073709551611')");
    assert_refused("-j8", "--jobs must be between 0 and 7 (got '8')");
}

static void
test_choices_are_exact_names(void **state)
{
    (void)state;
    assert_refused("--color sometimes", "--color must be auto, always or never (got 'sometimes')");
    assert_refused("--color alw", "--color must be auto, always or never (got 'alw')");
    assert_refused("--kind page", "--kind must be post or resource (got 'page')");
}

static void
test_a_setter_refuses_with_its_own_message(void **state)
{
    (void)state;
    assert_refused("--call good --call bad", "--call dislikes 'bad'");
}

static void
test_unknown_and_ambiguous_options_are_refused(void **state)
{
    (void)state;
    assert_refused("--frobnicate", "unrecognized option '--frobnicate'");
    assert_refused("-x", "invalid option -- 'x'");
    assert_refused("--c x", "option '--c' is ambiguous; possibilities: '--color' '--call'");
    assert_refused("---full", "unrecognized option '---full'");
    assert_refused("---", "unrecognized option '---'");
    assert_refused("----c=x", "unrecognized option '----c=x'");
    assert_refused("--full=yes", "option '--full' doesn't allow an argument");
    assert_refused("--\x1b[31m\xE2\x80\xAE",
                   "unrecognized option '--\xEF\xBF\xBD[31m\xEF\xBF\xBD'");
    assert_refused("-\x9b", "invalid option -- '\xEF\xBF\xBD'");
}

static void
test_a_missing_argument_is_refused(void **state)
{
    (void)state;
    assert_refused("--text", "option '--text' requires an argument");
    assert_refused("word -i", "option requires an argument -- 'i'");
}

static void
test_the_last_argument_wins_unless_the_option_is_a_list(void **state)
{
    (void)state;
    SP_AUTO(outcome_done) struct outcome outcome;
    read_line(&permuting, "--text a --tex b -j1 -j2 -qq --full --full --call 1 --call 2 -i a -i a",
              &outcome);
    assert_accepted(&outcome);
    assert_string_equal(outcome.fields.text, "b");
    assert_int_equal(outcome.fields.jobs, 2);
    assert_int_equal(outcome.fields.calls, 2);
    assert_string_equal(outcome.fields.last_call, "2");
    assert_int_equal(outcome.fields.indexes.count, 2);
}

static void
test_options_may_follow_words_until_two_hyphens(void **state)
{
    (void)state;
    SP_AUTO(outcome_done) struct outcome outcome;
    read_line(&permuting, "one --full two -- -q three", &outcome);
    assert_accepted(&outcome);
    assert_true(outcome.fields.full);
    assert_int_equal(outcome.fields.first, 0);
    assert_int_equal(outcome.argc - outcome.first_word, 4);
    assert_string_equal(outcome.argv[outcome.first_word], "one");
    assert_string_equal(outcome.argv[outcome.first_word + 1], "two");
    assert_string_equal(outcome.argv[outcome.first_word + 2], "-q");
    assert_string_equal(outcome.argv[outcome.first_word + 3], "three");
}

static void
test_the_first_word_may_end_the_options(void **state)
{
    (void)state;
    SP_AUTO(outcome_done) struct outcome outcome;
    sp_command_line line = permuting;
    line.first_word_ends_options = true;
    read_line(&line, "-q one --full", &outcome);
    assert_accepted(&outcome);
    assert_int_equal(outcome.fields.first, -1);
    assert_false(outcome.fields.full);
    assert_int_equal(outcome.argc - outcome.first_word, 2);
    assert_string_equal(outcome.argv[outcome.first_word + 1], "--full");
}

static void
test_posixly_correct_ends_the_options_at_the_first_word(void **state)
{
    (void)state;
    SP_AUTO(outcome_done) struct outcome outcome;
    setenv("POSIXLY_CORRECT", "1", 1);
    read_line(&permuting, "-q one --full", &outcome);
    unsetenv("POSIXLY_CORRECT");
    assert_accepted(&outcome);
    assert_false(outcome.fields.full);
    assert_int_equal(outcome.argc - outcome.first_word, 2);
}

static void
test_help_and_version_end_with_0(void **state)
{
    (void)state;
    SP_AUTO(outcome_done) struct outcome help, version, late;
    SP_AUTO(sp_str_done) sp_str expected = {0};
    sp_command_line_print_help(&permuting, &expected);
    read_line(&permuting, "--help --frobnicate", &help);
    assert_int_equal(help.first_word, 0);
    assert_int_equal(help.exit_code, 0);
    assert_str(expected, help.printed);
    read_line(&permuting, "word --version", &version);
    assert_int_equal(version.exit_code, 0);
    assert_string_equal(version.printed, "program (Signpost) 1.2\n");
    read_line(&permuting, "-j9 --help", &late);
    assert_int_equal(late.exit_code, 2);
}

static void
test_help_has_two_columns_and_lines_of_at_most_79_characters(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str help = {0};
    sp_command_line_print_help(&permuting, &help);
    assert_str(help,
               "usage: program\n"
               "\n"
               "  -q, --quiet              print only errors\n"
               "      --full               rebuild all\n"
               "      --text TEXT          a text\n"
               "  -i, --index DIR          search the index in this directory, of which there\n"
               "                           may be several\n"
               "                           (default: $SIGNPOST_TEST, else ./index)\n"
               "\n"
               "Limits:\n"
               "      --burst-of-requests-per-address NUMBER\n"
               "                           requests (default: 200)\n"
               "  -j, --jobs N             threads\n"
               "      --color WHEN         use colour: auto, always or never (default: never)\n"
               "      --kind KIND          only this kind: post or resource\n"
               "      --call WHAT          x\n"
               "      --help               print this help\n"
               "      --version            print the version\n"
               "\n"
               "The end.\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults_are_stored),
        cmocka_unit_test(test_arguments_replace_defaults),
        cmocka_unit_test(test_the_environment_replaces_a_default),
        cmocka_unit_test(test_numbers_are_accepted_up_to_both_ends_of_their_range),
        cmocka_unit_test(test_choices_are_exact_names),
        cmocka_unit_test(test_a_setter_refuses_with_its_own_message),
        cmocka_unit_test(test_unknown_and_ambiguous_options_are_refused),
        cmocka_unit_test(test_a_missing_argument_is_refused),
        cmocka_unit_test(test_the_last_argument_wins_unless_the_option_is_a_list),
        cmocka_unit_test(test_options_may_follow_words_until_two_hyphens),
        cmocka_unit_test(test_the_first_word_may_end_the_options),
        cmocka_unit_test(test_posixly_correct_ends_the_options_at_the_first_word),
        cmocka_unit_test(test_help_and_version_end_with_0),
        cmocka_unit_test(test_help_has_two_columns_and_lines_of_at_most_79_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
