// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/analyzer.h>

#include "engine/base/language.h"
#include "engine/base/sentence.h"
#include "capitals.h"
#include "stem_cache.h"
#include "stop_words.h"
#include "words.h"

#include <signpost/ascii.h>

#include <stdlib.h>

struct sp_analyzer {
    char tag[SP_LANGUAGE_MAX + 1]; /* the primary tag in lower case, or "" */
    sp_stem_cache *stems;
    sp_token *tokens;
    size_t count, capacity;
    sp_bytes text;
    uint32_t position; /* of the last word */
    uint32_t end;      /* of the last word in the text */
    bool capitals;     /* a token is a form of capitals */
    bool failed;
};

/* For each primary tag of BCP 47, Snowball's stemmer. */
static const struct {
    const char *tag, *stemmer;
} languages[] = {
    {"ar", "arabic"},     {"ca", "catalan"},  {"da", "danish"},     {"de", "german"},
    {"en", "english"},    {"es", "spanish"},  {"eu", "basque"},     {"fi", "finnish"},
    {"fr", "french"},     {"ga", "irish"},    {"hu", "hungarian"},  {"hy", "armenian"},
    {"id", "indonesian"}, {"it", "italian"},  {"lt", "lithuanian"}, {"nb", "norwegian"},
    {"ne", "nepali"},     {"nl", "dutch"},    {"nn", "norwegian"},  {"no", "norwegian"},
    {"pt", "portuguese"}, {"ro", "romanian"}, {"ru", "russian"},    {"sv", "swedish"},
    {"ta", "tamil"},      {"tr", "turkish"},
};

void
sp_analyzer_free(sp_analyzer *analyzer)
{
    if (!analyzer)
        return;
    sp_stem_cache_free(analyzer->stems);
    free(analyzer->tokens);
    free(analyzer);
}

enum sp_status
sp_analyzer_new(sp_bytes language, sp_analyzer **out, sp_error *err)
{
    sp_analyzer *analyzer = calloc(1, sizeof *analyzer);
    if (!analyzer)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    sp_language_read(language, analyzer->tag);
    const char *stemmer = NULL;
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
        if (strcmp(languages[i].tag, analyzer->tag) == 0)
            stemmer = languages[i].stemmer;
    }
    enum sp_status status =
        sp_stem_cache_new(stemmer, sp_bytes_of(analyzer->tag), &analyzer->stems, err);
    if (status != SP_OK) {
        sp_analyzer_free(analyzer);
        return status;
    }
    *out = analyzer;
    return SP_OK;
}

static sp_token *
add_token(sp_analyzer *analyzer)
{
    if (analyzer->count == analyzer->capacity) {
        size_t capacity = analyzer->capacity ? analyzer->capacity + analyzer->capacity / 2 : 64;
        sp_token *tokens = capacity <= SIZE_MAX / sizeof *tokens
                               ? realloc(analyzer->tokens, capacity * sizeof *tokens)
                               : NULL;
        if (!tokens)
            return NULL;
        analyzer->tokens = tokens;
        analyzer->capacity = capacity;
    }
    return &analyzer->tokens[analyzer->count++];
}

/* Moves on to the position of the word. A text with gigabytes of line ends would overflow
   positions, so they stop at UINT32_MAX. */
static void
advance(sp_analyzer *analyzer, const struct sp_word *word)
{
    uint64_t position = analyzer->position + (uint64_t)word->newlines * SP_BLOCK_GAP + 1;
    if (word->newlines == 0 && analyzer->position > 0 &&
        sp_sentence_ends_between(analyzer->text, analyzer->end, word->start))
        position += SP_SENTENCE_GAP;
    analyzer->position = position < UINT32_MAX ? (uint32_t)position : UINT32_MAX;
    analyzer->end = word->end;
}

static void
add_entry(sp_analyzer *analyzer, const struct sp_word *word)
{
    const struct sp_stem_cache_entry *entry = sp_stem_cache_look_up(analyzer->stems, word->folded);
    sp_token *token = entry ? add_token(analyzer) : NULL;
    if (!token) {
        analyzer->failed = true;
        return;
    }
    *token = (sp_token){.start = word->start,
                        .end = word->end,
                        .position = analyzer->position - (word->span - 1),
                        .span = word->span,
                        .hash = entry->hash,
                        .form = word->form,
                        .elided = word->elided,
                        .loose = word->loose,
                        .word = entry->word,
                        .stem = entry->stem};
}

static void
add_capitals_form(sp_analyzer *analyzer, const struct sp_word *word)
{
    struct sp_letters marked;
    if (analyzer->failed || !sp_capitals_form(analyzer->text, word, &marked))
        return;
    struct sp_word form = *word;
    form.folded = (sp_bytes){marked.data, marked.len};
    form.form = form.loose = true;
    add_entry(analyzer, &form);
    analyzer->capitals = true;
}

static void
add_word(void *context, const struct sp_word *word)
{
    sp_analyzer *analyzer = context;
    if (analyzer->failed)
        return;
    if (!word->form)
        advance(analyzer, word);
    add_entry(analyzer, word);
    if (sp_ascii_is_upper(analyzer->text.data[word->start])) /* false for most words */
        add_capitals_form(analyzer, word);
}

enum sp_status
sp_analyze(sp_analyzer *analyzer, sp_bytes text, sp_tokens *out, sp_error *err)
{
    if (text.len > UINT32_MAX)
        return sp_fail(err, SP_BAD_ARGUMENT, "text must be shorter than 4 GiB (got %zu bytes)",
                       text.len);
    analyzer->count = 0;
    analyzer->text = text;
    analyzer->position = 0;
    analyzer->end = 0;
    analyzer->capitals = analyzer->failed = false;
    sp_stem_cache_begin(analyzer->stems);
    sp_split_words(text, add_word, analyzer);
    if (analyzer->failed)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    if (analyzer->capitals)
        analyzer->count = sp_capitals_drop_headlines(text, analyzer->tokens, analyzer->count);
    *out = (sp_tokens){analyzer->tokens, analyzer->count};
    return SP_OK;
}

bool
sp_analyzer_is_stop_word(const sp_analyzer *analyzer, sp_bytes word)
{
    return sp_is_stop_word(sp_bytes_of(analyzer->tag), word);
}

void
sp_word_append_shown(sp_str *out, sp_bytes word)
{
    bool capitals = sp_is_in_capitals(word);
    if (sp_bytes_ends_with(word, SP_LITERAL(SP_OWN_STEM_MARK)))
        word.len -= strlen(SP_OWN_STEM_MARK);
    for (size_t i = capitals; i < word.len; i++)
        sp_str_append_char(out, capitals ? sp_ascii_upper(word.data[i]) : word.data[i]);
}

struct join_state {
    sp_str *out;
    bool begun;
};

static void
join_word(void *context, const struct sp_word *word)
{
    struct join_state *state = context;
    if (word->form)
        return;
    if (state->begun)
        sp_str_append_char(state->out, ' ');
    state->begun = true;
    sp_str_append(state->out, word->folded);
}

void
sp_fold_append(sp_str *out, sp_bytes text)
{
    struct join_state state = {out, false};
    sp_split_words(text, join_word, &state);
}
