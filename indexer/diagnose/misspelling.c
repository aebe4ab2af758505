// SPDX-License-Identifier: GPL-2.0-or-later
#include "misspelling.h"

#define LETTERS_MAX 40

/* Two words shorter than this that differ by an inserted, omitted or replaced letter are mostly
   different words. Words that differ by swapped letters, or by one letter of a double letter, are
   mostly spellings of one word. */
#define LONG_TO_INSERT 9
#define LONG_TO_REPLACE 8

struct search {
    sp_bytes word;
    uint32_t least, best;
    sp_word_frequency frequency;
    void *context;
    sp_str *meant;
};

static bool
is_vowel(char c)
{
    return strchr("aeiouy", c) != NULL;
}

static void
try_candidate(struct search *search, const char *letters, size_t len)
{
    sp_bytes word = {letters, len};
    uint32_t posts = search->frequency(search->context, word);
    if (posts < search->least || posts <= search->best)
        return;
    search->best = posts;
    sp_str_clear(search->meant);
    sp_str_append(search->meant, word);
}

/* Whether adding or removing this letter at the end of a word may form another form of the word. */
static bool
is_ending(char c)
{
    return strchr("sdrynelmactgi", c) != NULL;
}

/* Tries the word without the letter at `at`. */
static void
try_without(struct search *search, size_t at)
{
    char letters[LETTERS_MAX];
    sp_bytes word = search->word;
    bool doubled = word.data[at] == word.data[at - 1];
    if ((at + 1 == word.len && is_ending(word.data[at])) || (!doubled && word.len < LONG_TO_INSERT))
        return;
    memcpy(letters, word.data, at);
    memcpy(letters + at, word.data + at + 1, word.len - at - 1);
    try_candidate(search, letters, word.len - 1);
}

/* Tries the word with c inserted at `at`. */
static void
try_with(struct search *search, size_t at, char c)
{
    char letters[LETTERS_MAX + 1];
    sp_bytes word = search->word;
    bool doubled = c == word.data[at - 1];
    if ((at == word.len && is_ending(c)) || (!doubled && word.len < LONG_TO_INSERT))
        return;
    memcpy(letters, word.data, at);
    letters[at] = c;
    memcpy(letters + at + 1, word.data + at, word.len - at);
    try_candidate(search, letters, word.len + 1);
}

/* Tries the word with the vowel c instead of the vowel at `at`. Consonants are not replaced,
   because that mostly gives a different word. */
static void
try_instead(struct search *search, size_t at, char c)
{
    char letters[LETTERS_MAX];
    sp_bytes word = search->word;
    if (word.len < LONG_TO_REPLACE || c == word.data[at] || !is_vowel(c) ||
        !is_vowel(word.data[at]) || at + 1 == word.len)
        return;
    memcpy(letters, word.data, word.len);
    letters[at] = c;
    try_candidate(search, letters, word.len);
}

static void
try_swapped(struct search *search, size_t at)
{
    char letters[LETTERS_MAX];
    sp_bytes word = search->word;
    if (at + 1 >= word.len || word.data[at] == word.data[at + 1])
        return;
    memcpy(letters, word.data, word.len);
    letters[at] = word.data[at + 1];
    letters[at + 1] = word.data[at];
    try_candidate(search, letters, word.len);
}

/* People seldom mistype the first letter, so it is not changed. */
uint32_t
sp_misspelling_of(sp_bytes word, uint32_t least, sp_word_frequency frequency, void *context,
                  sp_str *meant)
{
    struct search search = {
        .word = word, .least = least, .frequency = frequency, .context = context, .meant = meant};
    if (word.len > LETTERS_MAX)
        return 0;
    for (size_t at = 1; at <= word.len; at++) {
        if (at < word.len) {
            try_without(&search, at);
            try_swapped(&search, at);
        }
        for (int c = 'a'; c <= 'z'; c++) {
            try_with(&search, at, (char)c);
            if (at < word.len)
                try_instead(&search, at, (char)c);
        }
    }
    return search.best;
}
