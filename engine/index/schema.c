// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/schema.h>
#include <signpost/url.h>

#include <xxhash.h>

#define HASH_DIGITS 16

void
sp_term_make(sp_str *term, const char *prefix, sp_bytes text)
{
    term->len = 0; /* keeps `failed`, so that callers check once after many terms */
    if (text.len > 0 && memchr(text.data, '\0', text.len))
        return;
    sp_str_append_text(term, prefix);
    if (term->len + text.len <= SP_TERM_MAX) {
        sp_str_append(term, text);
        return;
    }
    sp_str_append(term, sp_bytes_slice(text, 0, SP_TERM_MAX - term->len - HASH_DIGITS - 1));
    sp_str_append_format(term, "~%016llx", (unsigned long long)XXH64(text.data, text.len, 0));
}

sp_bytes
sp_target_of(sp_bytes url)
{
    if (url.len > 0 && url.data[0] == '/') {
        size_t anchor = sp_bytes_find(url, SP_LITERAL("#"), 0);
        return anchor == SIZE_MAX ? url : sp_bytes_slice(url, 0, anchor);
    }
    sp_bytes bare = sp_url_without_scheme(url);
    if (!sp_bytes_starts_with(bare, SP_LITERAL("/"))) /* else it has no host */
        url = sp_url_without_www(bare);
    while (url.len > 0 && url.data[url.len - 1] == '/')
        url.len--;
    return url;
}
