// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis.h"

#include "engine/analysis/stem_cache.h"

#include <stdio.h>
#include <stdlib.h>

struct table {
    sp_analyzer *analyzer;
    sp_str input, expected, actual;
    size_t rows, failures;
    unsigned line; /* of the input */
};

static void
append_token(sp_str *out, const sp_token *token)
{
    sp_str_append_format(out, "%u", token->position);
    if (token->form)
        sp_str_append_format(out, "..%u", token->position + token->span - 1);
    sp_str_append_format(out, " %.*s %u-%u", (int)token->word.len, token->word.data, token->start,
                         token->end);
    if (!sp_bytes_equal(token->stem, token->word))
        sp_str_append_format(out, " ~%.*s", (int)token->stem.len, token->stem.data);
    sp_str_append_char(out, '\n');
    assert_int_equal(token->hash, sp_stem_hash(token->stem));
}

/* Appends the escape at `at` (a backslash) and returns the offset after it. */
static size_t
append_escape(sp_str *out, sp_bytes line, size_t at)
{
    char kind = at + 1 < line.len ? line.data[at + 1] : '\0';
    if (kind == 'x') {
        char digits[3] = {line.data[at + 2], line.data[at + 3], '\0'};
        sp_str_append_char(out, (char)strtoul(digits, NULL, 16));
        return at + 4;
    }
    if (kind == 'u') {
        char *end = NULL;
        sp_utf8_append(out, (uint32_t)strtoul(line.data + at + 3, &end, 16));
        return (size_t)(end - line.data) + 1;
    }
    sp_str_append_char(out, kind == 'n' ? '\n' : kind);
    return at + 2;
}

static void
set_input(sp_str *out, sp_bytes line)
{
    sp_str_clear(out);
    for (size_t at = 0; at < line.len;) {
        if (line.data[at] == '\\') {
            at = append_escape(out, line, at);
        } else {
            sp_str_append_char(out, line.data[at]);
            at++;
        }
    }
}

static void
append_single_spaced(sp_str *out, sp_bytes line)
{
    for (size_t i = 0; i < line.len; i++) {
        if (line.data[i] != ' ' || line.data[i - 1] != ' ')
            sp_str_append_char(out, line.data[i]);
    }
    sp_str_append_char(out, '\n');
}

static void
finish_row(struct table *table)
{
    if (table->line == 0)
        return;
    sp_str_clear(&table->actual);
    sp_tokens tokens = tokens_of(table->analyzer, sp_str_bytes(&table->input));
    for (size_t i = 0; i < tokens.count; i++)
        append_token(&table->actual, &tokens.items[i]);
    if (!sp_bytes_equal(sp_str_bytes(&table->actual), sp_str_bytes(&table->expected))) {
        print_error("analyzer.txt:%u: actual:\n%sexpected:\n%s", table->line,
                    table->actual.len ? table->actual.data : "",
                    table->expected.len ? table->expected.data : "");
        table->failures++;
    }
    table->rows++;
    table->line = 0;
    sp_str_clear(&table->expected);
}

static void
read_line(struct table *table, sp_bytes line, unsigned number)
{
    sp_bytes language = SP_LITERAL("language: ");
    if (sp_bytes_starts_with(line, SP_LITERAL("    "))) {
        append_single_spaced(&table->expected, sp_bytes_trim(line));
        return;
    }
    finish_row(table);
    if (sp_bytes_starts_with(line, SP_LITERAL("> "))) {
        table->line = number;
        set_input(&table->input, sp_bytes_slice(line, 2, line.len));
    } else if (sp_bytes_starts_with(line, language)) {
        sp_analyzer_free(table->analyzer);
        table->analyzer = analyzer_of(sp_bytes_slice(line, language.len, line.len));
    }
}

static void
test_tokens_match_the_table(void **state)
{
    (void)state;
    struct table table = {0};
    FILE *file = fopen(SOURCE_DIR "/tests/cases/analyzer.txt", "r");
    assert_non_null(file);
    char line[1024];
    for (unsigned number = 1; fgets(line, sizeof line, file); number++)
        read_line(&table, (sp_bytes){line, strcspn(line, "\n")}, number);
    finish_row(&table);
    fclose(file);
    sp_analyzer_free(table.analyzer);
    sp_str_done(&table.input);
    sp_str_done(&table.expected);
    sp_str_done(&table.actual);
    assert_true(table.rows > 50);
    assert_int_equal(table.failures, 0);
}

static void
test_more_words_than_the_cache_holds_are_analyzed(void **state)
{
    (void)state;
    sp_analyzer *analyzer = analyzer_of(SP_LITERAL("en"));
    SP_AUTO(sp_str_done) sp_str text = {0};
    for (int i = 0; i < 150000; i++)
        sp_str_append_format(&text, "word%dings ", i);
    sp_str_append_text(&text, "trainings");
    for (int round = 0; round < 2; round++) {
        sp_tokens tokens = tokens_of(analyzer, sp_str_bytes(&text));
        assert_int_equal(tokens.count, 150001);
        assert_bytes(tokens.items[0].word, "word0ings");
        assert_bytes(tokens.items[149999].word, "word149999ings");
        assert_bytes(tokens.items[150000].stem, "train");
    }
    sp_analyzer_free(analyzer);
}

static void
test_negations_are_not_stop_words(void **state)
{
    (void)state;
    static const char *const negations[] = {"no",   "not",    "nor",    "without", "never",
                                            "none", "cannot", "dont",   "cant",    "wont",
                                            "us",   "isnt",   "degree", ""};
    sp_analyzer *english = analyzer_of(SP_LITERAL("EN-us"));
    for (size_t i = 0; i < sizeof negations / sizeof *negations; i++)
        assert_false(sp_analyzer_is_stop_word(english, sp_bytes_of(negations[i])));
    assert_true(sp_analyzer_is_stop_word(english, SP_LITERAL("the")));
    assert_true(sp_analyzer_is_stop_word(english, SP_LITERAL("a")));
    assert_true(sp_analyzer_is_stop_word(english, SP_LITERAL("yourselves")));
    assert_true(sp_analyzer_is_stop_word(english, SP_LITERAL("ive")));
    sp_analyzer *german = analyzer_of(SP_LITERAL("de"));
    assert_true(sp_analyzer_is_stop_word(german, SP_LITERAL("fur")));
    assert_false(sp_analyzer_is_stop_word(german, SP_LITERAL("the")));
    assert_false(sp_analyzer_is_stop_word(german, SP_LITERAL("nicht")));
    sp_analyzer_free(english);
    sp_analyzer_free(german);
}

/* The expected hashes are FNV-1a's published values for "" and "a", folded by hand. */
static void
test_stem_hashes_are_folded_fnv_1a(void **state)
{
    (void)state;
    assert_int_equal(sp_stem_hash(SP_LITERAL("")), 0x81 ^ 0x1C9DC5);
    assert_int_equal(sp_stem_hash(SP_LITERAL("a")), 0xE4 ^ 0x0C292C);
}

static void
test_folded_text_is_words_separated_by_single_spaces(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str out = {0};
    sp_str_append_text(&out, "=");
    sp_fold_append(&out, SP_LITERAL("  No  Degree-Required: Ph.D. & C++\n"));
    assert_str(out, "=no degree required phd c++");
    sp_str_clear(&out);
    sp_fold_append(&out, SP_LITERAL("!"));
    assert_str(out, "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tokens_match_the_table),
        cmocka_unit_test(test_more_words_than_the_cache_holds_are_analyzed),
        cmocka_unit_test(test_negations_are_not_stop_words),
        cmocka_unit_test(test_stem_hashes_are_folded_fnv_1a),
        cmocka_unit_test(test_folded_text_is_words_separated_by_single_spaces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
