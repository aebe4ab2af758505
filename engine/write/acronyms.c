// SPDX-License-Identifier: GPL-2.0-or-later
#include "acronyms.h"

#include <signpost/schema.h>

#define LETTERS_MIN 2
#define LETTERS_MAX 8

/* Longer text before or in parentheses is not compared, so that time stays linear. */
#define LONG_FORM_MAX 120

/* Words on the left of the parenthesis that are compared. */
#define WORDS_MAX SP_SYNONYM_WORDS_MAX

/* The bytes that may separate the words of a long form. */
#define GAPS " -&"

struct words {
    sp_bytes items[WORDS_MAX + 1];
    size_t count;
};

struct acronym_context {
    sp_postings *postings;
    const sp_analyzer *analyzer;
    sp_str folded, term;
};

static bool
is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_small(char c)
{
    return c >= 'a' && c <= 'z';
}

/* Removes the plural's s of "ATSs". False unless the text is letters, digits and '&', begins with a
   capital and has at least two, as "IoT" has. */
static bool
read_acronym(sp_bytes text, sp_bytes *out)
{
    size_t capitals = 0;
    if (text.len > LETTERS_MIN && text.data[text.len - 1] == 's')
        text.len--;
    for (size_t i = 0; i < text.len && i <= LETTERS_MAX; i++) {
        char c = text.data[i];
        if (!is_capital(c) && (i == 0 || (!is_small(c) && !is_digit(c) && c != '&')))
            return false;
        capitals += is_capital(c);
    }
    *out = text;
    return capitals >= LETTERS_MIN && text.len <= LETTERS_MAX;
}

/* Bytes of words: letters of any script, digits, apostrophes. */
static bool
is_word_byte(char c)
{
    return (unsigned char)c >= 0x80 || is_digit(c) || c == '\'' || is_small(c) || is_capital(c);
}

static bool
is_gap(char c, const char *gaps)
{
    return c != '\0' && strchr(gaps, c) != NULL;
}

/* Whether the text ends with the dot of an initial, as "U.S." does. */
static bool
ends_with_initial(sp_bytes text)
{
    return text.len > 1 && text.data[text.len - 1] == '.' && is_capital(text.data[text.len - 2]) &&
           (text.len == 2 || !is_word_byte(text.data[text.len - 3]));
}

/* Lists the last words of the text, last first, up to a byte that ends a sentence or part of it.
   Words are separated by the bytes of `gaps`, the others of GAPS are in words. "U.S." is two. */
static void
list_words(sp_bytes text, const char *gaps, struct words *out)
{
    size_t end = text.len;
    out->count = 0;
    while (out->count <= WORDS_MAX) {
        while (end > 0 && (is_gap(text.data[end - 1], gaps) ||
                           ends_with_initial(sp_bytes_slice(text, 0, end))))
            end--;
        size_t start = end;
        while (start > 0 &&
               (is_word_byte(text.data[start - 1]) ||
                (is_gap(text.data[start - 1], GAPS) && !is_gap(text.data[start - 1], gaps))))
            start--;
        if (start == end)
            return;
        out->items[out->count++] = sp_bytes_slice(text, start, end);
        end = start;
    }
}

/* The word without the "d'" of "d'information", which has no letter in an acronym. */
static sp_bytes
without_elision(sp_bytes word)
{
    sp_bytes rest = word.len > 1 ? sp_bytes_slice(word, 1, word.len) : (sp_bytes){0};
    size_t mark = sp_bytes_starts_with(rest, SP_LITERAL("'"))              ? 1
                  : sp_bytes_starts_with(rest, SP_LITERAL("\xe2\x80\x99")) ? 3
                                                                           : 0;
    bool elides = mark > 0 && rest.len > mark && strchr("cdjlmnstCDJLMNST", word.data[0]);
    return elides ? sp_bytes_slice(rest, mark, rest.len) : word;
}

/* The initial of a word, folded: 'e' of "États"; '\0' if it is not a letter or digit of ASCII. */
static char
initial(struct acronym_context *context, sp_bytes word)
{
    sp_str_clear(&context->folded);
    sp_fold_append(&context->folded, word);
    return context->folded.len > 0 ? context->folded.data[0] : '\0';
}

static bool
is_skipped(struct acronym_context *context)
{
    return sp_analyzer_is_stop_word(context->analyzer, sp_str_bytes(&context->folded));
}

/* Returns the number of words from the end whose initials are the acronym, or 0. Stop words may
   have a letter, as in "IoT", but "and integrated marketing" was cut from a list. */
static size_t
match_initials(struct acronym_context *context, sp_bytes acronym, const struct words *words)
{
    char letters[LETTERS_MAX];
    size_t count = 0;
    unsigned reached = 1; /* bit i: the words so far can have the last i letters */
    for (size_t i = acronym.len; i > 0; i--) {
        char c = acronym.data[i - 1];
        if (c != '&')
            letters[count++] = is_capital(c) ? (char)(c - 'A' + 'a') : c;
    }
    for (size_t taken = 0; reached != 0 && taken < words->count && taken < WORDS_MAX; taken++) {
        char first = initial(context, without_elision(words->items[taken]));
        bool skipped = is_skipped(context);
        unsigned next = skipped && taken > 0 ? reached : 0;
        for (size_t i = 0; i < count; i++) {
            if (reached >> i & 1 && letters[i] == first)
                next |= 2U << i;
        }
        if (!skipped && next >> count & 1)
            return taken + 1;
        reached = next;
    }
    return 0;
}

/* Returns the part at the end of the text that the acronym stands for, or an empty one. */
static sp_bytes
find_long_form(struct acronym_context *context, sp_bytes acronym, sp_bytes text)
{
    static const char *const gaps[] = {" &", GAPS};
    struct words words;
    for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++) {
        list_words(text, gaps[i], &words);
        size_t count = match_initials(context, acronym, &words);
        if (count > 0) {
            const char *start = without_elision(words.items[count - 1]).data;
            return (sp_bytes){start, words.items[0].len + (size_t)(words.items[0].data - start)};
        }
    }
    return (sp_bytes){0};
}

static void
add_direction(struct acronym_context *context, sp_bytes from, sp_bytes to)
{
    sp_str *term = &context->term;
    sp_str_clear(term);
    sp_fold_append(term, from);
    size_t key = term->len;
    sp_str_append_char(term, '\t');
    sp_fold_append(term, to);
    if (key > 0 && term->len > key + 1 && term->len + strlen(SP_PREFIX_ACRONYM) <= SP_TERM_MAX)
        sp_postings_add_boolean(context->postings, SP_PREFIX_ACRONYM, sp_str_bytes(term));
}

static void
add_pair(struct acronym_context *context, sp_bytes acronym, sp_bytes words)
{
    if (words.len == 0)
        return;
    add_direction(context, acronym, words);
    add_direction(context, words, acronym);
}

/* The text without blanks, quotation marks and asterisks around it. */
static sp_bytes
trim_marks(sp_bytes text)
{
    static const char *const marks[] = {" ",
                                        "\"",
                                        "'",
                                        "*",
                                        "\xE2\x80\x98",
                                        "\xE2\x80\x99",
                                        "\xE2\x80\x9C",
                                        "\xE2\x80\x9D",
                                        "\xE2\x80\x9E",
                                        "\xC2\xAB",
                                        "\xC2\xBB"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks;) {
        sp_bytes mark = sp_bytes_of(marks[i]);
        bool starts = sp_bytes_starts_with(text, mark);
        if (starts)
            text = sp_bytes_slice(text, mark.len, text.len);
        else if (sp_bytes_ends_with(text, mark))
            text.len -= mark.len;
        else
            i++;
    }
    return text;
}

/* Looks at a parenthesis: before, the text on its left in its block; inside, the text in it. */
static void
look_at(struct acronym_context *context, sp_bytes before, sp_bytes inside)
{
    sp_bytes acronym, words;
    inside = trim_marks(inside);
    sp_bytes first = trim_marks(sp_bytes_slice(inside, 0, sp_bytes_until(inside, ",;")));
    if (read_acronym(first, &acronym)) {
        add_pair(context, acronym, find_long_form(context, acronym, before));
        return;
    }
    size_t start = before.len;
    while (start > 0 && before.len - start <= LETTERS_MAX + 1 &&
           (is_word_byte(before.data[start - 1]) || before.data[start - 1] == '&'))
        start--;
    if (!read_acronym(sp_bytes_slice(before, start, before.len), &acronym))
        return;
    words = find_long_form(context, acronym, inside);
    if (words.data == inside.data)
        add_pair(context, acronym, words);
}

/* Parentheses, in ASCII and in the width of East Asian characters. */
struct parentheses {
    sp_bytes open, close;
};

static size_t
find_close(sp_bytes text, const struct parentheses *kind, size_t from)
{
    for (size_t i = from; i < text.len && i - from < LONG_FORM_MAX && text.data[i] != '\n'; i++) {
        sp_bytes rest = sp_bytes_slice(text, i, text.len);
        if (sp_bytes_starts_with(rest, kind->close))
            return i;
        if (sp_bytes_starts_with(rest, kind->open))
            break;
    }
    return SIZE_MAX;
}

static sp_bytes
text_before(sp_bytes text, size_t open)
{
    size_t end = open, start;
    if (end > 0 && text.data[end - 1] == ' ')
        end--;
    for (start = end; start > 0 && end - start < LONG_FORM_MAX; start--) {
        if (text.data[start - 1] == '\n')
            break;
    }
    if (end - start == LONG_FORM_MAX) { /* perhaps in a word */
        while (start < end && text.data[start] != ' ')
            start++;
    }
    return sp_bytes_slice(text, start, end);
}

static void
look_at_all(struct acronym_context *context, const struct parentheses *kind, sp_bytes text)
{
    for (size_t open = sp_bytes_find(text, kind->open, 0); open != SIZE_MAX;
         open = sp_bytes_find(text, kind->open, open + 1)) {
        size_t inside = open + kind->open.len, close = find_close(text, kind, inside);
        if (close != SIZE_MAX)
            look_at(context, text_before(text, open), sp_bytes_slice(text, inside, close));
    }
}

void
sp_acronyms_add(sp_postings *postings, const sp_analyzer *analyzer, sp_bytes text)
{
    static const struct parentheses ascii = {{"(", 1}, {")", 1}};
    static const struct parentheses wide = {{"\xEF\xBC\x88", 3}, {"\xEF\xBC\x89", 3}};
    struct acronym_context context = {.postings = postings, .analyzer = analyzer};
    look_at_all(&context, &ascii, text);
    look_at_all(&context, &wide, text);
    postings->no_memory |= context.term.failed || context.folded.failed;
    sp_str_done(&context.term);
    sp_str_done(&context.folded);
}
