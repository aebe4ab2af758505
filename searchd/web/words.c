// SPDX-License-Identifier: GPL-2.0-or-later
#include "words.h"

#include <signpost/analyzer.h>
#include <signpost/escape.h>

#include <stdio.h>
#include <stdlib.h>

const sp_words *
sp_words_find(sp_bytes tag)
{
    sp_bytes primary = sp_bytes_slice(tag, 0, sp_bytes_until(tag, "-_"));
    const sp_words *found = NULL;
    for (size_t i = 0; i < sp_words_language_count; i++) {
        sp_bytes own = sp_bytes_of(sp_words_languages[i].tag);
        if (sp_bytes_equal_ascii_case(own, tag))
            return &sp_words_languages[i];
        if (sp_bytes_equal_ascii_case(own, primary))
            found = &sp_words_languages[i];
    }
    return found;
}

const sp_words *
sp_words_english(void)
{
    return sp_words_find(SP_LITERAL("en"));
}

static int
compare_key(const void *key, const void *word)
{
    return strcmp(key, ((const sp_page_word *)word)->key);
}

static const char *
find_text(const sp_words *words, const char *key)
{
    const sp_page_word *found =
        bsearch(key, words->items, words->count, sizeof *words->items, compare_key);
    return found ? found->text : NULL;
}

bool
sp_words_has(const sp_words *words, sp_bytes key)
{
    for (size_t i = 0; i < words->count; i++) {
        if (sp_bytes_equal(sp_bytes_of(words->items[i].key), key))
            return true;
    }
    return false;
}

sp_bytes
sp_words_text(const sp_words *words, const char *key)
{
    const char *text = find_text(words, key);
    if (!text)
        text = find_text(sp_words_english(), key);
    return sp_bytes_of(text ? text : "");
}

static const char *
find_plural(const sp_words *words, const char *key, uint32_t number)
{
    char form[64];
    snprintf(form, sizeof form, "%s-%s", key, sp_plural_form(sp_bytes_of(words->tag), number));
    const char *text = find_text(words, form);
    return text ? text : find_text(words, key);
}

sp_bytes
sp_words_plural(const sp_words *words, const char *key, uint32_t number)
{
    const char *text = find_plural(words, key, number);
    if (!text)
        text = find_plural(sp_words_english(), key, number);
    return sp_bytes_of(text ? text : "");
}

typedef void append_function(sp_str *out, sp_bytes text);

static void
fill(sp_str *out, sp_bytes text, const sp_fill *fills, size_t count, append_function *append)
{
    while (text.len > 0) {
        size_t open = sp_bytes_until(text, "{");
        sp_bytes rest = sp_bytes_slice(text, open, text.len);
        size_t close = sp_bytes_until(rest, "}");
        append(out, sp_bytes_slice(text, 0, open));
        sp_bytes name = sp_bytes_slice(rest, rest.len > 0, close);
        for (size_t i = 0; i < count; i++) {
            if (sp_bytes_equal(name, sp_bytes_of(fills[i].name)))
                (fills[i].html ? sp_str_append : append)(out, fills[i].value);
        }
        text = sp_bytes_slice(rest, close + (close < rest.len), rest.len);
    }
}

void
sp_words_fill(sp_str *out, sp_bytes text, const sp_fill *fills, size_t count)
{
    fill(out, text, fills, count, sp_html_escape);
}

void
sp_words_fill_plain(sp_str *out, sp_bytes text, const sp_fill *fills, size_t count)
{
    fill(out, text, fills, count, sp_str_append);
}

void
sp_words_print(sp_str *out, const sp_words *words, const char *key)
{
    sp_html_escape(out, sp_words_text(words, key));
}
