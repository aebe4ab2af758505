// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The words of the pages and the search box, in all languages that have a file in web/words.
 *
 * A text is found by its key. A text that a language does not have is taken from English. Texts
 * contain placeholders such as {n}; a text with a number has the plural forms of its language as
 * KEY-one, KEY-few and so on (Unicode's plural rules), and KEY for the other numbers.
 */
#ifndef SIGNPOST_SEARCHD_WEB_WORDS_H
#define SIGNPOST_SEARCHD_WEB_WORDS_H

#include <signpost/arena.h>

typedef struct sp_page_word {
    const char *key, *text;
    bool shared; /* with scripts: /search-words.json has it */
} sp_page_word;

/* The words of a language, sorted by key. */
typedef struct sp_words {
    const char *tag; /* BCP 47 */
    const sp_page_word *items;
    size_t count;
} sp_words;

/* All languages; cmake/words.cmake makes this table from the files. */
extern const sp_words sp_words_languages[];
extern const size_t sp_words_language_count;

/* Returns the words for a language tag such as "de-AT": those of exactly this tag, else those of
   its primary tag, else NULL. */
const sp_words *sp_words_find(sp_bytes tag);
const sp_words *sp_words_english(void);

/* Whether the language itself has a word. */
bool sp_words_has(const sp_words *words, sp_bytes key);

/* Returns the text of a key; an empty text if English does not have the key either. */
sp_bytes sp_words_text(const sp_words *words, const char *key);

/* Returns the text of a key in the plural form for a number. */
sp_bytes sp_words_plural(const sp_words *words, const char *key, uint32_t number);

/* Returns the plural form of a number in a language: "zero", "one", "two", "few", "many" or
   "other", by the rules of CLDR 42. A language without a rule here has those of English. */
const char *sp_plural_form(sp_bytes tag, uint32_t number);

/* The value of a placeholder: text, which is escaped for HTML, or HTML. */
typedef struct sp_fill {
    const char *name;
    sp_bytes value;
    bool html;
} sp_fill;

#define SP_FILL(name, value) ((sp_fill){(name), (value), false})
#define SP_FILL_HTML(name, value) ((sp_fill){(name), (value), true})

/* SP_WORDS(out, words, key, SP_FILL("q", query), ...): appends a text as HTML, with its
   placeholders filled. */
#define SP_WORDS(out, words, key, ...)                                                             \
    SP_WORDS_FILL((out), sp_words_text((words), (key)), __VA_ARGS__)
#define SP_WORDS_FILL(out, text, ...)                                                              \
    sp_words_fill((out), (text), (const sp_fill[]){__VA_ARGS__},                                   \
                  sizeof((const sp_fill[]){__VA_ARGS__}) / sizeof(sp_fill))

void sp_words_fill(sp_str *out, sp_bytes text, const sp_fill *fills, size_t count);

/* Appends a text with its placeholders filled as text, not as HTML. */
void sp_words_fill_plain(sp_str *out, sp_bytes text, const sp_fill *fills, size_t count);

/* Appends the text of a key, which has no placeholders, as HTML. */
void sp_words_print(sp_str *out, const sp_words *words, const char *key);

#endif
