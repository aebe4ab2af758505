// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis.h"

#include "engine/analysis/fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

/* The work of the splitter: the number of bytes that it reads. The linker's --wrap replaces
   sp_fold_char by a function that counts them. */

static size_t work;

void __real_sp_fold_char(sp_bytes text, size_t at, struct sp_folded *out);
void __wrap_sp_fold_char(sp_bytes text, size_t at, struct sp_folded *out);

void
__wrap_sp_fold_char(sp_bytes text, size_t at, struct sp_folded *out)
{
    __real_sp_fold_char(text, at, out);
    work += out->end - at + 1;
}

static uint32_t
random_below(uint32_t *seed, uint32_t limit)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % limit;
}

/* Random texts are made of these pieces, which are likely to break an analyzer. */
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

static void
append_random(sp_str *out, uint32_t *seed)
{
    uint32_t kind = random_below(seed, 16);
    if (kind == 0)
        sp_str_append_char(out, (char)random_below(seed, 256));
    else if (kind == 1)
        sp_utf8_append(out, random_below(seed, 0x110000));
    else
        sp_str_append_text(out, pieces[random_below(seed, sizeof pieces / sizeof *pieces)]);
}

/* Whether `at` is between two characters and the second is not a combining mark. */
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

/* Checks that the piece of text that gave a token gives the same token when analyzed alone. */
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
test_tokens_of_random_texts_are_valid(void **state)
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
test_a_word_is_analyzed_the_same_in_any_context(void **state)
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
                 {"한국", "한국"},
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
test_splitting_is_linear_in_the_text(void **state)
{
    (void)state;
    static const char *const shapes[] = {"a",
                                         "ab ",
                                         "a-",
                                         "a.",
                                         "a&",
                                         "a'",
                                         "'s",
                                         "a's",
                                         "1,",
                                         "1,000,",
                                         "1.",
                                         "a+",
                                         "a#",
                                         "401(",
                                         "401(k)",
                                         ".net",
                                         ".",
                                         "-",
                                         "\n",
                                         "\xFF",
                                         "\u00AD",
                                         "a\u00AD",
                                         "\u0301",
                                         "e\u0301",
                                         "\u65E5",
                                         "U.S.",
                                         "don't-",
                                         "a\u2019",
                                         "\u1112\u1161",
                                         "\U0001F44D",
                                         "ab.cd-",
                                         "ab&",
                                         "l'",
                                         "\U0001F44D\u200D"};
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

static bool
continues_after(uint32_t before, uint32_t code)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_utf8_append(&text, before);
    size_t at = text.len;
    sp_utf8_append(&text, code);
    return sp_fold_continues(sp_str_bytes(&text), at);
}

/* A vowel or a final consonant of Hangul continues a letter of Hangul, and nothing else. */
static void
test_only_hangul_is_continued_by_its_letters(void **state)
{
    (void)state;
    static const struct {
        uint32_t code;
        bool continuing;
    } after_hangul[] = {{0x115F, false}, {0x1160, true}, {0x11FF, true}, {0x1200, false},
                        {0xFF9D, false}, {0xFF9E, true}, {0xFF9F, true}, {0xFFA1, false},
                        {0x2FF, false},  {0x301, true},  {'a', false},   {0x1112, false}};
    static const struct {
        uint32_t code;
        bool hangul;
    } before[] = {{0x10FF, false}, {0x1100, true}, {0x11FF, true},  {0x1200, false},
                  {0x3130, false}, {0x3131, true}, {0x318E, true},  {0x318F, false},
                  {0xABFF, false}, {0xAC00, true}, {0xD7A3, true},  {0xE000, false},
                  {'a', false},    {0xE9, false},  {0x10400, false}};
    for (size_t i = 0; i < sizeof after_hangul / sizeof *after_hangul; i++) {
        if (continues_after(0xD55C, after_hangul[i].code) != after_hangul[i].continuing)
            fail_msg("U+%X", (unsigned)after_hangul[i].code);
    }
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        if (continues_after(before[i].code, 0x1161) != before[i].hangul)
            fail_msg("after U+%X", (unsigned)before[i].code);
    }
    assert_false(sp_fold_continues(SP_LITERAL("\xE1\x85\xA1"), 0));
    assert_false(sp_fold_continues(SP_LITERAL("\xED\x95\x9C"), 3));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tokens_of_random_texts_are_valid),
        cmocka_unit_test(test_folding_is_idempotent),
        cmocka_unit_test(test_a_word_is_analyzed_the_same_in_any_context),
        cmocka_unit_test(test_splitting_is_linear_in_the_text),
        cmocka_unit_test(test_only_hangul_is_continued_by_its_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
