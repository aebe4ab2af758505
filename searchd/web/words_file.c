// SPDX-License-Identifier: GPL-2.0-or-later
/* The handler of /search-words.json: the words of a language for scripts of pages. */

#include "words.h"

#include "../content.h"
#include "../handlers.h"
#include "../params.h"

#include <signpost/json.h>

/* Whether a word is a plural form, such as "count-one", of another word of the language. */
static bool
is_form_of(const sp_words *words, const char *key)
{
    static const char *const forms[] = {"zero", "one", "two", "few", "many", "other"};
    const char *form = strrchr(key, '-');
    for (size_t i = 0; form && i < sizeof forms / sizeof *forms; i++) {
        if (strcmp(form + 1, forms[i]) == 0)
            return sp_words_has(words, sp_bytes_slice(sp_bytes_of(key), 0, (size_t)(form - key)));
    }
    return false;
}

/* Writes the language's words that scripts use, and in English those that it does not have. */
static void
write_words(const sp_words *words, sp_str *out)
{
    const sp_words *english = sp_words_english();
    sp_json_open_object(out, NULL);
    sp_json_text(out, "lang", sp_bytes_of(words->tag));
    sp_json_open_object(out, "words");
    for (size_t i = 0; i < words->count; i++) {
        if (words->items[i].shared)
            sp_json_text(out, words->items[i].key, sp_bytes_of(words->items[i].text));
    }
    for (size_t i = 0; i < english->count; i++) {
        const sp_page_word *word = &english->items[i];
        if (word->shared && !sp_words_has(words, sp_bytes_of(word->key)) &&
            !is_form_of(words, word->key))
            sp_json_text(out, word->key, sp_bytes_of(word->text));
    }
    sp_json_close_object(out);
    sp_json_close_object(out);
}

/* Answers with the words of `lang`, in English if that language has none. Like other files of
   pages, accepts any further parameters. */
sp_response
sp_handle_words(sp_worker *worker, sp_exchange *exchange, const char *origin)
{
    static const sp_param_rule rules[] = {{"lang", false, false}, {NULL, false, true}};
    sp_params params;
    sp_problem problem;
    sp_str body = {0};
    if (!sp_params_read(exchange->query, rules, 2, &worker->arena, &params, &problem))
        return sp_response_problem(&problem, origin);
    const sp_words *words = sp_words_find(sp_params_get(&params, "lang"));
    write_words(words ? words : sp_words_english(), &body);
    return sp_static_response(exchange, origin, "application/json", "Accept-Encoding, Origin",
                              &body);
}
