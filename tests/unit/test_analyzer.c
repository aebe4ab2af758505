#include "harness.h"

#include "../../engine/fold.h"

#include <signpost/analyzer.h>

#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

/* ---- Work: bytes that the splitter reads, counted by the linker's --wrap ---- */

static size_t work;

void __real_sp_fold_char(sp_bytes text, size_t at, struct sp_folded *out);
void __wrap_sp_fold_char(sp_bytes text, size_t at, struct sp_folded *out);

void
__wrap_sp_fold_char(sp_bytes text, size_t at, struct sp_folded *out)
{
    __real_sp_fold_char(text, at, out);
    work += out->end - at + 1;
}

/* ---- Helpers ---- */

static sp_analyzer *
analyzer_of(sp_bytes language)
{
    sp_analyzer *analyzer = NULL;
    assert_int_equal(sp_analyzer_new(language, &analyzer, NULL), SP_OK);
    return analyzer;
}

static sp_tokens
tokens_of(sp_analyzer *analyzer, sp_bytes text)
{
    sp_tokens tokens = {0};
    assert_int_equal(sp_analyze(analyzer, text, &tokens, NULL), SP_OK);
    return tokens;
}

/* ---- The table ---- */

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
test_table(void **state)
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

/* ---- Properties ---- */

static uint32_t
random_below(uint32_t *seed, uint32_t limit)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % limit;
}

/* What texts that break analyzers are made of. */
static void
append_random(sp_str *out, uint32_t *seed)
{
    static const char *const pieces[] = {"a",
                                         "B",
                                         "s",
                                         "'s",
                                         "'",
                                         "\u2019",
                                         "-",
                                         "\u2013",
                                         ".",
                                         ",",
                                         "&",
                                         "+",
                                         "#",
                                         "(",
                                         ")",
                                         " ",
                                         "\n",
                                         "7",
                                         "000",
                                         "net",
                                         ".NET",
                                         "U.S.",
                                         "C++",
                                         "\u00E9",
                                         "\u0301",
                                         "\u0306",
                                         "\u0438",
                                         "\u00AD",
                                         "\u200D",
                                         "\uFB01",
                                         "\u00DF",
                                         "\uFF21",
                                         "\u65E5",
                                         "\u672C",
                                         "\u30AB",
                                         "\u3099",
                                         "\uFF9E",
                                         "\uD55C",
                                         "\u1112\u1161",
                                         "\u11AB",
                                         "\u0E01",
                                         "\u0E34",
                                         "\u0939\u093F",
                                         "\U0001F44D",
                                         "\xFF",
                                         "\xE2\x82",
                                         "\xF0\x9F",
                                         "\u00BD",
                                         "\u0345",
                                         "401(k)",
                                         "Node.js",
                                         "\u02BC",
                                         "\u3300",
                                         "word",
                                         "\u2122",
                                         "\uFDFA"};
    uint32_t kind = random_below(seed, 16);
    if (kind == 0)
        sp_str_append_char(out, (char)random_below(seed, 256));
    else if (kind == 1)
        sp_utf8_append(out, random_below(seed, 0x110000));
    else
        sp_str_append_text(out, pieces[random_below(seed, sizeof pieces / sizeof *pieces)]);
}

/* Whether `at` lies between characters, none of them a mark of the one before. */
static bool
is_boundary(sp_bytes text, size_t at)
{
    size_t begin = at < 3 ? 0 : at - 3;
    for (size_t i = begin; i < at; i++) {
        uint32_t code;
        size_t len = sp_utf8_decode(text, i, &code);
        if (len > 1 && i + len > at)
            return false;
    }
    return !sp_fold_continues(text, at);
}

static bool
is_unspaced(sp_bytes word)
{
    struct sp_folded c;
    sp_fold_char(word, 0, &c);
    return c.kind == SP_CHAR_CJK;
}

static void
check_token(sp_bytes text, const sp_token *token, const sp_token *last)
{
    assert_true(token->start < token->end && token->end <= text.len);
    assert_true(is_boundary(text, token->start));
    assert_true(is_boundary(text, token->end));
    assert_true(token->word.len > 0 && token->word.len <= SP_WORD_MAX);
    assert_int_equal(sp_utf8_invalid(token->word), SIZE_MAX);
    assert_true(token->stem.len > 0 && token->position > 0 && token->span > 0);
    if (token->form) {
        assert_non_null(last);
        assert_int_equal(token->position + token->span - 1, last->position);
    } else if (last) {
        assert_true(token->position > last->position);
        assert_true(token->start >= last->end ||
                    (is_unspaced(token->word) && token->start >= last->start));
    }
}

/* What a token's own bytes give when they are analyzed alone. */
static void
check_alone(sp_analyzer *analyzer, sp_bytes source, sp_bytes word, sp_bytes stem)
{
    sp_tokens alone = tokens_of(analyzer, source);
    assert_true(alone.count >= 1);
    assert_true(sp_bytes_equal(alone.items[0].word, word));
    assert_true(sp_bytes_equal(alone.items[0].stem, stem));
    for (size_t i = 1; i < alone.count; i++)
        assert_true(alone.items[i].form);
    SP_AUTO(sp_str_done) sp_str folded = {0};
    sp_fold_append(&folded, source);
    assert_true(sp_bytes_equal(sp_str_bytes(&folded), word));
}

static void
test_random_texts(void **state)
{
    (void)state;
    sp_analyzer *analyzer = analyzer_of(SP_LITERAL("en"));
    sp_analyzer *other = analyzer_of(SP_LITERAL("en"));
    SP_AUTO(sp_str_done) sp_str text = {0};
    uint32_t seed = 20180410;
    for (int round = 0; round < 20000; round++) {
        sp_str_clear(&text);
        for (uint32_t i = 1 + random_below(&seed, 40); i > 0; i--)
            append_random(&text, &seed);
        sp_bytes bytes = sp_str_bytes(&text);
        sp_tokens tokens = tokens_of(analyzer, bytes);
        const sp_token *last = NULL;
        for (size_t i = 0; i < tokens.count; i++) {
            const sp_token *token = &tokens.items[i];
            check_token(bytes, token, last);
            if (!token->form)
                last = token;
            if (!token->form && !is_unspaced(token->word))
                check_alone(other, sp_bytes_slice(bytes, token->start, token->end), token->word,
                            token->stem);
        }
    }
    sp_analyzer_free(analyzer);
    sp_analyzer_free(other);
}

static void
test_folding_is_idempotent(void **state)
{
    (void)state;
    SP_AUTO(sp_str_done) sp_str source = {0};
    SP_AUTO(sp_str_done) sp_str once = {0};
    SP_AUTO(sp_str_done) sp_str twice = {0};
    for (uint32_t c = 1; c <= 0x10FFFF; c++) {
        sp_str_clear(&source);
        sp_str_clear(&once);
        sp_str_clear(&twice);
        sp_utf8_append(&source, c);
        sp_fold_append(&once, sp_str_bytes(&source));
        sp_fold_append(&twice, sp_str_bytes(&once));
        if (!sp_bytes_equal(sp_str_bytes(&once), sp_str_bytes(&twice)))
            fail_msg("U+%04X folds to %s, and that to %s", c, once.data, twice.data);
    }
}

static void
check_same(sp_analyzer *analyzer, const char *text, size_t index, sp_bytes word, sp_bytes stem)
{
    sp_tokens tokens = tokens_of(analyzer, sp_bytes_of(text));
    assert_true(index < tokens.count);
    assert_true(sp_bytes_equal(tokens.items[index].word, word));
    assert_true(sp_bytes_equal(tokens.items[index].stem, stem));
}

static void
test_a_word_is_the_same_everywhere(void **state)
{
    (void)state;
    static const struct {
        const char *word, *upper;
    } words[] = {{"résumés", "RÉSUMÉS"},
                 {"insight's", "INSIGHT’S"},
                 {"don’t", "DON'T"},
                 {"straße", "STRASSE"},
                 {"c++", "C++"},
                 {"ph.d.", "PH.D."},
                 {"исследований", "ИССЛЕДОВАНИЙ"},
                 {"ångström", "ÅNGSTRÖM"},
                 {"r&d", "R&D"},
                 {"οδυσσεύς", "ΟΔΥΣΣΕΎΣ"},
                 {"v2.0", "V2.0"},
                 {"10,000", "10,000"},
                 {"한국어", "한국어"},
                 {"ガ", "ガ"},
                 {"हिन्दी", "हिन्दी"}};
    sp_analyzer *analyzer = analyzer_of(SP_LITERAL("en"));
    sp_analyzer *other = analyzer_of(SP_LITERAL("en"));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        sp_tokens tokens = tokens_of(analyzer, sp_bytes_of(words[i].word));
        sp_bytes word = tokens.items[0].word, stem = tokens.items[0].stem;
        char text[256];
        snprintf(text, sizeof text, "one (%s), two", words[i].word);
        check_same(other, text, 1, word, stem);
        check_same(other, words[i].upper, 0, word, stem);
        char *decomposed = (char *)utf8proc_NFD((const utf8proc_uint8_t *)words[i].word);
        assert_non_null(decomposed);
        check_same(other, decomposed, 0, word, stem);
        free(decomposed);
        SP_AUTO(sp_str_done) sp_str folded = {0};
        sp_fold_append(&folded, sp_bytes_of(words[i].word));
        assert_true(sp_bytes_equal(sp_str_bytes(&folded), word));
    }
    sp_analyzer_free(analyzer);
    sp_analyzer_free(other);
}

static void
test_work_is_linear(void **state)
{
    (void)state;
    static const char *const shapes[] = {
        "a",      "ab ",    "a-",     "a.",      "a&",           "a'",         "'s",     "a's",
        "1,",     "1,000,", "1.",     "a+",      "a#",           "401(",       "401(k)", ".net",
        ".",      "-",      "\n",     "\xFF",    "\u00AD",       "a\u00AD",    "\u0301", "e\u0301",
        "\u65E5", "U.S.",   "don't-", "a\u2019", "\u1112\u1161", "\U0001F44D", "ab.cd-", "ab&"};
    enum { REPEATS = 100000 };
    sp_analyzer *analyzer = analyzer_of(SP_LITERAL("en"));
    SP_AUTO(sp_str_done) sp_str text = {0};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        sp_str_clear(&text);
        sp_str_append_char(&text, 'x');
        for (size_t repeat = 0; repeat < REPEATS; repeat++)
            sp_str_append_text(&text, shapes[i]);
        work = 0;
        sp_tokens tokens = tokens_of(analyzer, sp_str_bytes(&text));
        assert_true(tokens.count <= text.len + 1);
        if (work > 16 * text.len)
            fail_msg("'%s': %zu bytes read of a text of %zu", shapes[i], work, text.len);
    }
    sp_analyzer_free(analyzer);
}

static void
test_more_words_than_are_remembered(void **state)
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
test_stop_words(void **state)
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

/* Expected: FNV-1a's published values for "" and "a", folded by hand. */
static void
test_stem_hash(void **state)
{
    (void)state;
    assert_int_equal(sp_stem_hash(SP_LITERAL("")), 0x81 ^ 0x1C9DC5);
    assert_int_equal(sp_stem_hash(SP_LITERAL("a")), 0xE4 ^ 0x0C292C);
}

static void
test_fold_append(void **state)
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
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_random_texts),
        cmocka_unit_test(test_folding_is_idempotent),
        cmocka_unit_test(test_a_word_is_the_same_everywhere),
        cmocka_unit_test(test_work_is_linear),
        cmocka_unit_test(test_more_words_than_are_remembered),
        cmocka_unit_test(test_stop_words),
        cmocka_unit_test(test_stem_hash),
        cmocka_unit_test(test_fold_append),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
