// SPDX-License-Identifier: GPL-2.0-or-later
#include "path_words.h"

#include <signpost/ascii.h>
#include <signpost/ranking.h>
#include <signpost/schema.h>
#include <signpost/url.h>

#include <string.h>

static bool
is_separator(char c)
{
    return c == '/' || c == '-' || c == '_' || c == '.' || c == '+' || c == '~';
}

static bool
is_word(sp_bytes piece)
{
    return piece.len > 0 && !sp_ascii_is_digit(piece.data[0]) &&
           !memchr(piece.data, '%', piece.len);
}

static sp_bytes
without_extension(sp_bytes path)
{
    for (size_t end = path.len; end > 0 && path.data[end - 1] != '/'; end--) {
        if (path.data[end - 1] == '.')
            return sp_bytes_slice(path, 0, end - 1);
    }
    return path;
}

void
sp_path_words_append(sp_bytes url, sp_str *out)
{
    sp_bytes path = without_extension(
        sp_bytes_slice(url, 0, url.len < SP_PATH_WORDS_MAX ? url.len : SP_PATH_WORDS_MAX));
    size_t start = 0;
    for (size_t i = 0; i <= path.len; i++) {
        if (i < path.len && !is_separator(path.data[i]))
            continue;
        sp_bytes piece = sp_bytes_slice(path, start, i);
        start = i + 1;
        if (!is_word(piece))
            continue;
        sp_str_append(out, piece);
        sp_str_append_char(out, ' ');
    }
}

static bool
has_hash(sp_bytes hashes, uint32_t hash)
{
    uint32_t other;
    for (size_t i = 0; i + sizeof other <= hashes.len; i += sizeof other) {
        memcpy(&other, hashes.data + i, sizeof other);
        if (other == hash)
            return true;
    }
    return false;
}

/* The path of a post or, without scheme and host, of a resource. */
static sp_bytes
path_of(const sp_record *record)
{
    if (record->kind == SP_KIND_POST)
        return record->url;
    sp_bytes address = sp_url_without_scheme(record->url);
    size_t slash = sp_bytes_find(address, SP_LITERAL("/"), 0);
    return sp_bytes_slice(address, slash == SIZE_MAX ? address.len : slash, address.len);
}

enum sp_status
sp_path_add_words(sp_postings *postings, sp_analyzer *analyzer, const sp_record *record,
                  sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str words = {0};
    sp_tokens tokens = {0};
    sp_path_words_append(path_of(record), &words);
    enum sp_status status = sp_str_check(&words, err);
    if (status == SP_OK)
        status = sp_analyze(analyzer, sp_str_bytes(&words), &tokens, err);
    for (size_t i = 0; status == SP_OK && i < tokens.count; i++) {
        if (!has_hash(record->hashes, tokens.items[i].hash))
            sp_postings_add_term(postings, SP_PREFIX_STEM, tokens.items[i].stem, SP_WDF_PATH);
    }
    return status;
}
